"""The card of a body: its official, or the next rung with the reason; abolished bodies; whether anybody is reached."""

import pytest
from sqlalchemy.orm import Session

from liaison import bodies, directory
from liaison.directory import CIVIL_SOCIETY_UNIT, BodyCard
from storage.engine import Database
from storage.posts import Holder
from tests.liaison.cast import NOW, POLICY, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def card(cast: Cast, body_id: int) -> BodyCard:
    def rule(session: Session) -> BodyCard:
        return directory.card(session, bodies.load(session), body_id, POLICY, now=cast.now)

    return cast.database.read_now(rule)


def name(cast: Cast, body_id: int, who: str = "Sample Official") -> int:
    return cast.add(Holder(post_id=cast.posts[body_id], full_name=who, phones=["+77172000000"], created_at=NOW))


def rung(cast: Cast, body_id: int) -> tuple[int, str] | None:
    found = card(cast, body_id).rung
    return (found.body_id, found.reason) if found else None


def test_the_one_named_last_holds_the_post(cast: Cast) -> None:
    body = cast.body("sample")
    first = name(cast, body, "First")
    name(cast, body, "Second")
    found = card(cast, body)
    assert found.holder is not None
    assert (found.holder.full_name, found.holder.bound, found.rung, found.reachable) == ("Second", False, None, False)
    cast.database.write_now(lambda session: setattr(session.get_one(Holder, first + 1), "until", NOW))
    again = card(cast, body).holder
    assert again is not None and again.full_name == "First"


def test_the_rungs_of_a_department(cast: Cast) -> None:
    unit = cast.body(CIVIL_SOCIETY_UNIT)
    region = cast.body("reg-sample", "region", region_id=0)
    department = cast.body("dep-sample-health", "region_department", region_id=region, parent_id=region)
    policy = cast.body("dep-sample-internal-policy", "region_department", region_id=region, parent_id=region)
    assert rung(cast, department) == (region, "parent")  # nobody anywhere: the first of them
    name(cast, unit)
    assert rung(cast, department) == (unit, "civil-society")
    name(cast, policy)
    assert rung(cast, department) == (policy, "internal-policy")
    name(cast, region)
    assert rung(cast, department) == (region, "parent")
    assert rung(cast, policy) is None


def test_the_unit_itself_has_no_rung_above(cast: Cast) -> None:
    assert rung(cast, cast.body(CIVIL_SOCIETY_UNIT)) is None


def test_an_abolished_body_takes_no_request_and_is_no_rung(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0, abolished_on=NOW.date())
    department = cast.body("dep-sample", "region_department", region_id=region, parent_id=region)
    cast.coordinator(20)
    name(cast, region)
    assert (card(cast, region).abolished_on, card(cast, region).reachable) == (NOW.date(), False)
    assert card(cast, department).reachable
    assert rung(cast, department) is None
    assert cast.refused(cast.person(1), lambda s, a: directory.post_of(s, region)) == "not-yours"
    assert cast.refused(cast.person(2), lambda s, a: directory.post_of(s, 999)) == "not-yours"
