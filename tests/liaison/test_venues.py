"""The place of a meeting: a pin, an online room; told to its people once it is confirmed, and to nobody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from liaison import confirming, drafts, endings, meetings, proposals, remarks, venues
from liaison.errors import LiaisonError, NotYours
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Meeting
from storage.posts import Post
from tests.liaison.cast import POLICY, WEDNESDAY, Cast

VIDEO = replace(POLICY, video_base="https://meet.example.kz/")
PIN = (43.238, 76.945)
OWN = "https://zoom.example/j/12345"


@pytest.fixture
def cast(database: Database) -> Cast:
    cast = Cast(database)
    cast.body("sample")
    cast.official(1, 10)
    cast.ngo(30)
    cast.coordinator(20)
    return cast


OFFICIAL, NGO, COORDINATOR = 1, 2, 3


def confirmed(cast: Cast, day: int = 0, mode: str = "in_person", ngo: int = NGO) -> int:
    meeting_id = cast.request(ngo, 1, WEDNESDAY + timedelta(days=day), mode=mode)
    cast.do(OFFICIAL, confirming.confirm, meeting_id, cast.slots(meeting_id, OFFICIAL)[0], POLICY)
    return meeting_id


def key(cast: Cast) -> str:
    return str(cast.see(OFFICIAL, lambda s, a, now: drafts.find(s, a.id, remarks.PLACE, now=now)).key)


def card(cast: Cast, meeting_id: int, who: int = NGO) -> Any:
    return cast.see(who, meetings.see, meeting_id)


@pytest.mark.parametrize(
    ("typed", "name", "kept"),
    [
        (None, None, "43.23800, 76.94500"),
        (None, "Sample House, Abay 1", "Sample House, Abay 1"),
        ("Room 214", None, "Room 214"),
        ("Room 214", "Sample House", "Sample House"),
        (None, "x" * 400, "x" * 300),
    ],
)
def test_a_pin_is_the_place_or_goes_to_it(cast: Cast, typed: str | None, name: str | None, kept: str) -> None:
    meeting_id = confirmed(cast)
    if typed:
        cast.do(OFFICIAL, confirming.set_place, meeting_id, typed, POLICY)
    assert cast.do(OFFICIAL, remarks.say_pin, key(cast), PIN, name, POLICY) == meeting_id
    assert (card(cast, meeting_id).place, card(cast, meeting_id).pin) == (kept, PIN)
    assert cast.see(OFFICIAL, lambda s, a, now: drafts.find(s, a.id, remarks.PLACE, now=now)) is None


def test_a_second_bare_pin_takes_the_place_of_the_first_and_a_text_ends_it(cast: Cast) -> None:
    meeting_id = confirmed(cast)
    cast.do(OFFICIAL, remarks.say_pin, key(cast), PIN, None, POLICY)
    cast.do(OFFICIAL, remarks.ask_place, meeting_id)
    cast.do(OFFICIAL, remarks.say_pin, key(cast), (51.1, 71.4), None, POLICY)
    assert (card(cast, meeting_id).place, card(cast, meeting_id).pin) == ("51.10000, 71.40000", (51.1, 71.4))
    cast.do(OFFICIAL, confirming.set_place, meeting_id, "Room 214", POLICY)
    assert (card(cast, meeting_id).place, card(cast, meeting_id).pin) == ("Room 214", None)


def test_a_pin_is_for_a_visit_alone(cast: Cast) -> None:
    confirmed(cast, mode="online")
    assert cast.refused(OFFICIAL, remarks.say_pin, key(cast), PIN, None, POLICY) == "no-visit"


def test_the_last_place_comes_with_its_pin(cast: Cast) -> None:
    confirmed(cast)
    cast.do(OFFICIAL, remarks.say_pin, key(cast), PIN, "Sample House", POLICY)
    second = confirmed(cast, 1)
    cast.do(OFFICIAL, remarks.last_place, second, key(cast), POLICY)
    assert (card(cast, second).place, card(cast, second).pin) == ("Sample House", PIN)


def test_taken_back_the_former_place_and_pin_are_there_again(cast: Cast) -> None:
    slowly = replace(POLICY, undo=timedelta(seconds=60))
    meeting_id = confirmed(cast)
    cast.do(OFFICIAL, remarks.say_pin, key(cast), PIN, "Sample House", POLICY)
    cast.do(OFFICIAL, endings.cancel, meeting_id, {"reason_code": "ill"}, slowly)
    cast.do(OFFICIAL, confirming.undo, meeting_id, slowly)
    assert (card(cast, meeting_id).place, card(cast, meeting_id).pin) == ("Sample House", PIN)


@pytest.mark.parametrize(
    "unsafe",
    [
        "http://meet.example/1",
        "ftp://x.kz/",
        "see http://x.kz",
        "https://gov.kz@evil.example/",
        "https://",
        "https://meet/1",
        "https://x..kz/1",
        "https://x.kz:99999/1",
        "https://[x/",
    ],
)
def test_a_link_is_https_and_names_its_server(cast: Cast, unsafe: str) -> None:
    meeting_id = confirmed(cast, mode="online")
    assert cast.refused(OFFICIAL, confirming.set_place, meeting_id, unsafe, POLICY) == "not-https"
    cast.do(OFFICIAL, confirming.set_place, meeting_id, f"({OWN}), code 7", POLICY)
    assert card(cast, meeting_id).room == OWN


def test_a_new_room_is_long_random_and_kept(cast: Cast) -> None:
    rooms = []
    for day in range(2):
        meeting_id = confirmed(cast, day, "online")
        cast.do(OFFICIAL, remarks.new_room, meeting_id, key(cast), VIDEO)
        rooms.append(card(cast, meeting_id).room)
        assert venues.ADDRESS.fullmatch(rooms[-1])
        assert rooms[-1].startswith("https://meet.example.kz/uakil-") and len(rooms[-1]) == 54
    assert rooms[0] != rooms[1]
    assert card(cast, 1).room == rooms[0]


def test_without_a_video_server_or_for_a_visit_there_is_no_room(cast: Cast) -> None:
    meeting_id = confirmed(cast, mode="online")
    assert cast.refused(OFFICIAL, remarks.new_room, meeting_id, key(cast), POLICY) == "stale"
    assert cast.refused(OFFICIAL, remarks.own_room, meeting_id, key(cast), POLICY) == "stale"
    visit = confirmed(cast, 1)
    assert cast.refused(OFFICIAL, remarks.new_room, visit, key(cast), VIDEO) == "stale"
    assert cast.refused(NGO, remarks.new_room, visit, key(cast), VIDEO) == "out-of-step"


def test_a_link_can_be_kept_and_is_offered_the_next_time(cast: Cast) -> None:
    first = confirmed(cast, mode="online")
    assert cast.refused(OFFICIAL, remarks.keep_room, first, POLICY) == "stale"
    cast.do(OFFICIAL, confirming.set_place, first, OWN, POLICY)
    assert cast.refused(NGO, remarks.keep_room, first, POLICY) == "not-yours"
    cast.do(OFFICIAL, remarks.keep_room, first, POLICY)
    assert cast.rows(Post)[0]["online_link"] == OWN
    second = confirmed(cast, 1, "online")
    assert card(cast, second, OFFICIAL).own_room == OWN
    assert card(cast, second).own_room is None
    cast.do(OFFICIAL, remarks.own_room, second, key(cast), POLICY)
    assert card(cast, second).room == OWN


def test_a_room_of_one_meeting_is_neither_kept_nor_offered_again(cast: Cast) -> None:
    first = confirmed(cast, mode="online")
    cast.do(OFFICIAL, remarks.new_room, first, key(cast), VIDEO)
    assert cast.refused(OFFICIAL, remarks.keep_room, first, VIDEO) == "stale"
    assert card(cast, confirmed(cast, 1, "online"), OFFICIAL).last_place is None


@pytest.mark.parametrize("mode", ["in_person", "online"])
def test_the_place_is_nobodys_while_the_meeting_is_moved(cast: Cast, mode: str) -> None:
    meeting_id = confirmed(cast, 2, mode)
    cast.do(OFFICIAL, confirming.set_place, meeting_id, OWN, POLICY)
    span = Span(WEDNESDAY + timedelta(days=5), WEDNESDAY + timedelta(days=5, minutes=30))
    cast.do(NGO, proposals.new_times, meeting_id, (span,), None, POLICY)
    for who in (OFFICIAL, NGO, COORDINATOR):
        assert (card(cast, meeting_id, who).state, card(cast, meeting_id, who).place) == ("requested", None)
    cast.do(OFFICIAL, proposals.propose, meeting_id, (Span(WEDNESDAY, span.ends_at - timedelta(days=5)),), "", POLICY)
    for who in (OFFICIAL, NGO, COORDINATOR):
        assert (card(cast, meeting_id, who).state, card(cast, meeting_id, who).place) == ("offered", None)
    assert cast.rows(Meeting)[0]["place"] == OWN  # kept for an undo, shown to nobody
    cast.do(NGO, endings.withdraw, meeting_id, POLICY)
    assert card(cast, meeting_id).place is None


def test_an_online_room_is_for_the_people_of_the_meeting(cast: Cast) -> None:
    meeting_id = confirmed(cast, mode="online")
    cast.do(OFFICIAL, confirming.set_place, meeting_id, OWN, POLICY)
    assert [card(cast, meeting_id, who).room for who in (OFFICIAL, NGO, COORDINATOR)] == [OWN, OWN, None]
    other = cast.ngo(31, "Other NGO")
    with pytest.raises(NotYours):
        card(cast, meeting_id, other)
    own = card(cast, cast.request(other, 1, WEDNESDAY + timedelta(days=3), mode="online"), other)
    assert (own.last_place, own.own_room, own.place) == (None, None, None)


def test_a_coordinator_who_arranged_it_is_told(cast: Cast) -> None:
    meeting_id = cast.request(NGO, 1, mode="online")
    cast.do(COORDINATOR, confirming.confirm, meeting_id, cast.slots(meeting_id, OFFICIAL)[0], POLICY)
    cast.do(COORDINATOR, confirming.set_place, meeting_id, OWN, POLICY)
    assert card(cast, meeting_id, COORDINATOR).room == OWN


def test_only_the_draft_that_asks_is_answered(cast: Cast) -> None:
    meeting_id = confirmed(cast, mode="online")
    asked = key(cast)
    cast.do(OFFICIAL, remarks.new_room, meeting_id, asked, VIDEO)
    with pytest.raises(LiaisonError) as refusal:
        cast.do(OFFICIAL, remarks.new_room, meeting_id, asked, VIDEO)  # a double tap
    assert refusal.value.code == "out-of-step"
