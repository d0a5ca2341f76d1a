"""Requests whose times have passed: asked once for each round, closed after five working days of silence."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from liaison import confirming, duties, endings, expiry, meetings, proposals
from liaison.people import Actor
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Meeting, Step
from storage.notices import Notice
from tests.liaison.cast import POLICY, WEDNESDAY, Cast
from tests.liaison.owed import MACHINE

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
PASSED = WEDNESDAY + HOUR  # the second of both times begins
UNDOABLE = replace(POLICY, undo=timedelta(minutes=1))
CLOSING = WEDNESDAY.replace(hour=0) + 8 * DAY  # the midnight after Wednesday the 9th, five working days later


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def office(cast: Cast) -> int:
    return cast.body("sample")


@pytest.fixture
def official(cast: Cast, office: int) -> int:
    return cast.official(office, 10)


@pytest.fixture
def ngo(cast: Cast, official: int) -> int:
    return cast.ngo(30)


def run(cast: Cast, at: datetime) -> int:
    """Do the duty at a time; how many were asked or closed."""
    cast.now = at
    done: int = cast.database.write_now(expiry.ask_or_expire, POLICY, now=at)
    return done


def asked(cast: Cast) -> list[tuple[str, str]]:
    return [(row["key"], row["state"]) for row in cast.rows(Notice) if row["kind"] == expiry.KIND]


def state(cast: Cast) -> Any:
    return cast.rows(Meeting)[0]["state"]


def test_the_ngo_is_asked_once_when_the_last_time_has_begun(cast: Cast, office: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    assert run(cast, PASSED - SECOND) == 0
    assert run(cast, PASSED) == 1
    assert run(cast, PASSED + DAY) == 0
    assert asked(cast) == [(f"meeting:{meeting_id}:round1:still_wanted:to:{ngo}", "owed")]
    (notice,) = (row for row in cast.rows(Notice) if row["kind"] == expiry.KIND)
    assert notice["details"] == {"as": "representative", "round": 1, "until": CLOSING.isoformat()}
    assert notice["due_at"] == PASSED


@pytest.mark.parametrize("answer", ["requested", "offered", "proposed"])
def test_after_five_working_days_of_silence_it_is_closed_and_both_are_told(
    cast: Cast, office: int, official: int, ngo: int, answer: str
) -> None:
    meeting_id = cast.request(ngo, office)
    if answer == "offered":
        cast.do(official, proposals.other_times, meeting_id, {"reason_code": "busy"}, POLICY)
    if answer == "proposed":
        span = Span(PASSED, PASSED + POLICY.slot_length)
        cast.do(official, proposals.propose, meeting_id, (span,), "", POLICY)
    assert run(cast, PASSED) == 1
    assert run(cast, CLOSING - SECOND) == 0
    assert run(cast, CLOSING) == 1
    assert run(cast, CLOSING + DAY) == 0
    assert state(cast) == "expired"
    assert [row[:2] for row in cast.owed("expired")] == [("expired", ngo), ("expired", official)]
    step = cast.rows(Step)[-1]
    assert (step["action"], step["acted_as"], step["actor_id"]) == ("expire", "system", None)


def test_new_times_begin_a_round_of_their_own(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    run(cast, PASSED)
    later = WEDNESDAY + 5 * DAY
    times = (Span(later, later + POLICY.slot_length),)
    cast.do(ngo, proposals.new_times, meeting_id, times, None, POLICY)
    assert asked(cast)[0][1] == "dropped"  # had it not been sent yet, it would be pointless now
    assert run(cast, CLOSING) == 1  # asked about the second round, not closed
    assert [key.split(":")[2] for key, _ in asked(cast)] == ["round1", "round2"]
    assert run(cast, CLOSING + 9 * DAY - SECOND) == 0  # the 16th is a holiday
    assert run(cast, CLOSING + 9 * DAY) == 1
    assert state(cast) == "expired"


def test_a_step_after_the_question_gives_new_time(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    run(cast, PASSED)
    cast.now = PASSED + 2 * DAY  # Friday
    cast.do(official, proposals.other_times, meeting_id, {"reason_code": "away"}, POLICY)
    assert run(cast, CLOSING) == 0
    assert run(cast, CLOSING + 2 * DAY - SECOND) == 0
    assert run(cast, CLOSING + 2 * DAY) == 1  # the end of the Friday after
    assert state(cast) == "expired"
    assert len(asked(cast)) == 1


@pytest.mark.parametrize("ended", ["confirmed", "withdrawn", "declined"])
def test_what_is_settled_is_left_alone(cast: Cast, office: int, official: int, ngo: int, ended: str) -> None:
    meeting_id = cast.request(ngo, office)
    if ended == "confirmed":
        cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    elif ended == "withdrawn":
        cast.do(ngo, endings.withdraw, meeting_id, POLICY)
    else:
        cast.do(official, endings.decline, meeting_id, {"reason_code": "no_time"}, POLICY)
    assert run(cast, CLOSING) == 0
    assert state(cast) == ended


def test_while_an_answer_may_be_taken_back_nobody_is_asked(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    cast.now = PASSED - SECOND
    cast.do(official, proposals.other_times, meeting_id, {"reason_code": "away"}, UNDOABLE)
    assert run(cast, PASSED) == 0
    assert run(cast, PASSED + timedelta(minutes=1)) == 1


def test_the_meeting_to_be_moved_is_closed_like_any_other(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    span = Span(PASSED, PASSED + POLICY.slot_length)
    cast.do(official, proposals.propose, meeting_id, (span,), "", POLICY)
    assert run(cast, PASSED) == 1
    assert run(cast, CLOSING) == 1
    assert cast.rows(Meeting)[0]["starts_at"] == WEDNESDAY  # so that the notice can take it out of calendars


def test_it_is_a_duty_of_every_five_minutes(cast: Cast, office: int, ngo: int) -> None:
    cast.request(ngo, office)
    duty = next(one for one in duties.DUTIES if one.name == "ask-or-expire")
    assert duty.every == timedelta(minutes=5)
    assert "ask-or-expire" in cast.database.write_now(duties.run_due, POLICY, now=PASSED, machine_now=MACHINE)
    assert len(asked(cast)) == 1


def test_who_answered_while_the_duty_waited_is_not_asked(cast: Cast, office: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)

    def both(session: Any, actor: Actor, now: datetime) -> int:
        endings.withdraw(session, actor, meeting_id, POLICY, now=now)
        return expiry.ask_or_expire(session, POLICY, now=now)

    cast.now = PASSED
    assert cast.do(ngo, both) == 0
    assert cast.see(ngo, meetings.see, meeting_id).state == "withdrawn"
