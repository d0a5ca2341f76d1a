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
from liaison.slots import Busy, Span, days_with_free, free_slots, nearest, on_day
from liaison.windows import Reception, Window, read_hours

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


def receives(*windows: tuple[int, str, str], rules: Policy = POLICY, **own: Any) -> Reception:
    """How an official receives: weekday, from, until for each window."""
    weekly = sorted(Window.read({"weekday": weekday, "start": start, "end": end}) for weekday, start, end in windows)
    return Reception.configured(rules, windows=tuple(weekly), **own)


def taken(*spans: Span) -> Busy:
    """Each a meeting of the post."""
    return Busy({number: [span] for number, span in enumerate(spans)})


NOTHING = Busy()
USUAL = receives()


def policy(**changed: Any) -> Policy:
    return Policy(**{"zone": ALMATY, "calendar": POLICY.calendar, "hours": HOURS, **changed})


def test_the_nearest_three_are_in_three_half_days() -> None:
    assert shown(nearest(USUAL, NOTHING, after=MONDAY)) == [
        "2026-11-24 09:00",
        "2026-11-24 14:30",
        "2026-11-25 09:00",
    ]


def test_what_is_taken_gives_way_to_the_next_in_the_same_half_day() -> None:
    busy = taken(at("2026-11-24 09:15", 20), at("2026-11-24 14:00", 240))
    assert shown(nearest(USUAL, busy, after=MONDAY)) == [
        "2026-11-24 10:00",
        "2026-11-24 18:00",
        "2026-11-25 09:00",
    ]


def test_the_notice_counts_calendar_days_not_hours() -> None:
    late = datetime(2026, 11, 23, 18, 59, tzinfo=UTC)  # 23:59 in Almaty
    assert shown(nearest(USUAL, NOTHING, after=late, count=1)) == ["2026-11-24 09:00"]
    assert shown(nearest(USUAL, NOTHING, after=late + timedelta(minutes=2), count=1)) == ["2026-11-25 09:00"]


def test_without_notice_the_rest_of_today_is_offered() -> None:
    assert shown(nearest(receives(notice_days=0), NOTHING, after=MONDAY)) == [
        "2026-11-23 11:00",
        "2026-11-23 14:30",
        "2026-11-24 09:00",
    ]


def test_weekends_and_holidays_are_left_out() -> None:
    days = [
        day for day, _ in days_with_free(USUAL, NOTHING, after=FRIDAY_EVENING, until=at("2026-12-19 00:00").starts_at)
    ]
    assert days == [date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 17), date(2026, 12, 18)]


def test_a_worked_sunday_is_offered() -> None:
    after = datetime(2025, 1, 2, tzinfo=UTC)
    assert shown(nearest(USUAL, NOTHING, after=after, count=1)) == ["2025-01-05 09:00"]


def test_an_officials_own_windows_are_used() -> None:
    assert shown(nearest(receives((3, "15:00", "17:00")), NOTHING, after=MONDAY)) == [
        "2026-11-26 15:00",
        "2026-12-03 15:00",
        "2026-12-10 15:00",
    ]


def test_an_official_may_receive_on_a_saturday_but_not_on_a_holiday() -> None:
    official = receives((5, "10:00", "11:00"), (2, "10:00", "11:00"))
    until = at("2026-12-20 00:00").starts_at
    assert shown(nearest(official, NOTHING, after=FRIDAY_EVENING, until=until)) == [
        "2026-12-12 10:00",
        "2026-12-12 10:30",
        "2026-12-19 10:00",
    ]


def test_lunch_is_cut_out_of_a_window_and_the_grid_starts_anew_after_it() -> None:
    assert shown(on_day(receives((1, "12:10", "15:10")), NOTHING, date(2026, 11, 24), after=MONDAY)) == [
        "2026-11-24 12:10",
        "2026-11-24 14:30",
    ]


def test_windows_that_overlap_offer_no_time_twice() -> None:
    official = receives((1, "10:00", "11:00"), (1, "10:45", "11:30"), (1, "10:00", "10:30"))
    assert shown(on_day(official, NOTHING, date(2026, 11, 24), after=MONDAY)) == [
        "2026-11-24 10:00",
        "2026-11-24 10:30",
        "2026-11-24 11:00",
    ]


def test_few_windows_are_filled_up_with_further_times() -> None:
    official = receives((1, "10:00", "12:00"), rules=policy(horizon_days=3))
    assert shown(nearest(official, NOTHING, after=MONDAY)) == [
        "2026-11-24 10:00",
        "2026-11-24 10:30",
        "2026-11-24 11:00",
    ]


def test_a_calendar_that_is_full_offers_nothing() -> None:
    full = taken(Span(MONDAY, MONDAY + timedelta(days=100)))
    assert nearest(USUAL, full, after=MONDAY) == ()
    assert days_with_free(USUAL, full, after=MONDAY) == []


def test_other_days_are_counted() -> None:
    found = days_with_free(USUAL, taken(at("2026-11-24 09:00", 60)), after=MONDAY)
    assert found[:2] == [(date(2026, 11, 24), 14), (date(2026, 11, 25), 16)]
    assert found[-1][0] == date(2027, 1, 22)  # the last day within 60 days of the 23rd of November


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-20", "2026-11-28", "2026-12-16", "2027-01-25"])
def test_a_day_that_cannot_be_offered_is_empty(day: str) -> None:
    assert on_day(USUAL, NOTHING, date.fromisoformat(day), after=MONDAY) == ()


TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)


def on(day: date, reception: Reception, busy: Busy = NOTHING) -> list[str]:
    return [text[11:] for text in shown(on_day(reception, busy, day, after=MONDAY))]


def test_the_length_is_the_officials_own() -> None:
    assert on(TUESDAY, receives((1, "15:00", "17:00"), length=timedelta(minutes=45))) == ["15:00", "15:45"]


def test_the_buffer_is_kept_between_the_times_offered_and_around_each_meeting() -> None:
    official = receives((1, "15:00", "17:00"), buffer=timedelta(minutes=15))
    assert on(TUESDAY, official) == ["15:00", "15:45", "16:30"]
    assert on(TUESDAY, official, taken(at("2026-11-24 15:40"))) == ["16:30"]  # over at 16:10
    assert on(TUESDAY, official, taken(at("2026-11-24 15:45"))) == ["15:00", "16:30"]
    assert on(TUESDAY, official, taken(at("2026-11-24 17:05"))) == ["15:00", "15:45"]


def test_the_buffer_is_the_posts_and_not_the_organisations() -> None:
    official = receives((1, "15:00", "17:00"), buffer=timedelta(minutes=15))
    assert on(TUESDAY, official, Busy(organisation=[at("2026-11-24 15:30", 15)])) == ["15:00", "15:45", "16:30"]
    assert on(TUESDAY, official, Busy(organisation=[at("2026-11-24 15:30", 16)])) == ["15:00", "16:30"]


def test_the_notice_is_the_officials_own() -> None:
    official = receives(notice_days=3)
    assert shown(nearest(official, NOTHING, after=MONDAY, count=1)) == ["2026-11-26 09:00"]


def test_a_full_day_is_offered_no_more() -> None:
    official = receives((1, "10:00", "12:00"), (2, "10:00", "12:00"), most_per_day=2)
    first, second = at("2026-11-24 10:00"), at("2026-11-24 11:30")
    assert on(TUESDAY, official, taken(first)) == ["10:30", "11:00", "11:30"]
    assert on(TUESDAY, official, taken(first, second)) == []
    assert on(WEDNESDAY, official, taken(first, second)) == ["10:00", "10:30", "11:00", "11:30"]
    # A request that holds two times of a day becomes one meeting; the organisation's own elsewhere are not the post's.
    assert on(TUESDAY, official, Busy({7: [first, second]}, [at("2026-11-24 15:00")])) == ["10:30", "11:00"]


def test_a_day_that_differs() -> None:
    other = read_hours([{"start": "12:00", "end": "15:00"}])
    official = receives((1, "10:00", "11:00"), (2, "10:00", "11:00"), days={TUESDAY: (), WEDNESDAY: other})
    assert on(TUESDAY, official) == []
    assert on(WEDNESDAY, official) == ["12:00", "12:30", "14:30"]
    assert on(date(2026, 12, 1), official) == ["10:00", "10:30"]
    assert on(TUESDAY, receives(days={TUESDAY: ()})) == []


def test_a_day_that_differs_opens_a_saturday_but_no_holiday() -> None:
    saturday, holiday = date(2026, 11, 28), date(2026, 12, 16)
    official = receives(days=dict.fromkeys((saturday, holiday), read_hours([{"start": "10:00", "end": "11:00"}])))
    assert on(saturday, official) == ["10:00", "10:30"]
    assert on(holiday, official) == []


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.integers(1, 2000).map(lambda minutes: timedelta(minutes=minutes))
QUARTERS = st.integers(0, 23 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
TWO_HOURS = st.lists(QUARTERS, min_size=2, max_size=2, unique=True).map(lambda two: (min(two), max(two)))


@st.composite
def busy_times(draw: st.DrawFn, after: datetime) -> Busy:
    """Meetings of the post, some of which hold several times, and meetings of the organisation elsewhere."""
    starts = st.timedeltas(timedelta(days=-1), timedelta(days=12))
    spans = st.builds(lambda start, length: Span(after + start, after + start + length), starts, LENGTHS)
    meetings = draw(st.lists(st.lists(spans, min_size=1, max_size=3), max_size=5))
    return Busy(dict(enumerate(meetings)), draw(st.lists(spans, max_size=4)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Reception, Busy, datetime]:
    after = draw(MOMENTS)
    rules = policy(horizon_days=draw(st.integers(4, 14)))
    today = after.astimezone(ALMATY).date()
    ahead = st.integers(0, 14).map(lambda n: today + timedelta(days=n))
    window = st.builds(lambda weekday, two: Window(weekday, *two), st.integers(0, 6), TWO_HOURS)
    official = Reception(
        policy=rules,
        length=timedelta(minutes=draw(st.sampled_from([15, 30, 45, 60]))),
        notice_days=draw(st.integers(0, 3)),
        windows=tuple(draw(st.lists(window, max_size=4))),
        days=draw(st.dictionaries(ahead, st.lists(TWO_HOURS, max_size=2).map(tuple), max_size=4)),
        buffer=timedelta(minutes=draw(st.sampled_from([0, 10, 15, 30]))),
        most_per_day=draw(st.none() | st.integers(1, 4)),
    )
    return official, draw(busy_times(after)), after


@settings(deadline=None)
@given(cases())
def test_every_offered_time_keeps_every_rule(case: tuple[Reception, Busy, datetime]) -> None:
    official, busy, after = case
    found = list(free_slots(official, busy, after=after))
    today = after.astimezone(ALMATY).date()
    assert all(before.ends_at <= later.starts_at for before, later in pairwise(found))
    for slot in found:
        start, end = slot.starts_at.astimezone(ALMATY), slot.ends_at.astimezone(ALMATY)
        assert slot.ends_at - slot.starts_at == official.length
        assert slot.starts_at >= after
        assert official.notice_days <= (start.date() - today).days <= official.policy.horizon_days
        assert not POLICY.calendar.is_holiday(start.date())
        assert end.time() <= time(13) or start.time() >= time(14, 30)
        hours = [(window.start, window.end) for window in official.windows if window.weekday == start.weekday()]
        if not official.windows:
            hours = list(HOURS) if POLICY.calendar.is_workday(start.date()) else []
        hours = list(official.days.get(start.date(), hours))  # a day without reception has none
        assert any(first <= start.time() < last for first, last in hours)
        assert any(first < end.time() <= last for first, last in hours)


@settings(deadline=None)
@given(cases())
def test_no_offered_time_meets_what_is_taken(case: tuple[Reception, Busy, datetime]) -> None:
    official, busy, after = case
    for slot in free_slots(official, busy, after=after):
        assert not any(slot.overlaps(other) for other in busy.organisation)
        for span in (span for spans in busy.post.values() for span in spans):
            # So much lies between the two, whichever is first.
            assert max(span.starts_at - slot.ends_at, slot.starts_at - span.ends_at) >= official.buffer
        assert not busy.blocks(slot, official.buffer)
        day = slot.starts_at.astimezone(ALMATY).date()
        meetings = [
            spans for spans in busy.post.values() if day in [one.starts_at.astimezone(ALMATY).date() for one in spans]
        ]
        assert official.most_per_day is None or len(meetings) < official.most_per_day


@settings(deadline=None)
@given(cases())
def test_every_time_that_is_not_offered_breaks_a_rule(case: tuple[Reception, Busy, datetime]) -> None:
    official, busy, after = case
    unbounded = Reception(**{**vars(official), "most_per_day": None})
    free, all_of_them = (
        set(free_slots(one, none, after=after)) for one, none in ((official, busy), (unbounded, NOTHING))
    )
    full = {day for day, n in busy.by_day(ALMATY).items() if n >= (official.most_per_day or n + 1)}
    for slot in all_of_them - free:
        assert busy.blocks(slot, official.buffer) or slot.starts_at.astimezone(ALMATY).date() in full


@settings(deadline=None)
@given(cases())
def test_the_screens_agree_with_each_other(case: tuple[Reception, Busy, datetime]) -> None:
    official, busy, after = case
    found = list(free_slots(official, busy, after=after))
    days = days_with_free(official, busy, after=after)
    offered = nearest(official, busy, after=after)
    assert days == sorted(Counter(slot.starts_at.astimezone(ALMATY).date() for slot in found).items())
    assert [slot for day, _ in days for slot in on_day(official, busy, day, after=after)] == found
    assert len(offered) == min(3, len(found))
    assert set(offered) <= set(found)
    assert offered[:1] == tuple(found[:1])
