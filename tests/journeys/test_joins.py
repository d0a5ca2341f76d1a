"""Joining another NGO's meeting: offered, asked, let in or not, left; and both get one meeting or two."""

import pytest

from bot.sandbox.people import Person
from liaison.topics import name
from storage.meetings import Guest, Meeting
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, asks, at, button, known, opens_card, to_preview

FIRST, SECOND = "Sample NGO «Umit»", "Sample NGO «Senim»"
LINE = "We would also speak of rural clinics <b>&_"
LANGUAGES = ["en", "kk", "ru"]


async def pair(world: World, language: str = "en") -> tuple[Person, Person, Person, str]:
    """An official, an NGO that has asked him for a meeting, another that has not; and the number of the meeting."""
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    first = await known(world, organisation=FIRST)
    number = await asks(world, first)
    second = await known(world, 1002, "Saule", language, organisation=SECOND)
    await world.rest()
    for person in (official, first):
        person.looks_away()
    return official, first, second, number


async def to_offer(world: World, ngo: Person, language: str = "en") -> None:
    """From the card up to the question whether to join."""
    speech = world.speech(language)
    await opens_card(world, ngo, language)
    await world.taps(ngo, button(speech, "Request a meeting"), name("health", language))


async def asks_to_join(world: World, ngo: Person, line: str | None = LINE) -> None:
    await to_offer(world, ngo)
    await world.taps(ngo, "Ask to join")
    if line is None:
        await world.taps(ngo, "Ask without a line")
    else:
        await world.says(ngo, line)
    await world.rest()


async def states(world: World) -> list[str]:
    return [str(row["state"]) for row in await world.rows(Guest)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_offer_names_nobody_and_the_wish_is_passed_on(world: World, language: str) -> None:
    _, first, second, number = await pair(world, language)
    say, psay = world.speech(language).say, world.speech(language).psay
    await to_offer(world, second, language)
    offer = await second.sees(say("Another NGO has already asked about this. Join its meeting?").unescape())
    assert FIRST not in offer.text
    assert number not in offer.text
    assert offer.buttons[:2] == [button(world.speech(language), label) for label in ("Ask to join", "My own request")]
    await world.taps(second, button(world.speech(language), "Ask to join"))
    await world.taps(second, button(world.speech(language), "Back"), button(world.speech(language), "Ask to join"))
    await world.says(second, "x" * 301)
    await second.sees(
        world.speech(language)
        .nsay(
            "That is too long: at most {n} character. Nothing was lost; please send a shorter text.",
            "That is too long: at most {n} characters. Nothing was lost; please send a shorter text.",
            300,
        )
        .unescape()
    )
    await world.says(second, LINE)
    await world.rest()
    waits = await second.sees(psay("line", "Topic: {topic}", topic=name("health", language)).unescape())
    assert number not in waits.text
    assert waits.buttons == [say("My own request instead"), button(world.speech(language), "My meetings")]
    asked = await first.sees(f"ACTION NEEDED: {SECOND} asks to join your meeting {number}")
    assert f"Representative: Sampleva Saule, director\nAdds: {LINE}" in asked.text
    assert "Without an answer it is not let in after Thursday 3 December." in asked.text
    assert asked.buttons == ["Welcome", "No", f"Open {number}", "My meetings"]


async def test_who_is_let_in_gets_the_same_meeting(world: World) -> None:
    official, first, second, number = await pair(world)
    await asks_to_join(world, second)
    before = await world.everything()
    await world.sandbox.settled(second.forges("m:1"))  # nothing is seen before the consent
    await world.sandbox.settled(second.forges("jy:1:y"))
    assert await world.everything() == before
    for person in (official, second):
        person.looks_away()
    await world.taps(first, "Welcome")
    await world.rest()
    await first.sees(f"{SECOND} comes along to meeting {number}.")
    welcome = await second.sees(f"You are welcome to join meeting {number}")
    assert f"Organisation: {FIRST}" in welcome.text
    assert f"Another NGO comes along: {SECOND} (Sampleva Saule)\nAdds: {LINE}" in welcome.text
    assert welcome.buttons == ["Leave the meeting", "My meetings"]
    joined = await official.sees(f"One more NGO comes along to meeting {number}: {SECOND}")
    assert joined.buttons[0] == "Confirm Wed 2 Dec 09:00"
    assert [row["number"] for row in await world.rows(Meeting)] == [number]

    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.rest()
    for person in (first, second, official):
        told = await person.sees(f"Confirmed: meeting {number}")
        assert told.file_name == f"{number}.ics"
        assert f"Another NGO comes along: {SECOND}" in told.text
    await world.says(official, "Room 214")
    await world.rest()
    for person in (first, second, official):
        await person.sees("Place: Room 214")
    await world.go_to(at(2, 7))
    for person in (first, second, official):
        await person.sees(f"Reminder: meeting {number}")
    await world.says(second, "/my")
    mine = await second.sees("Your requests and meetings")
    assert f"{number}, Wednesday 2 December, 09:00 (UTC+5)\nMinistry of Healthcare" in mine.text


async def test_who_is_refused_sends_a_second_request_with_what_was_written(world: World) -> None:
    _, first, second, number = await pair(world)
    await asks_to_join(world, second)
    await world.taps(first, "No")
    await world.rest()
    await first.sees(f"{SECOND} is not let in to meeting {number}.")
    refused = await second.sees("You cannot join that meeting")
    assert FIRST not in refused.text
    assert refused.buttons == ["Send my own request", "My meetings"]
    await world.taps(second, "Send my own request", "In person", "Use these 3 times")
    preview = await second.sees("Agenda: ")
    assert LINE in preview.text
    await world.taps(second, "Send")
    await world.rest()
    assert [row["organisation_id"] for row in await world.rows(Meeting)] == [1, 2]
    assert await states(world) == ["refused"]


async def test_without_an_answer_for_two_working_days(world: World) -> None:
    _, first, second, _ = await pair(world)
    await asks_to_join(world, second, None)
    await world.go_to(at(3, 23, 59))
    await world.duties()
    assert await states(world) == ["asked"]
    second.looks_away()
    await world.go_to(at(4, 0, 10))  # the duty is done every five minutes
    await world.duties()
    assert await states(world) == ["refused"]
    await world.go_to(at(4, 8))  # nobody is told at night
    await world.rest()
    await second.sees("did not answer in two working days")
    await world.taps(first, "Welcome")  # too late
    await first.sees_toast("This has been decided already. Here is how it stands now.")
    assert await states(world) == ["refused"]


async def test_one_tap_more_for_a_request_of_ones_own(world: World) -> None:
    _, _, second, _ = await pair(world)
    await to_preview(world, second)  # through [My own request]
    await world.taps(second, "Send")
    await world.rest()
    assert await states(world) == []
    assert len(await world.rows(Meeting)) == 2


async def test_a_double_tap_asks_once(world: World) -> None:
    _, first, second, _ = await pair(world)
    await to_offer(world, second)
    await world.taps(second, "Ask to join")
    question = second.shown
    data = question.button("Ask without a line")
    assert data is not None
    for _ in range(2):
        await world.sandbox.settled(second.forges(data["callback_data"], question))
        await second.sees("The other NGO has been asked whether you may join.") if _ == 0 else None
    await world.rest()
    assert await states(world) == ["asked"]
    assert [kind for kind, _ in await world.notices()].count("join_asked") == 1
    for _ in range(2):
        await world.taps(first, "Welcome" if _ == 0 else "My meetings")
    await world.sandbox.settled(first.forges("jy:1:n"))
    assert await states(world) == ["present"]


async def test_a_guest_leaves_with_one_tap_and_a_question(world: World) -> None:
    official, first, second, number = await pair(world)
    await asks_to_join(world, second)
    await world.taps(first, "Welcome")
    await world.rest()
    await world.taps(second, "Leave the meeting", "Stay with it", "Leave the meeting", "Yes, leave")
    await world.rest()
    await second.sees("You are not joining that meeting. You can send your own request.")
    for person in (first, official):
        await person.sees(f"{SECOND} does not come along to meeting {number} any more")
    before = await world.everything()
    await world.sandbox.settled(second.forges("m:1"))
    await second.sees_toast("This is not open to you")
    await world.sandbox.settled(second.forges("jx:1"))
    assert await world.everything() == before


async def test_guests_are_told_when_the_first_ngo_withdraws(world: World) -> None:
    official, first, second, number = await pair(world)
    await asks_to_join(world, second)
    await world.taps(first, "Welcome")
    await world.rest()
    await world.says(first, "/my")
    await world.taps(first, f"Open {number}", "Withdraw the request", "Yes, withdraw")
    await world.rest()
    told = await second.sees(f"The NGO withdrew request {number}")
    assert "If you still want to meet, send your own request." in told.text
    assert told.buttons == ["Send my own request", "My meetings"]
    await official.sees(f"The NGO withdrew request {number}")
    await world.taps(second, "Send my own request")
    await second.sees("How would you like to meet?")
