"""Working days of a country, with the days that the state moved by decree and the library does not know yet."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)


class WorkingCalendar:
    """Which days are worked. The configured days win over the library: a decree may be newer than its release."""

    def __init__(
        self, country: str = "KZ", extra_holidays: Iterable[date] = (), extra_workdays: Iterable[date] = ()
    ) -> None:
        """Take an ISO 3166 country code and two sets of days. Raises ValueError for an unknown country or a clash."""
        self.country = country
        self.extra_holidays = frozenset(extra_holidays)
        self.extra_workdays = frozenset(extra_workdays)
        self._years: dict[int, tuple[frozenset[date], frozenset[date]]] = {}
        if country not in holidays.list_supported_countries():
            raise ValueError(f"no holidays are known for the country {country!r}")
        if clash := self.extra_holidays & self.extra_workdays:
            raise ValueError(f"{min(clash)} stands both among the extra holidays and among the extra workdays")

    def is_workday(self, day: date) -> bool:
        """Say whether the day is worked; a weekend day to which work was moved is."""
        if day in self.extra_workdays:
            return True
        return day not in self.extra_holidays and day in self._year(day.year)[0]

    def is_holiday(self, day: date) -> bool:
        """Say whether the day is off for a reason of its own: a holiday or a day moved, not a plain weekend."""
        if day in self.extra_workdays:
            return False
        return day in self.extra_holidays or day in self._year(day.year)[1]

    def workday_from(self, day: date) -> date:
        """The day itself if it is worked, else the next one: a term that ends on a day off moves on (APPC art. 76)."""
        return day if self.is_workday(day) else self.next_workday(day)

    def next_workday(self, day: date) -> date:
        """The first working day after the day."""
        following = day + DAY
        while not self.is_workday(following):
            following += DAY
        return following

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after the day: counting starts on the next day (APPC art. 76).

        n = 0 is the day itself; ValueError for a negative n.
        """
        if n < 0:
            raise ValueError(f"working days are counted forwards only, not {n}")
        for _ in range(n):
            day = self.next_workday(day)
        return day

    def _year(self, year: int) -> tuple[frozenset[date], frozenset[date]]:
        """Working days and holidays of a year. A table of its own for each: the library's grows while it is read,
        which two database threads must not see."""
        if year not in self._years:
            table = holidays.country_holidays(self.country, years=(year - 1, year, year + 1))
            first = date(year, 1, 1)
            days = [first + n * DAY for n in range((date(year, 12, 31) - first).days + 1)]
            off = frozenset(day for day in days if day in table and not table.is_working_day(day))
            self._years[year] = (frozenset(day for day in days if table.is_working_day(day)), off)
        return self._years[year]


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The same moment on the zone's clock. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError(f"a naive time has no place on the clock: {moment!r}")
    return moment.astimezone(zone)


def check_offset(zone: ZoneInfo, offset: timedelta, at: datetime) -> None:
    """Raise ValueError if the zone's clock at that moment is not the configured offset ahead of UTC.

    Old time zone data still have Almaty at UTC+6 (it moved on 1 March 2024): every meeting would be an hour off.
    """
    actual = local(at, zone).utcoffset()
    if actual != offset:
        raise ValueError(
            f"the time zone {zone.key} is at {offset_text(actual or timedelta())} on {local(at, zone):%Y-%m-%d}, "
            f"but the configured offset is {offset_text(offset)}: update tzdata, or correct calendar.timezone "
            "or calendar.utc_offset"
        )


def offset_text(offset: timedelta) -> str:
    """Write an offset as people read it: UTC+5, UTC+5:30, UTC-3, UTC."""
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" if not minutes else f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
