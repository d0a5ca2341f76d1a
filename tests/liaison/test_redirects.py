"""[Not my area]: the same request at another body, its term, and where it may not go."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from liaison import bodies, confirming, meetings, proposals, redirects
from liaison.bodies import Tree
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Attachment, Guest, Meeting, Slot, Step
from storage.notices import Notice
from storage.people import Organisation
from storage.posts import Post
from tests.liaison.cast import POLICY, WEDNESDAY, Cast
from tests.liaison.offices import Offices, offices

WHY = {"reason_code": "not_mine"}


@pytest.fixture
def here(database: Database) -> Offices:
    return offices(Cast(database))


def redirect(here: Offices, meeting_id: int, to: int, by: int, reason: dict[str, str] = WHY) -> int:
    return int(here.cast.do(by, redirects.redirect, meeting_id, here.bodies[to], reason, POLICY))


def refused(here: Offices, meeting_id: int, body_id: int, by: int, reason: dict[str, str] = WHY) -> str:
    return here.cast.refused(by, redirects.redirect, meeting_id, body_id, reason, POLICY)


def row(here: Offices, meeting_id: int) -> dict[str, Any]:
    return next(row for row in here.cast.rows(Meeting) if row["id"] == meeting_id)


def told(here: Offices) -> list[tuple[str, int, int | None, str]]:
    return [(row["kind"], row["recipient_id"], row["meeting_id"], row["state"]) for row in here.cast.rows(Notice)]


def test_the_same_request_waits_at_the_other_body(here: Offices) -> None:
    cast, (first, second, _) = here.cast, here.officials
    file = {"kind": "document", "file_id": "F", "unique_id": "U", "name": "a.pdf", "size": 10}
    content: dict[str, Any] = {
        "topic": "health",
        "mode": "phone",
        "agenda": "What is asked",
        "phone": "+77010000000",
        "with_head": True,
        "attendees": ("Sampleva A.",),
        "files": (file,),
    }
    old = cast.request(here.ngo, here.bodies[0], **content)
    new = redirect(here, old, 1, first, {"reason_code": "not_mine", "reason": "It is theirs"})
    before, after = row(here, old), row(here, new)
    assert (before["state"], before["redirected_to_id"], before["held_until"]) == ("redirected", new, None)
    assert (after["state"], after["number"], after["post_id"]) == (
        "requested",
        "UKL-26-000002",
        cast.posts[here.bodies[1]],
    )
    for name in redirects.COPIED:
        assert after[name] == before[name]
    kept = [{name: one[name] for name in file} for one in cast.rows(Attachment) if one["meeting_id"] == new]
    assert kept == [file]
    assert told(here) == [
        ("request", first, old, "dropped"),
        ("redirected", here.ngo, old, "owed"),
        ("request", second, new, "owed"),
    ]
    step = next(one for one in cast.rows(Step) if one["meeting_id"] == old and one["action"] == "redirect")
    assert (step["acted_as"], step["details"]["reason_code"], step["details"]["reason"]) == (
        "official",
        "not_mine",
        "It is theirs",
    )


def test_both_sides_see_where_it_came_from_and_why(here: Offices) -> None:
    cast, (first, second, _) = here.cast, here.officials
    old = cast.request(here.ngo, here.bodies[0])
    new = redirect(here, old, 1, first, {"reason": "It is theirs"})
    card = cast.see(here.ngo, meetings.see, old)
    assert (card.redirected_to, card.reason) == ((new, here.bodies[1]), "It is theirs")
    card = cast.see(second, meetings.see, new)
    assert (card.redirected_from, card.reason, card.answered_as) == (here.bodies[0], "It is theirs", None)
    assert cast.refused(first, meetings.see, new) == "not-yours"  # it is not his any more
    cast.do(second, confirming.confirm, new, cast.slots(new, second)[0], POLICY)


def test_its_times_are_kept_where_they_are_free(here: Offices) -> None:
    cast, (first, second, _) = here.cast, here.officials
    other = cast.ngo(31, "Other NGO")
    taken = cast.request(other, here.bodies[1], WEDNESDAY)
    cast.do(second, confirming.confirm, taken, cast.slots(taken, second)[0], POLICY)
    old = cast.request(here.ngo, here.bodies[0])  # 09:00 and 10:00 on Wednesday
    new = redirect(here, old, 1, first)
    assert times(here, new) == [WEDNESDAY + timedelta(hours=1)]


def test_else_the_nearest_there(here: Offices) -> None:
    cast, first = here.cast, here.officials[0]
    windows = [{"weekday": 4, "start": "11:00", "end": "12:00"}]
    cast.database.write_now(lambda session: setattr(session.get(Post, cast.posts[here.bodies[1]]), "windows", windows))
    new = redirect(here, cast.request(here.ngo, here.bodies[0]), 1, first)
    friday = datetime(2026, 12, 4, 11, tzinfo=POLICY.zone)
    assert times(here, new) == [friday + timedelta(days=7 * week) for week in range(3)]


def times(here: Offices, meeting_id: int) -> list[datetime]:
    return [one["starts_at"] for one in here.cast.rows(Slot) if one["meeting_id"] == meeting_id]


def test_never_back_to_where_it_was(here: Offices) -> None:
    first, second, third = here.officials
    one = here.cast.request(here.ngo, here.bodies[0])
    assert refused(here, one, here.bodies[0], first) == "redirect-back"
    two = redirect(here, one, 1, first)
    assert refused(here, two, here.bodies[0], second) == "redirect-back"
    three = redirect(here, two, 2, second)
    for body in here.bodies:
        assert refused(here, three, body, third) == "redirect-back"


def test_not_where_nobody_receives(here: Offices) -> None:
    cast = here.cast
    lonely = cast.body("min-lonely")  # central, and the coordinator is one of the region
    old = cast.request(here.ngo, here.bodies[0])
    assert refused(here, old, lonely, here.officials[0]) == "nobody-there"
    assert refused(here, old, 999, here.officials[0]) == "not-yours"
    gone = cast.body("dep-gone", "region_department", region_id=here.region, abolished_on=cast.now.date())
    assert refused(here, old, gone, here.officials[0]) == "not-yours"


def test_within_three_working_days_but_for_coordinators(here: Offices) -> None:
    cast, (first, _, _) = here.cast, here.officials
    old = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=20))  # asked on a Tuesday
    cast.now = datetime(2026, 12, 4, 23, 59, tzinfo=POLICY.zone)  # Friday, the third working day
    draft = cast.do(first, redirects.ask, old, POLICY)
    cast.now += timedelta(minutes=1)
    for rule in (redirects.ask, partial(redirects.choose, body_id=here.bodies[1])):
        assert cast.refused(first, rule, old, policy=POLICY) == "redirect-late"
    assert refused(here, old, here.bodies[1], first) == "redirect-late"
    assert draft.step == "body"
    new = redirect(here, old, 1, here.keeper)
    assert row(here, new)["created_at"] == cast.now  # whose own term begins


def test_a_reason_is_needed(here: Offices) -> None:
    old = here.cast.request(here.ngo, here.bodies[0])
    assert refused(here, old, here.bodies[1], here.officials[0], {}) == "too-short"
    assert refused(here, old, here.bodies[1], here.officials[0], {"reason_code": "tired"}) == "not-yours"
    assert refused(here, old, here.bodies[1], here.officials[0], {"reason": "x" * 601}) == "too-long"


def test_who_may_and_in_which_state(here: Offices) -> None:
    cast, (first, second, _) = here.cast, here.officials
    old = cast.request(here.ngo, here.bodies[0])
    for person in (second, cast.ngo(31, "Other NGO")):
        assert refused(here, old, here.bodies[1], person) == "not-yours"
    assert refused(here, old, here.bodies[1], here.ngo) == "stale"  # its own request, but not its to pass on
    cast.do(first, proposals.propose, old, [Span(WEDNESDAY, WEDNESDAY + POLICY.slot_length)], "", POLICY)
    new = redirect(here, old, 1, first)  # also after other times were offered
    assert times(here, new)[0] == WEDNESDAY
    assert refused(here, old, here.bodies[2], first) == "stale"
    cast.do(second, confirming.confirm, new, cast.slots(new, second)[0], POLICY)
    assert refused(here, new, here.bodies[2], second) == "stale"


def test_who_comes_along_comes_along(here: Offices) -> None:
    cast = here.cast
    old, guest = cast.request(here.ngo, here.bodies[0]), cast.ngo(31, "Other NGO")
    organisation = cast.rows(Organisation)[-1]["id"]
    cast.add(Guest(meeting_id=old, organisation_id=organisation, person_id=guest, state="present", created_at=cast.now))
    new = redirect(here, old, 1, here.officials[0])
    assert cast.see(guest, meetings.see, new).side == "guest"
    assert [who for kind, who, _, _ in told(here) if kind == "redirected"] == [here.ngo, guest]


def test_the_dialogue(here: Offices) -> None:
    cast, first = here.cast, here.officials[0]
    old = cast.request(here.ngo, here.bodies[0])
    assert cast.do(first, redirects.ask, old, POLICY).step == "body"
    draft = cast.do(first, redirects.choose, old, here.bodies[1], POLICY)
    assert cast.see(first, redirects.draft_of, old) == draft
    assert cast.do(first, redirects.say, draft.key, WHY, POLICY) == old
    assert cast.refused(first, redirects.say, draft.key, WHY, POLICY) == "out-of-step"
    assert cast.see(first, redirects.draft_of, old) is None
    assert row(here, old)["state"] == "redirected"


def test_suggestions_leave_out_what_would_be_refused(database: Database) -> None:
    cast = Cast(database)
    region = cast.body("reg-abay", "region", region_id=0)
    given: dict[str, Any] = {"level": "region_department", "region_id": region, "parent_id": region}
    here, health, policy_unit, empty = (
        cast.body(f"dep-abay-{kind}", **given) for kind in ("culture", "health", "internal-policy", "education")
    )
    for n, body in enumerate((here, health, policy_unit, region)):
        cast.official(body, 10 + n)
    ministry = cast.body("min-health")
    meeting_id = cast.request(cast.ngo(30), here, topic="health")
    tree: Tree = cast.database.read_now(bodies.load)
    found = cast.see(1, redirects.suggestions, meeting_id, tree, POLICY)
    assert found == (health, policy_unit, region)
    cast.official(ministry, 20)
    assert cast.see(1, redirects.suggestions, meeting_id, tree, POLICY) == (health, policy_unit, region, ministry)
    cast.official(empty, 21)
    assert cast.see(1, redirects.suggestions, meeting_id, tree, POLICY)[-1] == empty
