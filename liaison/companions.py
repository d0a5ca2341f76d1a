"""What stands beside a meeting: who comes along, the requests sent together with it, where it was passed on."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import states
from storage.meetings import Guest, Meeting
from storage.people import Organisation, Person
from storage.posts import Post


@dataclass(frozen=True)
class GuestCard:
    """Another organisation that came along to a meeting, or asks to."""

    id: int
    organisation: str
    state: str  # asked, present
    agenda: str | None  # of one that is present
    representative: str | None  # of one that is present


def also_to(session: Session, found: Meeting) -> tuple[int, ...]:
    """The other bodies to which the same request was sent together with this one."""
    if found.batch is None:
        return ()
    others = select(Post.body_id).join(Meeting, Meeting.post_id == Post.id)
    return tuple(
        session.scalars(others.where(Meeting.batch == found.batch, Meeting.id != found.id).order_by(Meeting.id))
    )


def guests(session: Session, meeting_id: int, side: states.Side) -> tuple[GuestCard, ...]:
    """Those who come along. Of those who ask to, only the NGO that decides on it is told."""
    shown = ("asked", "present") if side == "representative" else ("present",)
    rows = session.execute(
        select(Guest, Organisation.name, Person.name)
        .join(Organisation, Organisation.id == Guest.organisation_id)
        .join(Person, Person.id == Guest.person_id)
        .where(Guest.meeting_id == meeting_id, Guest.state.in_(shown))
        .order_by(Guest.id)
    )
    return tuple(
        GuestCard(guest.id, name, guest.state, guest.agenda, person)
        if guest.state == "present"
        else GuestCard(guest.id, name, guest.state, None, None)
        for guest, name, person in rows
    )


def redirected_to(session: Session, found: Meeting) -> tuple[int, int] | None:
    """The request that took the place of one passed on, and its body."""
    if found.redirected_to_id is None:
        return None
    body = session.scalar(
        select(Post.body_id).join(Meeting, Meeting.post_id == Post.id).where(Meeting.id == found.redirected_to_id)
    )
    return (found.redirected_to_id, body) if body is not None else None


def redirected_from(session: Session, meeting_id: int) -> int | None:
    """The body that passed a request on to this one."""
    origin = select(Post.body_id).join(Meeting, Meeting.post_id == Post.id)
    return session.scalar(origin.where(Meeting.redirected_to_id == meeting_id))
