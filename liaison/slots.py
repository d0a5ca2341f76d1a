"""Times that can be offered for a meeting: the hours of a reception minus what is taken, within its bounds."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from liaison.calendar import DAY, local
from liaison.windows import Reception


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, from and until, as aware UTC times."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two share any time; to touch is not to overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def wider(self, by: timedelta) -> "Span":
        """The span with so much time before and after it."""
        return Span(self.starts_at - by, self.ends_at + by)


@dataclass(frozen=True)
class Busy:
    """When an official and an organisation are not free. The spans may stand in any order and overlap."""

    post: Mapping[int, Sequence[Span]] = field(default_factory=dict)  # each meeting with its time, or those held for it
    organisation: Sequence[Span] = ()  # its meetings elsewhere

    def around(self, buffer: timedelta) -> list[Span]:
        """When no meeting can be: the time kept free between two meetings is the post's, not the organisation's."""
        return [*(span.wider(buffer) for spans in self.post.values() for span in spans), *self.organisation]

    def blocks(self, span: Span, buffer: timedelta) -> bool:
        """Say whether a meeting cannot be in this span."""
        return any(span.overlaps(other) for other in self.around(buffer))

    def by_day(self, zone: tzinfo) -> Counter[date]:
        """How many meetings the post has on each local day; one that holds several times of a day counts once."""
        days = ({local(span.starts_at, zone).date() for span in spans} for spans in self.post.values())
        return Counter(day for one in days for day in one)


def free_slots(reception: Reception, busy: Busy, *, after: datetime, until: datetime | None = None) -> Iterator[Span]:
    """Every slot that can be offered, in order, found as it is asked for.

    ``after`` is now: the minimum notice counts calendar days from its local date. Slots end by ``until`` and within
    the policy's horizon.
    """
    for slots in _by_window(reception, busy, after, until):
        yield from slots


def nearest(
    reception: Reception, busy: Busy, *, after: datetime, until: datetime | None = None, count: int = 3
) -> tuple[Span, ...]:
    """The nearest times that leave a real choice: the first free one of each half-day window in turn.

    Only where the horizon has too few windows are they filled up with further times of the same ones.
    """
    by_window = list(islice(_by_window(reception, busy, after, until), count))
    chosen = [slots[0] for slots in by_window]
    further = sorted(slot for slots in by_window for slot in slots[1:])
    return tuple(sorted(chosen + further[: count - len(chosen)]))


def days_with_free(
    reception: Reception, busy: Busy, *, after: datetime, until: datetime | None = None
) -> list[tuple[date, int]]:
    """The local days that still have free slots, in order, each with how many."""
    slots = free_slots(reception, busy, after=after, until=until)
    return list(Counter(local(slot.starts_at, reception.policy.zone).date() for slot in slots).items())


def on_day(reception: Reception, busy: Busy, day: date, *, after: datetime) -> tuple[Span, ...]:
    """The free slots of one local day, none if it is past, off, full, within the notice or beyond the horizon."""
    zone = reception.policy.zone
    slots = free_slots(reception, busy, after=after, until=moment(day + DAY, time(), zone))
    return tuple(slot for slot in slots if local(slot.starts_at, zone).date() == day)


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """An hour of a local day as an aware UTC time."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _by_window(reception: Reception, busy: Busy, after: datetime, until: datetime | None) -> Iterator[list[Span]]:
    """The free slots of each window that has any, window by window."""
    zone = reception.policy.zone
    today = local(after, zone).date()
    latest = moment(today + (reception.policy.horizon_days + 1) * DAY, time(), zone)
    latest = min(latest, until) if until else latest
    taken = _joined(busy.around(reception.buffer))
    for day in _days(reception, busy, today):
        for window in _windows_of(reception, day):
            if window.starts_at >= latest:
                return
            slots = [slot for slot in _grid(reception, window) if slot.starts_at >= after and slot.ends_at <= latest]
            if free := [slot for slot in slots if not _is_taken(taken, slot)]:
                yield free


def _days(reception: Reception, busy: Busy, today: date) -> Iterator[date]:
    """The days from the notice to the horizon on which the post has not as many meetings as it takes."""
    taken = busy.by_day(reception.policy.zone)
    for n in range(reception.notice_days, reception.policy.horizon_days + 1):
        day = today + n * DAY
        if reception.most_per_day is None or taken[day] < reception.most_per_day:
            yield day


def _windows_of(reception: Reception, day: date) -> Iterator[Span]:
    zone = reception.policy.zone
    for start, end in reception.hours(day):
        yield Span(moment(day, start, zone), moment(day, end, zone))


def _grid(reception: Reception, window: Span) -> Iterator[Span]:
    """Slots from the start of the window, the buffer between them; what is left over at its end is too short."""
    starts_at = window.starts_at
    while starts_at + reception.length <= window.ends_at:
        yield Span(starts_at, starts_at + reception.length)
        starts_at += reception.length + reception.buffer


def _joined(busy: Iterable[Span]) -> list[Span]:
    """Spans in order with those that overlap made one, so that a slot needs to be compared with one of them only."""
    joined: list[Span] = []
    for span in sorted(busy):
        if joined and span.starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return joined


def _is_taken(taken: list[Span], slot: Span) -> bool:
    last_before_end = bisect_left(taken, slot.ends_at, key=lambda span: span.starts_at) - 1
    return last_before_end >= 0 and taken[last_before_end].overlaps(slot)
