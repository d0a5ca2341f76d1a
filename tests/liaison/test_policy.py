from collections.abc import Callable
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from liaison.calendar import WorkingCalendar
from liaison.policy import Policy, parse_days, parse_duration, parse_hours, parse_offset

HOURS = ((time(9), time(13)), (time(14, 30), time(18, 30)))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("24h", 86400),
        ("2h", 7200),
        ("30m", 1800),
        ("45s", 45),
        ("1d", 86400),
        (" 1h30m ", 5400),
        ("2 H", 7200),
        ("0s", 0),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


def test_hours_are_put_in_order() -> None:
    assert parse_hours(["14:30-18:30", "9:00 – 13:00"]) == HOURS


@pytest.mark.parametrize(("text", "hours"), [("+05:00", 5), ("+5", 5), ("UTC+5", 5), ("-03:00", -3)])
def test_offsets(text: str, hours: int) -> None:
    assert parse_offset(text) == timedelta(hours=hours)


@pytest.mark.parametrize(("text", "days"), [("1d", 1), ("0d", 0), ("48h", 2)])
def test_days(text: str, days: int) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("read", "wrong", "said"),
    [
        (parse_duration, "", "is not a duration"),
        (parse_duration, "24", '"24" is not a duration: write a number with d, h, m or s'),
        (parse_duration, "-2h", "is not a duration"),
        (parse_duration, "2w", "is not a duration"),
        (parse_duration, "1.5h", "is not a duration"),
        (parse_duration, "9999999h", "is not a duration"),
        (parse_days, "36h", "not a whole number of days"),
        (parse_offset, "+25:00", "is not an offset"),
        (parse_offset, "Almaty", "is not an offset"),
        (parse_hours, [], "no working hours"),
        (parse_hours, ["09:00"], '"09:00" is not a span of hours'),
        (parse_hours, ["09:00-25:00"], "is not a span of hours"),
        (parse_hours, ["13:00-09:00"], "ends before it begins"),
        (parse_hours, ["09:00-13:00", "12:00-18:00"], "the hours from 12:00 overlap those until 13:00"),
    ],
)
def test_what_is_wrong_is_said(read: Callable[[object], object], wrong: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(wrong)


def policy(**changed: object) -> Policy:
    return Policy(**{"zone": ZoneInfo("Asia/Almaty"), "calendar": WorkingCalendar(), "hours": HOURS, **changed})  # type: ignore[arg-type]


def test_lunch_is_between_the_hours() -> None:
    assert policy().lunch() == ((time(13), time(14, 30)),)


def test_the_offset_is_shown_beside_times() -> None:
    assert policy().offset_name == "UTC+5"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slot_length": timedelta()}, "from 5 minutes to 8 hours"),
        ({"min_notice_days": 60}, "minimum notice"),
        ({"horizon_days": 400}, "at most 366"),
        ({"hours": ()}, "no working hours"),
    ],
)
def test_a_policy_that_offers_no_time_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        policy(**changed)
