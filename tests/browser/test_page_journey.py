"""The main job by clicking: look up, request, step into the post, confirm, move the clock, be reminded."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import WAIT, Stack, Visit, Visits

QUERY = "Ministry of Healthcare"
BODY = f"{QUERY} of the Republic of Kazakhstan"
PLACE = "Mangilik El 8, room 214"


async def ask_for_a_meeting(visit: Visit) -> None:
    await visit.tab("ngo")
    await visit.pane("ngo").get_by_role("button", name="Start").click()
    await visit.tap("ngo", "English")
    await visit.say("ngo", QUERY)
    await visit.sees("ngo", BODY)
    await visit.tap("ngo", "Request a meeting", "I agree")
    await visit.say("ngo", "Sample NGO «Umit»")
    await visit.sees("ngo", "BIN")
    await visit.tap("ngo", "Without a BIN")
    await visit.say("ngo", "Sampleva Aigerim")
    await visit.sees("ngo", "role")
    await visit.say("ngo", "director")
    await visit.sees("ngo", "What is the meeting about?")
    await visit.tap("ngo", "Health", "In person", "Use these 3 times", "Send")
    await visit.sees("ngo", "is sent.")


async def step_into_the_post(visit: Visit, body: str) -> None:
    await visit.tab("official")
    pane = visit.pane("official")
    await pane.get_by_role("searchbox").fill(body)
    await pane.locator(".results button", has=visit.page.get_by_text(body, exact=True)).first.click()
    await expect(pane.locator(".pane-state")).to_have_text(body, timeout=WAIT)
    await visit.tap("official", "English")


async def move_clock_until(visit: Visit, role: str, text: str, *, days: int) -> None:
    """Press "+1 day" until a message is there."""
    await visit.tab(role)
    found = visit.pane(role).locator(".from-bot .bubble", has_text=text)
    for _ in range(days):
        await visit.page.get_by_role("button", name="+1 day").click()
        try:
            await expect(found.last).to_be_visible(timeout=4000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{text!r} was not seen within {days} days")


@pytest.mark.parametrize("size", ["desktop", "phone"])
async def test_from_the_first_word_to_the_reminder(visits: Visits, stack: Stack, size: str) -> None:
    visit = await visits.open(stack.sandbox, "en", size)
    await ask_for_a_meeting(visit)
    await step_into_the_post(visit, BODY)
    await visit.sees("official", "ACTION NEEDED")
    await visit.tap("official", "Confirm ")
    await visit.sees("official", "Where will it be?")
    await visit.say("official", PLACE)
    for role in ("ngo", "official"):
        await visit.sees(role, f"Place: {PLACE}")
        assert await visit.pane(role).locator("a.file[download$='.ics']").count() >= 1
    await move_clock_until(visit, "ngo", "Reminder: meeting", days=4)
    await visit.sees("official", "Reminder: meeting")
