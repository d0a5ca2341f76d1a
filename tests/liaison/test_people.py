"""Who is writing: met once, seen with everything held, blocked and back."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from liaison import people
from liaison.errors import NotYours
from storage.engine import Database
from storage.people import Membership, Organisation, Person, Role
from storage.posts import Holder
from tests.liaison.cast import NOW, POLICY, Cast
from tests.liaison.owed import ADMIN, notice


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def test_met_once_with_nothing_but_the_number(cast: Cast) -> None:
    meet = cast.database.write_now
    assert cast.database.read_now(people.identify, 7_000_000_001, POLICY, now=NOW) is None
    first = meet(people.meet, 7_000_000_001, POLICY, now=NOW)
    assert meet(people.meet, 7_000_000_001, POLICY, now=NOW + timedelta(days=1)) == first
    (row,) = cast.rows(Person)
    kept = {name: value for name, value in row.items() if value is not None}
    assert kept == {"id": first.id, "telegram_id": 7_000_000_001, "created_at": NOW}
    assert (first.language, first.consented, first.reachable, first.coordinates) == (None, False, True, False)


def test_everything_that_a_person_holds_now(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    person = cast.person(1)
    for until in (None, NOW):
        cast.add(Holder(post_id=cast.posts[region], full_name="x", person_id=person, until=until, created_at=NOW))
        for scope in (region, None):
            cast.add(Role(person_id=person, kind="coordinator", region_id=scope, until=until, created_at=NOW))
    for state in ("present", "asked", "left", "present"):
        organisation = cast.add(Organisation(name=state, created_at=NOW))
        cast.add(Membership(organisation_id=organisation, person_id=person, state=state, created_at=NOW))
    actor = cast.actor(person)
    assert actor.posts == (cast.posts[region],)
    assert sorted(actor.regions, key=str) == sorted((region, None), key=str)
    assert actor.organisations == (4, 1)  # the newest first
    assert actor.coordinates and not actor.admin


def test_administrators_come_from_the_configuration_or_a_role(cast: Cast) -> None:
    assert cast.actor(cast.person(ADMIN)).admin
    other = cast.person(2)
    assert not cast.actor(other).admin
    cast.add(Role(person_id=other, kind="admin", created_at=NOW))
    assert cast.actor(other).admin


def test_the_language_is_one_of_three(cast: Cast) -> None:
    person = cast.person(1)
    assert cast.do(person, people.choose_language, "kk", POLICY).language == "kk"
    with pytest.raises(NotYours):
        cast.do(person, people.choose_language, "de", POLICY)
    assert cast.actor(person).language == "kk"


def test_a_consent_to_an_older_wording_is_none(cast: Cast) -> None:
    person = cast.person(1, consent_version="2020-01", consent_at=NOW)
    assert not cast.actor(person).consented
    cast.do(person, people.consent)
    assert cast.actor(person).consented


def _notice(person: int, key: str, state: str, reason: str | None, session: Session) -> None:
    notice(session, person, key, state=state, reason=reason)


def test_what_was_dropped_while_one_could_not_be_reached_is_owed_again(cast: Cast) -> None:
    person = cast.person(1)
    reasons = ("blocked", "unreachable", "the meeting changed", None)
    for number, reason in enumerate(reasons):
        state = "dropped" if reason else "sent"
        cast.database.write_now(partial(_notice, person, f"n{number}", state, reason))
    mark = people.mark_reach
    cast.database.write_now(mark, 1, reachable=False, now=NOW)
    assert not cast.actor(person).reachable
    cast.database.write_now(mark, 1, reachable=True, now=NOW)
    assert cast.actor(person).reachable
    assert [state for _, _, state in cast.owed()] == ["owed", "owed", "dropped", "sent"]
    cast.database.write_now(mark, 99, reachable=False, now=NOW)  # somebody who never wrote: nothing happens
