"""Stepping into posts: what the bot's side answers to the page, and which official the page then shows."""

from typing import Any

from aiohttp import ClientSession
from playwright.async_api import expect

from bot import demo_posts
from bot.commands import demo
from bot.sample_officials import vacancies
from tests.browser.conftest import WAIT, Stack, Visits


async def offer(stack: Stack, name: str, status: int = 200, **asked: Any) -> Any:
    url = f"{stack.sandbox.url}/sandbox/offer/{name}"
    async with ClientSession() as client, client.post(url, json=asked) as answer:
        assert answer.status == status
        return await answer.json()


async def test_what_is_offered(stack: Stack) -> None:
    tree = stack.app.services.directory().tree
    vacant = next(tree.by_code[code] for code in sorted(vacancies([e for e in tree.entries if not e.abolished_on])))
    found = (await offer(stack, "bodies", query=vacant.names["ru"], language="ru"))["bodies"]
    assert {"id": vacant.id, "name": vacant.names["ru"], "official": None} in found

    number = demo_posts.FIRST_OFFICIAL + vacant.id
    entered = await offer(stack, "step", body=vacant.id)
    assert (entered["person"], entered["name"]) == (number, None)
    official = stack.sandbox.person(number, "Official (sample)")
    await stack.sandbox.settled(official.follows(entered["link"]))
    await stack.sandbox.settled(official.taps("English"))
    again = await offer(stack, "step", body=vacant.id)
    assert again == {"person": number, "name": "Official (sample)", "link": None}

    error = await offer(stack, "step", 400, body=0)
    assert error == {"error": "no such body: 0"}
    assert await offer(stack, "nothing", 400) == {"error": "no such offer: nothing"}
    link = (await offer(stack, "coordinator"))["link"]
    assert link.startswith(f"https://t.me/{stack.sandbox.username}?start=i_")


async def test_the_pane_turns_to_the_official_of_the_post(stack: Stack, visits: Visits) -> None:
    first = stack.sandbox.people[demo.OFFICIAL]
    await first.sees("Choose your language")
    await stack.sandbox.settled(first.taps("English"))
    visit = await visits.open(stack.sandbox, "en", "desktop")
    pane = visit.pane("official")
    search, state = pane.get_by_role("searchbox"), pane.locator(".pane-state")
    names = {}
    for code in ("min-health", demo.SHOWN_BODY):
        names[code] = stack.app.services.directory().tree.by_code[code].names["en"]
        await search.fill(names[code])
        await pane.locator(".results button", has=visit.page.get_by_text(names[code], exact=True)).first.click()
        await expect(state).to_have_text(names[code], timeout=WAIT)
    # The post that somebody holds shows its holder, and those entered before are at hand.
    await expect(pane.locator("h2")).to_have_text(f"{first.user['first_name']} {first.user['last_name']}")
    await search.click()
    await pane.locator(".results button", has_text=names["min-health"]).click()
    await expect(state).to_have_text(names["min-health"])
    await visit.page.reload()
    await expect(state).to_have_text(names["min-health"])
