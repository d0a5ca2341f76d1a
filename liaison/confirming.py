"""A time is taken: by the office from the NGO's offer, or by the NGO from the office's; and where it will be."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from liaison import access, answers, cards, drafts, holds, notices, retelling, states, taken, venues
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span
from storage.meetings import Meeting, Slot

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
    """Take back one's own answer within the minute; nobody else has been told. The action taken back.

    Raises LiaisonError("told", meeting=…) once the others know, Stale where nothing is there to take back,
    LiaisonError("slot-taken", meeting=…) where its time was given to another meeting meanwhile.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="undo")
    last = states.last_step(session, meeting.id)
    if last is not None and last.action in states.UNDOABLE and not states.undoable(meeting, last, actor.id, now=now):
        raise LiaisonError("told", meeting=meeting.id)
    action = states.undo(session, meeting, actor_id=actor.id, side=side, now=now)
    # The offer that was taken back must not come back with the next one, which has its number.
    session.execute(delete(Slot).where(Slot.meeting_id == meeting.id, Slot.round > meeting.round))
    _refuse_taken(session, meeting, now)
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    drafts.drop(session, actor.id, "place")
    retelling.after_undo(session, meeting, policy, now=now)
    return action


def set_place(
    session: Session,
    actor: Actor,
    meeting_id: int,
    place: str,
    policy: Policy,
    *,
    now: datetime,
    pin: tuple[float, float] | None = None,
) -> None:
    """Write down where a confirmed meeting is held and tell both sides once; the same place again tells nobody.

    ``pin`` is the place on the map, latitude and longitude in degrees; a new place without one has none.
    Raises LiaisonError("begun"), ("not-https") for an address in it that is not safe to open, or Stale.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="place")
    place = answers.line(place, least=1, most=PLACE_LENGTH)
    kept = {"lat": pin[0], "lon": pin[1]} if pin else None
    if (place, kept) == (meeting.place, meeting.pin):
        return
    refuse_begun(meeting, now)
    venues.refuse_unsafe(place)
    states.advance(session, meeting, "place", actor_id=actor.id, side=side, now=now, place=place, pin=kept)
    notices.place_told(session, meeting, policy, now=now)


def refuse_begun(meeting: Meeting, now: datetime) -> None:
    """Raises LiaisonError("begun") once the meeting has begun."""
    if meeting.starts_at is not None and meeting.starts_at <= now:
        raise LiaisonError("begun", meeting=meeting.id)


def _refuse_taken(session: Session, meeting: Meeting, now: datetime) -> None:
    """A meeting that is confirmed again must not stand where another one was confirmed meanwhile."""
    if meeting.state != "confirmed" or meeting.starts_at is None or meeting.ends_at is None:
        return
    whose = {"post_id": meeting.post_id, "organisation_id": meeting.organisation_id}
    busy = taken.of(session, **whose, but=meeting.id, now=now, holds=False)
    if busy.blocks(Span(meeting.starts_at, meeting.ends_at), timedelta()):
        raise LiaisonError("slot-taken", meeting=meeting.id)


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
        session,
        meeting,
        action,
        actor_id=actor.id,
        side=side,
        now=now,
        undo_until=undo_until,
        place=None,
        pin=None,
        **times,
    )
