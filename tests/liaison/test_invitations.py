"""One-use links: bound once, the same person again, foreign, expired, and what each leaves behind."""

import re
from datetime import timedelta

import pytest

from liaison import invitations
from liaison.invitations import Outcome
from storage.engine import Database
from storage.people import Invitation, Role
from storage.posts import Holder
from storage.records import AuditEntry
from tests.liaison.cast import NOW, POLICY, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def link_for(cast: Cast, body_id: int) -> str:
    return cast.database.write_now(invitations.invite_official, body_id, invited_by=None, now=cast.now)


def accept(cast: Cast, person_id: int, payload: str) -> Outcome:
    outcome: Outcome = cast.do(person_id, invitations.accept, payload, POLICY, display_name="Account Name")
    return outcome


def test_the_link_fits_telegram_and_only_its_digest_is_kept(cast: Cast) -> None:
    payload = link_for(cast, cast.body("sample"))
    assert re.fullmatch(r"i_[A-Za-z0-9_-]{1,62}", payload)
    (row,) = cast.rows(Invitation)
    assert payload not in str(row)
    assert row["expires_at"] == NOW + timedelta(days=14)


def test_bound_once_and_the_same_person_again(cast: Cast) -> None:
    body = cast.body("sample")
    cast.add(Holder(post_id=cast.posts[body], full_name="Sample Official", created_at=NOW))
    payload, official = link_for(cast, body), cast.person(10)
    assert accept(cast, official, payload) == Outcome("bound", "official", body, "Sample Official")
    (holder,) = cast.rows(Holder)
    assert (holder["person_id"], holder["verified_by"], holder["bound_at"]) == (official, "official", NOW)
    before = cast.everything()
    assert accept(cast, official, payload).result == "already"
    assert cast.everything() == before
    seen = cast.see(official, invitations.look, invitations.digest_of(payload))
    assert (seen.result, seen.body_id, seen.name) == ("already", body, "Sample Official")


def test_foreign_and_expired_links_are_only_written_down(cast: Cast) -> None:
    body = cast.body("sample")
    used, late = link_for(cast, body), link_for(cast, body)
    accept(cast, cast.person(10), used)
    stranger = cast.person(11)
    assert accept(cast, stranger, used) == Outcome("foreign")
    assert accept(cast, stranger, "i_made-up") == Outcome("foreign")
    cast.now += timedelta(days=14)
    assert accept(cast, stranger, late) == Outcome("expired")
    log = [row["details"]["result"] for row in cast.rows(AuditEntry) if row["what"] == "invitation-refused"]
    assert log == ["foreign", "foreign", "expired"]
    assert [row["person_id"] for row in cast.rows(Holder)] == [1]


def test_without_a_list_the_account_gives_the_name(cast: Cast) -> None:
    body = cast.body("sample")
    accept(cast, cast.person(10), link_for(cast, body))
    assert [row["full_name"] for row in cast.rows(Holder)] == ["Account Name"]


def test_a_former_official_is_not_told_that_he_is_bound(cast: Cast) -> None:
    body = cast.body("sample")
    payload, official = link_for(cast, body), cast.person(10)
    accept(cast, official, payload)
    cast.database.write_now(lambda session: setattr(session.get_one(Holder, 1), "until", NOW))
    assert cast.see(official, invitations.look, invitations.digest_of(payload)) == Outcome("foreign")


def test_a_coordinator_is_made_for_a_region_or_the_country(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    invite = invitations.invite_coordinator
    for telegram_id, scope in ((20, region), (21, None)):
        payload = cast.database.write_now(invite, scope, invited_by=None, now=NOW)
        person = cast.person(telegram_id)
        assert accept(cast, person, payload) == Outcome("bound", "coordinator", scope)
        assert accept(cast, person, payload).result == "already"
        assert cast.actor(person).regions == (scope,)
    assert len(cast.rows(Role)) == 2


def test_the_button_works_for_those_who_keep_the_list(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    near = cast.body("dep-sample", "region_department", region_id=region)
    far = cast.body("min-sample")
    keeper = cast.coordinator(20, region)
    assert cast.do(keeper, invitations.invite_from_chat, near).startswith("i_")
    assert cast.rows(Invitation)[0]["invited_by"] == keeper
    assert cast.refused(keeper, invitations.invite_from_chat, far) == "not-yours"
    assert cast.refused(cast.official(near, 10), invitations.invite_from_chat, near) == "not-yours"
    assert cast.refused(keeper, invitations.invite_from_chat, 999) == "not-yours"
