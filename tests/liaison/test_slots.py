from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.calendar import WorkingCalendar
from liaison.policy import Policy
from liaison.slots import Span, days_with_free, free_slots, nearest, on_day

ALMATY = ZoneInfo("Asia/Almaty")
HOURS = ((time(9), time(13)), (time(14, 30), time(18, 30)))
POLICY = Policy(zone=ALMATY, calendar=WorkingCalendar(), hours=HOURS)
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday 23 November 2026, 11:00 in Almaty
FRIDAY_EVENING = datetime(2026, 12, 11, 13, 45, tzinfo=UTC)


def at(text: str, minutes: int = 30) -> Span:
    start = datetime.fromisoformat(text).replace(tzinfo=ALMATY).astimezone(UTC)
    return Span(start, start + timedelta(minutes=minutes))


def shown(spans: tuple[Span, ...] | list[Span]) -> list[str]:
    return [f"{span.starts_at.astimezone(ALMATY):%Y-%m-%d %H:%M}" for span in spans]


def policy(**changed: Any) -> Policy:
    return Policy(**{"zone": ALMATY, "calendar": POLICY.calendar, "hours": HOURS, **changed})


def test_the_nearest_three_are_in_three_half_days() -> None:
    assert shown(nearest(POLICY, None, [], after=MONDAY)) == [
        "2026-11-24 09:00",
        "2026-11-24 14:30",
        "2026-11-25 09:00",
    ]


def test_what_is_taken_gives_way_to_the_next_in_the_same_half_day() -> None:
    busy = [at("2026-11-24 09:15", 20), at("2026-11-24 14:00", 240)]
    assert shown(nearest(POLICY, None, busy, after=MONDAY)) == [
        "2026-11-24 10:00",
        "2026-11-24 18:00",
        "2026-11-25 09:00",
    ]


def test_the_notice_counts_calendar_days_not_hours() -> None:
    late = datetime(2026, 11, 23, 18, 59, tzinfo=UTC)  # 23:59 in Almaty
    assert shown(nearest(POLICY, None, [], after=late, count=1)) == ["2026-11-24 09:00"]
    assert shown(nearest(POLICY, None, [], after=late + timedelta(minutes=2), count=1)) == ["2026-11-25 09:00"]


def test_without_notice_the_rest_of_today_is_offered() -> None:
    assert shown(nearest(policy(min_notice_days=0), None, [], after=MONDAY)) == [
        "2026-11-23 11:00",
        "2026-11-23 14:30",
        "2026-11-24 09:00",
    ]


def test_weekends_and_holidays_are_left_out() -> None:
    days = [
        day for day, _ in days_with_free(POLICY, None, [], after=FRIDAY_EVENING, until=at("2026-12-19 00:00").starts_at)
    ]
    assert days == [date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 17), date(2026, 12, 18)]


def test_a_worked_sunday_is_offered() -> None:
    after = datetime(2025, 1, 2, tzinfo=UTC)
    assert shown(nearest(POLICY, None, [], after=after, count=1)) == ["2025-01-05 09:00"]


def test_an_officials_own_windows_are_used() -> None:
    windows = [{"weekday": 3, "start": "15:00", "end": "17:00"}]
    assert shown(nearest(POLICY, windows, [], after=MONDAY)) == [
        "2026-11-26 15:00",
        "2026-12-03 15:00",
        "2026-12-10 15:00",
    ]


def test_an_official_may_receive_on_a_saturday_but_not_on_a_holiday() -> None:
    windows = [{"weekday": 5, "start": "10:00", "end": "11:00"}, {"weekday": 2, "start": "10:00", "end": "11:00"}]
    until = at("2026-12-20 00:00").starts_at
    assert shown(nearest(POLICY, windows, [], after=FRIDAY_EVENING, until=until)) == [
        "2026-12-12 10:00",
        "2026-12-12 10:30",
        "2026-12-19 10:00",
    ]


def test_lunch_is_cut_out_of_a_window_and_the_grid_starts_anew_after_it() -> None:
    windows = [{"weekday": 1, "start": "12:10", "end": "15:10"}]
    assert shown(on_day(POLICY, windows, [], date(2026, 11, 24), after=MONDAY)) == [
        "2026-11-24 12:10",
        "2026-11-24 14:30",
    ]


def test_windows_that_overlap_offer_no_time_twice() -> None:
    windows = [
        {"weekday": 1, "start": "10:00", "end": "11:00"},
        {"weekday": 1, "start": "10:45", "end": "11:30"},
        {"weekday": 1, "start": "10:00", "end": "10:30"},
    ]
    assert shown(on_day(POLICY, windows, [], date(2026, 11, 24), after=MONDAY)) == [
        "2026-11-24 10:00",
        "2026-11-24 10:30",
        "2026-11-24 11:00",
    ]


def test_no_windows_mean_the_configured_hours() -> None:
    assert nearest(POLICY, [], [], after=MONDAY) == nearest(POLICY, None, [], after=MONDAY)


def test_few_windows_are_filled_up_with_further_times() -> None:
    windows = [{"weekday": 1, "start": "10:00", "end": "12:00"}]
    assert shown(nearest(policy(horizon_days=3), windows, [], after=MONDAY)) == [
        "2026-11-24 10:00",
        "2026-11-24 10:30",
        "2026-11-24 11:00",
    ]


def test_a_calendar_that_is_full_offers_nothing() -> None:
    full = [Span(MONDAY, MONDAY + timedelta(days=100))]
    assert nearest(POLICY, None, full, after=MONDAY) == ()
    assert days_with_free(POLICY, None, full, after=MONDAY) == []


def test_other_days_are_counted() -> None:
    found = days_with_free(POLICY, None, [at("2026-11-24 09:00", 60)], after=MONDAY)
    assert found[:2] == [(date(2026, 11, 24), 14), (date(2026, 11, 25), 16)]
    assert found[-1][0] == date(2027, 1, 22)  # the last day within 60 days of the 23rd of November


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-20", "2026-11-28", "2026-12-16", "2027-01-25"])
def test_a_day_that_cannot_be_offered_is_empty(day: str) -> None:
    assert on_day(POLICY, None, [], date.fromisoformat(day), after=MONDAY) == ()


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.integers(1, 2000).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Policy, Any, list[Span], datetime]:
    after = draw(MOMENTS)
    starts = draw(st.lists(st.timedeltas(timedelta(days=-1), timedelta(days=12)), max_size=8))
    busy = [Span(after + start, after + start + draw(LENGTHS)) for start in starts]
    hours = st.integers(0, 23 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
    window = st.builds(
        lambda weekday, two: {
            "weekday": weekday,
            "start": min(two).isoformat("minutes"),
            "end": max(two).isoformat("minutes"),
        },
        st.integers(0, 6),
        st.lists(hours, min_size=2, max_size=2, unique=True),
    )
    chosen = policy(
        slot_length=timedelta(minutes=draw(st.sampled_from([15, 30, 45, 60]))),
        min_notice_days=draw(st.integers(0, 3)),
        horizon_days=draw(st.integers(4, 14)),
    )
    return chosen, draw(st.none() | st.lists(window, max_size=4)), busy, after


@settings(deadline=None)
@given(cases())
def test_every_offered_time_keeps_every_rule(case: tuple[Policy, Any, list[Span], datetime]) -> None:
    chosen, windows, busy, after = case
    found = list(free_slots(chosen, windows, busy, after=after))
    today = after.astimezone(ALMATY).date()
    assert all(before.ends_at <= later.starts_at for before, later in pairwise(found))
    for slot in found:
        start, end = slot.starts_at.astimezone(ALMATY), slot.ends_at.astimezone(ALMATY)
        assert slot.ends_at - slot.starts_at == chosen.slot_length
        assert slot.starts_at >= after
        assert not any(slot.overlaps(taken) for taken in busy)
        assert chosen.min_notice_days <= (start.date() - today).days <= chosen.horizon_days
        assert not chosen.calendar.is_holiday(start.date())
        assert end.time() <= time(13) or start.time() >= time(14, 30)
        assert windows or (
            chosen.calendar.is_workday(start.date()) and time(9) <= start.time() and end.time() <= time(18, 30)
        )
        assert not windows or any(
            window["weekday"] == start.weekday() and window["start"] <= f"{start:%H:%M}" < window["end"]
            for window in windows
        )


@settings(deadline=None)
@given(cases())
def test_the_screens_agree_with_each_other(case: tuple[Policy, Any, list[Span], datetime]) -> None:
    chosen, windows, busy, after = case
    found = list(free_slots(chosen, windows, busy, after=after))
    days = days_with_free(chosen, windows, busy, after=after)
    offered = nearest(chosen, windows, busy, after=after)
    assert days == sorted(Counter(slot.starts_at.astimezone(ALMATY).date() for slot in found).items())
    assert [slot for day, _ in days for slot in on_day(chosen, windows, busy, day, after=after)] == found
    assert len(offered) == min(3, len(found))
    assert set(offered) <= set(found)
    assert offered[:1] == tuple(found[:1])
