"""Each party is asked an hour after the end; who was asked in vain for five working days leaves it to the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from liaison import access, holds, notices, outcomes, parties
from liaison.notices import OUTCOME_AFTER
from liaison.policy import Policy
from storage.meetings import Meeting
from storage.outcomes import Outcome

SILENT_WORKDAYS = 5
ASKED_WITHIN = timedelta(days=14)  # of the end: whoever answers for the post since then is asked as well


def ask(session: Session, policy: Policy, *, now: datetime) -> None:
    """Owe the question to whoever has to answer it and was not asked yet.

    It was planned when the meeting was confirmed; since then the official may have changed or gone on leave.
    """
    for meeting in _ended(session, now - ASKED_WITHIN, now - OUTCOME_AFTER):
        said = outcomes.said_by(session, meeting.id)
        for party in parties.PARTIES:
            who = parties.asked(session, meeting, party, policy, now=now) if party not in said else None
            if who is not None:
                notices.tell_one(session, meeting, "outcome", who[0], who[1], at=now)


def close_silent(session: Session, policy: Policy, *, now: datetime) -> None:
    """One party alone has spoken and the other was silent for five working days: that one's word counts."""
    alone = select(Outcome.meeting_id).group_by(Outcome.meeting_id).having(func.count() == 1)
    chosen = select(Meeting).where(Meeting.state == "confirmed", Meeting.id.in_(alone)).order_by(Meeting.id)
    for meeting in session.scalars(chosen).all():
        if meeting.ends_at is None or silent_until(meeting.ends_at, policy) > now:
            continue
        access.lock_times(session, meeting.organisation_id, meeting.post_id)
        session.refresh(meeting, with_for_update=True)
        said = list(outcomes.said_by(session, meeting.id).values())
        if meeting.state == "confirmed" and len(said) == 1 and said[0].at + outcomes.CORRECTED_WITHIN <= now:
            held = said[0].held == "held"
            outcomes.decide(session, meeting, held=held, by="silence", actor_id=None, side="system", now=now)


def silent_until(ends_at: datetime, policy: Policy) -> datetime:
    """When the silence about a meeting that ended then has lasted five working days."""
    return holds.after_workdays(policy, SILENT_WORKDAYS, now=ends_at + OUTCOME_AFTER)


def _ended(session: Session, after: datetime, until: datetime) -> Sequence[Meeting]:
    chosen = select(Meeting).where(Meeting.state == "confirmed", Meeting.ends_at > after, Meeting.ends_at <= until)
    return session.scalars(chosen.order_by(Meeting.id)).all()
