"""A word between the sides: who is told, who may write, how often and how long, muted and reported."""

from datetime import timedelta
from typing import Any

import pytest

from liaison import confirming, meetings, talk_reports, talks
from liaison.errors import LiaisonError
from storage.engine import Database
from storage.meetings import Guest, Meeting
from storage.people import Membership
from storage.posts import Deputy, Holder
from storage.records import AuditEntry, Fact
from storage.talks import Mute, Word
from tests.liaison.cast import CONSENTED, NOW, POLICY, WEDNESDAY, Cast

DAY = timedelta(days=1)
FRIDAY = WEDNESDAY.replace(hour=0) + 2 * DAY  # the midnight that ends the day after the meeting


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


@pytest.fixture
def meeting(cast: Cast, office: int, official: int, ngo: int) -> int:
    """Confirmed for Wednesday, 09:00."""
    return confirmed(cast, ngo, official, office)


def confirmed(cast: Cast, ngo: int, official: int, office: int) -> int:
    meeting_id = cast.request(ngo, office)
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    return meeting_id


def write(cast: Cast, person_id: int, meeting_id: int, text: str = "Which entrance?") -> talks.Passed:
    draft = cast.do(person_id, talks.ask, meeting_id, POLICY)
    passed: talks.Passed = cast.do(person_id, talks.say, draft.key, text, POLICY)
    return passed


def told(cast: Cast) -> list[int]:
    """Who was owed a word, in order."""
    return [person_id for _, person_id, _ in cast.owed("word")]


def words(cast: Cast, person_id: int, meeting_id: int) -> list[tuple[str, str, bool]]:
    card = cast.see(person_id, meetings.see, meeting_id)
    return [(word.side, word.text, word.own) for word in card.talk.words]


def fields_of(cast: Cast, person_id: int, rule: Any, *args: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(LiaisonError) as refusal:
        cast.do(person_id, rule, *args)
    return refusal.value.code, refusal.value.fields


def assistant(cast: Cast, office: int, telegram_id: int) -> int:
    person_id = cast.person(telegram_id)
    given = {"state": "accepted", "invited_by": person_id, "created_at": NOW}
    cast.add(Deputy(post_id=cast.posts[office], kind="assistant", person_id=person_id, **given))
    return person_id


def test_a_word_goes_to_the_other_sides_people_and_to_nobody_else(
    cast: Cast, office: int, official: int, ngo: int, meeting: int
) -> None:
    helper = assistant(cast, office, 11)
    cast.coordinator(40)
    assert write(cast, ngo, meeting) == talks.Passed(meeting, masked=False)
    assert told(cast) == [official, helper]
    write(cast, helper, meeting, "Entrance 3")
    assert told(cast) == [official, helper, ngo]
    assert words(cast, ngo, meeting) == [
        ("representative", "Which entrance?", True),
        ("assistant", "Entrance 3", False),
    ]
    assert words(cast, official, meeting) == [
        ("representative", "Which entrance?", False),
        ("assistant", "Entrance 3", False),
    ]


def test_guests_sit_with_the_ngo(cast: Cast, official: int, ngo: int, meeting: int) -> None:
    guest = cast.ngo(31, "Sample Guest")
    organisation = cast.actor(guest).organisations[0]
    cast.add(Guest(meeting_id=meeting, organisation_id=organisation, person_id=guest, state="present", created_at=NOW))
    write(cast, guest, meeting)
    write(cast, official, meeting, "Entrance 3")
    assert told(cast) == [official, ngo, guest]
    assert words(cast, ngo, meeting)[0] == ("guest", "Which entrance?", False)


def test_phones_are_not_passed_on_nor_kept(cast: Cast, official: int, ngo: int, meeting: int) -> None:
    assert write(cast, ngo, meeting, "Call 8 701 234 56 78 or @sample, please").masked
    assert [row["text"] for row in cast.rows(Word)] == ["Call ••• or •••, please"]
    draft = cast.do(ngo, talks.ask, meeting, POLICY)
    assert cast.refused(ngo, talks.say, draft.key, " +7 701 234 56 78 ", POLICY) == "only-contacts"
    assert cast.refused(ngo, talks.say, draft.key, "x" * 301, POLICY) == "too-long"
    assert cast.refused(ngo, talks.say, draft.key, "  \n ", POLICY) == "too-short"
    cast.do(ngo, talks.say, draft.key, "x" * 300, POLICY)
    assert cast.refused(ngo, talks.say, draft.key, "twice", POLICY) == "out-of-step"


@pytest.mark.parametrize(
    "state", ["requested", "offered", "declined", "withdrawn", "cancelled", "expired", "redirected"]
)
def test_without_a_confirmed_time_nothing_is_passed_on(
    cast: Cast, official: int, ngo: int, meeting: int, state: str
) -> None:
    draft = cast.do(ngo, talks.ask, meeting, POLICY)

    def set_state(session: Any, actor: Any) -> None:
        session.get_one(Meeting, meeting).state = state

    cast.do(ngo, set_state)
    assert cast.refused(ngo, talks.say, draft.key, "Which entrance?", POLICY) == "talk-closed"
    assert cast.refused(official, talks.ask, meeting, POLICY) == "talk-closed"
    assert not cast.see(ngo, meetings.see, meeting).talk.part


@pytest.mark.parametrize("state", ["confirmed", "held", "not_held"])
def test_the_talk_ends_with_the_day_after_the_meeting(
    cast: Cast, official: int, ngo: int, meeting: int, state: str
) -> None:
    def set_state(session: Any, actor: Any) -> None:
        session.get_one(Meeting, meeting).state = state

    cast.do(ngo, set_state)
    cast.now = FRIDAY - timedelta(microseconds=1)
    write(cast, official, meeting)
    draft = cast.do(ngo, talks.ask, meeting, POLICY)
    cast.now = FRIDAY
    assert cast.refused(ngo, talks.say, draft.key, "Which entrance?", POLICY) == "talk-closed"
    assert words(cast, ngo, meeting) == [("official", "Which entrance?", False)]  # it can still be read


def test_not_before_the_ngo_is_told_that_it_is_confirmed(cast: Cast, office: int, official: int, ngo: int) -> None:
    meeting = cast.request(ngo, office)
    undo = POLICY.__class__(**{**POLICY.__dict__, "undo": timedelta(seconds=60)})
    cast.do(official, confirming.confirm, meeting, cast.slots(meeting, official)[0], undo)
    assert cast.refused(official, talks.ask, meeting, undo) == "talk-closed"
    cast.now += timedelta(seconds=60)
    cast.do(official, talks.ask, meeting, undo)


def test_at_most_ten_an_hour_about_one_meeting(cast: Cast, office: int, official: int, ngo: int, meeting: int) -> None:
    first = cast.now
    draft = cast.do(ngo, talks.ask, meeting, POLICY)
    for minute in range(9):
        cast.now = first + timedelta(minutes=minute)
        write(cast, ngo, meeting, f"word {minute}")
    draft = cast.do(ngo, talks.ask, meeting, POLICY)
    cast.do(ngo, talks.say, draft.key, "the tenth", POLICY)
    limit = ("words-an-hour", {"meeting": meeting, "most": 10, "at": first + timedelta(hours=1)})
    assert fields_of(cast, ngo, talks.ask, meeting, POLICY) == limit
    write(cast, official, meeting)  # another person
    other = cast.request(ngo, office, WEDNESDAY + DAY)
    cast.do(official, confirming.confirm, other, cast.slots(other, official)[0], POLICY)
    write(cast, ngo, other)  # another meeting
    cast.now = first + timedelta(hours=1)
    write(cast, ngo, meeting, "an hour later")
    assert fields_of(cast, ngo, talks.ask, meeting, POLICY) == (
        "words-an-hour",
        {"meeting": meeting, "most": 10, "at": first + timedelta(hours=1, minutes=1)},
    )


def test_at_most_thirty_on_one_local_day(cast: Cast, office: int, official: int, ngo: int, meeting: int) -> None:
    for hour in range(3):
        cast.now = NOW + timedelta(hours=hour)
        for number in range(10):
            write(cast, ngo, meeting, f"word {hour}.{number}")
    cast.now = NOW + timedelta(hours=4)
    midnight = WEDNESDAY.replace(hour=0)
    limit = ("words-a-day", {"meeting": meeting, "most": 30, "at": midnight})
    assert fields_of(cast, ngo, talks.ask, meeting, POLICY) == limit
    cast.now = midnight - timedelta(microseconds=1)
    assert fields_of(cast, ngo, talks.ask, meeting, POLICY) == limit
    cast.now = midnight
    write(cast, ngo, meeting)


def test_who_muted_hears_nothing_and_sees_nothing_until_he_hears_again(
    cast: Cast, office: int, official: int, ngo: int, meeting: int
) -> None:
    helper = assistant(cast, office, 11)
    write(cast, ngo, meeting, "first")
    before = cast.rows(Word)[0]["id"]
    cast.do(official, talks.mute, meeting, POLICY, muted=True)
    cast.do(official, talks.mute, meeting, POLICY, muted=True)  # a double tap
    assert [(row["meeting_id"], row["person_id"]) for row in cast.rows(Mute)] == [(meeting, official)]
    assert cast.refused(official, talks.heard, before, POLICY) == "not-yours"  # what was owed is not told any more
    assert cast.see(helper, talks.heard, before, POLICY).text == "first"
    write(cast, ngo, meeting, "second")
    assert told(cast) == [official, helper, helper]
    write(cast, official, meeting, "I can still write")
    assert words(cast, official, meeting) == [("official", "I can still write", True)]
    cast.do(helper, talks.mute, meeting, POLICY, muted=True)
    draft_before = cast.everything()
    assert fields_of(cast, ngo, talks.ask, meeting, POLICY) == ("not-passed-on", {"meeting": meeting})
    assert cast.everything() == draft_before
    cast.do(official, talks.mute, meeting, POLICY, muted=False)
    write(cast, ngo, meeting, "third")
    assert told(cast)[-1] == official
    assert [text for _, text, _ in words(cast, official, meeting)] == ["second", "I can still write", "third"]


def test_strangers_and_those_who_only_watch_see_no_word(
    cast: Cast, office: int, official: int, ngo: int, meeting: int
) -> None:
    stranger, watcher = cast.ngo(32, "Sample Stranger"), cast.coordinator(40)
    write(cast, ngo, meeting)
    word = cast.rows(Word)[0]["id"]
    for person, codes in ((stranger, ("not-yours", "not-yours")), (watcher, ("talk-closed", "not-yours"))):
        assert cast.refused(person, talks.ask, meeting, POLICY) == codes[0]
        assert cast.refused(person, talks.see, word, POLICY) == "not-yours"
        assert cast.refused(person, talk_reports.see, word) == "not-yours"
        assert cast.refused(person, talk_reports.judge, word, "closed") == "not-yours"
        assert cast.refused(person, talk_reports.report, word, POLICY) == "not-yours"
        with pytest.raises(LiaisonError):
            cast.do(person, talks.mute, meeting, POLICY, muted=True)
    assert cast.refused(ngo, talks.see, word + 1, POLICY) == "not-yours"
    card = cast.see(watcher, meetings.see, meeting)
    assert (card.side, card.talk.words, card.talk.part) == ("coordinator", (), False)


def test_a_coordinator_who_answers_for_an_office_without_an_official_takes_part(cast: Cast) -> None:
    office, coordinator = cast.body("bare"), cast.coordinator(40)
    ngo = cast.ngo(30)
    meeting = confirmed(cast, ngo, coordinator, office)
    write(cast, ngo, meeting)
    write(cast, coordinator, meeting, "I shall ask")
    assert told(cast) == [coordinator, ngo]
    assert words(cast, coordinator, meeting) == [
        ("representative", "Which entrance?", False),
        ("coordinator", "I shall ask", True),
    ]


def test_a_former_official_has_no_part_any_more(cast: Cast, official: int, ngo: int, meeting: int) -> None:
    write(cast, ngo, meeting)
    word = cast.rows(Word)[0]["id"]

    def leave(session: Any, actor: Any) -> None:
        session.query(Holder).one().until = NOW

    cast.do(official, leave)
    assert cast.refused(official, talks.heard, word, POLICY) == "not-yours"
    assert cast.refused(official, talks.ask, meeting, POLICY) == "not-yours"


def test_a_reported_word_goes_to_the_coordinators_of_the_region_once(cast: Cast) -> None:
    region = cast.body("region", "region", region_id=0)
    office = cast.body("district", "district", region_id=region)
    official, ngo = cast.official(office, 10), cast.ngo(30)
    near, far = cast.coordinator(40, region), cast.coordinator(41, cast.body("other", "region", region_id=0))
    meeting = confirmed(cast, ngo, official, office)
    write(cast, official, meeting, "A rude word")
    word = cast.rows(Word)[0]["id"]
    assert cast.refused(official, talk_reports.report, word, POLICY) == "not-yours"  # his own
    assert cast.refused(near, talk_reports.see, word) == "not-yours"  # nobody reported it yet
    cast.do(ngo, talk_reports.report, word, POLICY)
    after = cast.everything()
    cast.do(ngo, talk_reports.report, word, POLICY)
    assert cast.everything() == after
    assert cast.owed("word_reported") == [("word_reported", near, "owed")]
    row = cast.rows(Word)[0]
    assert (row["reported_by"], row["reported_at"]) == (ngo, cast.now)
    card = cast.see(near, lambda session, actor: talk_reports.see(session, actor, word))
    assert (card.text, card.side, card.body_id, card.verdict) == ("A rude word", "official", office, None)
    for person in (far, official, ngo):
        assert cast.refused(person, talk_reports.see, word) == "not-yours"
        assert cast.refused(person, talk_reports.judge, word, "closed") == "not-yours"
    seen = cast.see(ngo, talks.see, word, POLICY)
    assert (seen.reported, seen.may_report) == (True, False)
    assert [(row["person_id"], row["what"], row["details"]) for row in cast.rows(AuditEntry)] == [
        (ngo, "word-reported", {"meeting": meeting, "word": word})
    ]


def test_closing_the_talk_mutes_both_sides_for_good(cast: Cast, official: int, ngo: int, meeting: int) -> None:
    coordinator, second = cast.coordinator(40), cast.coordinator(41)
    write(cast, official, meeting, "A rude word")
    word = cast.rows(Word)[0]["id"]
    cast.do(ngo, talk_reports.report, word, POLICY)
    assert cast.refused(coordinator, talk_reports.judge, word, "forged") == "not-yours"
    cast.do(coordinator, talk_reports.judge, word, "closed")
    assert cast.refused(second, talk_reports.judge, word, "fine") == "stale"
    assert cast.owed("word_judged") == [("word_judged", ngo, "owed")]  # once
    assert cast.see(ngo, talks.see, word, POLICY).verdict == "closed"
    for person in (official, ngo):
        assert cast.refused(person, talks.ask, meeting, POLICY) == "talk-closed"
        cast.do(person, talks.mute, meeting, POLICY, muted=False)
        assert cast.refused(person, talks.ask, meeting, POLICY) == "talk-closed"
        assert cast.see(person, meetings.see, meeting).talk.closed
    assert cast.refused(ngo, talks.heard, word, POLICY) == "not-yours"
    assert [row["name"] for row in cast.rows(Fact)] == [f"talk-closed:{meeting}", f"word-verdict:{word}"]
    assert [(row["person_id"], row["what"]) for row in cast.rows(AuditEntry)] == [
        (ngo, "word-reported"),
        (coordinator, "word-judged"),
    ]


def test_what_is_fine_goes_on(cast: Cast, official: int, ngo: int, meeting: int) -> None:
    coordinator = cast.coordinator(40)
    write(cast, official, meeting)
    word = cast.rows(Word)[0]["id"]
    cast.do(ngo, talk_reports.report, word, POLICY)
    cast.do(coordinator, talk_reports.judge, word, "fine")
    card = cast.see(coordinator, lambda session, actor: talk_reports.see(session, actor, word))
    assert card.verdict == "fine"
    write(cast, official, meeting)
    assert cast.owed("word_judged") == [("word_judged", ngo, "owed")]
    assert cast.see(ngo, talks.see, word, POLICY).verdict == "fine"


def test_a_coordinator_does_not_judge_his_own_word(cast: Cast) -> None:
    region = cast.body("region", "region", region_id=0)
    office = cast.body("district", "district", region_id=region)
    own, ngo, above = cast.coordinator(40, region), cast.ngo(30), cast.coordinator(41)
    meeting = confirmed(cast, ngo, own, office)
    write(cast, own, meeting, "A rude word")
    word = cast.rows(Word)[0]["id"]
    cast.do(ngo, talk_reports.report, word, POLICY)
    assert cast.owed("word_reported") == [("word_reported", above, "owed")]
    assert cast.refused(own, talk_reports.judge, word, "fine") == "not-yours"
    cast.do(above, talk_reports.judge, word, "closed")


def test_the_card_has_the_last_three_words(cast: Cast, official: int, ngo: int, meeting: int) -> None:
    for number in range(5):
        cast.now = NOW + timedelta(minutes=number)
        write(cast, (ngo, official)[number % 2], meeting, f"word {number}")
    card = cast.see(ngo, meetings.see, meeting)
    assert [(word.text, word.at) for word in card.talk.words] == [
        (f"word {number}", NOW + timedelta(minutes=number)) for number in (2, 3, 4)
    ]


def test_a_colleague_of_the_ngo_may_write_and_is_not_written_to(
    cast: Cast, official: int, ngo: int, meeting: int
) -> None:
    colleague = cast.person(33, name="Samplev Arman", consent_version=CONSENTED, consent_at=NOW)
    organisation = cast.actor(ngo).organisations[0]
    cast.add(
        Membership(organisation_id=organisation, person_id=colleague, title="lawyer", state="present", created_at=NOW)
    )
    write(cast, colleague, meeting)
    write(cast, official, meeting, "Entrance 3")
    assert told(cast) == [official, ngo]
    assert [text for _, text, _ in words(cast, colleague, meeting)] == ["Which entrance?", "Entrance 3"]
