"""Joining a meeting that another NGO asked for: what is offered, what is shown to whom, and who is told."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from liaison import confirming, drafts, duties, endings, holds, joinable, joins, meetings, requests, states
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError
from liaison.people import Actor
from storage.engine import Database
from storage.meetings import Guest, Meeting
from storage.notices import Notice
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast

DAY = timedelta(days=1)
TOPIC = "health"
LINE = "We would also speak of rural clinics"


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
def first(cast: Cast, official: int) -> int:
    """The NGO that asks first."""
    return cast.ngo(30, "Sample First")


@pytest.fixture
def second(cast: Cast, official: int) -> int:
    return cast.ngo(31, "Sample Second")


def reach_topic(cast: Cast, person_id: int, body_id: int, topic: str = TOPIC) -> DraftCard:
    """The dialogue of a request up to the answer to the topic."""
    cast.do(person_id, lambda session, actor: drafts.drop(session, actor.id))
    draft = cast.do(person_id, requests.begin, body_id, POLICY)
    card: DraftCard = cast.do(person_id, requests.answer, draft.key, draft.rev, "topic", topic, POLICY)
    return card


def ask(cast: Cast, person_id: int, body_id: int, line: str = "") -> int | None:
    """Ask to join what the dialogue offers; the id of the wish."""
    begun = reach_topic(cast, person_id, body_id)
    assert begun.step == "join"
    draft = cast.do(person_id, joins.ask_line, begun.key, begun.rev)
    wish: int | None = cast.do(person_id, joins.ask, draft.key, line, POLICY)
    return wish


def joined(cast: Cast, first: int, person_id: int, body_id: int, line: str = "") -> int:
    """A guest that was let in; the id of the wish."""
    wish = ask(cast, person_id, body_id, line)
    assert wish is not None
    cast.do(first, joins.answer, wish, POLICY, welcome=True)
    return wish


def confirm(cast: Cast, official: int, meeting_id: int) -> None:
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)


def see(cast: Cast, person_id: int, wish: int | None) -> joins.JoinCard:
    card: joins.JoinCard = cast.see(person_id, joins.see, wish, POLICY)
    return card


def told(cast: Cast, kind: str) -> list[int]:
    return [person_id for _, person_id, _ in cast.owed(kind)]


def guests(cast: Cast, person_id: int, meeting_id: int) -> list[tuple[str, str, str | None]]:
    card = cast.see(person_id, meetings.see, meeting_id)
    return [(guest.organisation, guest.state, guest.agenda) for guest in card.guests]


def end_unanswered(cast: Cast) -> int:
    ended: int = cast.database.write_now(joins.end_unanswered, POLICY, now=cast.now)
    return ended


def test_two_requests_within_ten_days_and_who_joins_gets_one_meeting(
    cast: Cast, office: int, official: int, first: int, second: int
) -> None:
    meeting = cast.request(first, office, agenda="Our own words")
    cast.now += timedelta(days=10) - timedelta(microseconds=1)
    wish = joined(cast, first, second, office, LINE)
    assert [row["id"] for row in cast.rows(Meeting)] == [meeting]
    assert cast.see(second, drafts_of) == ()
    assert [card.id for card in cast.see(second, meetings.mine)] == [meeting]
    assert told(cast, "join_asked") == [first]
    assert told(cast, "join_answered") == [second]
    assert told(cast, "joined") == [official]
    assert see(cast, second, wish).state == "present"


def drafts_of(session: Session, actor: Actor) -> tuple[str, ...]:
    kinds = (requests.KIND, joins.KIND)
    return tuple(kind for kind in kinds if drafts.find(session, actor.id, kind, now=NOW) is not None)


def test_who_is_refused_sends_a_second_request(cast: Cast, office: int, first: int, second: int) -> None:
    meeting = cast.request(first, office)
    wish = ask(cast, second, office, LINE)
    cast.do(first, joins.answer, wish, POLICY, welcome=False)
    assert told(cast, "join_answered") == [second]
    assert told(cast, "joined") == []
    assert see(cast, second, wish).state == "refused"
    assert cast.refused(second, meetings.see, meeting) == "not-yours"
    draft = cast.do(second, joins.request_instead, wish, POLICY)
    assert (draft.step, draft.data["topic"], draft.data["agenda"]) == ("mode", TOPIC, LINE)
    draft = cast.do(second, requests.answer, draft.key, draft.rev, "mode", "in_person", POLICY)
    draft = cast.do(second, requests.use_times, draft.key, draft.rev, POLICY)
    own = cast.do(second, requests.send, draft.key, draft.rev, POLICY)
    assert [(row["id"], row["agenda"]) for row in cast.rows(Meeting)] == [(meeting, None), (own, LINE)]
    assert reach_topic(cast, second, office).step == "mode"  # the same NGO is not asked twice


def test_what_is_offered(cast: Cast, office: int, official: int, first: int, second: int) -> None:
    assert reach_topic(cast, second, office).step == "mode"  # nobody has asked
    meeting = cast.request(first, office)
    other = cast.body("other")
    cast.official(other, 11)
    assert reach_topic(cast, first, office).step == "mode"  # one's own
    assert reach_topic(cast, second, office, "other").step == "mode"  # another topic
    assert reach_topic(cast, second, other).step == "mode"  # another body
    assert reach_topic(cast, second, office).step == "join"
    cast.now += timedelta(days=10)
    assert reach_topic(cast, second, office).step == "mode"  # ten days ago
    assert [row["id"] for row in cast.rows(Meeting)] == [meeting]


@pytest.mark.parametrize("state", states.OVER)
def test_what_is_over_is_not_offered(cast: Cast, office: int, first: int, second: int, state: str) -> None:
    meeting = cast.request(first, office)

    def set_state(session: Session, actor: Actor) -> None:
        session.get_one(Meeting, meeting).state = state

    cast.do(first, set_state)
    assert reach_topic(cast, second, office).step == "mode"


def test_a_confirmed_meeting_is_offered_until_it_begins(
    cast: Cast, office: int, official: int, first: int, second: int
) -> None:
    confirm(cast, official, cast.request(first, office))
    cast.now = WEDNESDAY - timedelta(microseconds=1)
    assert reach_topic(cast, second, office).step == "join"
    cast.now = WEDNESDAY
    assert reach_topic(cast, second, office).step == "mode"


def test_of_several_the_newest_with_a_free_place(cast: Cast, office: int, official: int, first: int) -> None:
    older, newer = cast.request(first, office), cast.request(cast.ngo(50, "Sample Newer"), office, WEDNESDAY + DAY)
    askers = [cast.ngo(60 + number, f"Sample Guest {number}") for number in range(11)]
    wishes = [ask(cast, asker, office) for asker in askers[:10]]
    assert [row["meeting_id"] for row in cast.rows(Guest)] == [newer] * 5 + [older] * 5
    assert reach_topic(cast, askers[10], office).step == "mode"
    cast.do(first, joins.answer, wishes[9], POLICY, welcome=False)  # a place is free again
    assert reach_topic(cast, askers[10], office).step == "join"


def test_the_offer_may_be_declined_and_gone_back_to(cast: Cast, office: int, first: int, second: int) -> None:
    cast.request(first, office)
    draft = reach_topic(cast, second, office)
    assert cast.refused(second, requests.answer, draft.key, draft.rev, "join", "forged", POLICY) == "not-yours"
    draft = cast.do(second, requests.answer, draft.key, draft.rev, "join", "own", POLICY)
    assert draft.step == "mode"
    for step in ("join", "topic"):
        assert cast.do(second, requests.back, draft.key, draft.rev) == (True, office)
        draft = cast.see(second, lambda session, actor: drafts.find(session, actor.id, requests.KIND, now=NOW))
        assert draft.step == step


def test_a_place_that_was_taken_meanwhile_leaves_ones_own_request(
    cast: Cast, office: int, first: int, second: int
) -> None:
    meeting = cast.request(first, office)
    begun = reach_topic(cast, second, office)
    line = cast.do(second, joins.ask_line, begun.key, begun.rev)
    cast.do(first, endings.withdraw, meeting, POLICY)
    assert cast.do(second, joins.ask, line.key, LINE, POLICY) is None
    assert cast.rows(Guest) == []
    draft = cast.see(second, lambda session, actor: drafts.find(session, actor.id, requests.KIND, now=NOW))
    assert draft.step == "mode"


def test_nothing_is_shown_before_the_consent_and_all_after_it(
    cast: Cast, office: int, official: int, first: int, second: int
) -> None:
    meeting = cast.request(first, office, agenda="Our own words", phone="+77010000000")
    wish = ask(cast, second, office, LINE)
    hidden = see(cast, second, wish)
    assert "Sample First" not in repr(hidden)
    assert "Our own words" not in repr(hidden)
    assert cast.refused(second, meetings.see, meeting) == "not-yours"
    assert cast.see(second, meetings.mine) == ()
    asked = see(cast, first, wish)
    assert (asked.organisation, asked.representative, asked.title, asked.line) == (
        "Sample Second",
        "Sampleva Aigerim",
        "director",
        LINE,
    )
    assert guests(cast, first, meeting) == [("Sample Second", "asked", None)]
    assert guests(cast, official, meeting) == []  # nothing for the office yet
    third = cast.ngo(32, "Sample Third")
    for other in (official, third):
        assert cast.refused(other, joins.see, wish, POLICY) == "not-yours"
        with pytest.raises(LiaisonError):
            cast.do(other, joins.answer, wish, POLICY, welcome=True)
    cast.do(first, joins.answer, wish, POLICY, welcome=True)
    card = cast.see(second, meetings.see, meeting)
    assert (card.side, card.organisation, card.agenda, card.phone, card.may) == (
        "guest",
        "Sample First",
        "Our own words",
        None,
        frozenset(),
    )
    for person in (first, second, official):
        assert guests(cast, person, meeting) == [("Sample Second", "present", LINE)]
    assert cast.refused(third, meetings.see, meeting) == "not-yours"


def test_the_asker_does_not_let_itself_in(cast: Cast, office: int, first: int, second: int) -> None:
    cast.request(first, office)
    wish = ask(cast, second, office)
    with pytest.raises(LiaisonError) as refusal:
        cast.do(second, joins.answer, wish, POLICY, welcome=True)
    assert refusal.value.code == "not-yours"


def test_the_first_answer_counts(cast: Cast, office: int, official: int, first: int, second: int) -> None:
    cast.request(first, office)
    wish = joined(cast, first, second, office)
    with pytest.raises(LiaisonError) as refusal:
        cast.do(first, joins.answer, wish, POLICY, welcome=False)
    assert refusal.value.code == "stale"
    assert see(cast, first, wish).state == "present"
    assert told(cast, "joined") == [official]  # once


def test_a_guest_of_a_confirmed_meeting_gets_what_the_others_have_got(
    cast: Cast, office: int, official: int, first: int, second: int
) -> None:
    meeting = cast.request(first, office, WEDNESDAY + DAY)
    confirm(cast, official, meeting)
    cast.do(official, confirming.set_place, meeting, "Room 214", POLICY)
    before = {row["key"] for row in cast.rows(Notice)}
    joined(cast, first, second, office)
    added = [row for row in cast.rows(Notice) if row["key"] not in before and row["recipient_id"] == second]
    assert [(row["kind"], row["details"].get("before"), row["due_at"]) for row in added] == [
        ("confirmed", None, cast.now),
        ("remind", 86400, WEDNESDAY),
        ("remind", 7200, WEDNESDAY + DAY - timedelta(hours=2)),
        ("join_answered", None, cast.now),
    ]
    others = [row["kind"] for row in cast.rows(Notice) if row["key"] not in before and row["recipient_id"] != second]
    assert others == ["join_asked", "joined"]


def test_a_guest_is_told_what_follows(cast: Cast, office: int, official: int, first: int, second: int) -> None:
    meeting = cast.request(first, office)
    joined(cast, first, second, office)
    confirm(cast, official, meeting)
    assert told(cast, "confirmed") == [first, second, official]
    cast.do(official, confirming.set_place, meeting, "Room 214", POLICY)
    assert second in told(cast, "confirmed") + told(cast, "place")
    assert [person for person in told(cast, "remind") if person == second]


def test_no_answer_within_two_working_days(cast: Cast, office: int, first: int, second: int) -> None:
    cast.request(first, office, WEDNESDAY + 10 * DAY)
    cast.now = WEDNESDAY + 2 * DAY  # Friday, 09:00
    wish = ask(cast, second, office, LINE)
    term = see(cast, second, wish).answer_by
    assert term == holds.after_workdays(POLICY, 2, now=cast.now) == WEDNESDAY.replace(hour=0) + 7 * DAY
    cast.now = term - timedelta(microseconds=1)
    assert end_unanswered(cast) == 0
    cast.now = term
    assert (end_unanswered(cast), end_unanswered(cast)) == (1, 0)
    assert see(cast, second, wish).state == "refused"
    assert told(cast, "join_answered") == [second]
    assert cast.rows(Notice)[-1]["due_at"] == term + timedelta(hours=8)  # not at night
    with pytest.raises(LiaisonError) as refusal:
        cast.do(first, joins.answer, wish, POLICY, welcome=True)
    assert refusal.value.code == "stale"
    assert cast.do(second, joins.request_instead, wish, POLICY).data["agenda"] == LINE


def test_the_duty_tells_also_those_whose_meeting_is_off(cast: Cast, office: int, first: int, second: int) -> None:
    meeting = cast.request(first, office)
    wish = ask(cast, second, office)
    cast.do(first, endings.withdraw, meeting, POLICY)
    with pytest.raises(LiaisonError) as refusal:
        cast.do(first, joins.answer, wish, POLICY, welcome=True)
    assert refusal.value.code == "join-over"
    done = cast.database.write_now(duties.run_due, POLICY, now=cast.now, machine_now=cast.now)
    assert "end-unanswered-joins" in done
    assert told(cast, "join_answered") == [second]


@pytest.mark.parametrize("how", ["withdraw", "cancel"])
def test_when_the_first_ngo_gives_up_its_guests_are_told_and_may_ask_themselves(
    cast: Cast, office: int, official: int, first: int, second: int, how: str
) -> None:
    meeting = cast.request(first, office)
    wish = joined(cast, first, second, office, LINE)
    if how == "withdraw":
        cast.do(first, endings.withdraw, meeting, POLICY)
    else:
        confirm(cast, official, meeting)
        cast.do(first, endings.cancel, meeting, {"reason_code": "solved"}, POLICY)
    kind = {"withdraw": "withdrawn", "cancel": "cancelled"}[how]
    assert told(cast, kind) == [second, official]
    assert cast.see(second, meetings.see, meeting).side == "guest"
    draft = cast.do(second, joins.request_after, meeting, POLICY)
    assert (draft.step, draft.data["body"], draft.data["agenda"]) == ("mode", office, LINE)
    assert see(cast, second, wish).state == "present"


def test_a_guest_leaves_and_the_others_are_told(
    cast: Cast, office: int, official: int, first: int, second: int
) -> None:
    meeting = cast.request(first, office, WEDNESDAY + DAY)
    confirm(cast, official, meeting)
    wish = joined(cast, first, second, office)
    assert cast.refused(second, joins.request_instead, wish, POLICY) == "stale"
    assert cast.refused(first, joins.leave, meeting, POLICY) == "not-yours"
    assert cast.do(second, joins.leave, meeting, POLICY) == wish
    assert told(cast, "guest_left") == [first, official]
    assert cast.refused(second, meetings.see, meeting) == "not-yours"
    assert cast.refused(second, joins.leave, meeting, POLICY) == "not-yours"
    assert see(cast, second, wish).state == "left"
    assert cast.refused(first, joins.see, wish, POLICY) == "not-yours"
    still = [row["kind"] for row in cast.rows(Notice) if row["recipient_id"] == second and row["state"] == "owed"]
    assert still == ["join_answered"]
    assert guests(cast, official, meeting) == []
    cast.now += timedelta(minutes=1)
    again = joined(cast, first, second, office)  # and may come back
    assert again == wish
    still = [row["kind"] for row in cast.rows(Notice) if row["recipient_id"] == second and row["state"] == "owed"]
    assert sorted(still) == ["join_answered", "join_answered", "remind", "remind"]


def test_a_wish_may_be_taken_back_for_ones_own_request(cast: Cast, office: int, first: int, second: int) -> None:
    cast.request(first, office)
    wish = ask(cast, second, office)
    assert cast.do(second, joins.request_instead, wish, POLICY).step == "mode"
    assert see(cast, second, wish).state == "left"
    assert cast.refused(first, joins.see, wish, POLICY) == "not-yours"
    with pytest.raises(LiaisonError):
        cast.do(first, joins.answer, wish, POLICY, welcome=True)


def test_guests_go_along_when_a_request_is_passed_on(cast: Cast, office: int, first: int, second: int) -> None:
    old, new = cast.request(first, office), cast.request(first, office, WEDNESDAY + DAY)
    guest = {"organisation_id": cast.actor(second).organisations[0], "person_id": second, "agenda": LINE}
    cast.add(Guest(meeting_id=old, state="present", created_at=NOW, **guest))

    def carry(session: Session, actor: Actor) -> None:
        for _ in range(2):
            joinable.carry(session, session.get_one(Meeting, old), session.get_one(Meeting, new))

    cast.do(first, carry)
    assert guests(cast, second, new) == [("Sample Second", "present", LINE)]


async def test_five_places_are_five_also_at_once(cast: Cast, office: int, first: int) -> None:
    cast.request(first, office)
    askers = [cast.ngo(60 + number, f"Sample Guest {number}") for number in range(8)]
    keys: list[tuple[Actor, str]] = []
    for asker in askers:
        begun = reach_topic(cast, asker, office)
        keys.append((cast.actor(asker), cast.do(asker, joins.ask_line, begun.key, begun.rev).key))
    asked = (cast.database.write(joins.ask, actor, key, "", POLICY, now=cast.now) for actor, key in keys)
    wishes = await asyncio.gather(*asked)
    assert sum(wish is not None for wish in wishes) == joinable.MOST_GUESTS
    assert len(cast.rows(Guest)) == joinable.MOST_GUESTS
