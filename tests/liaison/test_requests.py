"""The dialogue of a request on the rules' floor: its order, its way back, its locks, and what it registers."""

from datetime import datetime
from typing import Any

import pytest

from liaison import request_pending, request_times, requests
from liaison.drafts import DraftCard, OutOfStep
from storage.drafts import Draft
from storage.engine import Database
from storage.meetings import Meeting, Slot
from storage.people import Membership, Organisation, Person
from tests.liaison.cast import POLICY, WEDNESDAY, Cast
from tests.liaison.dialogue import Dialogue


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def office(cast: Cast) -> int:
    body_id = cast.body("sample")
    cast.official(body_id, 10)
    return body_id


def test_the_order_for_somebody_new(cast: Cast, office: int) -> None:
    person = cast.person(30)
    dialogue = Dialogue(cast, person, office)
    steps = [dialogue.card.step]
    answers = ("yes", " Sample  NGO ", "120340012345", "Sampleva Aigerim", "director", "health", "phone")
    for value in (*answers, "8 701 000 00 01"):
        steps.append(dialogue.answer(value).card.step)
    assert steps == [
        "consent",
        "org_name",
        "bin",
        "own_name",
        "title",
        "topic",
        "mode",
        "phone",
        "times",
    ]
    assert dialogue.card.data["phone"] == "+77010000001"
    assert dialogue.use().card.step == "preview"
    (organisation,) = cast.rows(Organisation)
    assert (organisation["name"], organisation["bin"]) == ("Sample NGO", "120340012345")
    assert organisation["verified_at"] is None
    row = next(row for row in cast.rows(Person) if row["id"] == person)
    assert (row["name"], row["consent_at"]) == ("Sampleva Aigerim", cast.now)
    (member,) = cast.rows(Membership)
    assert (member["person_id"], member["title"], member["state"]) == (person, "director", "present")


def test_nothing_personal_is_kept_before_the_consent(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.person(30), office)
    for step in ("org_name", "bin", "own_name", "title", "phone"):
        with pytest.raises(OutOfStep):
            dialogue.do(requests.answer, dialogue.card.key, None, step, "Sample NGO", POLICY)
    assert cast.rows(Draft)[0]["data"] == {"body": office}


def test_an_older_button_changes_nothing(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office)
    key, rev = dialogue.card.key, dialogue.card.rev
    dialogue.answer("health")
    assert cast.refused(dialogue.person_id, requests.answer, key, rev, "topic", "gender", POLICY) == "out-of-step"
    assert cast.refused(dialogue.person_id, requests.back, key, rev) == "out-of-step"
    assert cast.refused(dialogue.person_id, requests.send, key, rev, POLICY) == "out-of-step"
    assert cast.refused(cast.ngo(31), requests.leave, key) == "out-of-step"  # somebody else's


@pytest.mark.parametrize(
    ("before", "value", "code"),
    [
        ((), "made-up", "not-yours"),
        (("health",), "by pigeon", "not-yours"),
        (("health", "phone"), "call me", "bad-phone"),
        (("health", "phone"), "8 701 000 00 01, 8 701 000 00 02", "bad-phone"),
    ],
)
def test_wrong_answers_leave_the_question_open(
    cast: Cast, office: int, before: tuple[str, ...], value: str, code: str
) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office).answer(*before)
    card = dialogue.card
    assert cast.refused(dialogue.person_id, requests.answer, card.key, card.rev, card.step, value, POLICY) == code


def test_the_way_back_forgets_the_answers_behind_it(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office).answer("health", "in_person").use()
    seen = []
    for _ in range(3):
        assert dialogue.do(requests.back, dialogue.card.key, dialogue.card.rev) == (True, office)
        seen.append(dialogue.again().step)
    assert seen == ["times", "mode", "topic"]
    assert "topic" not in dialogue.card.data
    assert dialogue.do(requests.back, dialogue.card.key, dialogue.card.rev) == (False, office)
    assert dialogue.again().step == "topic"


def test_what_a_person_told_once_is_not_asked_again_on_the_way_back(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.person(30), office).answer("yes", "Sample NGO", "", "Sampleva Aigerim", "director")
    assert dialogue.card.step == "topic"
    assert dialogue.do(requests.back, dialogue.card.key, dialogue.card.rev) == (False, office)
    assert len(cast.rows(Organisation)) == 1


def test_begun_again_for_the_same_body_it_goes_on_and_for_another_it_starts_anew(cast: Cast, office: int) -> None:
    other = cast.body("other")
    cast.official(other, 11)
    dialogue = Dialogue(cast, cast.ngo(30), office).answer("health")
    assert Dialogue(cast, dialogue.person_id, office).card == dialogue.card
    assert Dialogue(cast, dialogue.person_id, other).card.step == "topic"
    assert [row["data"]["body"] for row in cast.rows(Draft)] == [other]
    lonely = cast.body("lonely", abolished_on=cast.now.date())
    assert cast.refused(dialogue.person_id, requests.begin, lonely, POLICY) == "not-yours"


def test_a_body_nobody_answers_for_takes_no_request(cast: Cast) -> None:
    assert cast.refused(cast.ngo(30), requests.begin, cast.body("lonely"), POLICY) == "nobody"


def test_times_are_ticked_within_three(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office).answer("health", "online")
    proposed = [datetime.fromisoformat(stamp) for stamp in dialogue.card.data["picked"]]
    assert len(proposed) == 3
    tick = request_times.tick

    def press(at: Any) -> DraftCard:
        dialogue.card = dialogue.do(tick, dialogue.card.key, dialogue.card.rev, at, POLICY)
        return dialogue.card

    fourth = proposed[0] + POLICY.slot_length
    assert press(fourth).data["picked"] == [fourth.isoformat()]  # one's own choice replaces what was proposed
    assert len(press(fourth + POLICY.slot_length).data["picked"]) == 2
    assert len(press(fourth + 2 * POLICY.slot_length).data["picked"]) == 3
    card, beyond = dialogue.card, fourth + 3 * POLICY.slot_length
    assert cast.refused(dialogue.person_id, tick, card.key, card.rev, beyond, POLICY) == "most-times"
    for stamp in list(card.data["picked"]):
        press(datetime.fromisoformat(stamp))
    card = dialogue.card
    assert cast.refused(dialogue.person_id, requests.use_times, card.key, card.rev, POLICY) == "no-times"
    # Lunch, Sunday, less than a day's notice.
    for at in (WEDNESDAY.replace(hour=13), WEDNESDAY.replace(day=6), WEDNESDAY.replace(day=1, hour=12)):
        assert cast.refused(dialogue.person_id, tick, card.key, card.rev, at, POLICY) == "time-gone"


def test_sent_once_whatever_is_pressed(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office).answer("health", "in_person").use()
    dialogue.card = dialogue.do(requests.set_agenda, dialogue.card.key, "About\n\n\n\nambulances")
    meeting_id = dialogue.send()
    assert [row["id"] for row in cast.rows(Meeting)] == [meeting_id]
    meeting = cast.rows(Meeting)[0]
    assert (meeting["topic"], meeting["mode"], meeting["agenda"]) == ("health", "in_person", "About\n\nambulances")
    assert (meeting["draft_key"], len(cast.rows(Slot))) == (dialogue.card.key, 3)
    assert cast.rows(Draft) == []
    refused = cast.refused(dialogue.person_id, requests.send, dialogue.card.key, dialogue.card.rev, POLICY)
    assert refused == "out-of-step"


def test_times_gone_meanwhile_are_proposed_anew(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office).answer("health", "in_person").use()
    old = dialogue.card.data["times"]
    cast.now = WEDNESDAY.replace(day=6)
    assert dialogue.send() is None
    card = dialogue.again()
    assert card.step == "times"
    assert not set(card.data["picked"]) & set(old)
    assert cast.rows(Meeting) == []
    assert dialogue.use().send() is not None


def test_a_text_that_may_be_a_query(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.person(30), office).answer("yes")
    keep = (request_pending.keep_pending, dialogue.card.key, "org_name", "Ministry")
    dialogue.card = dialogue.do(*keep)
    assert dialogue.do(request_pending.take_pending, dialogue.card.key, dialogue.card.rev) == "Ministry"
    assert "pending" not in dialogue.again().data
    dialogue.card = dialogue.do(request_pending.keep_pending, dialogue.card.key, "org_name", "Ministry")
    dialogue.card = dialogue.do(request_pending.answer_pending, dialogue.card.key, dialogue.card.rev, POLICY)
    assert (dialogue.card.step, dialogue.card.data["org_name"]) == ("bin", "Ministry")
    assert "pending" not in dialogue.card.data


def test_left_it_names_the_body_it_was_for(cast: Cast, office: int) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), office).answer("health")
    assert dialogue.do(requests.leave, dialogue.card.key) == office
    assert cast.rows(Draft) == []
