"""The short dialogues: the place, a reason in one's own words, and that each ends with what it was about."""

from datetime import timedelta
from typing import Any

import pytest

from liaison import confirming, drafts, meetings, remarks
from storage.drafts import Draft
from storage.engine import Database
from storage.meetings import Meeting
from tests.liaison.cast import POLICY, WEDNESDAY, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def cast_with_meeting(cast: Cast, *, confirmed: bool) -> tuple[int, int, int]:
    """A meeting, its official and its representative."""
    body = cast.body("sample")
    official, ngo = cast.official(body, 10), cast.ngo(30)
    meeting_id = cast.request(ngo, body, WEDNESDAY + timedelta(days=5))
    if confirmed:
        cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    return meeting_id, official, ngo


def key_of(cast: Cast, person_id: int, kind: str) -> str:
    found = cast.see(person_id, lambda s, a, now: drafts.find(s, a.id, kind, now=now))
    return str(found.key)


def test_the_place_is_kept_and_the_question_ends(cast: Cast) -> None:
    meeting_id, official, _ = cast_with_meeting(cast, confirmed=True)
    key = key_of(cast, official, remarks.PLACE)
    assert cast.refused(official, remarks.say_place, key, "x" * 301, POLICY) == "too-long"
    assert cast.do(official, remarks.say_place, key, "Room 214", POLICY) == meeting_id
    assert cast.rows(Meeting)[0]["place"] == "Room 214"
    assert cast.rows(Draft) == []
    assert cast.refused(official, remarks.say_place, key, "Room 215", POLICY) == "out-of-step"


def test_the_place_may_be_skipped_and_asked_again(cast: Cast) -> None:
    meeting_id, official, ngo = cast_with_meeting(cast, confirmed=True)
    key = key_of(cast, official, remarks.PLACE)
    cast.do(official, remarks.skip_place, meeting_id, key)
    assert cast.rows(Draft) == []
    assert cast.rows(Meeting)[0]["rev"] == 2
    assert cast.do(official, remarks.ask_place, meeting_id).data == {"meeting": meeting_id}
    assert cast.refused(ngo, remarks.ask_place, meeting_id) == "stale"
    assert cast.refused(cast.ngo(31), remarks.ask_place, meeting_id) == "not-yours"
    assert cast.refused(official, remarks.skip_place, meeting_id, key) == "out-of-step"  # of the first question


def test_the_last_place_is_taken(cast: Cast) -> None:
    meeting_id, official, ngo = cast_with_meeting(cast, confirmed=True)
    cast.do(official, remarks.say_place, key_of(cast, official, remarks.PLACE), "Room 214", POLICY)
    body = cast.see(ngo, meetings.see, meeting_id).body_id
    second = cast.request(ngo, body, WEDNESDAY + timedelta(days=6))
    cast.do(official, confirming.confirm, second, cast.slots(second, official)[0], POLICY)
    cast.do(official, remarks.last_place, second, key_of(cast, official, remarks.PLACE), POLICY)
    assert [row["place"] for row in cast.rows(Meeting)] == ["Room 214", "Room 214"]
    assert cast.rows(Draft) == []


@pytest.mark.parametrize(
    ("kind", "confirmed", "code", "state"),
    [
        ("decline", False, None, "declined"),
        ("other_times", False, "busy", "offered"),
        ("cancel", True, None, "cancelled"),
    ],
)
def test_words_do_what_was_asked_about(cast: Cast, kind: str, confirmed: bool, code: str | None, state: str) -> None:
    meeting_id, official, _ = cast_with_meeting(cast, confirmed=confirmed)
    card = cast.do(official, remarks.ask_words, kind, meeting_id, code)
    assert (card.kind, card.step) == (kind, "words")
    assert cast.rows(Meeting)[0]["state"] != state
    cast.do(official, remarks.say_words, kind, card.key, "In my own words", POLICY)
    seen = cast.see(official, meetings.see, meeting_id)
    assert (seen.state, seen.reason, seen.reason_code) == (state, "In my own words", code)
    assert kind not in [row["kind"] for row in cast.rows(Draft)]


def test_words_are_asked_only_where_the_act_is_open(cast: Cast) -> None:
    meeting_id, official, ngo = cast_with_meeting(cast, confirmed=False)
    wrong: list[tuple[int, str, Any]] = [(ngo, "decline", None), (official, "cancel", None)]
    for person, kind, code in (*wrong, (official, "other_times", "made-up")):
        assert cast.refused(person, remarks.ask_words, kind, meeting_id, code) == "stale"


def test_left_nothing_is_sent(cast: Cast) -> None:
    meeting_id, official, _ = cast_with_meeting(cast, confirmed=False)
    cast.do(official, remarks.ask_words, "decline", meeting_id, None)
    cast.do(official, remarks.leave_words, "decline", meeting_id)
    assert cast.rows(Draft) == []
    assert cast.rows(Meeting)[0]["state"] == "requested"
