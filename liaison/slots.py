"""Times that can be offered for a meeting: reception windows minus lunch, holidays, what is taken and the notice."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from liaison.calendar import DAY, local
from liaison.policy import Hours, Policy

# An official's weekly windows as kept with the post: {"weekday": 0-6 (0 is Monday), "start": "15:00", "end": "17:00"}.
# None, or none at all, means the configured working hours: a post without windows must not be a dead end.
Windows = Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, from and until, as aware UTC times."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two share any time; to touch is not to overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def free_slots(
    policy: Policy, windows: Windows, busy: Iterable[Span], *, after: datetime, until: datetime | None = None
) -> Iterator[Span]:
    """Every slot that can be offered, in order, found as it is asked for.

    ``after`` is now: the minimum notice counts calendar days from its local date. Slots end by ``until`` and within
    the policy's horizon. ``busy`` may stand in any order and overlap itself.
    """
    for slots in _by_window(policy, windows, busy, after, until):
        yield from slots


def nearest(
    policy: Policy,
    windows: Windows,
    busy: Iterable[Span],
    *,
    after: datetime,
    until: datetime | None = None,
    count: int = 3,
) -> tuple[Span, ...]:
    """The nearest times that leave a real choice: the first free one of each half-day window in turn.

    Only where the horizon has too few windows are they filled up with further times of the same ones.
    """
    by_window = list(islice(_by_window(policy, windows, busy, after, until), count))
    chosen = [slots[0] for slots in by_window]
    further = sorted(slot for slots in by_window for slot in slots[1:])
    return tuple(sorted(chosen + further[: count - len(chosen)]))


def days_with_free(
    policy: Policy, windows: Windows, busy: Iterable[Span], *, after: datetime, until: datetime | None = None
) -> list[tuple[date, int]]:
    """The local days that still have free slots, in order, each with how many."""
    slots = free_slots(policy, windows, busy, after=after, until=until)
    return list(Counter(local(slot.starts_at, policy.zone).date() for slot in slots).items())


def on_day(policy: Policy, windows: Windows, busy: Iterable[Span], day: date, *, after: datetime) -> tuple[Span, ...]:
    """The free slots of one local day, none if it is past, off, within the notice or beyond the horizon."""
    slots = free_slots(policy, windows, busy, after=after, until=_midnight(policy, day + DAY))
    return tuple(slot for slot in slots if local(slot.starts_at, policy.zone).date() == day)


def _by_window(
    policy: Policy, windows: Windows, busy: Iterable[Span], after: datetime, until: datetime | None
) -> Iterator[list[Span]]:
    """The free slots of each window that has any, window by window."""
    today = local(after, policy.zone).date()
    earliest = max(after, _midnight(policy, today + policy.min_notice_days * DAY))
    latest = _midnight(policy, today + (policy.horizon_days + 1) * DAY)
    latest = min(latest, until) if until else latest
    taken = _joined(busy)
    for n in range(policy.min_notice_days, policy.horizon_days + 1):
        for window in _windows_of(policy, windows, today + n * DAY):
            if window.starts_at >= latest:
                return
            slots = [slot for slot in _grid(policy, window) if slot.starts_at >= earliest and slot.ends_at <= latest]
            if free := [slot for slot in slots if not _is_taken(taken, slot)]:
                yield free


def _windows_of(policy: Policy, windows: Windows, day: date) -> Iterator[Span]:
    for start, end in _hours_of(policy, windows, day):
        yield Span(_moment(policy, day, start), _moment(policy, day, end))


def _hours_of(policy: Policy, windows: Windows, day: date) -> Hours:
    """The local hours in which meetings can be on that day. An official may receive on a Saturday if he says so,
    but not on a holiday."""
    if not windows:
        return policy.hours if policy.calendar.is_workday(day) else ()
    if policy.calendar.is_holiday(day):
        return ()
    own = sorted(
        (time.fromisoformat(window["start"]), time.fromisoformat(window["end"]))
        for window in windows
        if window["weekday"] == day.weekday()
    )
    return _without_lunch(_united(own), policy.lunch())


def _united(hours: Iterable[tuple[time, time]]) -> Hours:
    """Windows that overlap made one, lest a time be offered twice."""
    united: list[tuple[time, time]] = []
    for start, end in hours:
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return tuple(united)


def _without_lunch(hours: Hours, breaks: Hours) -> Hours:
    for from_, to in breaks:
        cut = [piece for start, end in hours for piece in ((start, min(end, from_)), (max(start, to), end))]
        hours = tuple((start, end) for start, end in cut if start < end)
    return hours


def _grid(policy: Policy, window: Span) -> Iterator[Span]:
    """Slots side by side from the start of the window; what is left over at its end is too short."""
    starts_at = window.starts_at
    while starts_at + policy.slot_length <= window.ends_at:
        yield Span(starts_at, starts_at + policy.slot_length)
        starts_at += policy.slot_length


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


def _midnight(policy: Policy, day: date) -> datetime:
    return _moment(policy, day, time())


def _moment(policy: Policy, day: date, at: time) -> datetime:
    return datetime.combine(day, at, policy.zone).astimezone(UTC)
