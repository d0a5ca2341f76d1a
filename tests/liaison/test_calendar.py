from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.calendar import WorkingCalendar, check_offset, local, offset_text

KZ = WorkingCalendar()
ALMATY = ZoneInfo("Asia/Almaty")
DAYS = st.dates(date(2025, 1, 1), date(2027, 11, 30))

# Days off on weekdays, by hand from the decrees and the law on holidays (a holiday on a weekend moves to the next
# working day). 2025: 3 January for the worked Sunday 5 January. 2026: no 31 August, since Constitution Day moved.
OFF = {
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16",
    2027: "01-01 01-04 01-07 03-08 03-15 03-22 03-23 03-24 05-03 05-07 05-10 07-06 10-25 12-16",
}
WORKED_WEEKENDS = {date(2025, 1, 5)}


def by_hand(year: int) -> dict[date, bool]:
    off = {date.fromisoformat(f"{year}-{day}") for day in OFF[year].split()}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return {day: day in WORKED_WEEKENDS or (day.weekday() < 5 and day not in off) for day in days}


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_day_of_the_year_is_as_the_decrees_say(year: int) -> None:
    table = by_hand(year)
    assert {day: KZ.is_workday(day) for day in table} == table


def test_a_plain_weekend_is_no_holiday_but_a_holiday_on_a_weekend_is() -> None:
    days = {date(2026, 11, 21): False, date(2026, 10, 25): True, date(2026, 10, 26): True, date(2025, 1, 5): False}
    assert {day: KZ.is_holiday(day) for day in days} == days


def test_configured_days_win_over_the_library() -> None:
    calendar = WorkingCalendar("KZ", [date(2026, 11, 24)], [date(2026, 12, 16), date(2026, 11, 28)])
    worked = [day for day in (date(2026, 11, 24), date(2026, 12, 16), date(2026, 11, 28)) if calendar.is_workday(day)]
    assert worked == [date(2026, 12, 16), date(2026, 11, 28)]
    assert calendar.is_holiday(date(2026, 11, 24))
    assert not calendar.is_holiday(date(2026, 12, 16))


def test_a_day_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="2026-11-24 stands both"):
        WorkingCalendar("KZ", [date(2026, 11, 24)], [date(2026, 11, 24)])


def test_an_unknown_country_is_named() -> None:
    with pytest.raises(ValueError, match="the country 'XX'"):
        WorkingCalendar("XX")


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-11-23", 15, "2026-12-14"),  # an answer within 15 working days, counted from the next day
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-12-15", 1, "2026-12-17"),  # over a holiday
        ("2025-01-02", 1, "2025-01-05"),  # to a worked Sunday
        ("2026-11-28", 0, "2026-11-28"),
    ],
)
def test_working_days_are_counted_from_the_next_day(day: str, n: int, expected: str) -> None:
    assert KZ.add_workdays(date.fromisoformat(day), n) == date.fromisoformat(expected)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards only"):
        KZ.add_workdays(date(2026, 11, 23), -1)


def test_a_term_that_ends_on_a_day_off_moves_on() -> None:
    assert KZ.workday_from(date(2026, 12, 16)) == date(2026, 12, 17)
    assert KZ.workday_from(date(2026, 12, 17)) == date(2026, 12, 17)


@settings(deadline=None)
@given(DAYS, st.integers(0, 20))
def test_adding_days_one_by_one_is_adding_them_together(day: date, n: int) -> None:
    assert KZ.add_workdays(KZ.add_workdays(day, n), 1) == KZ.add_workdays(day, n + 1)


@settings(deadline=None)
@given(DAYS, st.integers(1, 20))
def test_exactly_n_working_days_lie_between(day: date, n: int) -> None:
    end = KZ.add_workdays(day, n)
    between = [day + timedelta(days=step) for step in range(1, (end - day).days + 1)]
    assert sum(map(KZ.is_workday, between)) == n
    assert KZ.is_workday(end)


def test_the_zone_is_five_hours_ahead_since_2024() -> None:
    check_offset(ALMATY, timedelta(hours=5), datetime(2026, 11, 23, tzinfo=UTC))


def test_another_offset_is_refused_in_plain_words() -> None:
    with pytest.raises(
        ValueError, match=r"Asia/Almaty is at UTC\+6 on 2023-06-01, but the configured offset is UTC\+5"
    ):
        check_offset(ALMATY, timedelta(hours=5), datetime(2023, 6, 1, tzinfo=UTC))


def test_a_naive_time_has_no_place_on_the_clock() -> None:
    with pytest.raises(ValueError, match="naive"):
        local(datetime(2026, 11, 23), ALMATY)  # noqa: DTZ001


@pytest.mark.parametrize(("minutes", "text"), [(300, "UTC+5"), (330, "UTC+5:30"), (-180, "UTC-3"), (0, "UTC")])
def test_offsets_are_written_as_people_read_them(minutes: int, text: str) -> None:
    assert offset_text(timedelta(minutes=minutes)) == text
