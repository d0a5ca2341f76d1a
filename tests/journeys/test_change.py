"""Officials go on leave, have assistants, are followed by others, and pass on what is not theirs (journeys 4.12)."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.people import Person
from handlers.people_screens import NATIVE_NAMES
from handlers.speech import Speech
from storage.meetings import Meeting
from storage.posts import Deputy, Holder
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import BODY, HEALTH, asks, at, button, known, opens_card
from tests.journeys.test_answers import NOT_YOURS, coordinator

BESIDE = "com-health-pharmacy"  # below the ministry: its official can stand in
OFFICIAL, SUBSTITUTE = "Үлгі Айгүл (sample)", "Үлгі Болат (sample)"
LANGUAGES = ["en", "ru", "kk"]


async def official(world: World, language: str = "en", code: str = HEALTH, number: int = 2001) -> Person:
    """The official of the ministry (or of another body) in a language."""
    name = OFFICIAL if code == HEALTH else SUBSTITUTE
    person = await world.official_of(code, number, name, NATIVE_NAMES[language])
    person.looks_away()
    return person


def said(speech: Speech, text: str, **values: Any) -> str:
    return speech.say(text, **values).striptags()


def confirm(speech: Speech, day: int = 2) -> str:
    return speech.psay("button", "Confirm {time}", time=speech.slot(at(day, 9))).unescape()


async def on_leave(world: World, person: Person, speech: Speech, days: str) -> None:
    """From /my to the question who stands in."""
    await world.says(person, "/my")
    await world.taps(person, button(speech, "Leave and assistants"), button(speech, "On leave"))
    await person.sees(said(speech, "From which day are you away? Tap a day, or write both: 1.12 – 24.12"))
    await world.says(person, days)


def link_in(text: str) -> str:
    """The payload of the link that a message shows."""
    return text[text.index("?start=") + len("?start=") :].split()[0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_leave_from_its_first_day_to_the_return(world: World, language: str) -> None:
    speech = world.speech(language)
    away, stands = await official(world, language), await official(world, language, BESIDE, 2002)
    ngo = await known(world)
    number = await asks(world, ngo)

    await on_leave(world, away, speech, "1.12 – 3.12")
    offered = next(away.chat.newest()).buttons
    await world.taps(away, next(label for label in offered if label.startswith(SUBSTITUTE)))
    days = {"from": speech.day(at(1, 9)), "until": speech.day(at(3, 9))}
    asked = "From {from} until {until}: {name} is asked to stand in and has not answered yet."
    await away.sees(said(speech, asked, name=SUBSTITUTE, **days))
    await world.rest()
    invited = await stands.sees(SUBSTITUTE)
    assert OFFICIAL in invited.text
    assert invited.buttons[:2] == [button(speech, "Accept"), button(speech, "I cannot")]
    await world.taps(stands, button(speech, "Accept"))
    await world.rest()
    await stands.sees(said(speech, "You stand in for {official} from {from} until {until}.", official=OFFICIAL, **days))
    await away.sees(said(speech, "From {from} until {until} {name} stands in for {official}.",
                         name=SUBSTITUTE, official=OFFICIAL, **days))  # fmt: skip

    told = await ngo.sees(f"{SUBSTITUTE} stands in for {OFFICIAL}")
    assert f"– {number}, not confirmed yet" in told.text
    card = await opens_card(world, ngo)
    assert f"Stands in: {SUBSTITUTE}, until Thursday 3 December (the official is away)" in card.text
    await world.taps(stands, confirm(speech))
    await world.rest()
    answered = await ngo.sees(f"Confirmed: meeting {number}")
    assert "Answered by who stands in for the official." in answered.text
    assert f"Until Thursday 3 December {SUBSTITUTE} stands in for the official, who is away." in answered.text

    waiting = await asks(world, ngo)
    away.looks_away()
    await world.go_to(at(4, 9))
    back = await away.sees(speech.npsay("line", "Answered for you: {n}.", "Answered for you: {n}.", 1).unescape())
    assert speech.npsay("line", "Waiting for you: {n}.", "Waiting for you: {n}.", 1) in back.text
    await world.taps(away, speech.psay("button", "Open {number}", number=waiting).unescape())
    await away.sees(waiting)


async def test_refused_and_loops_refused(world: World) -> None:
    speech = world.speech("en")
    away, stands = await official(world), await official(world, "en", BESIDE, 2002)
    await on_leave(world, away, speech, "2.12")
    await away.sees("Until which day? Tap the last day, or write it: 24.12")
    await world.taps(away, "Thu 3 Dec", f"{SUBSTITUTE}, Pharmacy Committee of the Ministry of Healthcare")
    await world.rest()
    await world.taps(stands, "I cannot")
    await world.rest()
    await away.sees(f"{SUBSTITUTE} cannot stand in from Wednesday 2 December until Thursday 3 December.")
    assert [row["state"] for row in await world.rows(Deputy)] == ["refused"]

    await on_leave(world, away, speech, "2.12 - 3.12")
    await world.taps(away, f"{SUBSTITUTE}, Pharmacy Committee of the Ministry of Healthcare")
    await world.rest()
    await on_leave(world, stands, speech, "3.12 - 9.12")
    await world.taps(stands, f"{OFFICIAL}, Ministry of Healthcare")
    await stands.sees_toast(f"{OFFICIAL} is away in these days (until Thursday 3 December) and cannot stand in.")
    for text in ("yesterday", "31.2", "9.12 - 3.12.2026"):
        await on_leave(world, stands, speech, text)
        await stands.sees("These days cannot be taken.")
    await world.says(stands, "/cancel")
    await stands.sees("The leave was not entered; nothing was changed.")
    stands.forges("da:1:y")
    await world.rest()
    assert [row["state"] for row in await world.rows(Deputy)] == ["refused", "asked"]


async def test_an_assistant_answers_and_is_removed(world: World) -> None:
    boss, ngo = await official(world), await known(world)
    number = await asks(world, ngo)
    await world.says(boss, "/my")
    await world.taps(boss, "Leave and assistants", "Add an assistant")
    shown = await boss.sees("Send this link to your assistant, to nobody else. It works once and for 14 days:")
    helper = world.person(2003, "Sample Helper")
    await world.sandbox.settled(helper.start(link_in(shown.text)))
    await world.taps(helper, "English")
    await world.rest()
    await helper.sees(f"You are the assistant of {OFFICIAL}.")
    await boss.sees("Sample Helper is an assistant and may answer requests.")
    await helper.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")
    await world.taps(helper, "Confirm Wed 2 Dec 09:00")
    await world.rest()
    line = f"Answered by the assistant of {OFFICIAL}."
    assert (await ngo.sees(f"Confirmed: meeting {number}")).text.count(line) == 1
    await world.taps(helper, "Skip for now", "Cancel the meeting", "Illness")
    await world.rest()
    assert (await ngo.sees(f"Meeting {number} is cancelled")).text.count(line) == 1
    number = await asks(world, ngo)
    await world.taps(helper, "Other times", "Let the NGO choose", "Busy at these hours", "Send without words")
    await world.rest()
    assert (await ngo.sees(f"the official asks for other times, request {number}")).text.count(line) == 1
    number = await asks(world, ngo)
    await world.taps(helper, "Decline", "No time at present")
    await world.rest()
    assert (await ngo.sees(f"Request {number} was declined")).text.count(line) == 1

    stranger = await world.newcomer(2004, "Stranger")
    await world.sandbox.settled(stranger.start(link_in(shown.text)))
    await stranger.sees("This link is not valid any more or has been used by somebody else.")
    await world.says(boss, "/my")
    await world.taps(boss, "Leave and assistants", "Assistant: Sample Helper", "Remove the assistant", "Yes, end it")
    await boss.sees("is not an assistant of")
    await world.rest()
    await helper.sees("is not an assistant of")
    helper.forges("m:1:x")
    await world.rest()
    await helper.sees_toast(NOT_YOURS)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_successor_takes_over(world: World, language: str) -> None:
    speech = world.speech(language)
    keeper = await coordinator(world, 3001, "Keeper")
    former, ngo = await official(world, language), await known(world)
    first = await asks(world, ngo)
    await world.taps(former, confirm(speech))
    await world.rest()
    await world.taps(former, speech.psay("button", "Skip for now").unescape())
    second = await asks(world, ngo)
    ngo.looks_away()

    await world.says(former, "/my")
    leaving = (button(speech, "I am leaving the post"), button(speech, "Yes, I am leaving"))
    await world.taps(former, button(speech, "Leave and assistants"), *leaving)
    shown = await former.sees("?start=i_")
    await world.rest()
    await keeper.sees(f"{OFFICIAL}, the official of Ministry of Healthcare of the Republic of Kazakhstan, is leaving")
    follower = world.person(2005, SUBSTITUTE)
    await world.sandbox.settled(follower.start(link_in(shown.text)))
    await world.taps(follower, NATIVE_NAMES[language])
    await world.rest()
    body = world.app.services.directory().tree.name(world.body(HEALTH), language)
    brief = await follower.sees(
        said(speech, "<b>You are now the official of {body} for work with NGOs.</b>", body=body)
    )
    assert speech.npsay("line", "Open requests: {n}", "Open requests: {n}", 1) in brief.text
    assert speech.npsay("line", "Meetings to come: {n}", "Meetings to come: {n}", 1) in brief.text
    asked = speech.say("<b>ACTION NEEDED: please answer the request for a meeting {number}</b>", number=second)
    await follower.sees(asked.striptags())

    told = await ngo.sees(f"{SUBSTITUTE} is now the official for work with NGOs.\nMinistry of Healthcare")
    assert f"– {first}, Wednesday 2 December, 09:00 (UTC+5)" in told.text
    assert f"– {second}, not confirmed yet" in told.text
    assert told.buttons == ["All right", f"Other time: {first}"]
    thanked = await former.sees(
        said(speech, "<b>Your duty as the official for work with NGOs has ended.</b>\n{body}", body="")
    )
    assert thanked.buttons == [button(speech, "My meetings")]
    former.looks_away()
    former.forges("m:2")
    await world.rest()
    await former.sees_toast(speech.say(NOT_YOURS).unescape())
    assert [row["full_name"] for row in await world.rows(Holder) if row["until"] is None] == [SUBSTITUTE]
    await world.taps(ngo, f"Other time: {first}")
    await ngo.sees("Request to:")


async def test_a_vacant_post_is_told_of_once_a_week(world: World) -> None:
    keeper = await coordinator(world, 3001, "Keeper")
    await asks(world, await known(world))
    await world.move(minutes=16)
    await world.duties()
    told = await keeper.sees("These bodies have no official.")
    assert "– Ministry of Healthcare of the Republic of Kazakhstan. Waiting: 1" in told.text
    await world.taps(keeper, "Ministry of Healthcare", "Back")
    keeper.looks_away()
    await world.move(hours=20)
    await world.duties()
    await world.go_to(START + timedelta(days=6))  # Monday
    await world.duties()
    await keeper.sees("These bodies have no official.")
    states = [state for kind, state in await world.notices() if kind == "vacant"]
    assert states == ["sent", "sent"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_not_my_area(world: World, language: str) -> None:
    speech = world.speech(language)
    first, second = await official(world, language), await official(world, language, BESIDE, 2002)
    ngo = await known(world)
    number = await asks(world, ngo)
    await world.taps(first, button(speech, "Not my area"))
    await first.sees(said(speech, "Which body is this request for? Choose one, or write its name."))
    tree = world.app.services.directory().tree
    await world.says(first, BODY[language])  # its own
    await first.sees(said(speech, "Which of them? Choose one, or write the name in another way."))
    await world.says(first, tree.name(world.body(BESIDE), language))
    found = await first.sees(said(speech, "Which of them? Choose one, or write the name in another way."))
    await world.taps(first, found.buttons[0])
    await world.taps(first, speech.say("Decided at another level").unescape())
    await first.sees(speech.say("Passed on to another body").unescape())
    await world.rest()
    told = await ngo.sees(f"Your request {number} was passed on")
    assert "Reason: Decided at another level" in told.text
    assert "UKL-26-000002" in told.text
    assert "To: Pharmacy Committee" in told.text
    await world.taps(ngo, "Open the new request")
    await ngo.sees("UKL-26-000002. Waiting for the official's answer")

    asked = speech.say("<b>ACTION NEEDED: please answer the request for a meeting {number}</b>", number="UKL-26-000002")
    request = await second.sees(asked.striptags())
    body = tree.name(world.body(HEALTH), language)
    assert speech.psay("line", "Passed on by: {body}", body=body) in request.text
    await world.taps(second, button(speech, "Not my area"))
    await world.says(second, BODY[language])  # and back again
    offered = await second.sees(said(speech, "Which of them? Choose one, or write the name in another way."))
    await world.taps(second, offered.buttons[0])
    back = "This request has been there already and cannot go back. Please choose another body."
    await second.sees_toast(speech.say(back).unescape())
    assert [row["state"] for row in await world.rows(Meeting)] == ["redirected", "requested"]
    await world.taps(second, confirm(speech))
    await world.rest()
    await ngo.sees("Confirmed: meeting UKL-26-000002")


async def test_after_the_term_it_is_answered_or_declined(world: World) -> None:
    first = await official(world)
    await official(world, "en", BESIDE, 2002)
    ngo = await known(world)
    await asks(world, ngo)
    await world.go_to(at(5, 0))
    await world.taps(first, "Not my area")
    await first.sees_toast("A request can be passed on within 3 working days. That is over")
    shown = next(first.chat.newest())
    assert "Decline" in shown.buttons
    assert "Other times" in shown.buttons
    assert [row["state"] for row in await world.rows(Meeting)] == ["requested"]
