"""A coordinator names an official: the former one's time ends, and with it his access."""

from typing import Any

import pytest

from liaison import holders, meetings, remarks
from storage.engine import Database
from storage.posts import Holder
from storage.records import AuditEntry
from tests.liaison.cast import Cast

NAMED: dict[str, Any] = {"full_name": " Sample  Official ", "position": "Deputy director"}
CONTACT = "8 (7172) 00-00-01 вн. 5, Sample@Sample.example"


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def test_named_with_phones_and_addresses(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    cast.do(keeper, holders.name_official, body, contact=CONTACT, **NAMED)
    (row,) = cast.rows(Holder)
    assert (row["full_name"], row["position"]) == ("Sample Official", "Deputy director")
    assert (row["phones"], row["emails"]) == (["+77172000001;ext=5"], ["Sample@sample.example"])
    assert (row["verified_by"], row["verified_at"], row["until"], row["person_id"]) == (
        "coordinator",
        cast.now,
        None,
        None,
    )
    assert [entry["what"] for entry in cast.rows(AuditEntry)] == ["official-named"]


def test_the_former_one_loses_access_at_once(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    former, ngo = cast.official(body, 10, "Sample Former"), cast.ngo(30)
    meeting_id = cast.request(ngo, body)
    cast.do(keeper, holders.name_official, body, contact=CONTACT, **NAMED)
    assert cast.rows(Holder)[0]["until"] == cast.now
    assert cast.actor(former).posts == ()
    assert cast.refused(former, meetings.see, meeting_id) == "not-yours"
    assert cast.see(keeper, meetings.see, meeting_id).side == "coordinator"  # the request stays with the post


def test_the_same_name_again_is_the_same_official_with_another_contact(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    official = cast.official(body, 10, "Sample Official")
    cast.do(keeper, holders.name_official, body, contact=CONTACT, **NAMED)
    assert cast.actor(official).posts == (cast.posts[body],)
    assert [row["until"] for row in cast.rows(Holder)] == [cast.now, None]
    assert cast.owed() == []  # nobody is told of a change that is none


def test_only_who_keeps_the_list_may(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    near, far = cast.body("dep-sample", "region_department", region_id=region), cast.body("min-sample")
    keeper, official = cast.coordinator(20, region), cast.official(near, 10)
    assert cast.see(keeper, holders.keeps, near)
    assert not cast.see(keeper, holders.keeps, far)
    assert not cast.see(keeper, holders.keeps, 999)
    for person, body in ((keeper, far), (official, near), (keeper, 999)):
        assert cast.refused(person, holders.name_official, body, contact=CONTACT, **NAMED) == "not-yours"
        assert cast.refused(person, remarks.ask_official, body) == "not-yours"


def test_a_contact_without_anything_readable_is_refused(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    for contact in ("tomorrow", "room 214", "@sample"):
        assert cast.refused(keeper, holders.name_official, body, contact=contact, **NAMED) == "bad-contact"


def test_three_questions_in_the_chat(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    card = cast.do(keeper, remarks.ask_official, body)
    for words in ("Sample Official", "Deputy director"):
        assert cast.do(keeper, remarks.say_official, card.key, words) == body
        assert cast.rows(Holder) == []
    assert cast.refused(keeper, remarks.say_official, card.key, "tomorrow") == "bad-contact"
    assert cast.do(keeper, remarks.say_official, card.key, CONTACT) == body
    assert [row["full_name"] for row in cast.rows(Holder)] == ["Sample Official"]
    assert cast.refused(keeper, remarks.say_official, card.key, CONTACT) == "out-of-step"
