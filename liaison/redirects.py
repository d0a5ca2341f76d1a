"""[Not my area]: a request is passed on to another body, with a reason that the NGO and that body read.

As the law has it for appeals (APPC art. 65: within three working days, the applicant is told); coordinators, who put
right what went wrong, are not bound by the term.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import (
    access,
    answers,
    directory,
    drafts,
    holds,
    joinable,
    meetings,
    notices,
    proposals,
    reach,
    reception,
    states,
    taken,
)
from liaison.bodies import BodyEntry, Tree
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span, nearest, on_day
from liaison.topics import bodies_for
from storage.meetings import Attachment, Guest, Meeting, Slot, Step
from storage.people import Organisation
from storage.posts import Post

KIND = "redirect"
STEPS = ("body", "reason")
REASONS = ("not_mine", "other_level", "duty_moved")
SUGGESTED = 6
FILE = ("kind", "file_id", "unique_id", "name", "size")
GUEST = ("organisation_id", "person_id", "state", "agenda", "created_at")
COPIED = ("organisation_id", "requester_id", "topic", "mode", "agenda", "phone", "with_head", "attendees")


def ask(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """[Not my area]: open the question which body it is for. Raises NotYours, Stale, LiaisonError("redirect-late")."""
    _passable(session, actor, meeting_id, policy, now, to="see")
    draft = drafts.open_one(session, actor.id, KIND, STEPS[0], {"meeting": meeting_id}, now=now)
    return drafts.card(draft, now=now)


def choose(
    session: Session, actor: Actor, meeting_id: int, body_id: int, policy: Policy, *, now: datetime
) -> DraftCard:
    """A body was chosen; the reason is asked for. Raises as ``redirect``."""
    meeting, _ = _passable(session, actor, meeting_id, policy, now, to="see")
    _refuse_body(session, meeting, body_id, policy, now)
    data = {"meeting": meeting_id, "body": body_id}
    return drafts.card(drafts.open_one(session, actor.id, KIND, STEPS[1], data, now=now), now=now)


def say(session: Session, actor: Actor, key: str, reason: dict[str, str], policy: Policy, *, now: datetime) -> int:
    """The reason was given: pass the request on; the old meeting's id. Raises OutOfStep, and as ``redirect``."""
    draft = drafts.lock(session, actor.id, KIND, key, None, STEPS[1])
    meeting_id = int(draft.data["meeting"])
    redirect(session, actor, meeting_id, int(draft.data["body"]), reason, policy, now=now)
    session.delete(draft)
    return meeting_id


def redirect(
    session: Session,
    actor: Actor,
    meeting_id: int,
    body_id: int,
    reason: dict[str, str],
    policy: Policy,
    *,
    now: datetime,
) -> int:
    """Pass a request on: the old one is redirected, a new one with the same content waits at the other body. Its id.

    Raises NotYours, Stale, LiaisonError("too-short") without a reason, ("redirect-late", meeting=…, until=…) after the
    term, ("redirect-back", meeting=…) to a body it has been at, ("nobody-there", meeting=…) where nobody receives.
    """
    _lock(session, meeting_id, body_id)
    meeting, side = _passable(session, actor, meeting_id, policy, now, to="redirect")
    post = _refuse_body(session, meeting, body_id, policy, now)
    details = answers.reason(reason, REASONS)
    if not details:
        raise LiaisonError("too-short")
    passed = _copy(session, meeting, post, details, policy, now)
    joinable.carry(session, meeting, passed)
    states.advance(
        session,
        meeting,
        "redirect",
        actor_id=actor.id,
        side=side,
        now=now,
        details=details,
        redirected_to_id=passed.id,
        held_until=None,
    )
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    notices.tell_ngo(session, meeting, "redirected", at=now, but=actor.id)
    proposals.offer(session, passed, _times(session, meeting, post, policy, now), "ngo")
    notices.request_sent(session, passed, policy, now=now)
    return passed.id


def suggestions(
    session: Session, actor: Actor, meeting_id: int, tree: Tree, policy: Policy, *, now: datetime
) -> tuple[int, ...]:
    """Bodies it may be for, the likeliest first: who covers the topic, who is above, who is beside. Raises NotYours."""
    meeting, _ = access.meeting(session, actor, meeting_id)
    here = tree.by_id[session.scalars(select(Post.body_id).where(Post.id == meeting.post_id)).one()]
    found: list[int] = []
    for entry in dict.fromkeys(_near(tree, here, meeting.topic)):
        if len(found) == SUGGESTED:
            break
        if entry.id != here.id and _refusal(session, meeting, entry.id, policy, now) is None:
            found.append(entry.id)
    return tuple(found)


def draft_of(session: Session, actor: Actor, meeting_id: int, *, now: datetime) -> DraftCard | None:
    """The open question about this request, if it is about this one."""
    draft = drafts.find(session, actor.id, KIND, now=now)
    return draft if draft is not None and draft.data["meeting"] == meeting_id else None


def _near(tree: Tree, here: BodyEntry, topic: str) -> Iterable[BodyEntry]:
    if here.region_id is not None:
        yield from bodies_for(topic, tree, here.region_id)
    else:
        yield from bodies_for(topic, tree)
    if (above := tree.parent(here.id)) is not None and above.abolished_on is None:
        yield above
    if here.region_id is not None:
        yield from bodies_for(topic, tree)
    yield from tree.children(here.id)
    if here.parent_id is not None:
        yield from tree.children(here.parent_id, here.level)


def _passable(
    session: Session, actor: Actor, meeting_id: int, policy: Policy, now: datetime, *, to: str
) -> tuple[Meeting, states.Side]:
    meeting, side = access.meeting(session, actor, meeting_id, to=to)
    if "redirect" not in states.allowed(meeting.state, side):
        raise states.Stale(meeting.id, meeting.state)
    until = holds.after_workdays(policy, policy.redirect_workdays, now=meeting.created_at)
    if side not in ("coordinator", "admin") and now >= until:
        raise LiaisonError("redirect-late", meeting=meeting.id, days=policy.redirect_workdays)
    return meeting, side


def _refuse_body(session: Session, meeting: Meeting, body_id: int, policy: Policy, now: datetime) -> Post:
    if (code := _refusal(session, meeting, body_id, policy, now)) is not None:
        raise LiaisonError(code, meeting=meeting.id)
    return directory.post_of(session, body_id)


def _refusal(session: Session, meeting: Meeting, body_id: int, policy: Policy, now: datetime) -> str | None:
    """Why a request cannot go to a body, as a code; None if it can. Raises NotYours for one that is not there."""
    post = directory.post_of(session, body_id)
    if post.id in _been_at(session, meeting):
        return "redirect-back"
    return None if reach.receivers(session, post.id, policy, now=now) else "nobody-there"


def _been_at(session: Session, meeting: Meeting) -> set[int]:
    """The posts that had this request, the present one among them: it goes to none of them again."""
    found, origin = {meeting.post_id}, meeting.id
    while (before := session.scalar(select(Meeting).where(Meeting.redirected_to_id == origin))) is not None:
        found.add(before.post_id)
        origin = before.id
    return found


def _lock(session: Session, meeting_id: int, body_id: int) -> None:
    """The organisation, then both posts in the order of their ids, as everywhere (design 2)."""
    found = session.get(Meeting, meeting_id)
    if found is None:
        return
    session.execute(select(Organisation.id).where(Organisation.id == found.organisation_id).with_for_update())
    both = select(Post.id).where((Post.id == found.post_id) | (Post.body_id == body_id)).order_by(Post.id)
    session.execute(both.with_for_update())


def _copy(session: Session, old: Meeting, post: Post, reason: dict[str, Any], policy: Policy, now: datetime) -> Meeting:
    """The same request at another post, with its files and who comes along."""
    passed = Meeting(
        number=meetings.next_number(session, now.astimezone(policy.zone).year),
        draft_key=f"redirect:{old.id}",
        post_id=post.id,
        state="requested",
        rev=1,
        held_until=holds.until(policy, now=now),
        created_at=now,
        updated_at=now,
        **{name: getattr(old, name) for name in COPIED},
    )
    session.add(passed)
    session.flush()
    for file in session.scalars(select(Attachment).where(Attachment.meeting_id == old.id).order_by(Attachment.id)):
        kept = {name: getattr(file, name) for name in FILE}
        session.add(Attachment(meeting_id=passed.id, **kept))
    for guest in session.scalars(select(Guest).where(Guest.meeting_id == old.id).order_by(Guest.id)):
        kept = {
            name: getattr(guest, name) for name in ("organisation_id", "person_id", "state", "agenda", "created_at")
        }
        session.add(Guest(meeting_id=passed.id, **kept))
    session.add(
        Step(
            meeting_id=passed.id,
            at=now,
            actor_id=old.requester_id,
            acted_as="representative",
            action="request",
            from_state=None,
            to_state=passed.state,
            details={**reason, "redirected_from": old.id},
        )
    )
    session.flush()
    return passed


def _times(session: Session, old: Meeting, post: Post, policy: Policy, now: datetime) -> Sequence[Span]:
    """The NGO's own times where the other office has them free too, else the nearest there."""
    there = reception.of(session, post, policy, now)
    busy = taken.of(session, post_id=post.id, organisation_id=old.organisation_id, but=old.id, now=now)
    asked = select(Slot).where(Slot.meeting_id == old.id, Slot.round == old.round, Slot.offered_by == "ngo")
    spans = [Span(slot.starts_at, slot.ends_at) for slot in session.scalars(asked.order_by(Slot.starts_at, Slot.id))]
    kept = [
        span for span in spans if span in on_day(there, busy, span.starts_at.astimezone(policy.zone).date(), after=now)
    ]
    return kept or nearest(there, busy, after=now)
