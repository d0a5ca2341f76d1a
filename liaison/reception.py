"""How the official of a post receives now, and which times can be offered when those of a request are gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import cards, states, taken
from liaison.calendar import local
from liaison.policy import Policy
from liaison.slots import Span, moment, nearest
from liaison.windows import Reception, Window, read_hours
from storage.meetings import Meeting
from storage.people import Organisation
from storage.posts import Post, PostDay

__all__ = ["Booked", "Reception", "booked", "fresh", "of", "outside"]

PROPOSED = 3


@dataclass(frozen=True)
class Booked:
    """A confirmed meeting to come."""

    meeting_id: int
    number: str
    span: Span
    organisation: str


def of(session: Session, post: Post, policy: Policy, now: datetime) -> Reception:
    """How the official of a post receives, with the days from today on that differ."""
    today = local(now, policy.zone).date()
    days = session.scalars(
        select(PostDay).where(PostDay.post_id == post.id, PostDay.day >= today).order_by(PostDay.day)
    )
    notice = policy.min_notice_days if post.notice_days is None else min(post.notice_days, policy.horizon_days - 1)
    return Reception(
        policy=policy,
        length=timedelta(minutes=post.slot_minutes) if post.slot_minutes else policy.slot_length,
        notice_days=notice,
        windows=tuple(sorted(Window.read(window) for window in post.windows or ())),
        days={row.day: read_hours(row.hours) for row in days},
        buffer=taken.buffer_of(post),
        most_per_day=post.most_per_day,
        online_link=post.online_link,
    )


def fresh(session: Session, meeting: Meeting, policy: Policy, now: datetime) -> tuple[Span, ...]:
    """The nearest times that suit both sides, for a request none of whose offered times can be taken any more.

    None while one of them is free, or once the request is decided. At most three; none where nothing is free.
    """
    if meeting.state not in states.OPEN or any(slot.free for slot in cards.slots(session, meeting, now=now)):
        return ()
    post = session.get_one(Post, meeting.post_id)
    busy = taken.of(session, post_id=post.id, organisation_id=meeting.organisation_id, but=meeting.id, now=now)
    return nearest(of(session, post, policy, now), busy, after=now, count=PROPOSED)


def booked(session: Session, post_id: int, *, now: datetime) -> tuple[Booked, ...]:
    """The confirmed meetings of a post that have not ended, in order."""
    coming = (
        select(Meeting.id, Meeting.number, Meeting.starts_at, Meeting.ends_at, Organisation.name)
        .join(Organisation, Organisation.id == Meeting.organisation_id)
        .where(Meeting.post_id == post_id, Meeting.state == "confirmed", Meeting.ends_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return tuple(
        Booked(meeting_id, number, Span(starts_at, ends_at), name)
        for meeting_id, number, starts_at, ends_at, name in session.execute(coming)
        if starts_at is not None and ends_at is not None
    )


def outside(reception: Reception, meetings: tuple[Booked, ...]) -> tuple[Booked, ...]:
    """Those meetings that the hours of the reception do not cover: they stay, whatever the hours become."""
    return tuple(one for one in meetings if not _covered(reception, one.span))


def _covered(reception: Reception, span: Span) -> bool:
    zone = reception.policy.zone
    day = local(span.starts_at, zone).date()
    return any(
        moment(day, start, zone) <= span.starts_at and span.ends_at <= moment(day, end, zone)
        for start, end in reception.hours(day)
    )
