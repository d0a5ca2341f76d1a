"""Times that are not settled: proposed, moved, taken back, passed; the taps counted, both sides' messages read."""

import re
from typing import Any

import pytest

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from storage.meetings import Meeting, Slot
from storage.notices import Notice
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, asks, at, button, confirmed, known, opens_card

MINUTE = pytest.mark.parametrize("world", [{"requests": {"undo": "60s"}}], indirect=True)
NATIVE = {"en": "English", "kk": "Қазақша", "ru": "Русский"}


async def two(world: World, language: str = "en") -> tuple[Person, Person]:
    """An NGO's person and an official who speak one language."""
    official = await world.official_of(HEALTH, 2001, "Үлгі Айгүл (sample)", NATIVE[language])
    return await known(world, language=language), official


def calendar(person: Person) -> dict[str, str]:
    """The newest calendar file a person has, by the names of its properties."""
    file = next(message for message in person.chat.newest() if message.document)
    text = (file.document or b"").decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in text.splitlines())


async def the_meeting(world: World) -> dict[str, Any]:
    """The newest meeting."""
    return (await world.rows(Meeting))[-1]


def heard(person: Person) -> int:
    """How many messages the bot has sent a person."""
    return sum(message.outgoing for message in person.chat.messages)


async def late(world: World, person: Person, label: str, message: Message) -> None:
    """Tap a button that a message had before."""
    data = message.button(label)
    assert data is not None
    await world.sandbox.settled(person.forges(data["callback_data"], message))


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
async def test_the_official_proposes_and_one_tap_of_the_ngo_confirms(world: World, language: str) -> None:
    ngo, official = await two(world, language)
    speech = world.speech(language)
    number = await asks(world, ngo, language)

    def slot(label: str, day: int, hour: int) -> str:
        return speech.psay("button", label, time=speech.slot(at(day, hour))).unescape()

    await world.taps(official, button(speech, "Other times"))
    asked = await official.sees(f"{number}", button=button(speech, "Let the NGO choose"))
    assert len(asked.buttons) == 6 + 3  # the nearest times, [Other days], [Let the NGO choose], [Back]
    assert not any(speech.slot(at(2, 9)) in label for label in asked.buttons)  # one tap confirms that anyway
    await world.taps(official, button(speech, "Other days"), speech.short_day(at(7, 9)), "10:00")
    await world.taps(official, button(speech, "Other days"), speech.short_day(at(7, 9)), "15:00")
    await world.says(official, "Away & <b>busy</b> until then")
    await official.sees(speech.psay("line", "Your line: {words}", words="Away & <b>busy</b> until then").unescape())
    await world.taps(official, button(speech, "Send the proposal"))
    state = speech.say("The official offers other times – not confirmed yet")
    await official.sees(f"{number}. {state}")
    assert button(speech, "Take it back") not in official.shown.buttons  # undo = "0s"
    await world.rest()

    first = speech.say("<b>ACTION NEEDED: the official offers other times, request {number}</b>", number=number)
    told = await ngo.sees(first.striptags())
    assert "Away & <b>busy</b> until then" in told.text
    assert speech.when(at(7, 10)) in told.text
    none, withdraw, my = (button(speech, one) for one in ("None of them fits", "Withdraw the request", "My meetings"))
    assert told.buttons == [slot("Accept {time}", 7, 10), slot("Accept {time}", 7, 15), none, withdraw, my]
    await world.taps(ngo, slot("Accept {time}", 7, 15))  # the one tap
    await world.rest()
    for person in (ngo, official):
        await person.sees(speech.psay("line", "Confirmed: meeting {number}", number=number).unescape())
        assert calendar(person)["DTSTART"] == "20261207T100000Z"
    meeting = await the_meeting(world)
    assert (meeting["state"], meeting["starts_at"]) == ("confirmed", at(7, 15))


async def test_two_rounds_that_do_not_fit_suggest_a_call_to_both_sides(world: World) -> None:
    ngo, official = await two(world)
    number = await asks(world, ngo, mode="phone", phone="+7 701 000 00 00")
    advice = "No time has suited both sides so far."
    for _ in range(2):
        assert advice not in official.shown.text
        await world.taps(official, "Other times")
        await world.taps(official, official.shown.buttons[0], "Send the proposal")
        await world.rest()
        told = await ngo.sees(f"ACTION NEEDED: the official offers other times, request {number}")
        assert advice not in told.text
        await world.taps(ngo, "None of them fits")
        await world.taps(ngo, "Use these 3 times", "Send")
        await world.rest()
        ngo.looks_away()
        official_asked = await official.sees(f"please answer the request for a meeting {number}")
        official.looks_away()
    assert f"{advice} A call may be quicker: +7 701 000 0000" in official_asked.text
    await world.says(ngo, "/my")
    await world.taps(ngo, number)
    shown = await ngo.sees(f"{number}. Waiting for the official's answer")
    assert f"{advice} A call may be quicker: +7 7172 00 00 00" in shown.text


async def test_without_a_number_given_for_a_call_the_office_is_shown_none(world: World) -> None:
    ngo, official = await two(world)
    number = await asks(world, ngo)
    for _ in range(2):
        official.looks_away()
        await world.taps(official, "Other times", "Let the NGO choose", "Busy at these hours", "Send without words")
        await world.rest()
        await world.taps(ngo, "Choose new times", "Use these 3 times", "Send")
        await world.rest()
    asked = await official.sees(f"please answer the request for a meeting {number}")
    assert "No time has suited both sides so far. The NGO is advised to call your office." in asked.text
    assert "+7" not in asked.text


async def test_the_ngo_moves_a_confirmed_meeting(world: World) -> None:
    ngo, official = await two(world)
    number = await confirmed(world, ngo, official)
    before = calendar(official)
    await world.taps(ngo, "Move to another time")
    await ngo.sees("These are the nearest possible times", button="Leave it as it is")
    await world.taps(ngo, "Leave it as it is")
    left = await ngo.sees("Nothing was sent; everything stays as it is.")
    assert f"{number}. Confirmed" in left.text
    await world.taps(ngo, "Move to another time", "Other days", "Fri 4 Dec", "10:00", "Use this time", "Send")
    await world.rest()
    asked = await official.sees(f"ACTION NEEDED: the NGO asks to move meeting {number}")
    assert "Former time: Wednesday 2 December, 09:00 (UTC+5). It does not count any more." in asked.text
    assert asked.buttons[0] == "Confirm Fri 4 Dec 10:00"
    await world.says(ngo, "/my")
    mine = await ngo.sees("Your requests and meetings")
    assert "2 December" not in mine.text
    await world.sandbox.settled(official.taps("Confirm Fri 4 Dec 10:00", asked))
    await world.rest()
    for person in (ngo, official):
        await person.sees(f"Confirmed: meeting {number}")
        again = calendar(person)
        assert (again["UID"], again["DTSTART"]) == (before["UID"], "20261204T050000Z")
        assert int(again["SEQUENCE"]) > int(before["SEQUENCE"])
    await world.go_to(at(2, 8))
    assert "Reminder" not in ngo.shown.text  # not of the former time
    await world.go_to(at(3, 10))
    assert "Reminder: meeting" in ngo.shown.text


async def test_the_office_moves_a_confirmed_meeting(world: World) -> None:
    ngo, official = await two(world)
    number = await confirmed(world, ngo, official)
    before = calendar(ngo)
    await world.taps(official, "Move to another time")
    shown = await official.sees(f"Move meeting {number}")
    assert "Let the NGO choose" not in shown.buttons
    await world.taps(official, "Add: Thu 3 Dec 09:00", "Send the proposal")
    await world.rest()
    told = await ngo.sees(f"ACTION NEEDED: the office asks to move meeting {number}")
    assert "Former time: Wednesday 2 December, 09:00 (UTC+5). It does not count any more." in told.text
    await world.taps(ngo, "Accept Thu 3 Dec 09:00")
    await world.rest()
    await official.sees(f"Confirmed: meeting {number}")
    again = calendar(ngo)
    assert (again["UID"], again["DTSTART"]) == (before["UID"], "20261203T040000Z")
    assert int(again["SEQUENCE"]) > int(before["SEQUENCE"])


async def test_a_meeting_to_be_moved_that_is_given_up_leaves_the_calendars(world: World) -> None:
    ngo, official = await two(world)
    number = await confirmed(world, ngo, official)
    await world.taps(official, "Move to another time", "Add: Thu 3 Dec 09:00", "Send the proposal")
    await world.rest()
    await world.taps(ngo, "Withdraw the request", "Yes, withdraw")
    await world.rest()
    await official.sees(f"The NGO withdrew request {number}")
    assert (calendar(official)["METHOD"], calendar(official)["STATUS"]) == ("CANCEL", "CANCELLED")

    ngo.looks_away()
    number = await confirmed(world, ngo, official)
    await world.taps(ngo, "Move to another time", "Use these 3 times", "Send")
    await world.rest()
    await world.taps(official, "Decline", "No time at present")
    await world.rest()
    await ngo.sees(f"Request {number} was declined")
    assert (calendar(ngo)["METHOD"], calendar(ngo)["UID"]) == ("CANCEL", f"{number}@uakil")


async def test_called_off_within_a_day_says_so_in_the_first_line(world: World) -> None:
    ngo, official = await two(world)
    number = await confirmed(world, ngo, official)  # tomorrow at 09:00
    await world.taps(ngo, "Cancel the meeting", "Illness")  # two taps
    await world.rest()
    told = await official.sees(f"Meeting {number} is cancelled")
    assert told.text.startswith(f"Meeting {number} is cancelled, less than 24 hours before its start\n")
    assert "is cancelled" not in ngo.transcript  # who acted sees his screen, not a second message

    number = await asks(world, ngo)
    await world.taps(official, "Confirm Thu 3 Dec 09:00", "Skip for now")
    await world.rest()
    await world.taps(official, "Cancel the meeting", "Illness")
    await world.rest()
    told = await ngo.sees(f"Meeting {number} is cancelled")
    assert told.text.startswith(f"Meeting {number} is cancelled\n")


@MINUTE
@pytest.mark.parametrize("language", ["en", "kk", "ru"])
async def test_a_confirmation_taken_back_within_the_minute_reaches_nobody(world: World, language: str) -> None:
    ngo, official = await two(world, language)
    speech = world.speech(language)
    number = await asks(world, ngo, language)
    before, first = heard(ngo), speech.psay("button", "Confirm {time}", time=speech.slot(at(2, 9))).unescape()
    await world.taps(official, first)
    minute = speech.nsay(
        "The NGO is told {n} minute after your tap. Until then you can take it back.",
        "The NGO is told {n} minutes after your tap. Until then you can take it back.",
        1,
    )
    await official.sees(minute.unescape(), button=button(speech, "Take it back"))
    await world.move(seconds=50)
    assert heard(ngo) == before
    await world.taps(official, button(speech, "Take it back"))
    await official.sees_toast(speech.say("Taken back. Nobody was told anything.").unescape())
    assert official.shown.buttons[0] == first
    await world.move(minutes=10)
    await world.rest()
    assert heard(ngo) == before
    official.looks_away()
    await world.says(official, "Room 214")  # the question of the place is gone: a query now
    assert "Room 214" not in str(await the_meeting(world))
    assert (await the_meeting(world))["state"] == "requested"

    await world.taps(official, first)
    asked = await official.sees(minute.unescape(), button=button(speech, "Take it back"))
    await world.move(seconds=61)
    await world.rest()
    await ngo.sees(speech.psay("line", "Confirmed: meeting {number}", number=number).unescape())
    await late(world, official, button(speech, "Take it back"), asked)
    told = "It is too late to take this back: the other side was told. Here is how it stands now."
    await official.sees_toast(speech.say(told).unescape())
    assert (await the_meeting(world))["state"] == "confirmed"


ANSWERS = {
    "propose": (("Other times", "Add: Thu 3 Dec 09:30", "Send the proposal"), "the official offers other times"),
    "other_times": (
        ("Other times", "Let the NGO choose", "Busy at these hours", "Send without words"),
        "the official asks for other times",
    ),
    "decline": (("Decline", "No time at present"), "was declined"),
    "cancel": (("Cancel the meeting", "Illness"), "is cancelled"),
    "offer_move": (("Move to another time", "Add: Thu 3 Dec 09:00", "Send the proposal"), "the office asks to move"),
}


@MINUTE
@pytest.mark.parametrize("answer", list(ANSWERS))
async def test_every_answer_of_the_office_can_be_taken_back(world: World, answer: str) -> None:
    ngo, official = await two(world)
    taps, said = ANSWERS[answer]
    number = await asks(world, ngo)
    if answer in ("cancel", "offer_move"):
        await world.taps(official, "Confirm Wed 2 Dec 09:00", "Skip for now")
        await world.move(seconds=61)
        await world.rest()
        official.looks_away()
    state, before = (await the_meeting(world))["state"], heard(ngo)
    await world.taps(official, *taps)
    await official.sees("The NGO is told 1 minute after your tap. Until then you can take it back.")
    await world.taps(official, "Take it back")
    await official.sees_toast("Taken back. Nobody was told anything.")
    assert "Take it back" not in official.shown.buttons
    await world.move(minutes=5)
    await world.rest()
    assert ((await the_meeting(world))["state"], heard(ngo)) == (state, before)

    await world.taps(official, *taps)
    shown = official.shown
    await world.move(seconds=61)
    await world.rest()
    told = await ngo.sees(said)
    assert number in told.text
    await late(world, official, "Take it back", shown)
    await official.sees_toast("It is too late to take this back")
    assert "Take it back" not in official.shown.buttons


async def test_a_request_whose_times_have_passed_is_asked_about_once_and_closed(world: World) -> None:
    ngo, official = await two(world)
    number = await asks(world, ngo)
    times = sorted(row["starts_at"] for row in await world.rows(Slot))
    await world.go_to(times[-1])
    for _ in range(2):
        await world.duties()
    asked = await ngo.sees(f"ACTION NEEDED: do you still want the meeting, request {number}?")
    assert asked.buttons == ["Choose new times", "Withdraw the request", "My meetings"]
    assert "Without an answer it is closed after Thursday 10 December." in asked.text
    assert sum("do you still want" in message.text for message in ngo.chat.messages) == 1

    await world.taps(ngo, "Choose new times", "Use these 3 times", "Send")
    await world.rest()
    await official.sees(f"please answer the request for a meeting {number}")
    assert ((await the_meeting(world))["state"], (await the_meeting(world))["round"]) == ("requested", 2)

    await world.go_to(at(10, 12))
    await world.duties()
    ngo.looks_away()
    await world.go_to(at(21, 12))
    await world.duties()
    told = await ngo.sees(f"Request {number} is closed: its times have passed without an answer.")
    assert told.buttons == ["Back to the card", "My meetings"]
    await official.sees(f"Request {number} is closed: its times have passed without an answer.")
    await world.taps(ngo, "Back to the card")
    await ngo.sees("Үлгі Айгүл (sample)", button="Request a meeting")
    kinds = [row["kind"] for row in await world.rows(Notice) if row["kind"] == "still_wanted"]
    assert len(kinds) == 2  # once for each round


async def test_stale_and_forged_buttons_of_a_proposal_change_nothing(world: World) -> None:
    ngo, official = await two(world)
    other = await world.official_of("min-justice", 2002, "Sample Second")
    await asks(world, ngo)
    await world.taps(official, "Other times")
    shown = official.shown
    tick = shown.button(shown.buttons[0])
    assert tick is not None
    data = tick["callback_data"]
    before = await world.everything()
    key = data.split(":")[2]
    forged = [
        data,
        "op:1",
        "op:99",
        "op:x",
        "op",
        "pp:1",
        f"pp:1:{key}:1:fly",
        f"pp:1:{key}:1:tick:never",
        "pd:99",
        "pd:",
    ]
    for one in (*forged, f"pp:1:{key}:1:send", f"pp:1:{key}:1:look:day:x", "pd:1"):
        await world.sandbox.settled(other.forges(one, other.shown))
        await world.sandbox.settled(ngo.forges(one, ngo.shown))
    assert "went wrong" not in other.transcript + ngo.transcript
    assert await world.everything() == before
    await world.sandbox.settled(official.forges(f"pp:1:{key}:1:look:day:2026-13-01", shown))
    await world.sandbox.settled(official.forges(f"pp:1:{key}:1:tick:202612020130", shown))  # at night
    await official.sees_toast("This time is not free any more.")
    assert await world.everything() == before

    await world.sandbox.settled(official.forges(data, shown))
    await world.sandbox.settled(official.forges(data, shown))  # a double tap
    assert sum(label.startswith("Chosen: ") for label in official.shown.buttons) == 1
    await world.taps(official, "Send the proposal")
    await world.rest()
    await world.sandbox.settled(official.forges(data, shown))  # a month later
    assert re.search("The official offers other times", official.shown.text)


async def test_other_taps_and_texts_while_a_proposal_is_open(world: World) -> None:
    ngo, official = await two(world)
    number = await asks(world, ngo)
    await world.taps(official, "Other times")
    await world.says(official, "/cancel")
    await official.sees("The proposal of other times was not sent.")
    await world.says(official, "/my")
    await world.taps(official, number, "Other times")
    await world.taps(official, "Add: Wed 2 Dec 09:30", "Back")
    await official.sees(f"{number}. Waiting for the official's answer")
    await world.taps(official, "Other times")
    await world.taps(ngo, "Withdraw the request", "Yes, withdraw")
    await world.rest()
    await opens_card(world, official)  # the proposal is over: a text is a query again
