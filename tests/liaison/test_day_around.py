"""The office's day around the offered times: its meetings, its free hours, and who sees them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from liaison import confirming, day_around, endings
from liaison.errors import LiaisonError
from storage.engine import Database
from storage.posts import Post, PostDay
from tests.liaison.cast import POLICY, WEDNESDAY, Cast

HOUR = timedelta(hours=1)
THURSDAY = WEDNESDAY + timedelta(days=1)
Shown = list[tuple[date, list[tuple[str, str]], list[str]]]


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def office(cast: Cast) -> int:
    """A body that receives from 9 to 13; its official is the first person."""
    body_id = cast.body("sample")
    cast.official(body_id, 10)
    return body_id


def around(cast: Cast, person_id: int, meeting_id: int) -> Shown:
    """The days as hours on the country's clock."""
    days = cast.see(person_id, day_around.of, meeting_id, POLICY)
    return [
        (one.day, [(_hours(m.span), m.number) for m in one.meetings], [_hours(at) for at in one.free]) for one in days
    ]


def _hours(span: Any) -> str:
    start, end = (at.astimezone(POLICY.zone) for at in (span.starts_at, span.ends_at))
    return f"{start:%H:%M}–{end:%H:%M}"


def booked(cast: Cast, body_id: int, at: datetime, number: int = 40) -> None:
    """A confirmed meeting of another organisation."""
    ngo = cast.ngo(number)
    meeting_id = cast.request(ngo, body_id, at)
    cast.do(1, confirming.confirm, meeting_id, cast.slots(meeting_id, ngo)[0], POLICY)


def test_a_line_for_each_day_with_what_is_confirmed_and_what_is_free(cast: Cast, office: int) -> None:
    booked(cast, office, WEDNESDAY)
    booked(cast, office, WEDNESDAY + 3 * HOUR, 41)
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY + HOUR, WEDNESDAY + 2 * HOUR, THURSDAY)
    assert around(cast, 1, meeting_id) == [
        (
            WEDNESDAY.date(),
            [("09:00–09:30", "UKL-26-000001"), ("12:00–12:30", "UKL-26-000002")],
            ["09:30–12:00", "12:30–13:00"],
        ),
        (THURSDAY.date(), [], ["09:00–13:00"]),
    ]


def test_requests_that_wait_take_no_time(cast: Cast, office: int) -> None:
    cast.request(cast.ngo(40), office, WEDNESDAY)
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY + HOUR)
    assert around(cast, 1, meeting_id) == [(WEDNESDAY.date(), [], ["09:00–13:00"])]


def test_a_cancelled_meeting_is_gone(cast: Cast, office: int) -> None:
    booked(cast, office, WEDNESDAY)
    cast.do(1, endings.cancel, 1, {"reason_code": "ill"}, POLICY)
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY + HOUR)
    assert around(cast, 1, meeting_id) == [(WEDNESDAY.date(), [], ["09:00–13:00"])]


def test_the_officials_own_hours_length_and_buffer(cast: Cast, office: int) -> None:
    own = {"slot_minutes": 60, "buffer_minutes": 15, "windows": [{"weekday": 2, "start": "09:00", "end": "12:00"}]}
    cast.database.write_now(lambda s: s.execute(update(Post).where(Post.body_id == office).values(**own)))
    booked(cast, office, WEDNESDAY + HOUR)  # 10:00 to 10:30
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY, THURSDAY)
    # From 9:00 there are 45 minutes until the time kept free before the meeting: too short for one of an hour.
    assert around(cast, 1, meeting_id) == [
        (WEDNESDAY.date(), [("10:00–10:30", "UKL-26-000001")], ["10:45–12:00"]),
        (THURSDAY.date(), [], []),
    ]


def test_a_day_without_reception(cast: Cast, office: int) -> None:
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY)
    cast.add(PostDay(post_id=cast.posts[office], day=WEDNESDAY.date(), hours=[]))
    assert around(cast, 1, meeting_id) == [(WEDNESDAY.date(), [], [])]


def test_on_the_day_itself_what_is_left_of_it(cast: Cast, office: int) -> None:
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY, WEDNESDAY + 2 * HOUR)
    cast.now = WEDNESDAY + HOUR / 2 + HOUR
    assert around(cast, 1, meeting_id) == [(WEDNESDAY.date(), [], ["10:30–13:00"])]
    cast.now = WEDNESDAY + 3 * HOUR
    assert around(cast, 1, meeting_id) == []  # no offered time is left


def test_only_the_office_sees_its_day_and_only_while_it_has_to_answer(cast: Cast, office: int) -> None:
    ngo = cast.ngo(30)
    meeting_id = cast.request(ngo, office, WEDNESDAY)
    assert around(cast, ngo, meeting_id) == []
    assert len(around(cast, cast.coordinator(50), meeting_id)) == 1
    with pytest.raises(LiaisonError, match="not-yours"):
        around(cast, cast.ngo(31), meeting_id)
    cast.do(1, endings.decline, meeting_id, {"reason_code": "no_time"}, POLICY)
    assert around(cast, 1, meeting_id) == []


def test_meetings_of_another_post_or_day_are_not_shown(cast: Cast, office: int) -> None:
    other = cast.body("other")
    second = cast.official(other, 11)
    ngo = cast.ngo(40)
    elsewhere = cast.request(ngo, other, WEDNESDAY)
    cast.do(second, confirming.confirm, elsewhere, cast.slots(elsewhere, ngo)[0], POLICY)
    booked(cast, office, THURSDAY, 41)
    meeting_id = cast.request(cast.ngo(30), office, WEDNESDAY + HOUR)
    assert around(cast, 1, meeting_id) == [(WEDNESDAY.date(), [], ["09:00–13:00"])]
