"""Which meeting of another NGO a new request could join: the same body and topic, a short while ago, with room left."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from liaison import directory, states
from liaison.people import Actor
from storage.inserts import insert_if_absent
from storage.meetings import Guest, Meeting

RECENT = timedelta(days=10)
MOST_GUESTS = 5  # at one meeting, those that have asked among them
TAKES_PLACE = ("asked", "present")


def find(session: Session, actor: Actor, body_id: int, topic: str, *, now: datetime) -> Meeting | None:
    """The newest meeting that this person's organisation may ask to join, or None.

    Not one of his own, nor one that did not let his organisation in before.
    """
    if not actor.organisations:
        return None
    asked_before = select(Guest.meeting_id).where(
        Guest.organisation_id == actor.organisations[0], Guest.state != "left"
    )
    found = (
        select(Meeting)
        .where(
            Meeting.post_id == directory.post_of(session, body_id).id,
            Meeting.topic == topic,
            Meeting.created_at > now - RECENT,
            Meeting.organisation_id.not_in(actor.organisations),
            Meeting.requester_id != actor.id,
            Meeting.id.not_in(asked_before),
            still_to_come(now),
            _guests() < MOST_GUESTS,
        )
        .order_by(Meeting.created_at.desc(), Meeting.id.desc())
        .limit(1)
    )
    return session.scalars(found).first()


def still_to_come(now: datetime) -> ColumnElement[bool]:
    """Meetings that can be joined: an answer is owed, or a time is taken that has not come."""
    return Meeting.state.in_(states.OPEN) | ((Meeting.state == "confirmed") & (Meeting.starts_at > now))


def is_to_come(meeting: Meeting, *, now: datetime) -> bool:
    """The same of one meeting."""
    begun = meeting.starts_at is not None and meeting.starts_at <= now
    return meeting.state in states.OPEN or (meeting.state == "confirmed" and not begun)


def carry(session: Session, old: Meeting, new: Meeting) -> None:
    """The guests of a request that is passed on to another body go along with it."""
    for guest in session.scalars(select(Guest).where(Guest.meeting_id == old.id, Guest.state == "present")):
        copied = {name: getattr(guest, name) for name in ("organisation_id", "person_id", "state", "agenda")}
        insert_if_absent(session, Guest, meeting_id=new.id, created_at=guest.created_at, **copied)


def _guests() -> ColumnElement[int]:
    counted = select(func.count()).where(Guest.meeting_id == Meeting.id, Guest.state.in_(TAKES_PLACE))
    return counted.correlate(Meeting).scalar_subquery()
