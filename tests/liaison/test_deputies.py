"""Substitutes by dates and assistants: who answers on which day, what is refused, who is told what and when."""

from datetime import date, datetime, timedelta

import pytest

from liaison import (
    assistants,
    confirming,
    deputies,
    deputy_cards,
    deputy_links,
    leaves,
    meetings,
    people,
    stand_ins,
    standing_in,
)
from liaison.deputy_cards import Candidate
from storage.engine import Database
from storage.meetings import Meeting
from storage.notices import Notice
from storage.posts import Deputy
from storage.records import AuditEntry
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast
from tests.liaison.offices import TODAY, Offices, ask, binds, days, offices, stands_in


@pytest.fixture
def here(database: Database) -> Offices:
    return offices(Cast(database))


def told(here: Offices, kind: str) -> list[int]:
    return [who for _, who, state in here.cast.owed(kind) if state == "owed"]


def states(here: Offices) -> list[str]:
    return [row["state"] for row in here.cast.rows(Deputy)]


def test_the_candidates_are_the_officials_near_by(here: Offices) -> None:
    cast = here.cast
    below = cast.body("dep-below", "region_department", region_id=here.region, parent_id=here.bodies[0])
    lower = cast.official(below, 20, "Sample Lower")
    cast.official(cast.body("min-far"), 21, "Sample Far")
    upper = cast.official(here.region, 22, "Sample Upper")
    found = cast.see(here.officials[0], leaves.candidates, here.bodies[0])
    assert found == (
        Candidate(upper, here.region, "Sample Upper"),
        Candidate(lower, below, "Sample Lower"),
        Candidate(here.officials[1], here.bodies[1], "Sample Official 1"),
        Candidate(here.officials[2], here.bodies[2], "Sample Official 2"),
    )


def test_asked_and_accepted(here: Offices) -> None:
    cast, (official, substitute, stranger) = here.cast, here.officials
    deputy_id = ask(here, 0, 1, days(0, 2))
    assert cast.actor(substitute).substitutes == ()  # not before he accepts
    assert cast.owed("deputy_asked") == [("deputy_asked", substitute, "owed")]
    assert cast.refused(stranger, deputies.answer, deputy_id, POLICY, accepts=True) == "not-yours"
    assert cast.refused(official, deputies.answer, deputy_id, POLICY, accepts=True) == "not-yours"
    cast.do(substitute, deputies.answer, deputy_id, POLICY, accepts=True)
    assert cast.refused(substitute, deputies.answer, deputy_id, POLICY, accepts=False) == "deputy-decided"
    assert told(here, "deputy_accepted") == [official]
    assert cast.actor(substitute).substitutes == (cast.posts[here.bodies[0]],)
    cast.now = NOW + timedelta(days=3)
    assert cast.actor(substitute).substitutes == ()  # his days are over
    what = [row["what"] for row in cast.rows(AuditEntry)]
    assert what == ["substitute-asked", "substitute-accepted"]


def test_refused(here: Offices) -> None:
    deputy_id = ask(here, 0, 1, days(0, 2))
    here.cast.do(here.officials[1], deputies.answer, deputy_id, POLICY, accepts=False)
    assert told(here, "deputy_refused") == [here.officials[0]]
    assert here.cast.actor(here.officials[1]).substitutes == ()
    ask(here, 0, 2, days(0, 2))  # and somebody else is asked
    assert states(here) == ["refused", "asked"]


def test_a_coordinator_of_the_region_may_name_a_substitute_and_nobody_else(here: Offices) -> None:
    cast = here.cast
    far = cast.coordinator(91, cast.body("reg-far", "region", region_id=0))
    span = days(1, 2)
    for person in (far, here.ngo, here.officials[2], here.officials[1]):
        given = (here.bodies[0], span, here.officials[1], None, POLICY)
        assert cast.refused(person, deputies.ask, *given) == "not-yours"
    deputy_id = ask(here, 0, 1, span, by=here.keeper)
    cast.do(here.officials[1], deputies.answer, deputy_id, POLICY, accepts=True)
    assert told(here, "deputy_accepted") == [here.keeper, here.officials[0]]


def test_only_somebody_near_by_can_be_asked(here: Offices) -> None:
    far = here.cast.official(here.cast.body("min-far"), 21)
    for person in (far, here.ngo, here.officials[0], 999):
        given = (here.bodies[0], days(1, 2), person, None, POLICY)
        assert here.cast.refused(here.officials[0], deputies.ask, *given) == "not-yours"


@pytest.mark.parametrize("span", [(-1, 2), (3, 2), (0, 367), (367, 368)])
def test_days_that_cannot_be(here: Offices, span: tuple[int, int]) -> None:
    given = (here.bodies[0], days(*span), here.officials[1], None, POLICY)
    assert here.cast.refused(here.officials[0], deputies.ask, *given) == "bad-dates"


def test_no_loop_of_two_and_none_of_three(here: Offices) -> None:
    cast, bodies, (a, b, c) = here.cast, here.bodies, here.officials
    stands_in(here, 0, 1, days(1, 5))  # b for a
    assert cast.refused(b, deputies.ask, bodies[1], days(5, 9), a, None, POLICY) == "stands-in"
    assert cast.refused(b, deputies.ask, bodies[1], days(5, 9), c, None, POLICY) == "stands-in"
    assert cast.refused(c, deputies.ask, bodies[2], days(3, 3), a, None, POLICY) == "deputy-away"
    stands_in(here, 1, 0, days(6, 9))  # the days do not meet: a is back
    stands_in(here, 2, 0, days(8, 9))  # he may stand in for two


def test_who_went_away_meanwhile_cannot_accept(here: Offices) -> None:
    cast, (_, b, _) = here.cast, here.officials
    first = ask(here, 0, 1, days(1, 5))
    ask(here, 1, 2, days(5, 6))
    assert cast.refused(b, deputies.answer, first, POLICY, accepts=True) == "deputy-away"
    cast.do(b, deputies.answer, first, POLICY, accepts=False)  # to say no is always open
    cast.now = NOW + timedelta(days=9)
    late = cast.add(
        Deputy(
            post_id=cast.posts[here.bodies[0]],
            person_id=b,
            kind="substitute",
            state="asked",
            from_day=TODAY,
            until_day=TODAY,
            invited_by=here.officials[0],
            created_at=NOW,
        )
    )
    assert cast.refused(b, deputies.answer, late, POLICY, accepts=True) == "leave-over"


def test_another_leave_on_the_same_days(here: Offices) -> None:
    cast, (official, b, c) = here.cast, here.officials
    first = ask(here, 0, 1, days(1, 5))
    second = ask(here, 0, 2, days(4, 8))  # b had not answered yet: c is asked in his place
    assert states(here) == ["ended", "asked"]
    assert told(here, "deputy_ended") == [b]
    assert [row["state"] for row in cast.rows(Notice) if row["kind"] == "deputy_asked"] == ["dropped", "owed"]
    assert cast.refused(b, deputies.answer, first, POLICY, accepts=True) == "deputy-decided"
    cast.do(c, deputies.answer, second, POLICY, accepts=True)
    given = (here.bodies[0], days(8, 9), b, None, POLICY)
    assert cast.refused(official, deputies.ask, *given) == "leave-overlaps"


def test_a_post_that_nobody_has_joined_has_nobody_to_stand_in_for(here: Offices) -> None:
    empty = here.cast.body("dep-empty", "region_department", region_id=here.region, parent_id=here.region)
    given = (empty, days(1, 2), here.officials[0], None, POLICY)
    assert here.cast.refused(here.keeper, deputies.ask, *given) == "not-bound"
    assert here.cast.refused(here.keeper, leaves.begin, empty) == "not-bound"


def test_requests_go_to_the_substitute_on_his_days(here: Offices) -> None:
    cast, (official, substitute, _) = here.cast, here.officials
    before = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    stands_in(here, 0, 1, days(0, 2))
    assert [
        row["meeting_id"] for row in cast.rows(Notice) if (row["kind"], row["recipient_id"]) == ("request", substitute)
    ] == [before]  # what was open is passed to him too
    during = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=7))
    got = {row["recipient_id"] for row in cast.rows(Notice) if (row["kind"], row["meeting_id"]) == ("request", during)}
    assert got == {substitute}
    assert cast.see(substitute, meetings.see, during).side == "substitute"
    cast.do(official, confirming.confirm, before, cast.slots(before, official)[0], POLICY)  # he still may
    cast.do(substitute, confirming.confirm, during, cast.slots(during, substitute)[0], POLICY)
    card = cast.see(here.ngo, meetings.see, during)
    assert card.answered_as == "substitute"
    assert [one.name for one in card.stand_ins] == ["Sample Official 1"]


def test_a_leave_to_come_begins_on_its_day_in_the_daytime(here: Offices) -> None:
    cast, substitute = here.cast, here.officials[1]
    stands_in(here, 0, 1, days(2, 4))
    request = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    offered = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=7))
    assert told(here, "request") == [here.officials[0]] * 2

    def begin(at: datetime) -> None:
        cast.now = at
        cast.database.write_now(standing_in.begin_due, POLICY, now=at)

    begin(NOW + timedelta(days=1))
    begin(datetime(2026, 12, 3, 7, 59, tzinfo=POLICY.zone))  # nobody is written to at night
    assert (told(here, "request"), told(here, "stands_in")) == ([here.officials[0]] * 2, [])
    for hour in (9, 10, 20):
        begin(datetime(2026, 12, 3, hour, tzinfo=POLICY.zone))
    assert told(here, "request") == [here.officials[0]] * 2 + [substitute] * 2
    assert told(here, "stands_in") == [here.ngo]  # one word for both
    told_of = cast.see(here.ngo, standing_in.standing, 1, POLICY)
    assert [one.meeting_id for one in told_of.meetings] == [request, offered]
    assert (told_of.name, told_of.official) == ("Sample Official 1", "Sample Official 0")


def test_a_meeting_after_the_return_stays_with_the_official(here: Offices) -> None:
    cast, (official, substitute, _) = here.cast, here.officials
    stands_in(here, 0, 1, days(0, 4))
    for day in (1, 6):
        meeting_id = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=day))
        cast.do(substitute, confirming.confirm, meeting_id, cast.slots(meeting_id, substitute)[0], POLICY)
    reminded = {(row["meeting_id"], row["recipient_id"]) for row in cast.rows(Notice) if row["kind"] == "remind"}
    assert reminded == {(1, here.ngo), (1, substitute), (2, here.ngo), (2, official)}


def test_reminders_go_over_to_the_substitute_and_back(here: Offices) -> None:
    cast, (official, substitute, _) = here.cast, here.officials
    meeting_id = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=3))
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)

    def reminded() -> list[int]:
        return sorted(who for who in told(here, "remind") if who != here.ngo)

    assert reminded() == [official] * 2
    deputy_id = stands_in(here, 0, 1, days(2, 5))
    assert reminded() == [substitute] * 2
    assert told(here, "stands_in") == [here.ngo]  # whom it will meet
    cast.do(official, deputies.end, deputy_id, POLICY)
    assert reminded() == [official] * 2
    assert told(here, "stands_in") == []  # had not been sent: it is not true any more
    assert len(told(here, "remind")) == 4


def test_ended_early(here: Offices) -> None:
    cast, (official, substitute, stranger) = here.cast, here.officials
    deputy_id = stands_in(here, 0, 1, days(0, 4))
    request = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    for person in (stranger, here.ngo):
        assert cast.refused(person, deputies.end, deputy_id, POLICY) == "not-yours"
    cast.do(substitute, deputies.end, deputy_id, POLICY)
    assert cast.refused(official, deputies.end, deputy_id, POLICY) == "deputy-decided"
    assert told(here, "deputy_ended") == [official]
    assert told(here, "back") == []
    assert told(here, "request") == [substitute, official]  # what waits is his again
    assert cast.refused(substitute, meetings.see, request) == "not-yours"


def test_back_on_the_day_after_the_last(here: Offices) -> None:
    cast, (official, substitute, stranger) = here.cast, here.officials
    deputy_id = stands_in(here, 0, 1, days(0, 4))
    (notice,) = [row for row in cast.rows(Notice) if row["kind"] == "back"]
    assert (notice["recipient_id"], notice["due_at"]) == (official, datetime(2026, 12, 6, 9, tzinfo=POLICY.zone))
    done = [cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=day)) for day in (6, 7)]
    for meeting_id in done:
        cast.do(substitute, confirming.confirm, meeting_id, cast.slots(meeting_id, substitute)[0], POLICY)
    waiting = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=8))
    cast.now = NOW + timedelta(days=5)
    found = cast.see(official, standing_in.balance, deputy_id)
    assert (found.name, found.done, [one.meeting_id for one in found.waiting]) == ("Sample Official 1", 2, [waiting])
    for person in (substitute, stranger, here.ngo):
        assert cast.refused(person, standing_in.balance, deputy_id) == "not-yours"


def test_the_ngo_is_told_only_what_concerns_it(here: Offices) -> None:
    cast = here.cast
    other = cast.ngo(31, "Other NGO")
    deputy_id = stands_in(here, 0, 1, days(0, 4))
    assert cast.refused(here.ngo, standing_in.standing, deputy_id, POLICY) == "not-yours"
    cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    assert cast.see(here.ngo, standing_in.standing, deputy_id, POLICY).until_day == date(2026, 12, 5)
    assert cast.refused(other, standing_in.standing, deputy_id, POLICY) == "not-yours"
    cast.now = NOW + timedelta(days=5)
    assert cast.refused(here.ngo, standing_in.standing, deputy_id, POLICY) == "not-yours"


def test_a_substitute_by_link(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    payload, digest = deputy_links.make()
    deputy_id = cast.do(official, deputies.ask, here.bodies[0], days(0, 3), None, digest, POLICY)
    assert payload not in str(cast.rows(Deputy))
    person, second = cast.person(70), cast.person(71)
    opened = {"display_name": "Sample Helper"}
    cast.do(person, deputy_links.accept, payload, POLICY, **opened)
    assert states(here) == ["asked"]  # he has to accept
    cast.do(second, deputy_links.accept, payload, POLICY, **opened)
    assert cast.see(person, deputy_links.found, digest) == deputy_id
    assert cast.see(second, deputy_links.found, digest) is None
    assert cast.refused(second, deputies.answer, deputy_id, POLICY, accepts=True) == "not-yours"
    cast.do(person, deputies.answer, deputy_id, POLICY, accepts=True)
    assert cast.see(official, deputy_cards.see, deputy_id).name == "Sample Helper"
    assert [row["what"] for row in cast.rows(AuditEntry)].count("deputy-link-refused") == 1


def test_an_assistant_answers_and_is_shown_as_such(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    waiting = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    payload = cast.do(official, assistants.invite, here.bodies[0])
    assistant = cast.person(70)
    cast.do(assistant, deputy_links.accept, payload, POLICY, display_name="Sample Helper")
    assert told(here, "deputy_accepted") == [official]
    assert told(here, "request") == [official, assistant]  # what waits comes to him too
    cast.do(assistant, confirming.confirm, waiting, cast.slots(waiting, assistant)[0], POLICY)
    assert cast.see(here.ngo, meetings.see, waiting).answered_as == "assistant"
    for person in (assistant, here.officials[1], here.keeper):  # he alone chooses his assistants
        assert cast.refused(person, assistants.invite, here.bodies[0]) == "not-yours"
    given = (here.bodies[0], days(1, 2), here.officials[1], None, POLICY)
    assert cast.refused(assistant, deputies.ask, *given) == "not-yours"


def test_an_assistant_is_removed_at_once(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    payload = cast.do(official, assistants.invite, here.bodies[0])
    assistant = cast.person(70)
    cast.do(assistant, deputy_links.accept, payload, POLICY, display_name="Sample Helper")
    waiting = cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    cast.do(official, deputies.end, 1, POLICY)
    assert told(here, "deputy_ended") == [assistant]
    assert cast.refused(assistant, meetings.see, waiting) == "not-yours"
    cast.do(assistant, deputy_links.accept, payload, POLICY, display_name="Sample Helper")  # the link is used up
    assert states(here) == ["ended"]


def test_so_many_assistants_and_links_that_expire(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    links = [cast.do(official, assistants.invite, here.bodies[0]) for _ in range(assistants.MOST)]
    assert cast.refused(official, assistants.invite, here.bodies[0]) == "most-assistants"
    cast.now = NOW + timedelta(days=14)
    person = cast.person(70)
    cast.do(person, deputy_links.accept, links[0], POLICY, display_name="Sample Helper")
    assert cast.actor(person).assists == ()
    assert cast.do(official, assistants.invite, here.bodies[0])  # those expired count no more


def test_a_second_account_bound_to_the_post_ends_what_the_first_arranged(here: Offices) -> None:
    cast = here.cast
    stands_in(here, 0, 1, days(0, 4))
    binds(here, here.bodies[0], cast.person(70))
    assert states(here) == ["ended"]
    assert cast.actor(here.officials[1]).substitutes == ()
    assert cast.actor(here.officials[0]).posts == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("24.12", [date(2026, 12, 24)]),
        ("1.12 – 24.12", [date(2026, 12, 1), date(2026, 12, 24)]),
        ("1–24.12", [date(2026, 12, 1), date(2026, 12, 24)]),
        ("28.12.2026 - 5.1", [date(2026, 12, 28), date(2027, 1, 5)]),
        ("с 28.12 по 5.1", [date(2026, 12, 28), date(2027, 1, 5)]),
        ("2026-12-05 2026-12-06", [date(2026, 12, 5), date(2026, 12, 6)]),
        ("30.11", [date(2027, 11, 30)]),  # the next one
        ("tomorrow", []),
    ],
)
def test_typed_days(text: str, found: list[date]) -> None:
    assert leaves.days_in(text, TODAY) == found


def test_the_dialogue(here: Offices) -> None:
    cast, (official, substitute, _) = here.cast, here.officials
    draft = cast.do(official, leaves.begin, here.bodies[0])
    for text in ("31.2", "soon", "1.12 2.12 3.12", "24.12 - 1.12.2026"):
        assert cast.refused(official, leaves.say, draft.key, text, POLICY) == "bad-dates"
    card = cast.do(official, leaves.choose, draft.key, "from", "2026-12-03", POLICY)
    assert card.step == "until"
    assert cast.refused(official, leaves.choose, draft.key, "from", "2026-12-03", POLICY) == "out-of-step"
    assert cast.refused(official, leaves.choose, draft.key, "until", "never", POLICY) == "not-yours"
    assert cast.refused(official, leaves.choose, draft.key, "until", "2026-12-02", POLICY) == "bad-dates"
    assert cast.do(official, leaves.look_at, draft.key, "2026-12").data["month"] == "2026-12"
    assert cast.do(official, leaves.say, draft.key, "5.12", POLICY).step == "whom"
    assert cast.do(official, leaves.back, draft.key) is None
    assert cast.do(official, leaves.choose, draft.key, "until", "2026-12-04", POLICY).step == "whom"
    deputy_id = cast.do(official, leaves.ask, draft.key, substitute, POLICY)
    card = cast.see(official, deputy_cards.see, deputy_id)
    assert (card.from_day, card.until_day, card.state) == (date(2026, 12, 3), date(2026, 12, 4), "asked")
    found = cast.see(official, deputy_cards.page, here.bodies[0], POLICY)
    assert ([one.id for one in found.leaves], found.assistants, found.own) == ([deputy_id], (), True)


def test_who_stands_in_on_a_day() -> None:
    one = stand_ins.StandIn("Sample", date(2026, 12, 1), date(2026, 12, 3))
    assert stand_ins.on((one,), date(2026, 12, 3)) == one
    assert stand_ins.on((one,), date(2026, 12, 4)) is None


def test_a_request_made_while_the_substitute_is_unreachable_goes_to_the_official(here: Offices) -> None:
    cast = here.cast
    stands_in(here, 0, 1, days(0, 4))
    cast.database.write_now(people.mark_reach, 11, reachable=False, now=NOW)
    cast.request(here.ngo, here.bodies[0], WEDNESDAY + timedelta(days=6))
    assert told(here, "request") == [here.officials[0]]
    assert len(cast.rows(Meeting)) == 1
