"""The rules that whoever runs the program has chosen, and how they are written in the configuration."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from liaison.calendar import WorkingCalendar, offset_text

Hours = tuple[tuple[time, time], ...]

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
DURATION = re.compile(r"(?:(\d{1,6})\s*([dhms])\s*)+")
OFFSET = re.compile(r"(?:UTC)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?")


@dataclass(frozen=True)
class Policy:
    """What was configured about times and people. Durations are timedeltas; hours are on the zone's clock."""

    zone: ZoneInfo
    calendar: WorkingCalendar
    hours: Hours  # of a working day, in order; the gaps between them are the lunch
    slot_length: timedelta = timedelta(minutes=30)
    min_notice_days: int = 1  # in calendar days: 1 is from tomorrow 00:00 on, at whatever hour one asks
    horizon_days: int = 60  # how far ahead times are offered
    undo: timedelta = timedelta(seconds=60)  # how long an office's answer can be taken back; the NGO is told after it
    redirect_workdays: int = 3  # as the law has it for appeals (APPC art. 65): not one's own is passed on within
    most_open: int = 15  # requests of one NGO that wait for an answer
    most_a_day: int = 10  # requests one NGO may send on one local day
    most_to_post: int = 20  # requests one post receives on one local day
    reminders_before: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=2))
    admins: frozenset[int] = frozenset()  # Telegram ids
    video_base: str | None = None  # of a video server, https and with a slash at its end; a room's name is added
    utc_offset: timedelta = timedelta(hours=5)  # of the zone, checked at start (calendar.check_offset)

    def __post_init__(self) -> None:
        """Refuse what would offer no time at all, or offer it for ever. Raises ValueError."""
        if not timedelta(minutes=5) <= self.slot_length <= timedelta(hours=8):
            raise ValueError(f"a meeting lasts from 5 minutes to 8 hours, not {self.slot_length}")
        if not 0 <= self.min_notice_days < self.horizon_days <= 366:
            raise ValueError(
                "the minimum notice must be shorter than the days that are offered ahead, at most 366: "
                f"{self.min_notice_days} and {self.horizon_days} days"
            )
        if not self.hours:
            raise ValueError("no working hours are configured")

    @property
    def offset_name(self) -> str:
        """The offset as people read it beside a time: UTC+5."""
        return offset_text(self.utc_offset)

    def lunch(self) -> Hours:
        """The breaks between the working hours."""
        return tuple((before[1], after[0]) for before, after in pairwise(self.hours))


def parse_duration(text: str) -> timedelta:
    """Read "24h", "2h", "30m", "45s", "1d" or several together, "1h30m". Raises ValueError in plain words."""
    compact = text.strip().lower()
    if not DURATION.fullmatch(compact):
        raise ValueError(f'"{text}" is not a duration: write a number with d, h, m or s, such as "24h" or "30m"')
    parts = re.findall(r"(\d+)\s*([dhms])", compact)
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


def parse_days(text: str) -> int:
    """Read a duration that counts calendar days: "1d", "0d", "48h". Raises ValueError for a part of a day."""
    duration = parse_duration(text)
    if duration % timedelta(days=1):
        raise ValueError(f'"{text}" is not a whole number of days: write calendar days, such as "1d"')
    return duration.days


def parse_offset(text: str) -> timedelta:
    """Read a distance from UTC: "+05:00", "+5", "UTC+5". Raises ValueError."""
    match = OFFSET.fullmatch(text.strip().upper())
    if match is None or int(match[2]) > 14:
        raise ValueError(f'"{text}" is not an offset from UTC: write it as "+05:00"')
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -offset if match[1] == "-" else offset


def parse_hours(spans: Iterable[str]) -> Hours:
    """Read ["09:00-13:00", "14:30-18:30"] into pairs in order. Raises ValueError for an overlap or a backward span."""
    hours = sorted(_span(text) for text in spans)
    if not hours:
        raise ValueError('no working hours are given: write them as ["09:00-13:00", "14:30-18:30"]')
    _refuse_overlap(hours)
    return tuple(hours)


def _span(text: str) -> tuple[time, time]:
    parts = [part.strip() for part in re.split("[-–—]", text)]
    if len(parts) != 2 or not all(re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", part) for part in parts):
        raise ValueError(f'"{text}" is not a span of hours: write it as "09:00-13:00"')
    start, end = (time(int(part[:-3]), int(part[-2:])) for part in parts)
    if start >= end:
        raise ValueError(f'"{text}" ends before it begins')
    return start, end


def _refuse_overlap(hours: Iterable[tuple[time, time]]) -> None:
    for before, after in pairwise(hours):
        if after[0] < before[1]:
            raise ValueError(f"the hours from {after[0]:%H:%M} overlap those until {before[1]:%H:%M}")
