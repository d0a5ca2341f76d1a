"""The only doors to an object: finding and permitting are one step, and missing and forbidden look alike."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison.errors import NotYours
from liaison.people import Actor
from liaison.states import SIDES, Side, allowed
from storage.bodies import Body
from storage.meetings import Guest, Meeting
from storage.people import Organisation
from storage.posts import Post


def meeting(session: Session, actor: Actor, meeting_id: int, *, to: str = "see") -> tuple[Meeting, Side]:
    """The meeting and the side on which this person does ``to`` ("see", or actions of the table of states, as "a|b").

    For an action, first the organisation and the post are locked, in this order everywhere, then the meeting, so that
    two answers at once are decided one after the other. Raises NotYours for a missing meeting and for somebody else's
    alike; whether the action fits the state is decided by ``states.advance``.
    """
    found = session.get(Meeting, meeting_id)
    if found is None:
        raise NotYours("meeting", f"no meeting {meeting_id}")
    sides = sides_of(session, actor, found)
    if not sides:
        raise NotYours("meeting", f"person {actor.id} has no part in meeting {meeting_id}")
    if to != "see":
        lock_times(session, found.organisation_id, found.post_id)
        session.refresh(found, with_for_update=True)
    wanted = frozenset(to.split("|"))
    return found, next((side for side in sides if wanted & allowed(found.state, side)), sides[0])


def sides_of(session: Session, actor: Actor, found: Meeting) -> tuple[Side, ...]:
    """On which sides of a meeting a person stands, the closest first (in a small office one may be several)."""
    holds = {
        "official": found.post_id in actor.posts,
        "substitute": found.post_id in actor.substitutes,
        "assistant": found.post_id in actor.assists,
        "representative": found.requester_id == actor.id or found.organisation_id in actor.organisations,
        "guest": _is_guest(session, actor, found.id),
        "coordinator": coordinates(session, actor, found.post_id),
        "admin": actor.admin,
    }
    return tuple(side for side in SIDES if holds[side])


def _is_guest(session: Session, actor: Actor, meeting_id: int) -> bool:
    """Whether the person speaks for an organisation that joined the meeting."""
    if not actor.organisations:
        return False
    joined = select(Guest.id).where(Guest.meeting_id == meeting_id, Guest.state == "present")
    return session.scalar(joined.where(Guest.organisation_id.in_(actor.organisations))) is not None


def coordinates(session: Session, actor: Actor, post_id: int) -> bool:
    """Whether the person is coordinator for the region of a post (or of the whole country)."""
    if not actor.regions:
        return False
    region = session.scalar(select(Body.region_id).join(Post, Post.body_id == Body.id).where(Post.id == post_id))
    return None in actor.regions or (region is not None and region in actor.regions)


def lock_times(session: Session, organisation_id: int, post_id: int) -> None:
    """Hold the calendar of an organisation and of a post until the transaction ends (SQLite has one writer anyway)."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    session.execute(select(Post.id).where(Post.id == post_id).with_for_update())
