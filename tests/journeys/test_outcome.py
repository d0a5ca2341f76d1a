"""After the meeting: both are asked, a contradiction goes to the coordinator, points are agreed and asked after."""

from collections import Counter

import pytest

from bot.sandbox.people import Person
from storage.meetings import Meeting
from storage.outcomes import Outcome, Promise
from tests.journeys.conftest import World
from tests.journeys.dialogues import BODY, HEALTH, at, button, confirmed, known
from tests.journeys.test_answers import coordinator

NUMBER = "UKL-26-000001"
ASKED = "ACTION NEEDED: was the meeting held?"


async def met(world: World) -> tuple[Person, Person]:
    """A meeting on Wednesday 2 December, 09:00, an hour after its end: the NGO's person and the official are asked."""
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await confirmed(world, ngo, official)
    await world.go_to(at(2, 10, 29))
    assert ("outcome", "sent") not in await world.notices()
    await world.go_to(at(2, 10, 30))
    for person in (ngo, official):
        question = await person.sees(ASKED)
        assert question.buttons == ["Held", "Moved", "Not held", "Open the meeting"]
        assert NUMBER in question.text
    return ngo, official


async def state(world: World) -> str:
    return str((await world.rows(Meeting))[0]["state"])


async def test_held_answered_and_points_agreed_and_asked_after_on_their_day(world: World) -> None:
    ngo, official = await met(world)
    await world.taps(ngo, "Held")
    asked = await ngo.sees("Was your question answered?")
    assert asked.buttons == ["Yes", "Partly", "No", "No answer was expected", "Open the meeting"]
    await world.taps(ngo, "Partly")
    stands = await ngo.sees("Your question: answered in part")
    assert "Were points agreed? Write up to five; the other side confirms them." in stands.text
    assert stands.buttons == ["Write the points", "No points", "Change my answer", "Open the meeting", "My meetings"]
    await world.taps(official, "Held")
    stands = await official.sees("Recorded as held: both sides say so.")
    assert "answered" not in stands.text  # that is between the NGO and the count
    assert await state(world) == "held"

    await world.taps(ngo, "Write the points")
    await ngo.sees("Please write what was agreed, up to five points, each in a line of its own.")
    await world.restart()
    await world.says(ngo, "The ministry answers the letter <b>&_ 10.12\nThe list is sent\nBoth meet again")
    written = await ngo.sees("1. The ministry answers the letter <b>&_\nthe office; until 10 Dec 2026")
    assert written.buttons == [
        "Point 1…",
        "Point 2…",
        "Point 3…",
        "Send to the other side",
        "Write them anew",
        "Leave it",
    ]
    await world.taps(ngo, "Point 2…", "The NGO does it", "Point 2…", "Other date…")
    await world.says(ngo, "yesterday")
    await ngo.sees("I cannot read this as a coming date.")
    await world.says(ngo, "12.12")
    await ngo.sees("2. The list is sent\nthe NGO; until 12 Dec 2026")
    await world.taps(ngo, "Send to the other side")
    await ngo.sees_toast("Sent. The other side is asked to confirm.")
    await world.rest()
    await ngo.sees("the other side has yet to confirm")

    told = await official.sees("ACTION NEEDED: the other side wrote down what was agreed, please confirm")
    assert "If you are silent for five working days, the points count as agreed." in told.text
    assert told.buttons[:2] == ["Confirm all", "Not agreed…"]
    await world.taps(official, "Confirm all")
    agreed = await official.sees("agreed by both")
    assert agreed.buttons[:3] == ["Point 1…", "Point 2…", "Point 3…"]

    await world.go_to(at(10, 9, 59))
    await world.duties()
    await world.go_to(at(10, 10))
    for person in (ngo, official):
        reminded = await person.sees("Is this agreed point done?")
        assert (
            "1. The ministry answers the letter <b>&_\nthe office; until 10 Dec 2026; agreed by both" in reminded.text
        )
    assert "Dropped…" not in ngo.shown.buttons  # the office promised it
    await world.taps(official, "Not yet: in a week")
    await official.sees("the office; until 17 Dec 2026; agreed by both")
    await world.go_to(at(17, 9))
    await world.duties()
    await world.go_to(at(17, 10))
    await world.taps(official, "Done")
    await official.sees("the office; until 17 Dec 2026; done")
    await world.says(official, "/my")
    await official.sees("Agreed points kept: 1 of 1")
    await world.says(ngo, "/my")
    assert "Agreed points kept" not in ngo.shown.text


async def test_a_contradiction_is_settled_by_the_coordinator_and_published_to_nobody(world: World) -> None:
    keeper = await coordinator(world, 3001, "Keeper")
    ngo, official = await met(world)
    await world.taps(ngo, "Not held")
    why = await ngo.sees("Why was it not held?")
    assert why.buttons == ["They did not come", "We did not come", "Cancelled by phone", "Back"]
    assert await world.rows(Outcome) == []  # nothing is kept before the reason
    await world.taps(ngo, "They did not come")
    await ngo.sees("Your side: not held, the other side did not come")
    await world.taps(official, "Held")
    await world.rest()
    for person in (ngo, official):
        await world.says(person, "/my")
        await person.sees("You have no open requests or coming meetings.")
    asked = await keeper.sees("ACTION NEEDED: the two sides say different things about a meeting")
    assert "The NGO: not held, the other side did not come\nThe office: it was held" in asked.text
    assert asked.buttons == ["It was held", "It was not held", "Leave it open", "Open the meeting"]
    assert await state(world) == "confirmed"
    await world.taps(keeper, "Leave it open")
    await keeper.sees_toast("Left open: it counts for nobody.")
    await world.sandbox.settled(official.forges("oj:1:held", official.shown))  # not his to decide
    await official.sees_toast("This is not open to you, or it is not there any more. Nothing was changed.")
    assert await state(world) == "confirmed"
    await world.taps(keeper, "It was held")
    await world.rest()
    assert await state(world) == "held"
    for person in (ngo, official):
        await person.sees("Recorded as held: a coordinator decided it.")
    await world.sandbox.settled(keeper.forges("oj:1:not_held", asked))  # a month-old button
    await keeper.sees_toast("This has been decided already. Here is how it stands now.")
    assert await state(world) == "held"


async def test_a_slip_is_corrected_before_the_other_side_answers(world: World) -> None:
    ngo, official = await met(world)
    await world.taps(official, "Moved")
    moved = await official.sees("Your side: it was moved to another time")
    assert "The NGO can ask for a new meeting with one tap." in moved.text
    await world.taps(official, "Change my answer")
    await official.sees(ASKED)
    await world.taps(official, "Held")
    await official.sees("Your side: it was held")
    await world.taps(ngo, "Held", "Yes")
    await ngo.sees("Recorded as held: both sides say so.")


async def test_moved_offers_a_new_request_with_what_was_asked(world: World) -> None:
    ngo, official = await met(world)
    await world.taps(ngo, "Moved")
    await ngo.sees("Your side: it was moved to another time", button="Request a new meeting")
    await world.taps(official, "Moved")
    await official.sees("Recorded as not held: both sides say so.")
    await world.taps(ngo, "Request a new meeting")
    await world.taps(ngo, "Use these 3 times")
    preview = await ngo.sees("This is a request to meet, not an official appeal.")
    assert "Topic: Healthcare" in preview.text or "How: In person" in preview.text
    await world.taps(ngo, "Send")
    await world.rest()
    assert [row["state"] for row in await world.rows(Meeting)] == ["not_held", "requested"]


async def test_points_are_corrected_and_silence_agrees(world: World) -> None:
    ngo, official = await met(world)
    await world.taps(official, "Held", "Write the points")
    await world.says(official, "The list is sent")
    await world.taps(official, "Send to the other side")
    await world.taps(ngo, "Not held", "Back", "Held", "Yes")
    await world.rest()
    told = await ngo.sees("The list is sent", button="Not agreed…")
    assert "please confirm" in told.text
    await world.taps(ngo, "Not agreed…")
    asked = await ngo.sees("Written down so far")
    assert "What you write now takes the place of all of it." in asked.text
    await world.says(ngo, "The list is sent 11.12")
    await world.taps(ngo, "Send to the other side")
    await world.rest()
    await official.sees("1. The list is sent\nthe office; until 11 Dec 2026; please confirm")
    await world.go_to(at(9, 23))
    await world.duties()
    assert [row["state"] for row in await world.rows(Promise)] == ["refused", "proposed"]
    await world.go_to(at(10, 1))
    await world.duties()
    assert [(row["state"], row["silent"]) for row in await world.rows(Promise)] == [
        ("refused", False),
        ("agreed", True),
    ]
    await world.sandbox.settled(official.forges("yf:1:office:2", official.shown))  # too late, nothing changes
    await official.sees_toast("This has been decided already. Here is how it stands now.")


async def test_one_word_counts_when_the_other_side_is_silent(world: World) -> None:
    ngo, official = await met(world)
    await world.taps(ngo, "Held", "No")
    await world.go_to(at(9, 23))
    await world.duties()
    assert await state(world) == "confirmed"
    await world.go_to(at(10, 1))
    await world.duties()
    assert await state(world) == "held"
    await world.taps(official, "Not held")
    await official.sees("Recorded as held: one side says so, the other was silent for five working days.")


async def test_a_double_tap_and_a_forged_one_change_nothing(world: World) -> None:
    ngo, official = await met(world)
    question = ngo.shown
    await world.sandbox.settled(ngo.taps("Held"))
    await world.sandbox.settled(ngo.forges("os:1:ngo:held", question))
    await ngo.sees("Was your question answered?")
    before = await world.everything()
    for person, data in (
        (ngo, "os:1:office:held"),
        (official, "os:1:ngo:held"),
        (official, "oa:1:yes"),
        (ngo, "os:1:ngo:nonsense"),
        (ngo, "os:99:ngo:held"),
        (official, "yd:1:done"),
        (official, "yw:1:ngo"),
    ):
        await world.sandbox.settled(person.forges(data, person.shown))
        await person.sees_toast("This is not open to you, or it is not there any more. Nothing was changed.")
    assert await world.everything() == before
    assert Counter(row["side"] for row in await world.rows(Outcome)) == {"ngo": 1}


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_each_side_is_asked_in_its_own_language(world: World, language: str) -> None:
    ngo, official = await met(world)
    speech = world.speech(language)
    for person in (ngo, official):
        await world.says(person, "/language")
        await world.taps(person, {"kk": "Қазақша", "ru": "Русский"}[language])
        await world.says(person, "/my")
    ask = world.sandbox.settled
    await ask(ngo.forges("oc:1:ngo", ngo.shown))
    shown = await ngo.sees(speech.say("<b>ACTION NEEDED: was the meeting held?</b>").striptags())
    assert world.app.services.directory().tree.name(world.body(HEALTH), language) in shown.text
    assert BODY[language]
    await world.taps(ngo, button(speech, "Held"), button(speech, "Partly"), button(speech, "Write the points"))
    await world.says(ngo, "Тізім жіберіледі 10.12")
    await world.taps(ngo, button(speech, "Send to the other side"))
    await world.rest()
    first = speech.say("<b>ACTION NEEDED: the other side wrote down what was agreed, please confirm</b>").striptags()
    await official.sees(first, button=button(speech, "Confirm all"))
