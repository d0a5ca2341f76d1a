"""Request, answer, place, cancelling: what each rule writes, whom it owes a word, and what it refuses."""

import asyncio
from datetime import timedelta

import pytest

from liaison import confirming, drafts, endings, meetings, proposals
from liaison.errors import LiaisonError
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Meeting, Slot, Step
from storage.notices import Notice
from tests.liaison.cast import POLICY, WEDNESDAY, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def office(cast: Cast) -> int:
    return cast.body("sample")


@pytest.fixture
def official(cast: Cast, office: int) -> int:
    return cast.official(office, 10)


@pytest.fixture
def ngo(cast: Cast, official: int) -> int:
    return cast.ngo(30)


def confirm(cast: Cast, official: int, meeting_id: int, which: int = 0) -> None:
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[which], POLICY)


def test_a_request_is_numbered_within_its_year_and_told_to_the_official(cast: Cast, office: int, ngo: int) -> None:
    first, second = cast.request(ngo, office), cast.request(ngo, office)
    cast.now += timedelta(days=31)
    cast.request(ngo, office, cast.now + timedelta(days=1))
    assert [row["number"] for row in cast.rows(Meeting)] == ["UKL-26-000001", "UKL-26-000002", "UKL-27-000001"]
    assert cast.owed("request") == [("request", 1, "owed")] * 3
    assert [row["key"] for row in cast.rows(Notice)][:2] == [
        f"meeting:{number}:rev1:request:to:1" for number in (first, second)
    ]
    step = cast.rows(Step)[0]
    assert (step["action"], step["from_state"], step["to_state"], step["acted_as"]) == (
        "request",
        None,
        "requested",
        "representative",
    )


def test_the_year_is_the_countrys_not_utcs(cast: Cast, office: int, ngo: int) -> None:
    cast.now = WEDNESDAY.replace(year=2027, month=1, day=1, hour=1)  # 31 December, 20:00 in UTC
    cast.request(ngo, office, cast.now + timedelta(days=5))
    assert cast.rows(Meeting)[0]["number"] == "UKL-27-000001"


def test_a_request_that_reaches_nobody_is_not_kept(cast: Cast) -> None:
    lonely = cast.body("lonely")
    ngo = cast.ngo(30)
    before = cast.everything()
    with pytest.raises(LiaisonError) as refusal:
        cast.request(ngo, lonely)
    assert (refusal.value.code, refusal.value.fields) == ("nobody", {"body": lonely})
    assert cast.everything() == before


def test_confirming_takes_the_time_and_plans_the_reminders(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    confirm(cast, official, meeting_id, 1)
    (meeting,) = cast.rows(Meeting)
    start = WEDNESDAY + timedelta(hours=1)
    assert (meeting["state"], meeting["rev"], meeting["starts_at"]) == ("confirmed", 2, start)
    assert meeting["ends_at"] == start + POLICY.slot_length
    assert sorted(cast.owed("confirmed")) == [("confirmed", official, "owed"), ("confirmed", ngo, "owed")]
    # 24 hours before is 10:00 today, which is now: too late to be planned.
    due = {(row["recipient_id"], row["due_at"]) for row in cast.rows(Notice) if row["kind"] == "remind"}
    assert due == {(person, start - timedelta(hours=2)) for person in (official, ngo)}
    draft = cast.see(official, lambda s, a, now: drafts.find(s, a.id, "place", now=now))
    assert draft.data == {"meeting": meeting_id}


def test_a_time_is_given_once_at_a_post_and_in_an_organisation(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    other = cast.ngo(31, "Other NGO")
    mine, theirs = cast.request(ngo, office), cast.request(other, office, WEDNESDAY)
    elsewhere = cast.body("elsewhere")
    second = cast.official(elsewhere, 11)
    abroad = cast.request(ngo, elsewhere, WEDNESDAY + timedelta(minutes=15), WEDNESDAY + timedelta(minutes=30))
    confirm(cast, official, mine)
    slot = cast.slots(theirs, official)[0]
    assert cast.refused(official, confirming.confirm, theirs, slot, POLICY) == "slot-taken"
    overlapping, adjacent = cast.slots(abroad, second)
    assert cast.refused(second, confirming.confirm, abroad, overlapping, POLICY) == "slot-taken"
    cast.do(second, confirming.confirm, abroad, adjacent, POLICY)  # begins as the other one ends
    assert [slot.free for slot in cast.see(other, meetings.see, theirs).slots] == [False]


def test_a_time_that_is_over_or_of_another_meeting_is_refused(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id, other = cast.request(ngo, office), cast.request(ngo, office)
    foreign = cast.slots(other, official)[0]
    assert cast.refused(official, confirming.confirm, meeting_id, foreign, POLICY) == "stale"
    slot = cast.slots(meeting_id, official)[0]
    assert cast.refused(ngo, confirming.confirm, meeting_id, slot, POLICY) == "stale"  # not the NGO's to do
    cast.now = WEDNESDAY
    assert cast.refused(official, confirming.confirm, meeting_id, slot, POLICY) == "slot-past"


def test_confirmed_twice_is_stale(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    confirm(cast, official, meeting_id)
    for slot in cast.slots(meeting_id, official):
        assert cast.refused(official, confirming.confirm, meeting_id, slot, POLICY) == "stale"


def test_other_times_then_new_ones_leave_only_the_new(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    old = cast.slots(meeting_id, official)
    reason = {"reason_code": "away", "reason": "After the 10th"}
    cast.do(official, proposals.other_times, meeting_id, reason, POLICY)
    card = cast.see(ngo, meetings.see, meeting_id)
    assert (card.state, card.reason_code, card.reason, card.ended_by) == (
        "offered",
        "away",
        "After the 10th",
        "official",
    )
    assert cast.owed("offered") == [("offered", ngo, "owed")]
    assert cast.refused(official, proposals.other_times, meeting_id, {"reason_code": "made-up"}, POLICY) == "not-yours"
    later = WEDNESDAY + timedelta(days=9)
    span = Span(later, later + POLICY.slot_length)
    cast.do(ngo, proposals.new_times, meeting_id, (span,), "New agenda", POLICY)
    card = cast.see(official, meetings.see, meeting_id)
    assert (card.state, card.rev, card.agenda, [slot.starts_at for slot in card.slots]) == (
        "requested",
        3,
        "New agenda",
        [later],
    )
    assert not {slot.id for slot in card.slots} & set(old)  # an id is never given twice
    assert cast.refused(official, confirming.confirm, meeting_id, old[0], POLICY) == "stale"
    assert len(cast.owed("request")) == 2


def test_the_place_is_told_once_and_the_reminders_planned_anew(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    meeting_id = cast.request(ngo, office, WEDNESDAY + timedelta(days=5))
    confirm(cast, official, meeting_id)
    cast.do(official, confirming.set_place, meeting_id, "  Room \n 214 ", POLICY)
    assert cast.rows(Meeting)[0]["place"] == "Room 214"
    assert cast.rows(Meeting)[0]["rev"] == 3
    # Nobody had been told of the confirmation yet, so one message tells both.
    told = [("confirmed", person, state) for state in ("dropped", "owed") for person in (ngo, official)]
    assert sorted(cast.owed("confirmed")) == sorted(told)
    assert cast.owed("place") == []
    reminders = [(row["state"], ":rev3:" in row["key"]) for row in cast.rows(Notice) if row["kind"] == "remind"]
    assert reminders.count(("dropped", False)) == 4
    assert reminders.count(("owed", True)) == 4
    before = cast.everything()
    cast.do(official, confirming.set_place, meeting_id, "Room 214", POLICY)
    assert cast.everything() == before
    assert cast.refused(official, confirming.set_place, meeting_id, "x" * 301, POLICY) == "too-long"
    assert cast.refused(ngo, confirming.set_place, meeting_id, "Room 215", POLICY) == "stale"
    cast.now = WEDNESDAY + timedelta(days=5)
    assert cast.refused(official, confirming.set_place, meeting_id, "Room 215", POLICY) == "begun"


def test_the_last_place_is_that_of_the_same_way_to_meet(cast: Cast, office: int, official: int, ngo: int) -> None:
    places = {"in_person": "Room 214", "online": "https://meet.example/1"}
    for day, (mode, place) in enumerate(places.items(), start=2):
        meeting_id = cast.request(ngo, office, WEDNESDAY + timedelta(days=day), mode=mode)
        confirm(cast, official, meeting_id)
        cast.do(official, confirming.set_place, meeting_id, place, POLICY)
    for mode in ("in_person", "online", "phone"):
        card = cast.see(official, meetings.see, cast.request(ngo, office, mode=mode))
        assert card.last_place == places.get(mode)


def test_cancelling_takes_back_what_is_owed_and_tells_the_other_side(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    for who, other in ((official, ngo), (ngo, official)):
        meeting_id = cast.request(ngo, office, WEDNESDAY + timedelta(days=5))
        confirm(cast, official, meeting_id)
        cast.do(who, endings.cancel, meeting_id, {"reason_code": "ill"}, POLICY)
        mine = [row for row in cast.rows(Notice) if row["meeting_id"] == meeting_id]
        assert [(row["kind"], row["recipient_id"]) for row in mine if row["state"] == "owed"] == [("cancelled", other)]
        assert cast.refused(other, endings.cancel, meeting_id, {"reason_code": "ill"}, POLICY) == "stale"
    card = cast.see(ngo, meetings.see, meeting_id)
    assert (card.ended_by, card.reason_code, card.may) == ("representative", "ill", frozenset())


def test_what_has_begun_cannot_be_cancelled(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    confirm(cast, official, meeting_id)
    cast.now = WEDNESDAY
    for person in (official, ngo):
        assert cast.refused(person, endings.cancel, meeting_id, {"reason_code": "ill"}, POLICY) == "begun"
        assert cast.see(person, meetings.see, meeting_id).may == frozenset()


def test_withdrawn_and_declined(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office)
    assert cast.refused(official, endings.withdraw, meeting_id, POLICY) == "stale"
    cast.do(ngo, endings.withdraw, meeting_id, POLICY)
    assert cast.owed() == [("request", official, "dropped"), ("withdrawn", official, "owed")]
    second = cast.request(ngo, office)
    assert cast.refused(official, endings.decline, second, {"reason": "x" * 601}, POLICY) == "too-long"
    cast.do(official, endings.decline, second, {"reason": "  Not\n\n\n\nmine \u202e"}, POLICY)
    assert cast.owed("declined") == [("declined", ngo, "owed")]
    assert cast.see(ngo, meetings.see, second).reason == "Not\n\nmine"


def test_what_my_lists_for_each_side(cast: Cast, office: int, official: int, ngo: int) -> None:
    helper, other = cast.coordinator(20), cast.ngo(31, "Other NGO")
    open_one = cast.request(ngo, office)
    met = cast.request(ngo, office, WEDNESDAY + timedelta(days=1))
    confirm(cast, official, met)
    ended = cast.request(ngo, office)
    cast.do(ngo, endings.withdraw, ended, POLICY)
    theirs = cast.request(other, cast.body("vacant"))  # came to the coordinator
    listed = {who: {card.id for card in cast.see(who, meetings.mine)} for who in (ngo, official, helper, other)}
    assert listed == {ngo: {open_one, met}, official: {open_one, met}, helper: {theirs}, other: {theirs}}
    cast.now = WEDNESDAY + timedelta(days=1, minutes=30)
    assert {card.id for card in cast.see(ngo, meetings.mine)} == {open_one}  # what is over is not listed


def test_of_a_dialogue_the_meeting_that_came_of_it(cast: Cast, office: int, ngo: int) -> None:
    meeting_id = cast.request(ngo, office, key="abc")
    assert cast.see(ngo, meetings.of_draft, "abc") == meeting_id
    assert cast.see(ngo, meetings.of_draft, "abd") is None
    assert cast.see(cast.ngo(31), meetings.of_draft, "abc") is None
    assert len(cast.rows(Slot)) == 2


async def test_two_at_once_have_one_winner(cast: Cast, office: int, official: int, ngo: int) -> None:
    other = cast.ngo(31, "Other NGO")
    helper = cast.coordinator(20)
    for day in range(2, 12):
        at = WEDNESDAY + timedelta(days=day)
        mine, theirs = cast.request(ngo, office, at, at + timedelta(hours=1)), cast.request(other, office, at)
        first, second = cast.slots(mine, official)
        tries = ((official, mine, first), (helper, mine, second), (official, theirs, cast.slots(theirs, official)[0]))

        async def confirmed(person_id: int, meeting_id: int, slot_id: int) -> str:
            try:
                actor = cast.actor(person_id)
                rule = confirming.confirm
                await cast.database.write(rule, actor, meeting_id, slot_id, POLICY, now=cast.now)
            except LiaisonError as refusal:
                return refusal.code
            return "confirmed"

        outcomes = await asyncio.gather(*(confirmed(*one) for one in tries))
        states = {row["id"]: (row["state"], row["rev"]) for row in cast.rows(Meeting)}
        assert states[mine] == ("confirmed", 2)  # by one of the two
        assert sorted(outcome == "confirmed" for outcome in outcomes[:2]) == [False, True]
        assert states[theirs] == (("confirmed", 2) if outcomes[2] == "confirmed" else ("requested", 1))
        # The two requests never get the same time: one of the first and the third is too late.
        assert "confirmed" in (outcomes[0], outcomes[2]) and outcomes[0] != outcomes[2]
        assert set(outcomes) <= {"confirmed", "stale", "slot-taken"}
