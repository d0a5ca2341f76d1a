"""What is owed to whom and when: planned once for each revision, taken back, handed on to a new official."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from liaison import confirming, invitations, notices
from liaison.policy import Policy
from storage.engine import Database
from storage.meetings import Meeting
from storage.notices import Notice
from storage.posts import Holder
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def meeting_in_days(cast: Cast, days: int) -> tuple[int, int, int]:
    """A confirmed meeting so many days after Wednesday 09:00: its id, the official, the representative."""
    body = cast.body("sample")
    official, ngo = cast.official(body, 10), cast.ngo(30)
    meeting_id = cast.request(ngo, body, WEDNESDAY + timedelta(days=days))
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    return meeting_id, official, ngo


def test_the_same_key_twice_is_one_message(cast: Cast) -> None:
    person = cast.person(1)
    for kind in ("sample", "other"):
        cast.database.write_now(notices.owe, key="k", kind=kind, recipient_id=person, due_at=NOW, place="start")
    cast.database.write_now(notices.owe, key="k", kind="sample", recipient_id=cast.person(2), due_at=NOW)
    rows = [(row["key"], row["kind"], row["details"]) for row in cast.rows(Notice)]
    assert rows == [("k:to:1", "sample", {"place": "start"}), ("k:to:2", "sample", {})]


def test_reminders_for_each_span_and_side_but_none_in_the_past(cast: Cast) -> None:
    meeting_id, official, ngo = meeting_in_days(cast, 1)
    start = WEDNESDAY + timedelta(days=1)
    planned = {(row["recipient_id"], row["due_at"]) for row in cast.rows(Notice) if row["kind"] == "remind"}
    assert planned == {
        (person, start - before) for person in (official, ngo) for before in (timedelta(hours=24), timedelta(hours=2))
    }

    def again(session: Session, policy: Policy) -> None:
        notices.plan_reminders(session, session.get_one(Meeting, meeting_id), policy, now=cast.now)

    cast.database.write_now(again, POLICY)  # planning twice plans once
    assert len([row for row in cast.rows(Notice) if row["kind"] == "remind"]) == 4
    spans = replace(POLICY, reminders_before=(timedelta(seconds=90), timedelta(days=30)))
    cast.database.write_now(again, spans)
    extra = [row["key"] for row in cast.rows(Notice) if row["kind"] == "remind"][4:]
    assert extra == [f"meeting:{meeting_id}:rev2:remind:90s:to:{person}" for person in (ngo, official)]


def test_a_new_official_gets_what_waits_and_what_is_to_come(cast: Cast) -> None:
    body = cast.body("sample")
    helper, ngo = cast.coordinator(20), cast.ngo(30)
    cast.add(Holder(post_id=cast.posts[body], full_name="Sample Official", created_at=NOW))
    waiting = cast.request(ngo, body, WEDNESDAY + timedelta(days=6))
    coming = cast.request(ngo, body, WEDNESDAY + timedelta(days=5))
    cast.do(helper, confirming.confirm, coming, cast.slots(coming, helper)[0], POLICY)
    assert {who for kind, who, _ in cast.owed() if kind == "remind"} == {ngo, helper}
    official = cast.person(10)
    link = cast.database.write_now(invitations.invite_official, body, invited_by=None, now=NOW)
    cast.do(official, invitations.accept, link, POLICY, display_name="Somebody")
    mine = [(row["kind"], row["meeting_id"]) for row in cast.rows(Notice) if row["recipient_id"] == official]
    assert sorted(mine) == [("outcome", coming), ("remind", coming), ("remind", coming), ("request", waiting)]
    assert [row["full_name"] for row in cast.rows(Holder)] == ["Sample Official"]  # the list's name, not the account's


def test_of_several_coordinators_the_one_who_answered_stays_responsible(cast: Cast) -> None:
    body = cast.body("sample")
    first, second, ngo = cast.coordinator(20), cast.coordinator(21), cast.ngo(30)
    meeting_id = cast.request(ngo, body, WEDNESDAY + timedelta(days=5))
    assert cast.owed("request") == [("request", first, "owed"), ("request", second, "owed")]
    cast.do(second, confirming.confirm, meeting_id, cast.slots(meeting_id, second)[0], POLICY)
    assert {who for kind, who, _ in cast.owed() if kind in ("confirmed", "remind")} == {second, ngo}
