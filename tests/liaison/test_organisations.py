"""A BIN proves nothing: twins stay apart until somebody present, or a coordinator, lets the second one in."""

import pytest

from liaison import meetings, organisations
from storage.engine import Database
from storage.meetings import Meeting
from storage.people import Membership, Organisation
from tests.liaison.cast import NOW, Cast

BIN = "120340012345"


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def registered(cast: Cast, telegram_id: int, name: str, bin_number: str | None = BIN) -> int:
    """Somebody who described an organisation; the person's id."""
    person = cast.person(telegram_id)
    own = f"Person {telegram_id}"
    cast.do(person, organisations.register, name=name, bin_number=bin_number, own_name=own, title="director")
    return person


def memberships(cast: Cast) -> list[tuple[int, int, str]]:
    return [(row["organisation_id"], row["person_id"], row["state"]) for row in cast.rows(Membership)]


def test_the_same_bin_is_a_separate_unverified_organisation(cast: Cast) -> None:
    first, second = registered(cast, 1, "Umit"), registered(cast, 2, "Umit again")
    assert [(row["name"], row["verified_at"]) for row in cast.rows(Organisation)] == [
        ("Umit", None),
        ("Umit again", None),
    ]
    assert memberships(cast) == [(1, first, "present"), (2, second, "present"), (1, second, "asked")]
    assert cast.owed() == [("membership", first, "owed")]
    assert cast.actor(second).organisations == (2,)


def test_without_a_bin_nobody_is_asked(cast: Cast) -> None:
    for telegram_id in (1, 2):
        registered(cast, telegram_id, "Umit", None)
    assert cast.owed() == []
    assert len(cast.rows(Membership)) == 2


def test_let_in_brings_along_ones_own_requests(cast: Cast) -> None:
    first, second = registered(cast, 1, "Umit"), registered(cast, 2, "Umit again")
    body = cast.body("sample")
    cast.official(body, 10)
    theirs, own = cast.request(first, body), cast.request(second, body)
    assert cast.refused(second, meetings.see, theirs) == "not-yours"
    asked = cast.see(first, organisations.membership, 3)
    assert (asked.name, asked.title, asked.organisation, asked.bin) == ("Person 2", "director", "Umit", BIN)
    assert cast.do(first, organisations.decide, 3, let_in=True).state == "present"
    assert memberships(cast) == [(1, first, "present"), (2, second, "left"), (1, second, "present")]
    assert {row["organisation_id"] for row in cast.rows(Meeting)} == {1}
    assert {card.id for card in cast.see(second, meetings.mine)} == {theirs, own}
    assert cast.owed("membership_answer") == [("membership_answer", second, "owed")]


def test_refused_sees_only_ones_own_and_the_first_answer_stands(cast: Cast) -> None:
    first, second = registered(cast, 1, "Umit"), registered(cast, 2, "Umit again")
    assert cast.do(first, organisations.decide, 3, let_in=False).state == "refused"
    before = cast.everything()
    assert cast.do(first, organisations.decide, 3, let_in=True).state == "refused"
    assert cast.everything() == before
    assert cast.actor(second).organisations == (2,)
    assert cast.see(second, organisations.membership, 3).state == "refused"  # the asker sees the answer


def test_who_decides(cast: Cast) -> None:
    first, second = registered(cast, 1, "Umit"), registered(cast, 2, "Umit again")
    region = cast.body("reg-sample", "region", region_id=0)
    for nobody in (second, cast.ngo(30), cast.coordinator(20, region)):
        assert cast.refused(nobody, organisations.decide, 3, let_in=True) == "not-yours"
    assert cast.refused(first, organisations.decide, 99, let_in=True) == "not-yours"
    assert cast.do(cast.coordinator(21), organisations.decide, 3, let_in=True).state == "present"


def test_the_verified_one_of_several_is_asked(cast: Cast) -> None:
    registered(cast, 1, "Umit")
    second = registered(cast, 2, "Umit again")
    cast.database.write_now(lambda session: setattr(session.get_one(Organisation, 2), "verified_at", NOW))
    third = registered(cast, 3, "Umit too")
    assert memberships(cast)[-1] == (2, third, "asked")
    assert cast.owed()[-1] == ("membership", second, "owed")
