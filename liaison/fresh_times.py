"""When nothing that a request offers can be taken any more, the office is shown times that suit both sides now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from liaison import access, proposals, reception, states
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span


def of_meeting(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> tuple[Span, ...]:
    """The fresh times of a request, for the office; none for anybody else, and while an offered time is free."""
    meeting, side = access.meeting(session, actor, meeting_id)
    return reception.fresh(session, meeting, policy, now) if side in states.OFFICE else ()


def propose(
    session: Session, actor: Actor, meeting_id: int, starts: Sequence[datetime], policy: Policy, *, now: datetime
) -> None:
    """Offer the NGO the fresh times that were shown. Raises NotYours, Stale, LiaisonError("time-gone", meeting=…) where
    they are no longer those that suit both."""
    meeting, side = access.meeting(session, actor, meeting_id, to="propose")
    if "propose" not in states.may(meeting, side, now=now):
        raise states.Stale(meeting.id, meeting.state)
    suiting = {span.starts_at: span for span in reception.fresh(session, meeting, policy, now)}
    if not set(starts) <= set(suiting):
        raise LiaisonError("time-gone", meeting=meeting.id)
    proposals.propose(session, actor, meeting_id, [suiting[start] for start in starts], "", policy, now=now)
