"""What the day around an offered time looks like at the office: its confirmed meetings, and when it is free."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from liaison import access, cards, reception, states
from liaison.calendar import local
from liaison.people import Actor
from liaison.policy import Policy
from liaison.reception import Booked, Reception
from liaison.slots import Span, moment
from storage.posts import Post


@dataclass(frozen=True)
class DayAround:
    """A local day of a post, as it is besides the request that is looked at."""

    day: date
    meetings: tuple[Booked, ...]  # confirmed, in order
    free: tuple[Span, ...]  # long enough for a meeting


def of(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> tuple[DayAround, ...]:
    """The days of the times offered for a request, for the office it waits at; nothing for others. Raises NotYours."""
    meeting, side = access.meeting(session, actor, meeting_id)
    if side not in states.OFFICE or meeting.state not in states.OPEN:
        return ()
    received = reception.of(session, session.get_one(Post, meeting.post_id), policy, now)
    coming = [one for one in reception.booked(session, meeting.post_id, now=now) if one.meeting_id != meeting.id]
    offered = (slot.starts_at for slot in cards.slots(session, meeting, now=now) if slot.starts_at > now)
    days = dict.fromkeys(local(at, policy.zone).date() for at in offered)
    return tuple(_around(received, day, coming, now) for day in days)


def _around(received: Reception, day: date, coming: Iterable[Booked], now: datetime) -> DayAround:
    zone = received.policy.zone
    here = tuple(one for one in coming if local(one.span.starts_at, zone).date() == day)
    free = [Span(moment(day, start, zone), moment(day, end, zone)) for start, end in received.hours(day)]
    for one in here:
        free = [piece for at in free for piece in _without(at, one.span.wider(received.buffer))]
    ahead = (Span(max(at.starts_at, now), at.ends_at) for at in free)
    return DayAround(day, here, tuple(at for at in ahead if at.ends_at - at.starts_at >= received.length))


def _without(free: Span, taken: Span) -> Iterator[Span]:
    before = Span(free.starts_at, min(free.ends_at, taken.starts_at))
    after = Span(max(free.starts_at, taken.ends_at), free.ends_at)
    return (piece for piece in (before, after) if piece.starts_at < piece.ends_at)
