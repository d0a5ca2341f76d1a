"""Inline mode and the group on the page: typed, picked by mouse and by keys, switched to by a button, tapped."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.sandbox import Chat, Sandbox
from tests.browser.conftest import SIZES, WAIT, Visit, Visits, call
from tests.browser.test_page_layout import check

NAMES = {"en": "Aktobe", "ru": "Актобе", "kk": "Ақтөбе"}
LONG = "Қазақстанреспубликасыныңмәдениетжәнеақпаратминистрлігі"
GROUP = {"en": "NGO group (sample)", "ru": "Группа НПО (образец)", "kk": "ҮЕҰ-лар тобы (үлгі)"}
IN_GROUP = {
    "en": ("Group created by Aigerim", "Now in the group: Uakil"),
    "ru": ("Группа создана: Aigerim", "Теперь в группе: Uakil"),
    "kk": ("Топ құрылды: Aigerim", "Топқа қосылды: Uakil"),
}
VIA = {"en": "via @{}", "ru": "через @{}", "kk": "@{} арқылы"}
NOTHING = {"en": "Nothing found", "ru": "Ничего не нашлось", "kk": "Ештеңе табылмады"}
BUTTONS = [[{"text": "Card", "url": "https://t.me/uakil_sandbox_bot?start=b_1"}, {"text": "Ok", "callback_data": "o"}]]


def article(name: str) -> dict[str, Any]:
    return {
        "type": "article",
        "id": name.rpartition(" ")[2],
        "title": name,
        "description": f"{LONG} 7",
        "input_message_content": {"message_text": f"<b>{name}</b>", "parse_mode": "HTML"},
        "reply_markup": {"inline_keyboard": BUTTONS},
    }


@asynccontextmanager
async def answering(sandbox: Sandbox, found: Callable[[str, str], dict[str, Any]]) -> AsyncIterator[list[str]]:
    """A bot that answers inline queries by `found(query, offset)`; gives the queries it got."""
    got: list[str] = []

    async def serve() -> None:
        offset = 0
        while True:
            for update in await call(sandbox, "getUpdates", offset=offset, timeout=20) or []:
                offset = update["update_id"] + 1
                if query := update.get("inline_query"):
                    got.append(query["query"])
                    answer = found(query["query"], query["offset"])
                    await call(sandbox, "answerInlineQuery", inline_query_id=query["id"], cache_time=0, **answer)
                if tap := update.get("callback_query"):
                    await call(sandbox, "answerCallbackQuery", callback_query_id=tap["id"], text="Noted")

    task = asyncio.create_task(serve())
    try:
        yield got
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def three(query: str, offset: str) -> dict[str, Any]:
    return {"results": [article(f"{query} {number}") for number in range(3)] if query != "zzz" else []}


def the_group(sandbox: Sandbox) -> Chat:
    return next(chat for chat in sandbox.chats.values() if chat.id < 0)


def line(visit: Visit, role: str) -> Locator:
    return visit.pane(role).get_by_role("textbox").last


async def types(visit: Visit, role: str, text: str) -> Locator:
    """Type into the line; the list of results."""
    await line(visit, role).fill(text)
    return visit.pane(role).get_by_role("listbox")


async def options(found: Locator, *titles: str) -> None:
    await expect(found.get_by_role("option").locator(".hit-name")).to_have_text(list(titles), timeout=WAIT)


async def open_group(visit: Visit) -> None:
    button = visit.page.locator(".group-button")
    if await button.is_visible():
        await button.click()
    else:
        await visit.tab("group")
    await expect(visit.pane("group")).to_be_visible()


async def picks_with_the_keys(visit: Visit, sandbox: Sandbox, language: str) -> None:
    bot = f"@{sandbox.username}"
    found = await types(visit, "ngo", f"{bot} {NAMES[language]}")
    await options(found, *(f"{NAMES[language]} {number}" for number in range(3)))
    await check(visit.page)
    await expect(found.locator("[aria-selected=true] .hit-name")).to_have_text(f"{NAMES[language]} 0")
    await line(visit, "ngo").press("ArrowDown")
    await line(visit, "ngo").press("ArrowDown")
    chosen = found.locator("[aria-selected=true]")
    await expect(chosen.locator(".hit-name")).to_have_text(f"{NAMES[language]} 2")
    assert await line(visit, "ngo").get_attribute("aria-activedescendant") == await chosen.get_attribute("id")
    await line(visit, "ngo").press("Enter")
    sent = visit.pane("ngo").locator(".own .bubble").last
    await expect(sent.locator(".via")).to_have_text(VIA[language].format(sandbox.username))
    await expect(sent.locator("b")).to_have_text(f"{NAMES[language]} 2")
    await expect(line(visit, "ngo")).to_have_value("")
    await expect(found).to_be_hidden()


async def picks_in_the_group(visit: Visit, sandbox: Sandbox, language: str) -> None:
    await open_group(visit)
    pane = visit.pane("group")
    await expect(pane.get_by_role("heading")).to_have_text(GROUP[language])
    await expect(pane.locator(".service")).to_have_text(list(IN_GROUP[language]))
    await pane.get_by_role("combobox").select_option(label="Erlan")
    found = await types(visit, "group", f"@{sandbox.username} zzz")
    await expect(pane.locator(".inline-list .nothing")).to_have_text(NOTHING[language], timeout=WAIT)
    await types(visit, "group", f"@{sandbox.username} {LONG}")
    await options(found, *(f"{LONG} {number}" for number in range(3)))
    await check(visit.page)
    await found.get_by_role("option").nth(1).click()
    await expect(pane.locator(".own b")).to_have_text(f"{LONG} 1")
    await pane.get_by_role("combobox").select_option(label="Dana")
    other = pane.locator(".from-other")
    await expect(other.locator(".author")).to_have_text("Erlan")
    await expect(other.locator(".via")).to_have_text(VIA[language].format(sandbox.username))
    await other.get_by_role("button", name="Ok").click()
    await expect(pane.locator(".whisper")).to_have_text("Noted")
    await expect(pane.locator(".turning")).to_have_count(0)
    await check(visit.page)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", NAMES)
async def test_results_are_picked_in_a_chat_and_in_the_group(
    alone: Sandbox, visits: Visits, language: str, size: str
) -> None:
    visit = await visits.open(alone, language, size)
    async with answering(alone, three):
        await picks_with_the_keys(visit, alone, language)
        await picks_in_the_group(visit, alone, language)
        group = the_group(alone)
        await call(alone, "sendMessage", chat_id=group.id, text=LONG)
        await expect(visit.pane("group").locator(".from-bot .author")).to_have_text("Uakil")
        await visit.say("group", f"/find@{alone.username} {LONG}")
        await expect(visit.pane("group").locator(".own .words")).to_have_text(f"/find@{alone.username} {LONG}")
        await visit.pane("group").get_by_role("button", name="Card").click()
        await visit.tab("coordinator")
        await expect(visit.pane("coordinator").locator(".own .words")).to_have_text("/start b_1")

    assert [message.body["from"]["first_name"] for message in group.messages[2:]] == ["Erlan", "Uakil", "Dana"]
    assert [message.meant for message in group.messages[2:]] == [True, False, True]
    assert alone.violations == []


async def test_buttons_begin_a_query_here_and_in_a_chosen_chat(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    keys = [
        {"text": "Here", "switch_inline_query_current_chat": "one"},
        {"text": "Share", "switch_inline_query": "two"},
        {"text": "In a group", "switch_inline_query_chosen_chat": {"query": "three", "allow_group_chats": True}},
        {"text": "To a person", "switch_inline_query_chosen_chat": {"query": "four", "allow_user_chats": True}},
    ]
    await call(alone, "sendMessage", chat_id=1002, text="x", reply_markup={"inline_keyboard": [keys[:2], keys[2:]]})
    pane = visit.pane("official")
    choices = visit.page.locator("dialog .choices")
    async with answering(alone, three) as asked:
        await pane.get_by_role("button", name="Here").click()
        await expect(line(visit, "official")).to_have_value(f"@{alone.username} one")
        await options(pane.get_by_role("listbox"), "one 0", "one 1", "one 2")
        await line(visit, "official").press("Escape")
        await pane.get_by_role("button", name="Share").click()
        await expect(choices.get_by_role("button")).to_have_text(["Chat with the bot", "NGO group (sample)"])
        await choices.get_by_role("button", name="Chat with the bot").click()
        await options(pane.get_by_role("listbox"), "two 0", "two 1", "two 2")
        await line(visit, "official").press("Escape")
        await pane.get_by_role("button", name="In a group").click()
        await choices.get_by_role("button").click()
        await expect(line(visit, "group")).to_have_value(f"@{alone.username} three")
        await options(visit.pane("group").get_by_role("listbox"), "three 0", "three 1", "three 2")
        await line(visit, "group").press("Enter")
        await expect(visit.pane("group").locator(".own b")).to_have_text("three 0")
        await pane.get_by_role("button", name="To a person").click()
        await expect(pane.locator(".whisper")).to_have_text("This button works only in Telegram itself.")

    assert asked == ["one", "two", "three"]
    assert the_group(alone).messages[-1].body["from"]["id"] == 1002


async def test_more_results_follow_and_the_button_above_leads_to_the_bot(alone: Sandbox, visits: Visits) -> None:
    def pages(query: str, offset: str) -> dict[str, Any]:
        first = int(offset or 0)
        button = {"text": "Open the bot", "start_parameter": "inline"}
        results = [article(f"{query} {number}") for number in range(first, first + 10)]
        return {"results": results, "next_offset": str(first + 10) if first < 20 else "", "button": button}

    visit = await visits.open(alone, "en", "phone")
    async with answering(alone, pages) as asked:
        found = await types(visit, "ngo", f"@{alone.username} a")
        await expect(found.get_by_role("option")).to_have_count(10, timeout=WAIT)
        await line(visit, "ngo").press("ArrowUp")
        await expect(found.get_by_role("option")).to_have_count(20)
        await expect(found.locator("[aria-selected=true] .hit-name")).to_have_text("a 9")
        await visit.pane("ngo").get_by_role("button", name="Open the bot").click()
        await expect(visit.pane("ngo").locator(".own .words")).to_have_text("/start inline")
        await expect(found).to_be_hidden()

    assert asked == ["a", "a"]


async def test_an_empty_query_is_told_nothing_but_the_way_to_the_bot(alone: Sandbox, visits: Visits) -> None:
    def door(query: str, offset: str) -> dict[str, Any]:
        return {"results": [], "button": {"text": "Open the bot", "start_parameter": "inline"}}

    visit = await visits.open(alone, "en", "phone")
    async with answering(alone, door):
        await types(visit, "ngo", f"@{alone.username} ")
        await expect(visit.pane("ngo").get_by_role("button", name="Open the bot")).to_be_visible(timeout=WAIT)
        await expect(visit.pane("ngo").locator(".inline-list .nothing")).to_be_hidden()
        await types(visit, "ngo", f"@{alone.username} zzz")
        await expect(visit.pane("ngo").locator(".inline-list .nothing")).to_have_text("Nothing found", timeout=WAIT)


async def test_escape_leaves_the_text_and_the_switches_are_on_the_page(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    async with answering(alone, three):
        found = await types(visit, "ngo", f"@{alone.username} a")
        await options(found, "a 0", "a 1", "a 2")
        await line(visit, "ngo").press("Escape")
        await expect(found).to_be_hidden()
        await line(visit, "ngo").press("Enter")
        await expect(visit.pane("ngo").locator(".own .words")).to_have_text(f"@{alone.username} a")
    await visit.page.locator(".faults summary").click()
    privacy = visit.page.get_by_label("In a group the bot sees only what is meant for it")
    feedback = visit.page.get_by_label("Tell the bot which result was chosen")
    await expect(privacy).to_be_checked()
    await privacy.uncheck()
    await feedback.check()
    alone.switches.put("inline_mode", True)
    await expect(privacy).not_to_be_checked()
    await open_group(visit)
    await visit.pane("group").get_by_role("button", name="More actions").click()
    await visit.pane("group").get_by_role("button", name="Take the bot out of the group").click()
    await expect(visit.pane("group").locator(".service").last).to_have_text("No longer in the group: Uakil")
    await expect(visit.pane("group").locator(".pane-state")).to_have_text("people: 3, without the bot")

    assert (alone.switches.privacy_mode, alone.switches.inline_feedback) == (False, True)
    assert the_group(alone).has_bot is False
