"""Another person holds a post: access, deputies, requests, reminders, the brief, what NGOs and coordinators hear."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from liaison import (
    assistants,
    confirming,
    deputies,
    deputy_links,
    handover,
    holders,
    invitations,
    leaving,
    meetings,
    presence,
    redirects,
    vacancies,
)
from storage.engine import Database
from storage.meetings import Meeting
from storage.notices import Notice
from storage.outcomes import Promise
from storage.posts import Deputy, Holder, Post
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast
from tests.liaison.offices import Offices, binds, days, offices, stands_in

SUCCESSOR: dict[str, Any] = {"full_name": "Sample Successor", "position": "", "contact": "a@sample.example"}


@pytest.fixture
def here(database: Database) -> Offices:
    return offices(Cast(database))


def told(here: Offices, kind: str) -> list[int]:
    return [who for _, who, state in here.cast.owed(kind) if state == "owed"]


def confirmed(here: Offices, day: int) -> int:
    official = here.officials[0]
    meeting_id = here.cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=day))
    here.cast.do(official, confirming.confirm, meeting_id, here.cast.slots(meeting_id, official)[0], POLICY)
    return meeting_id


def end(here: Offices, which: int = 0) -> None:
    """An official's time ends and nobody is named, as by a list without him."""

    def rule(session: Any) -> None:
        held = session.get_one(Holder, which + 1)
        held.until = here.cast.now
        handover.changed(session, here.bodies[which], POLICY, by=None, now=here.cast.now)

    here.cast.database.write_now(rule)


def name_successor(here: Offices) -> None:
    here.cast.do(here.keeper, holders.name_official, here.bodies[0], **SUCCESSOR)


def test_from_the_naming_to_the_brief(here: Offices) -> None:
    cast, former = here.cast, here.officials[0]
    waiting, coming = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=9)), confirmed(here, 6)
    cast.add(Promise(meeting_id=coming, text="Sample", state="agreed", proposed_by="ngo", created_at=NOW))
    name_successor(here)
    assert cast.actor(former).posts == ()
    for rule in (meetings.see, redirects.ask):
        given = (POLICY,) if rule is redirects.ask else ()
        assert cast.refused(former, rule, waiting, *given) == "not-yours"
    assert told(here, "holder_changed") == [here.ngo]  # one word for the request and the meeting
    change = cast.see(here.ngo, handover.told, here.bodies[0])
    assert (change.official, [one.meeting_id for one in change.meetings]) == ("Sample Successor", [coming, waiting])
    assert here.keeper in told(here, "request")  # answers until the successor joins
    assert set(told(here, "remind")) == {here.ngo, here.keeper}

    successor = cast.person(70)
    binds(here, here.bodies[0], successor)
    mine = [row["kind"] for row in cast.rows(Notice) if row["recipient_id"] == successor]
    assert mine[:2] == ["brief", "request"]
    found = cast.see(successor, handover.brief, here.bodies[0])
    assert (found.requests, found.meetings, found.promises) == (1, 1, 1)
    assert set(told(here, "remind")) == {here.ngo, successor}
    assert told(here, "holder_changed") == [here.ngo]  # it has been told
    for person in (former, here.keeper, here.ngo):
        assert cast.refused(person, handover.brief, here.bodies[0]) == "not-yours"


def test_without_anything_open_there_is_nothing_to_tell(here: Offices) -> None:
    name_successor(here)
    binds(here, here.bodies[0], here.cast.person(70))
    assert [row["kind"] for row in here.cast.rows(Notice)] == ["duty_over"]
    assert here.cast.refused(here.ngo, handover.told, here.bodies[0]) == "not-yours"


def set_room(here: Offices) -> None:
    def rule(session: Any) -> None:
        session.get_one(Post, here.cast.posts[here.bodies[0]]).online_link = "https://meet.sample.example/own"

    here.cast.database.write_now(rule)


def room(here: Offices) -> Any:
    return next(row["online_link"] for row in here.cast.rows(Post) if row["body_id"] == here.bodies[0])


def test_the_room_of_a_former_official_is_forgotten(here: Offices) -> None:
    set_room(here)
    here.cast.do(here.keeper, holders.name_official, here.bodies[0], **{**SUCCESSOR, "full_name": "Sample Official 0"})
    assert room(here) is not None  # only the contact is new
    name_successor(here)
    assert room(here) is None
    set_room(here)
    end(here, 1)
    assert room(here) is not None  # another office
    first, second = here.cast.person(70), here.cast.person(71)
    binds(here, here.bodies[0], first)
    assert room(here) is not None  # nobody used the bot before him
    binds(here, here.bodies[0], second)
    assert room(here) is None


def test_a_former_official_is_thanked_once(here: Offices) -> None:
    cast, former = here.cast, here.officials[0]
    cast.do(here.keeper, holders.name_official, here.bodies[0], **{**SUCCESSOR, "full_name": "Sample Official 0"})
    assert told(here, "duty_over") == []
    cast.now += timedelta(hours=1)
    binds(here, here.bodies[0], former)
    name_successor(here)
    assert told(here, "duty_over") == [former]
    (notice,) = (row for row in cast.rows(Notice) if row["kind"] == "duty_over")
    holder_id = int(notice["details"]["place"].removeprefix("ov:"))
    assert cast.see(former, handover.over, holder_id) == here.bodies[0]
    for person in (*here.officials[1:], here.keeper, here.ngo):
        assert cast.refused(person, handover.over, holder_id) == "not-yours"
    assert cast.refused(here.officials[1], handover.over, 2) == "not-yours"  # his duty goes on
    cast.now += timedelta(hours=1)
    name_successor(here)  # nobody was bound
    assert told(here, "duty_over") == [former]


def test_who_cannot_be_reached_is_not_thanked(here: Offices) -> None:
    here.cast.database.write_now(presence.note, 10, POLICY, reachable=False, now=NOW)
    name_successor(here)
    assert told(here, "duty_over") == []


def test_the_same_name_again_is_no_change_for_ngos(here: Offices) -> None:
    here.cast.request(here.ngo, here.bodies[0])
    here.cast.do(here.keeper, holders.name_official, here.bodies[0], **{**SUCCESSOR, "full_name": "Sample Official 0"})
    assert told(here, "holder_changed") == []


def test_deputies_end_with_the_official_who_chose_them(here: Offices) -> None:
    cast, (former, substitute, third) = here.cast, here.officials
    stands_in(here, 0, 1, days(0, 5))
    stands_in(here, 2, 0, days(6, 8))  # and he himself stands in for another
    payload = cast.do(former, assistants.invite, here.bodies[0])
    assistant = cast.person(70)
    cast.do(assistant, deputy_links.accept, payload, POLICY, display_name="Sample Helper")
    name_successor(here)
    assert [row["state"] for row in cast.rows(Deputy)] == ["ended"] * 3
    assert (cast.actor(substitute).substitutes, cast.actor(assistant).assists) == ((), ())
    assert set(told(here, "deputy_ended")) == {substitute, former, third, assistant}


def test_a_leave_that_is_over_is_nobodys_news(here: Offices) -> None:
    deputy_id = stands_in(here, 0, 1, days(0, 0))
    here.cast.now = NOW + timedelta(days=2)
    assert here.cast.refused(here.officials[0], deputies.end, deputy_id, POLICY) == "leave-over"
    name_successor(here)
    assert told(here, "deputy_ended") == []


def test_a_post_without_anybody_goes_to_the_coordinator_once_a_week(here: Offices) -> None:
    cast = here.cast
    waiting = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=40))
    end(here)
    end(here, 1)
    assert told(here, "holder_changed") == []  # there is nobody to name
    assert told(here, "request") == [here.officials[0], here.keeper]

    def week(at: datetime) -> int:
        cast.now = at
        cast.database.write_now(vacancies.remind, POLICY, now=at)
        return len(told(here, "vacant"))

    local = [datetime(2026, 12, day, hour, tzinfo=POLICY.zone) for day, hour in ((1, 22), (2, 8), (2, 10), (6, 20))]
    assert [week(at) for at in local] == [0, 0, 1, 1]  # by day, and once for both posts
    assert week(datetime(2026, 12, 7, 9, tzinfo=POLICY.zone)) == 2  # Monday of the next week
    found = cast.see(here.keeper, vacancies.mine, POLICY)
    assert [(gap.body_id, gap.waiting) for gap in found] == [(here.bodies[0], 1), (here.bodies[1], 0)]
    name_successor(here)
    assert [gap.body_id for gap in cast.see(here.keeper, vacancies.mine, POLICY)] == [here.bodies[1]]
    assert cast.see(here.officials[2], vacancies.mine, POLICY) == ()
    assert told(here, "holder_changed") == [here.ngo]  # now there is somebody
    assert cast.rows(Meeting)[0]["id"] == waiting


def test_a_body_that_never_had_an_official_is_no_vacancy(here: Offices) -> None:
    empty = here.cast.body("dep-empty", "region_department", region_id=here.region, parent_id=here.region)
    assert here.cast.see(here.keeper, vacancies.mine, POLICY) == ()
    here.cast.request(here.ngo, empty)
    assert [gap.body_id for gap in here.cast.see(here.keeper, vacancies.mine, POLICY)] == [empty]


def test_i_am_leaving(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    waiting = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=9))
    payload = cast.do(official, leaving.leave, here.bodies[0], POLICY)
    assert told(here, "leaving") == [here.keeper]
    assert cast.see(here.keeper, leaving.leaving, here.bodies[0]) == "Sample Official 0"
    assert cast.actor(official).posts == (cast.posts[here.bodies[0]],)  # until somebody follows
    successor = cast.person(70)
    outcome = cast.do(successor, invitations.accept, payload, POLICY, display_name="Sample Successor")
    assert (outcome.result, outcome.name) == ("bound", "Sample Successor")
    assert (cast.actor(official).posts, cast.actor(successor).posts) == ((), (cast.posts[here.bodies[0]],))
    former, _, _, present = cast.rows(Holder)
    assert (former["full_name"], former["until"], former["person_id"]) == ("Sample Official 0", NOW, official)
    assert (present["full_name"], present["person_id"]) == ("Sample Successor", successor)
    assert told(here, "holder_changed") == [here.ngo]
    assert [row["kind"] for row in cast.rows(Notice) if row["recipient_id"] == successor] == ["brief", "request"]
    assert cast.see(successor, meetings.see, waiting).side == "official"
    for person in (here.keeper, here.ngo, official):
        assert cast.refused(person, leaving.leave, here.bodies[0], POLICY) == "not-yours"


def test_whoever_is_out_does_not_choose_who_comes_after_him(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    payload = cast.do(official, leaving.leave, here.bodies[0], POLICY)
    name_successor(here)
    outcome = cast.do(cast.person(70), invitations.accept, payload, POLICY, display_name="Sample Friend")
    assert outcome.result == "expired"
    successor = cast.person(71)
    binds(here, here.bodies[0], successor)
    assert cast.actor(successor).posts == (cast.posts[here.bodies[0]],)


def test_an_official_may_not_make_a_link_for_another_post(here: Offices) -> None:
    assert here.cast.refused(here.officials[0], leaving.leave, here.bodies[1], POLICY) == "not-yours"
    assert here.cast.refused(here.officials[0], leaving.leave, 999, POLICY) == "not-yours"
