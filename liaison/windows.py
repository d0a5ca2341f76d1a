"""When an official receives: the weekly pattern, the days that differ from it, and what bounds a meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from liaison.policy import Hours, Policy


@dataclass(frozen=True, order=True)
class Window:
    """Hours of one weekday, every week, on the country's clock."""

    weekday: int  # 0 is Monday
    start: time
    end: time

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Window":
        """The window as the database keeps it: {"weekday": 0-6, "start": "15:00", "end": "17:00"}."""
        return cls(int(kept["weekday"]), time.fromisoformat(kept["start"]), time.fromisoformat(kept["end"]))

    def kept(self) -> dict[str, Any]:
        """What the database keeps of it."""
        return {"weekday": self.weekday, **keep_hours(((self.start, self.end),))[0]}


@dataclass(frozen=True)
class Reception:
    """How an official receives, as he or his office has set it; what is not set is as configured."""

    policy: Policy
    length: timedelta  # of a meeting
    notice_days: int  # in calendar days, as Policy.min_notice_days
    windows: tuple[Window, ...] = ()  # none: the working hours, since a post must not be a dead end
    days: Mapping[date, Hours] = field(default_factory=dict)  # other hours on these days, or none
    buffer: timedelta = timedelta()  # kept free after each meeting, and so before the next
    most_per_day: int | None = None  # meetings on one local day
    online_link: str | None = None  # the official's own room, for online meetings

    @classmethod
    def configured(cls, policy: Policy, **own: Any) -> "Reception":
        """As configured, but for what is given."""
        return cls(policy, **{"length": policy.slot_length, "notice_days": policy.min_notice_days, **own})

    def hours(self, day: date) -> Hours:
        """The hours in which meetings can be on a local day, lunch taken out.

        An official may receive on a Saturday if he says so, but not on a holiday.
        """
        calendar = self.policy.calendar
        if day in self.days:
            own = self.days[day]
        elif self.windows:
            own = tuple((window.start, window.end) for window in self.windows if window.weekday == day.weekday())
        else:
            return self.policy.hours if calendar.is_workday(day) else ()
        return () if calendar.is_holiday(day) else self.without_lunch(own)

    def without_lunch(self, hours: Iterable[tuple[time, time]]) -> Hours:
        """Hours in order, those that overlap made one, without the breaks of the working day."""
        found = united(hours)
        for from_, to in self.policy.lunch():
            cut = [piece for start, end in found for piece in ((start, min(end, from_)), (max(start, to), end))]
            found = tuple((start, end) for start, end in cut if start < end)
        return found

    def fits(self, start: time, end: time) -> bool:
        """Whether at least one meeting fits into these hours beside lunch."""
        return any(_lasts(*one) >= self.length for one in self.without_lunch([(start, end)]))


def united(hours: Iterable[tuple[time, time]]) -> Hours:
    """Hours in order, those that overlap or touch made one, lest a time be offered twice."""
    found: list[tuple[time, time]] = []
    for start, end in sorted(hours):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def keep_hours(hours: Hours) -> list[dict[str, str]]:
    """Hours as the database keeps them: [{"start": "15:00", "end": "17:00"}, …]."""
    return [{"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"} for start, end in hours]


def read_hours(kept: Iterable[Mapping[str, str]]) -> Hours:
    """Hours from the database, as ``keep_hours`` wrote them."""
    return tuple((time.fromisoformat(one["start"]), time.fromisoformat(one["end"])) for one in kept)


def _lasts(start: time, end: time) -> timedelta:
    return timedelta(hours=end.hour - start.hour, minutes=end.minute - start.minute)
