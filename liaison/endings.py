"""How a request or a meeting ends before it is held: declined, withdrawn, cancelled, or expired."""

from datetime import datetime

from sqlalchemy.orm import Session

from liaison import access, answers, holds, notices, states
from liaison.confirming import refuse_begun
from liaison.people import Actor
from liaison.policy import Policy
from storage.meetings import Meeting

DECLINE_REASONS = ("no_time", "solved_in_writing")
CANCEL_REASONS = ("ill", "solved", "no_time")


def decline(
    session: Session, actor: Actor, meeting_id: int, reason: dict[str, str], policy: Policy, *, now: datetime
) -> None:
    """The office says no, with a reason ({"reason_code": …} or {"reason": words}); the NGO is told after a minute."""
    meeting, side = access.meeting(session, actor, meeting_id, to="decline")
    details, undo_until = answers.reason(reason, DECLINE_REASONS), holds.undo_until(policy, now=now)
    states.advance(
        session, meeting, "decline", actor_id=actor.id, side=side, now=now, details=details, undo_until=undo_until
    )
    if meeting.starts_at is not None:  # it was to be moved, and stands in both sides' calendars
        notices.ended(session, meeting, "declined", policy, now=now, at=undo_until or now, but=actor.id)
        return
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    notices.tell_ngo(session, meeting, "declined", at=undo_until or now, but=actor.id)


def withdraw(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> None:
    """The NGO takes its request back before it is confirmed."""
    meeting, side = access.meeting(session, actor, meeting_id, to="withdraw")
    states.advance(session, meeting, "withdraw", actor_id=actor.id, side=side, now=now)
    notices.ended(session, meeting, "withdrawn", policy, now=now, at=now, but=actor.id)


def cancel(
    session: Session, actor: Actor, meeting_id: int, reason: dict[str, str], policy: Policy, *, now: datetime
) -> None:
    """Either side calls a confirmed meeting off before it begins. Raises LiaisonError("begun")."""
    meeting, side = access.meeting(session, actor, meeting_id, to="cancel")
    if meeting.state == "confirmed":
        refuse_begun(meeting, now)
    undo_until = holds.undo_until(policy, now=now) if side in states.OFFICE else None
    details = answers.reason(reason, CANCEL_REASONS)
    states.advance(
        session, meeting, "cancel", actor_id=actor.id, side=side, now=now, details=details, undo_until=undo_until
    )
    notices.ended(session, meeting, "cancelled", policy, now=now, at=undo_until or now, but=actor.id)


def expire(session: Session, meeting: Meeting, policy: Policy, *, now: datetime) -> None:
    """Nobody wanted it any more: its times have passed and the NGO did not say that it still waits."""
    states.advance(session, meeting, "expire", actor_id=None, side="system", now=now)
    notices.ended(session, meeting, "expired", policy, now=now, at=now, but=None)
