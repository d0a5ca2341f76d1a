"""The request that a meeting begins with, and how those concerned see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import access, cards, directory, holds, notices, proposals, states
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span
from storage.inserts import insert_if_absent
from storage.meetings import Attachment, Guest, Meeting, Step
from storage.notices import Notice
from storage.records import Counter


@dataclass(frozen=True)
class Wish:
    """What an NGO asks for, complete and checked."""

    draft_key: str
    organisation_id: int
    body_id: int
    topic: str
    mode: str
    agenda: str | None
    phone: str | None
    times: tuple[Span, ...]
    with_head: bool = False
    attendees: tuple[str, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()  # as kept in the draft: kind, file_id, unique_id, name, size
    batch: str | None = None


def request(session: Session, actor: Actor, wish: Wish, policy: Policy, *, now: datetime) -> int:
    """Make a request of a wish, tell whoever answers for the post, and return the meeting's id.

    Raises LiaisonError("nobody") when nobody can be reached; nothing is kept then.
    """
    post = directory.post_of(session, wish.body_id)
    meeting = Meeting(
        number=next_number(session, now.astimezone(policy.zone).year),
        draft_key=wish.draft_key,
        post_id=post.id,
        organisation_id=wish.organisation_id,
        requester_id=actor.id,
        topic=wish.topic,
        mode=wish.mode,
        agenda=wish.agenda,
        phone=wish.phone,
        with_head=wish.with_head,
        attendees=list(wish.attendees),
        batch=wish.batch,
        state="requested",
        rev=1,
        held_until=holds.until(policy, now=now),
        created_at=now,
        updated_at=now,
    )
    session.add(meeting)
    session.flush()
    proposals.offer(session, meeting, wish.times, "ngo")
    session.add_all(Attachment(meeting_id=meeting.id, **file) for file in wish.files)
    session.add(_first_step(meeting, actor, now))
    if not notices.request_sent(session, meeting, policy, now=now):
        raise LiaisonError("nobody", body=wish.body_id)
    return meeting.id


def see(
    session: Session, actor: Actor, meeting_id: int, *, now: datetime, side: states.Side | None = None
) -> cards.MeetingCard:
    """The meeting as this person may see it, on ``side`` if he stands on several. Raises NotYours."""
    meeting, nearest = access.meeting(session, actor, meeting_id)
    sides = access.sides_of(session, actor, meeting)
    return cards.meeting(session, meeting, side if side in sides else nearest, actor.id, now=now)


def of_draft(session: Session, actor: Actor, draft_key: str) -> int | None:
    """The meeting that came of a dialogue of this person, if one did."""
    return session.scalar(select(Meeting.id).where(Meeting.draft_key == draft_key, Meeting.requester_id == actor.id))


def mine(session: Session, actor: Actor, *, now: datetime) -> tuple[cards.MeetingCard, ...]:
    """What /my lists: what is open or to come of one's organisations and posts, or came to one as coordinator."""
    concerned = Meeting.requester_id == actor.id
    if actor.organisations:
        concerned = concerned | Meeting.organisation_id.in_(actor.organisations)
    if posts := (*actor.posts, *actor.substitutes, *actor.assists):
        concerned = concerned | Meeting.post_id.in_(posts)
    if actor.organisations:
        joined = select(Guest.meeting_id).where(
            Guest.organisation_id.in_(actor.organisations), Guest.state == "present"
        )
        concerned = concerned | Meeting.id.in_(joined)
    if actor.coordinates:  # what came to a coordinator because no official was there
        asked = select(Notice.meeting_id).where(Notice.recipient_id == actor.id, Notice.kind == "request")
        concerned = concerned | Meeting.id.in_(asked)
    still = Meeting.state.in_(states.OPEN) | ((Meeting.state == "confirmed") & (Meeting.ends_at > now))
    rows = session.scalars(select(Meeting).where(concerned, still).order_by(Meeting.starts_at, Meeting.id)).all()
    sided = ((row, access.sides_of(session, actor, row)) for row in rows)
    return tuple(cards.meeting(session, row, sides[0], actor.id, now=now) for row, sides in sided if sides)


def _first_step(meeting: Meeting, actor: Actor, now: datetime) -> Step:
    return Step(
        meeting_id=meeting.id,
        at=now,
        actor_id=actor.id,
        acted_as="representative",
        action="request",
        from_state=None,
        to_state=meeting.state,
        details={},
    )


def next_number(session: Session, year: int) -> str:
    """The number of the next request of a year, such as UKL-26-000123."""
    name = f"meetings:{year % 100:02d}"
    insert_if_absent(session, Counter, name=name, value=0)
    value = session.scalar(
        update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    )
    return f"UKL-{year % 100:02d}-{value:06d}"
