"""Was it held? What each party says, when it counts, who settles a contradiction, and who is asked at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from liaison import confirming, drafts, endings, outcome_asking, outcome_sight, outcomes, proposals
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Guest, Meeting, Step
from storage.notices import Notice
from storage.outcomes import Outcome
from storage.people import Membership, Role
from storage.posts import Deputy, Holder
from storage.records import AuditEntry
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast
from tests.liaison.met import ASKED, DAY, END, HOUR, SILENT, Met


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def met(cast: Cast) -> Met:
    return Met.held_in(cast)


def asked(cast: Cast) -> list[tuple[int, str, object]]:
    """Whom the question is owed: recipient, state, due."""
    rows = [row for row in cast.rows(Notice) if row["kind"] == "outcome"]
    return [(row["recipient_id"], row["state"], row["due_at"]) for row in rows]


def leave_post(session: Session, post_id: int) -> None:
    session.execute(update(Holder).where(Holder.post_id == post_id).values(until=NOW))


def test_both_are_asked_an_hour_after_the_end_and_of_the_office_one(cast: Cast) -> None:
    body = cast.body("sample")
    official, ngo, guest = cast.official(body, 10), cast.ngo(11), cast.ngo(12, "Second Sample NGO")
    assistant = cast.person(13)
    deputy = Deputy(
        post_id=cast.posts[body],
        person_id=assistant,
        kind="assistant",
        state="accepted",
        invited_by=official,
        created_at=NOW,
    )
    cast.add(deputy)
    meeting_id = cast.request(ngo, body)
    organisation = cast.actor(guest).organisations[0]
    cast.add(
        Guest(meeting_id=meeting_id, organisation_id=organisation, person_id=guest, state="present", created_at=NOW)
    )
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    assert asked(cast) == [(ngo, "owed", ASKED), (official, "owed", ASKED)]
    cast.now = ASKED
    cast.database.write_now(outcome_asking.ask, POLICY, now=cast.now)  # the duty finds that both have been asked
    assert asked(cast) == [(ngo, "owed", ASKED), (official, "owed", ASKED)]


def test_a_move_plans_the_question_anew_and_an_end_takes_it_back(cast: Cast) -> None:
    body = cast.body("sample")
    official, ngo = cast.official(body, 10), cast.ngo(11)
    meeting_id = cast.request(ngo, body, WEDNESDAY + 5 * DAY)
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    later = WEDNESDAY + 6 * DAY
    cast.do(ngo, proposals.new_times, meeting_id, [Span(later, later + POLICY.slot_length)], None, POLICY)
    assert [state for _, state, _ in asked(cast)] == ["dropped", "dropped"]
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    assert asked(cast)[2:] == [(person, "owed", ASKED + 6 * DAY) for person in (ngo, official)]
    cast.do(ngo, endings.cancel, meeting_id, {"reason_code": "ill"}, POLICY)
    assert {state for _, state, _ in asked(cast)} == {"dropped"}


def test_whoever_answers_for_the_post_at_that_hour_is_asked(met: Met) -> None:
    cast = met.cast
    substitute = cast.person(20)
    day = END.date()
    deputy = Deputy(
        post_id=cast.posts[met.body],
        person_id=substitute,
        kind="substitute",
        state="accepted",
        from_day=day,
        until_day=day,
        invited_by=met.official,
        created_at=NOW,
    )
    cast.add(deputy)
    met.duty(outcome_asking.ask)
    assert met.due("outcome") == {met.ngo: None, met.official: None, substitute: None}
    cast.database.write_now(leave_post, cast.posts[met.body])
    assert met.due("outcome")[met.official] == "no longer speaks for this side"
    met.say(substitute, "office", "held")
    assert met.due("outcome") == {
        met.ngo: None,
        met.official: "no longer speaks for this side",
        substitute: "answered",
    }


def test_nobody_is_asked_after_a_fortnight(met: Met) -> None:
    rows = len(asked(met.cast))
    met.cast.database.write_now(_forget_questions)
    met.duty(outcome_asking.ask, END + outcome_asking.ASKED_WITHIN)
    assert asked(met.cast) == []
    met.duty(outcome_asking.ask, END + outcome_asking.ASKED_WITHIN - HOUR)
    assert len(asked(met.cast)) == rows


def _forget_questions(session: Session) -> None:
    session.execute(delete(Notice).where(Notice.kind == "outcome"))


@pytest.mark.parametrize(
    ("ngo", "office", "state", "absent"),
    [
        (("held", None), ("held", None), "held", None),
        (("not_held", "they"), ("not_held", "we"), "not_held", "office"),
        (("not_held", "we"), ("not_held", "they"), "not_held", "ngo"),
        (("not_held", "they"), ("not_held", "they"), "not_held", None),  # each blames the other: nobody
        (("not_held", "they"), ("not_held", "by_phone"), "not_held", None),
        (("not_held", "by_phone"), ("not_held", "by_phone"), "not_held", None),
        (("moved", None), ("moved", None), "not_held", None),
        (("moved", None), ("not_held", "by_phone"), "not_held", None),
        (("held", None), ("not_held", "they"), "confirmed", None),
        (("moved", None), ("held", None), "confirmed", None),
    ],
)
def test_what_both_say_counts(
    met: Met, ngo: tuple[str, str | None], office: tuple[str, str | None], state: str, absent: str | None
) -> None:
    met.say(met.ngo, "ngo", *ngo)
    assert met.state == "confirmed"
    met.say(met.official, "office", *office)
    assert met.state == state
    assert met.cast.database.read_now(lambda session: outcomes.absent(outcomes.said_by(session, met.id))) == absent
    if state != "confirmed":
        step = met.cast.rows(Step)[-1]
        assert (step["acted_as"], step["actor_id"], step["details"]["by"]) == ("system", None, "both")
        assert met.see(met.ngo).by == "both"


def test_a_substitute_who_came_counts_as_the_office(met: Met) -> None:
    cast = met.cast
    substitute = cast.person(20)
    deputy = Deputy(
        post_id=cast.posts[met.body],
        person_id=substitute,
        kind="substitute",
        state="accepted",
        from_day=END.date(),
        until_day=END.date(),
        invited_by=met.official,
        created_at=NOW,
    )
    cast.add(deputy)
    met.say(met.ngo, "ngo", "held")
    met.say(substitute, "office", "held")
    assert met.state == "held"


def test_before_the_end_and_after_another_end_nothing_is_said(cast: Cast) -> None:
    met = Met.held_in(cast)
    cast.now = END - timedelta(seconds=1)
    assert met.refused(met.ngo, outcomes.say, "ngo", "held", None) == "not-over"
    cast.now = END
    met.both()
    assert met.refused(met.ngo, outcomes.say, "ngo", "moved", None) == "stale"
    other = Met.held_in(Cast(cast.database), code="other", number=30)
    other.cast.now = WEDNESDAY - HOUR
    other.cast.do(other.ngo, endings.cancel, other.id, {"reason_code": "ill"}, POLICY)
    other.cast.now = ASKED
    assert other.refused(other.ngo, outcomes.say, "ngo", "held", None) == "stale"


@pytest.mark.parametrize(
    ("party", "held", "why"),
    [("ngo", "cancelled", None), ("ngo", "held", "they"), ("ngo", "not_held", None), ("ngo", "not_held", "rain")],
)
def test_forged_words_are_refused(met: Met, party: str, held: str, why: str | None) -> None:
    assert met.refused(met.ngo, outcomes.say, party, held, why) == "not-yours"
    assert met.refused(met.ngo, outcomes.answered, "perhaps") == "not-yours"


def test_nobody_speaks_for_the_other_party(met: Met) -> None:
    cast = met.cast
    stranger, coordinator = cast.ngo(40, "Third Sample NGO"), cast.coordinator(41)
    for person, party in (
        (met.ngo, "office"),
        (met.official, "ngo"),
        (stranger, "ngo"),
        (stranger, "office"),
        (coordinator, "office"),  # an official is bound: the coordinator is no party
    ):
        assert met.refused(person, outcomes.say, party, "held", None) == "not-yours"
    assert met.refused(met.official, outcomes.answered, "yes") == "not-yours"
    assert met.refused(stranger, outcome_sight.see, None) == "not-yours"
    cast.database.write_now(leave_post, cast.posts[met.body])
    met.say(coordinator, "office", "held")  # the post is vacant: who answers for it speaks for it
    assert cast.rows(Outcome)[0]["person_id"] == coordinator


def test_one_corrects_ones_own_word_within_a_day_until_both_agree(met: Met) -> None:
    cast = met.cast
    colleague = cast.person(20)
    deputy = Deputy(
        post_id=cast.posts[met.body],
        person_id=colleague,
        kind="assistant",
        state="accepted",
        invited_by=met.official,
        created_at=NOW,
    )
    cast.add(deputy)
    met.say(met.official, "office", "not_held", "they")
    assert met.refused(colleague, outcomes.say, "office", "held", None) == "stale"
    assert (met.see(met.official).own.can_change, met.see(colleague).own.can_change) == (True, False)  # type: ignore[union-attr]
    cast.now += DAY - timedelta(seconds=1)
    met.say(met.official, "office", "moved")
    assert [(row["held"], row["why"], row["at"]) for row in cast.rows(Outcome)] == [("moved", None, ASKED)]
    cast.now += timedelta(seconds=1)
    assert met.refused(met.official, outcomes.say, "office", "held", None) == "stale"
    before = cast.everything()
    met.say(met.official, "office", "moved")  # the same once more, a month-old button
    assert cast.everything() == before


def test_a_contradiction_can_still_be_corrected(met: Met) -> None:
    cast = met.cast
    judge = cast.coordinator(20)
    met.say(met.ngo, "ngo", "held")
    met.say(met.official, "office", "not_held", "by_phone")
    assert met.due("contradiction") == {judge: None}
    met.say(met.official, "office", "held")
    assert met.state == "held"
    assert met.due("contradiction") == {judge: "no contradiction any more"}
    assert cast.refused(judge, outcomes.settle, met.id, "not_held", POLICY) == "stale"


def test_the_question_of_the_ngo(met: Met) -> None:
    cast = met.cast
    assert met.refused(met.ngo, outcomes.answered, "yes") == "stale"  # not before it says that it was held
    met.say(met.ngo, "ngo", "held")
    cast.do(met.ngo, outcomes.answered, met.id, "partly", POLICY)
    cast.do(met.ngo, outcomes.answered, met.id, "no", POLICY)
    met.say(met.official, "office", "held")
    cast.do(met.ngo, outcomes.answered, met.id, "not_expected", POLICY)  # held meanwhile, but within the day
    assert cast.rows(Outcome)[0]["answered"] == "not_expected"
    cast.now += DAY
    assert met.refused(met.ngo, outcomes.answered, "yes") == "stale"
    assert met.see(met.ngo).own.answered == "not_expected"  # type: ignore[union-attr]
    assert met.see(met.official).own.answered is None  # type: ignore[union-attr]


def test_a_correction_away_from_held_forgets_the_answer(met: Met) -> None:
    met.say(met.ngo, "ngo", "held")
    met.cast.do(met.ngo, outcomes.answered, met.id, "no", POLICY)
    met.say(met.ngo, "ngo", "moved")
    assert met.cast.rows(Outcome)[0]["answered"] is None


@pytest.mark.parametrize(("held", "why", "state"), [("held", None, "held"), ("not_held", "they", "not_held")])
def test_the_word_of_one_counts_after_five_working_days_of_silence(
    met: Met, held: str, why: str | None, state: str
) -> None:
    met.say(met.ngo, "ngo", held, why)
    met.duty(outcome_asking.close_silent, SILENT - timedelta(seconds=1))
    assert met.state == "confirmed"
    met.duty(outcome_asking.close_silent, SILENT)
    assert met.state == state
    assert (met.see(met.official).result, met.see(met.official).by) == (state, "silence")
    assert met.refused(met.official, outcomes.say, "office", "held", None) == "stale"


def test_days_off_are_no_days_of_silence(cast: Cast) -> None:
    met = Met.held_in(cast)
    until = outcome_asking.silent_until(END.replace(day=11), POLICY)  # Friday; 16 December is a day off
    assert until.astimezone(POLICY.zone).isoformat() == "2026-12-22T00:00:00+05:00"
    met.duty(outcome_asking.close_silent, SILENT)
    assert met.state == "confirmed"  # nobody has said anything: nothing counts
    met.say(met.official, "office", "held")
    met.duty(outcome_asking.close_silent)
    assert met.state == "confirmed"  # said late: a day is left for a correction
    met.duty(outcome_asking.close_silent, SILENT + DAY)
    assert met.state == "held"


def test_silence_does_not_close_a_contradiction(met: Met) -> None:
    met.say(met.ngo, "ngo", "held")
    met.say(met.official, "office", "moved")
    met.duty(outcome_asking.close_silent, SILENT + 30 * DAY)
    assert met.state == "confirmed"


@pytest.mark.parametrize(("verdict", "state"), [("held", "held"), ("not_held", "not_held")])
def test_the_coordinators_of_the_region_settle_a_contradiction(cast: Cast, verdict: str, state: str) -> None:
    region = cast.body("region", level="region", region_id=0)
    met = Met.held_in(cast, region=region)
    judge, other, afar = cast.coordinator(20, region), cast.coordinator(21, region), cast.coordinator(22)
    met.say(met.ngo, "ngo", "held")
    met.say(met.official, "office", "not_held", "they")
    assert met.due("contradiction") == {judge: None, other: None}
    seen = met.see(judge)
    assert (seen.party, seen.judge, seen.result) == (None, True, "contradiction")
    assert {party: (said.held, said.why) for party, said in seen.words.items()} == {
        "ngo": ("held", None),
        "office": ("not_held", "they"),
    }
    assert (met.see(met.ngo).words, met.see(met.official).words) == ({}, {})
    cast.do(judge, outcomes.settle, met.id, "open", POLICY)
    assert met.state == "confirmed"
    assert [row["details"] for row in cast.rows(AuditEntry) if row["what"] == "outcome-left-open"] == [
        {"meeting": met.id}
    ]
    cast.do(other, outcomes.settle, met.id, verdict, POLICY)
    assert met.state == state
    step = cast.rows(Step)[-1]
    assert (step["acted_as"], step["actor_id"], step["details"]["by"]) == ("coordinator", other, "coordinator")
    assert met.due("settled") == {met.official: None, met.ngo: None}
    assert cast.refused(judge, outcomes.settle, met.id, verdict, POLICY) == "stale"
    assert cast.refused(afar, outcomes.settle, met.id, verdict, POLICY) == "stale"


def test_nobody_judges_in_his_own_cause(cast: Cast) -> None:
    met = Met.held_in(cast)
    organisation = cast.actor(met.ngo).organisations[0]
    judge = cast.coordinator(20)  # he is also of the NGO
    cast.add(Membership(organisation_id=organisation, person_id=judge, title=None, state="present", created_at=NOW))
    cast.add(Role(person_id=met.official, kind="coordinator", created_at=NOW))
    met.say(met.ngo, "ngo", "held")
    met.say(met.official, "office", "moved")
    for person in (judge, met.official, met.ngo):
        assert cast.refused(person, outcomes.settle, met.id, "held", POLICY) == "not-yours"
    assert met.due("contradiction") == {judge: "may not decide"}
    assert cast.refused(cast.coordinator(21), outcomes.settle, met.id, "maybe", POLICY) == "not-yours"


def test_without_a_contradiction_there_is_nothing_to_settle(met: Met) -> None:
    judge = met.cast.coordinator(20)
    met.say(met.ngo, "ngo", "held")
    assert met.cast.refused(judge, outcomes.settle, met.id, "not_held", POLICY) == "stale"
    assert met.see(judge).words == {}


def test_a_new_request_in_place_of_one_that_was_moved(met: Met) -> None:
    cast = met.cast
    assert met.refused(met.ngo, outcome_sight.ask_again) == "stale"
    met.say(met.ngo, "ngo", "moved")
    cast.do(met.ngo, outcome_sight.ask_again, met.id, POLICY)
    draft = cast.database.read_now(drafts.find, met.ngo, "request", now=cast.now)
    assert draft is not None and draft.step == "times"
    assert (draft.data["body"], draft.data["topic"], draft.data["mode"]) == (met.body, "health", "in_person")
    assert "meeting" not in draft.data
    assert len(draft.data["picked"]) == 3
    assert met.refused(met.official, outcome_sight.ask_again) == "not-yours"
    met.say(met.official, "office", "moved")
    cast.do(met.ngo, outcome_sight.ask_again, met.id, POLICY)
    cast.database.write_now(leave_post, cast.posts[met.body])
    nobody = replace(POLICY, admins=frozenset())
    assert cast.refused(met.ngo, outcome_sight.ask_again, met.id, nobody) == "nobody"


def test_held_asks_for_no_new_request(met: Met) -> None:
    assert met.both().refused(met.ngo, outcome_sight.ask_again) == "stale"


def test_a_person_of_both_parties_speaks_for_each(cast: Cast) -> None:
    body = cast.body("sample")
    both = cast.ngo(10)
    cast.add(Holder(post_id=cast.posts[body], full_name="Sample Official", person_id=both, created_at=NOW))
    meeting_id = cast.request(both, body)
    cast.do(both, confirming.confirm, meeting_id, cast.slots(meeting_id, both)[0], POLICY)
    cast.now = ASKED
    assert asked(cast) == [(both, "owed", ASKED)]
    for party in ("office", "ngo"):
        cast.do(both, outcomes.say, meeting_id, party, "held", None, POLICY)
    assert cast.rows(Meeting)[0]["state"] == "held"
    assert cast.see(both, outcome_sight.see, meeting_id, "ngo", POLICY).party == "ngo"
