"""The main job by clicking: look up, request, step into the post, confirm, move the clock, be reminded."""

import pytest
from playwright.async_api import expect

from handlers.speech import Speech
from tests.browser.conftest import ALMATY, SIZES, WAIT, Stack, Visit, Visits

BODY = "min-health"
NUMBER = "UKL-26-000001"
PLACE = "Mangilik El 8, room 214"
LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
TOPICS = {"kk": "Денсаулық сақтау", "ru": "Здравоохранение", "en": "Health"}
PAGE = {"kk": ("Бастау", "+1 күн"), "ru": ("Начать", "+1 день"), "en": ("Start", "+1 day")}


async def ask_for_a_meeting(visit: Visit, speech: Speech, name: str) -> None:
    """As a representative who comes for the first time."""
    say, psay = speech.say, speech.psay
    await visit.tab("ngo")
    await visit.pane("ngo").get_by_role("button", name=PAGE[speech.language][0], exact=True).click()
    await visit.tap("ngo", LANGUAGES[speech.language])
    await visit.say("ngo", name)
    await visit.sees("ngo", name)
    await visit.tap("ngo", psay("button", "Request a meeting"), psay("button", "I agree"))
    await visit.say("ngo", "Sample NGO «Umit»")
    await visit.sees("ngo", say("Its BIN (12 digits)? You may go on without it."))
    await visit.tap("ngo", psay("button", "Without a BIN"))
    await visit.say("ngo", "Sampleva Aigerim")
    await visit.sees("ngo", say("Your role in the organisation? For example: director, volunteer."))
    await visit.say("ngo", "director")
    await visit.sees("ngo", say("What is the meeting about?"))
    await visit.tap("ngo", TOPICS[speech.language], psay("way to meet", "In person"))
    await visit.tap("ngo", speech.npsay("button", "Use this time", "Use these {n} times", 3), psay("button", "Send"))
    sent = say("<b>Your request {number} is sent.</b> You will be told here when the official answers.", number=NUMBER)
    await visit.sees("ngo", sent.striptags())


async def step_into_the_post(visit: Visit, language: str, name: str) -> None:
    """In the official's pane."""
    await visit.tab("official")
    pane = visit.pane("official")
    await pane.get_by_role("searchbox").fill(name)
    await pane.locator(".results button", has=visit.page.get_by_text(name, exact=True)).first.click()
    await expect(pane.locator(".pane-state")).to_have_text(name, timeout=WAIT)
    await visit.tap("official", LANGUAGES[language])


async def confirm(visit: Visit, speech: Speech) -> None:
    """With one tap; then the place."""
    say, psay = speech.say, speech.psay
    asked = say("<b>ACTION NEEDED: please answer the request for a meeting {number}</b>", number=NUMBER)
    await visit.sees("official", asked.striptags())
    await visit.tap("official", psay("button", "Confirm {time}", time="").strip())
    where = say("Where will it be? Please write the address and the room, or send a pin on the map (attach, location).")
    await visit.sees("official", where)
    await visit.say("official", PLACE)


async def move_clock_until(visit: Visit, language: str, text: str, *, days: int) -> None:
    """Press "+1 day" until the representative sees a message."""
    await visit.tab("ngo")
    found = visit.pane("ngo").locator(".from-bot .bubble", has_text=text)
    for _ in range(days):
        await visit.page.get_by_role("button", name=PAGE[language][1]).click()
        try:
            await expect(found.last).to_be_visible(timeout=4000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{text!r} was not seen within {days} days")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_from_the_first_word_to_the_reminder(visits: Visits, stack: Stack, language: str, size: str) -> None:
    speech = Speech(language, ALMATY, "UTC+5")
    tree = stack.app.services.directory().tree
    name = tree.name(tree.by_code[BODY].id, language)
    visit = await visits.open(stack.sandbox, language, size)

    await ask_for_a_meeting(visit, speech, name)
    await step_into_the_post(visit, language, name)
    await confirm(visit, speech)
    for role in ("ngo", "official"):
        await visit.sees(role, speech.psay("line", "Place: {place}", place=PLACE))
        await expect(visit.pane(role).locator("a.file[download$='.ics']").last).to_be_visible()
    reminder = speech.psay("line", "<b>Reminder: meeting {number}</b>", number=NUMBER).striptags()
    await move_clock_until(visit, language, reminder, days=4)
    await visit.sees("official", reminder)
