"""What somebody came for survives the question of the language."""

import pytest

from liaison import invitations, welcome
from liaison.welcome import Wanted
from storage.engine import Database
from storage.people import Person
from tests.liaison.cast import NOW, POLICY, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def choose(cast: Cast, person_id: int, language: str) -> None:
    cast.do(person_id, welcome.choose_language, language, POLICY, display_name="Account Name")


def test_the_newest_wish_is_kept_until_forgotten(cast: Cast) -> None:
    person = cast.person(1)
    assert cast.see(person, welcome.wanted) == Wanted()
    for wish in (Wanted(payload="b_7"), Wanted(query="akimat of Aktobe")):
        cast.do(person, welcome.ask_language, wish)
        assert cast.see(person, welcome.wanted) == wish
    choose(cast, person, "ru")
    assert cast.rows(Person)[0]["language"] == "ru"
    assert cast.see(person, welcome.wanted) == Wanted(query="akimat of Aktobe")
    cast.do(person, welcome.done)
    assert cast.see(person, welcome.wanted) == Wanted()


def test_an_invitation_is_opened_with_the_language(cast: Cast) -> None:
    body, person = cast.body("sample"), cast.person(1)
    payload = cast.database.write_now(invitations.invite_official, body, invited_by=None, now=NOW)
    cast.do(person, welcome.ask_language, Wanted(payload=payload))
    assert cast.actor(person).posts == ()
    choose(cast, person, "kk")
    assert cast.actor(person).posts == (cast.posts[body],)
    choose(cast, person, "ru")  # the same tap again, or another one: nothing is bound twice
    assert cast.actor(person).posts == (cast.posts[body],)
