"""Requests whose offered times have passed: the NGO is asked whether it still waits, and silence closes them."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from liaison import access, endings, holds, notices, states
from liaison.policy import Policy
from storage.meetings import Meeting, Slot
from storage.notices import Notice

KIND = "still_wanted"
WORKDAYS = 5  # that the NGO has to say that it still waits


def ask_or_expire(session: Session, policy: Policy, *, now: datetime) -> int:
    """Ask the NGOs of requests whose times of the present round have passed, once for each round; close those that
    were asked and have not answered within five working days. How many were asked or closed.
    """
    done = 0
    for meeting_id in session.scalars(_overdue(now)).all():
        meeting = session.get_one(Meeting, meeting_id)
        access.lock_times(session, meeting.organisation_id, meeting.post_id)
        session.refresh(meeting, with_for_update=True)
        if session.scalar(_overdue(now).where(Meeting.id == meeting_id)) is None:  # answered while we waited for it
            continue
        asked_at = _asked_at(session, meeting)
        if asked_at is None:
            _ask(session, meeting, policy, now)
        elif now >= deadline(meeting, asked_at, policy):
            endings.expire(session, meeting, policy, now=now)
        else:
            continue
        done += 1
    return done


def deadline(meeting: Meeting, asked_at: datetime, policy: Policy) -> datetime:
    """Until when the answer can come: a step taken after the question (other times asked for) gives new time."""
    return holds.after_workdays(policy, WORKDAYS, now=max(asked_at, meeting.updated_at))


def _overdue(now: datetime) -> Select[int]:
    """Open requests with times, all of which have begun; not those whose last answer may still be taken back."""
    present = (Slot.meeting_id == Meeting.id) & (Slot.round == Meeting.round)
    return (
        select(Meeting.id)
        .where(Meeting.state.in_(states.OPEN), Meeting.undo_until.is_(None) | (Meeting.undo_until <= now))
        .where(exists().where(present), ~exists().where(present, Slot.starts_at > now))
        .order_by(Meeting.id)
    )


def _asked_at(session: Session, meeting: Meeting) -> datetime | None:
    key = f"{_key(meeting)}:to:{meeting.requester_id}"
    return session.scalar(select(Notice.due_at).where(Notice.key == key))


def _ask(session: Session, meeting: Meeting, policy: Policy, now: datetime) -> None:
    until = deadline(meeting, now, policy)
    notices.owe(
        session,
        key=_key(meeting),
        kind=KIND,
        recipient_id=meeting.requester_id,
        due_at=now,
        meeting_id=meeting.id,
        **{"as": "representative", "round": meeting.round, "until": until.isoformat()},
    )


def _key(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}:round{meeting.round}:{KIND}"
