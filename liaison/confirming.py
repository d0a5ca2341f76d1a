"""A time is taken: by the office from the NGO's offer, or by the NGO from the office's; and where it will be."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import access, answers, cards, drafts, holds, notices, states
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from storage.meetings import Meeting

PLACE_LENGTH = 300


def confirm(session: Session, actor: Actor, meeting_id: int, slot_id: int, policy: Policy, *, now: datetime) -> None:
    """The office takes one of the NGO's times, and whoever took it is asked for the place.

    The NGO is told when the answer can no longer be taken back (``Policy.undo``).
    Raises LiaisonError("slot-past" or "slot-taken", meeting=…) or Stale; nothing is changed then.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="confirm")
    slot = _free(session, meeting, slot_id, "ngo", now)
    undo_until = holds.undo_until(policy, now=now)
    _take(session, meeting, "confirm", slot, actor, side, now, undo_until)
    drafts.open_one(session, actor.id, "place", "place", {"meeting": meeting.id}, now=now)
    notices.confirmed(session, meeting, policy, now=now, at=undo_until or now)


def accept(session: Session, actor: Actor, meeting_id: int, slot_id: int, policy: Policy, *, now: datetime) -> None:
    """The NGO takes one of the office's times; both sides are told at once. Raises as ``confirm``."""
    meeting, side = access.meeting(session, actor, meeting_id, to="accept")
    slot = _free(session, meeting, slot_id, "office", now)
    _take(session, meeting, "accept", slot, actor, side, now, None)
    notices.confirmed(session, meeting, policy, now=now, at=now)


def undo(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> str:
    """Take back one's own answer within the minute; nobody else has been told. The action taken back. Raises Stale."""
    meeting, side = access.meeting(session, actor, meeting_id, to="undo")
    action = states.undo(session, meeting, actor_id=actor.id, side=side, now=now)
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    drafts.drop(session, actor.id, "place")
    if meeting.state == "confirmed":  # cancelling or moving was taken back
        notices.plan_reminders(session, meeting, policy, now=now)
    return action


def set_place(session: Session, actor: Actor, meeting_id: int, place: str, policy: Policy, *, now: datetime) -> None:
    """Write down where a confirmed meeting is held and tell both sides once; the same place again tells nobody."""
    meeting, side = access.meeting(session, actor, meeting_id, to="place")
    place = answers.line(place, least=1, most=PLACE_LENGTH)
    if place == meeting.place:
        return
    refuse_begun(meeting, now)
    states.advance(session, meeting, "place", actor_id=actor.id, side=side, now=now, place=place, pin=None)
    notices.place_told(session, meeting, policy, now=now)


def refuse_begun(meeting: Meeting, now: datetime) -> None:
    """Raises LiaisonError("begun") once the meeting has begun."""
    if meeting.starts_at is not None and meeting.starts_at <= now:
        raise LiaisonError("begun", meeting=meeting.id)


def _free(session: Session, meeting: Meeting, slot_id: int, offered_by: str, now: datetime) -> cards.SlotCard:
    offered = {slot.id: slot for slot in cards.slots(session, meeting, now=now)}
    slot = offered.get(slot_id)
    if slot is None or slot.offered_by != offered_by:
        raise LiaisonError("stale", meeting=meeting.id, state=meeting.state)
    if meeting.state in states.OPEN and not slot.free:
        raise LiaisonError("slot-past" if slot.starts_at <= now else "slot-taken", meeting=meeting.id)
    return slot


def _take(
    session: Session,
    meeting: Meeting,
    action: str,
    slot: cards.SlotCard,
    actor: Actor,
    side: states.Side,
    now: datetime,
    undo_until: datetime | None,
) -> None:
    times: dict[str, Any] = {"starts_at": slot.starts_at, "ends_at": slot.ends_at, "held_until": None}
    states.advance(
        session, meeting, action, actor_id=actor.id, side=side, now=now, undo_until=undo_until, place=None, **times
    )
