"""The meeting's life: request, answer, place, cancelling. Each rule runs whole, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from liaison import access, answers, cards, directory, drafts, notices, states
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span
from storage.inserts import insert_if_absent
from storage.meetings import Meeting, Slot, Step
from storage.notices import Notice
from storage.records import Counter

PLACE_LENGTH = 300
REASON_LENGTH = 600
DECLINE_REASONS = ("not_mine", "no_time", "solved_in_writing")
OTHER_TIMES_REASONS = ("away", "busy", "too_soon")
CANCEL_REASONS = ("ill", "solved", "no_time")


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


def request(session: Session, actor: Actor, wish: Wish, policy: Policy, *, now: datetime) -> int:
    """Make a request of a wish, tell whoever answers for the post, and return the meeting's id.

    Raises LiaisonError("nobody") when nobody can be reached; nothing is kept then.
    """
    post = directory.post_of(session, wish.body_id)
    meeting = Meeting(
        number=_next_number(session, now.astimezone(policy.zone).year),
        draft_key=wish.draft_key,
        post_id=post.id,
        organisation_id=wish.organisation_id,
        requester_id=actor.id,
        topic=wish.topic,
        mode=wish.mode,
        agenda=wish.agenda,
        phone=wish.phone,
        state="requested",
        rev=1,
        created_at=now,
        updated_at=now,
    )
    session.add(meeting)
    session.flush()
    _offer(session, meeting, wish.times)
    session.add(_first_step(meeting, actor, now))
    if not notices.request_sent(session, meeting, policy, now=now):
        raise LiaisonError("nobody", body=wish.body_id)
    return meeting.id


def new_times(
    session: Session,
    actor: Actor,
    meeting_id: int,
    times: Sequence[Span],
    agenda: str | None,
    policy: Policy,
    *,
    now: datetime,
) -> int:
    """The NGO offers other times after the official asked for them; the agenda may have been rewritten."""
    meeting, side = access.meeting(session, actor, meeting_id, to="new_times")
    states.advance(session, meeting, "new_times", actor_id=actor.id, side=side, now=now, agenda=agenda)
    session.execute(delete(Slot).where(Slot.meeting_id == meeting.id))
    _offer(session, meeting, times)
    notices.request_sent(session, meeting, policy, now=now)
    return meeting.id


def confirm(session: Session, actor: Actor, meeting_id: int, slot_id: int, policy: Policy, *, now: datetime) -> None:
    """Take one of the offered times, and ask the one who took it for the place.

    Raises LiaisonError("slot-past" or "slot-taken", meeting=…) or Stale; nothing is changed then.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="confirm")
    offered = {slot.id: slot for slot in cards.slots(session, meeting, now=now)}
    slot = offered.get(slot_id)
    if slot is None:
        raise LiaisonError("stale", meeting=meeting_id, state=meeting.state)
    if meeting.state in states.OPEN and not slot.free:
        raise LiaisonError("slot-past" if slot.starts_at <= now else "slot-taken", meeting=meeting_id)
    states.advance(
        session,
        meeting,
        "confirm",
        actor_id=actor.id,
        side=side,
        now=now,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    drafts.open_one(session, actor.id, "place", "place", {"meeting": meeting.id}, now=now)
    notices.confirmed(session, meeting, policy, now=now)


def set_place(session: Session, actor: Actor, meeting_id: int, place: str, policy: Policy, *, now: datetime) -> None:
    """Write down where a confirmed meeting is held and tell both sides once; the same place again tells nobody."""
    meeting, side = access.meeting(session, actor, meeting_id, to="place")
    place = answers.line(place, least=1, most=PLACE_LENGTH)
    if place == meeting.place:
        return
    _refuse_begun(meeting, now)
    states.advance(session, meeting, "place", actor_id=actor.id, side=side, now=now, place=place)
    notices.place_told(session, meeting, policy, now=now)


def decline(session: Session, actor: Actor, meeting_id: int, reason: dict[str, str], *, now: datetime) -> None:
    """The office says no, with a reason ({"reason_code": …} or {"reason": words})."""
    meeting = _answer(session, actor, meeting_id, "decline", reason, DECLINE_REASONS, now)
    notices.answered(session, meeting, "declined", now=now, but=actor.id)


def other_times(session: Session, actor: Actor, meeting_id: int, reason: dict[str, str], *, now: datetime) -> None:
    """The office asks for other times, with a reason and, if it likes, words about what would suit."""
    meeting = _answer(session, actor, meeting_id, "other_times", reason, OTHER_TIMES_REASONS, now)
    notices.answered(session, meeting, "offered", now=now, but=actor.id)


def withdraw(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> None:
    """The NGO takes its request back before it is confirmed."""
    meeting = _answer(session, actor, meeting_id, "withdraw", {}, (), now)
    notices.ended(session, meeting, "withdrawn", policy, now=now, but=actor.id)


def cancel(
    session: Session, actor: Actor, meeting_id: int, reason: dict[str, str], policy: Policy, *, now: datetime
) -> None:
    """Either side calls a confirmed meeting off before it begins. Raises LiaisonError("begun")."""
    meeting, side = access.meeting(session, actor, meeting_id, to="cancel")
    if meeting.state == "confirmed":
        _refuse_begun(meeting, now)
    states.advance(
        session,
        meeting,
        "cancel",
        actor_id=actor.id,
        side=side,
        now=now,
        details=_checked(reason, CANCEL_REASONS),
    )
    notices.ended(session, meeting, "cancelled", policy, now=now, but=actor.id)


def see(
    session: Session, actor: Actor, meeting_id: int, *, now: datetime, side: states.Side | None = None
) -> cards.MeetingCard:
    """The meeting as this person may see it, on ``side`` if he stands on several. Raises NotYours."""
    meeting, nearest = access.meeting(session, actor, meeting_id)
    sides = access.sides_of(session, actor, meeting)
    return cards.meeting(session, meeting, side if side in sides else nearest, now=now)


def of_draft(session: Session, actor: Actor, draft_key: str) -> int | None:
    """The meeting that came of a dialogue of this person, if one did."""
    return session.scalar(select(Meeting.id).where(Meeting.draft_key == draft_key, Meeting.requester_id == actor.id))


def mine(session: Session, actor: Actor, *, now: datetime) -> tuple[cards.MeetingCard, ...]:
    """What /my lists: what is open or to come of one's organisations and posts, or came to one as coordinator."""
    concerned = Meeting.requester_id == actor.id
    if actor.organisations:
        concerned = concerned | Meeting.organisation_id.in_(actor.organisations)
    if actor.posts:
        concerned = concerned | Meeting.post_id.in_(actor.posts)
    if actor.coordinates:  # what came to a coordinator because no official was there
        asked = select(Notice.meeting_id).where(Notice.recipient_id == actor.id, Notice.kind == "request")
        concerned = concerned | Meeting.id.in_(asked)
    still = Meeting.state.in_(states.OPEN) | ((Meeting.state == "confirmed") & (Meeting.ends_at > now))
    rows = session.scalars(select(Meeting).where(concerned, still).order_by(Meeting.starts_at, Meeting.id)).all()
    sided = ((row, access.sides_of(session, actor, row)) for row in rows)
    return tuple(cards.meeting(session, row, sides[0], now=now) for row, sides in sided if sides)


def _answer(
    session: Session,
    actor: Actor,
    meeting_id: int,
    action: str,
    reason: dict[str, str],
    codes: tuple[str, ...],
    now: datetime,
) -> Meeting:
    meeting, side = access.meeting(session, actor, meeting_id, to=action)
    details = _checked(reason, codes)
    states.advance(session, meeting, action, actor_id=actor.id, side=side, now=now, details=details)
    return meeting


def _checked(reason: dict[str, str], codes: tuple[str, ...]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if "reason_code" in reason:
        if reason["reason_code"] not in codes:
            raise NotYours("reason", f"unknown reason {reason['reason_code']!r}")
        checked["reason_code"] = reason["reason_code"]
    if reason.get("reason"):
        checked["reason"] = answers.passage(reason["reason"], most=REASON_LENGTH)
    return checked


def _refuse_begun(meeting: Meeting, now: datetime) -> None:
    if meeting.starts_at is not None and meeting.starts_at <= now:
        raise LiaisonError("begun", meeting=meeting.id)


def _offer(session: Session, meeting: Meeting, times: Sequence[Span]) -> None:
    session.add_all(Slot(meeting_id=meeting.id, starts_at=at.starts_at, ends_at=at.ends_at) for at in times)
    session.flush()


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


def _next_number(session: Session, year: int) -> str:
    name = f"meetings:{year % 100:02d}"
    insert_if_absent(session, Counter, name=name, value=0)
    value = session.scalar(
        update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    )
    return f"UKL-{year % 100:02d}-{value:06d}"
