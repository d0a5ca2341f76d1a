"""What a messenger must show and do: links, keyboards, entities, files, contacts, toasts, blocks, menus, violations."""

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import FilePayload, expect

from bot.sandbox import Sandbox
from tests.browser.conftest import WAIT, Visit, Visits, call

NGO = 1001


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def says(sandbox: Sandbox, text: str, **more: Any) -> Any:
    return await call(sandbox, "sendMessage", chat_id=NGO, text=text, parse_mode="HTML", **more)


def newest(sandbox: Sandbox) -> str:
    """The newest message of the representative's chat."""
    return sandbox.people[NGO].last.text


async def bubble(visit: Visit, text: str) -> Any:
    found = visit.pane("ngo").locator(".bubble", has_text=text).last
    await expect(found).to_be_visible()
    return found


async def test_a_link_to_the_bot_starts_it_where_it_was_tapped(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    link = f"https://t.me/{alone.username}?start=b_"
    button = {"text": "Open", "url": f"{link}2"}
    await says(alone, f'See {link}1 or <a href="{link}3">here</a>', reply_markup=keyboard([button]))

    pages = len(visit.page.context.pages)
    for label, payload in ((f"{link}1", "b_1"), ("here", "b_3"), ("Open", "b_2")):
        await visit.pane("ngo").get_by_role("button", name=label, exact=True).click()
        await bubble(visit, f"/start {payload}")
        assert newest(alone) == f"/start {payload}"
    assert len(visit.page.context.pages) == pages
    assert alone.chats[1002].messages == alone.chats[1003].messages == []


async def test_other_links_open_elsewhere(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    button = {"text": "Site", "url": "https://gov.example/"}
    await says(alone, "https://law.example/a https://t.me/somebody", reply_markup=keyboard([button]))

    for label, address in (("Site", "https://gov.example/"), ("https://law.example/a", "https://law.example/a")):
        found = visit.pane("ngo").get_by_role("link", name=label)
        await expect(found).to_have_attribute("href", address)
        await expect(found).to_have_attribute("target", "_blank")
        await expect(found).to_have_attribute("rel", "noopener noreferrer")
    await visit.pane("ngo").get_by_role("button", name="https://t.me/somebody").click()
    await expect(visit.pane("ngo").locator(".whisper")).to_have_text(
        "In Telegram this would open https://t.me/somebody"
    )


async def test_entities_can_be_tapped(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    await says(
        alone, "Call +7 7172 000 000 or write a@b.example, /my <b>bold <i>both</i></b> <tg-spoiler>secret</tg-spoiler>"
    )

    words = await bubble(visit, "Call")
    assert await words.locator("a").evaluate_all("found => found.map(one => one.getAttribute('href'))") == [
        "tel:+77172000000",
        "mailto:a@b.example",
    ]
    assert await words.locator("b").inner_html() == "bold <i>both</i>"
    await words.get_by_role("button", name="Show the hidden text").click()
    await expect(words.locator(".spoiler")).to_have_class("spoiler shown")
    await words.get_by_role("button", name="/my").click()
    await expect(visit.pane("ngo").locator(".own .words")).to_have_text("/my")
    assert newest(alone) == "/my"


async def test_the_wheel_turns_until_the_tap_is_answered(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    buttons = [{"text": "Yes", "callback_data": "y", "style": "success"}, {"text": "No", "callback_data": "n"}]
    await says(alone, "Well?", reply_markup=keyboard(buttons))
    yes = visit.pane("ngo").locator(".key", has_text="Yes")
    for text, alert in (("Noted", False), ("Look <b>here</b>", True), ("", False)):
        await yes.click()
        await expect(yes).to_have_attribute("aria-busy", "true")
        query = next(query for query in alone.queries.values() if not query.answered)
        assert query.data == "y"
        await call(alone, "answerCallbackQuery", callback_query_id=query.query_id, text=text, show_alert=alert)
        await expect(visit.pane("ngo").locator(".wheel")).to_have_count(0)
        if alert:
            await expect(visit.page.locator("dialog p")).to_have_text(text)
            await visit.page.get_by_role("button", name="Got it").click()
            await expect(visit.page.locator("dialog")).to_have_count(0)
        elif text:
            await expect(visit.pane("ngo").locator(".whisper")).to_have_text(text)


async def test_an_edit_changes_the_message_in_its_place(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "ru", "desktop")
    first = await says(alone, "One", reply_markup=keyboard([{"text": "A", "callback_data": "a"}]))
    await says(alone, "Two")
    await call(alone, "editMessageText", chat_id=NGO, message_id=first["message_id"], text="One and a half")

    bubbles = visit.pane("ngo").locator(".bubble .words")
    await expect(bubbles).to_have_text(["One and a half", "Two"])
    await expect(visit.pane("ngo").locator(".edited")).to_have_text(["изменено"])
    await expect(visit.pane("ngo").locator(".key")).to_have_count(0)
    await call(alone, "deleteMessage", chat_id=NGO, message_id=first["message_id"])
    await expect(visit.pane("ngo").locator("[data-message='1']")).to_be_hidden()


async def test_nothing_that_people_write_is_taken_for_markup(alone: Sandbox, visits: Visits) -> None:
    trap = "<img src=x onerror=alert(1)> <b>&_"
    alone.person(1004, trap)
    alone.people[1002].user["first_name"] = trap
    visit = await visits.open(alone, "kk", "desktop")
    alone.people[NGO].says(trap)
    await says(alone, "&lt;script&gt;1&lt;/script&gt;", reply_markup=keyboard([{"text": trap, "callback_data": "a"}]))

    await expect(visit.pane("ngo").locator(".own .words")).to_have_text(trap)
    await expect(visit.pane("ngo").locator(".from-bot .words")).to_have_text("<script>1</script>")
    await expect(visit.pane("ngo").locator(".key")).to_have_text(trap)
    await expect(visit.pane("official").locator("h2")).to_have_text(trap)
    assert await visit.page.locator("img[src='x'], .pane b").count() == 0


async def test_contacts_files_and_copying(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Sample\nEND:VCARD"
    await call(alone, "sendContact", chat_id=NGO, phone_number="+77172000000", first_name="Sample", vcard=card)
    await says(alone, "Code", reply_markup=keyboard([{"text": "Copy", "copy_text": {"text": "UKL-26-000001"}}]))
    alone.people[NGO].sends_document("plan.txt", b"a plan", mime="text/plain")
    alone.people[NGO].sends_sticker()
    alone.people[NGO].sends_voice()

    contact = visit.pane("ngo").locator(".contact")
    await expect(contact.locator(".contact-name")).to_have_text("Sample")
    await expect(contact.get_by_role("link", name="+77172000000")).to_have_attribute("href", "tel:+77172000000")
    await visit.pane("ngo").get_by_role("button", name="Copy").click()
    await expect(visit.pane("ngo").locator(".whisper")).to_have_text("Copied: UKL-26-000001")
    assert await visit.page.evaluate("navigator.clipboard.readText()") == "UKL-26-000001"
    async with visit.page.expect_download() as downloading:
        await visit.pane("ngo").get_by_role("link", name="Download plan.txt").click()
    download = await downloading.value
    assert download.suggested_filename == "plan.txt"
    assert (await download.path()).read_bytes() == b"a plan"
    await expect(visit.pane("ngo").locator(".own")).to_have_count(3)


async def test_what_a_person_can_send(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    attach = visit.pane("ngo").get_by_role("button", name="Attach")
    for label in ("Sticker", "Voice message", "My phone number"):
        await attach.click()
        await visit.pane("ngo").get_by_role("button", name=label).click()
    for label, name in (("Document", "list.csv"), ("Photo", "photo.png")):
        await attach.click()
        async with visit.page.expect_file_chooser() as choosing:
            await visit.pane("ngo").get_by_role("button", name=label).click()
        await (await choosing.value).set_files(FilePayload(name=name, mimeType="text/csv", buffer=b"1;2"))
    await expect(visit.pane("ngo").locator(".own")).to_have_count(5)
    kinds = ("sticker", "voice", "contact", "document", "photo")
    bodies = [message.body for message in alone.chats[NGO].messages]
    assert sorted(kind for body in bodies for kind in kinds if kind in body) == sorted(kinds)
    assert next(message.document for message in alone.chats[NGO].messages if "document" in message.body) == b"1;2"


async def test_the_reply_keyboard_and_the_menu_of_commands(alone: Sandbox, visits: Visits) -> None:
    for code, description in (("", "Menin kezdesulerim"), ("ru", "Мои встречи")):
        menu = [{"command": "my", "description": description}]
        await call(alone, "setMyCommands", commands=menu, **({"language_code": code} if code else {}))
    visit = await visits.open(alone, "ru", "desktop")
    rows = [[{"text": "Мой номер", "request_contact": True}], [{"text": "Нет"}]]
    await says(alone, "Ваш номер?", reply_markup={"keyboard": rows, "input_field_placeholder": "Или напишите"})
    pane = visit.pane("ngo")
    await expect(pane.get_by_placeholder("Или напишите")).to_be_visible()
    await pane.get_by_role("button", name="Мой номер").click()
    await expect(pane.locator(".own .contact")).to_be_visible()
    await says(alone, "Спасибо", reply_markup={"remove_keyboard": True})
    await expect(pane.locator(".reply-keyboard")).to_have_count(0)

    await pane.get_by_role("button", name="Команды").click()
    await pane.get_by_role("button", name="Мои встречи").click()
    await expect(pane.locator(".own .words")).to_have_text("/my")


async def test_blocking_and_coming_back(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "kk", "desktop")
    pane = visit.pane("ngo")
    await pane.get_by_role("button", name="Қосымша әрекеттер").click()
    await pane.get_by_role("button", name="Ботты бұғаттау").click()
    await expect(pane.get_by_role("textbox")).to_have_count(0)
    assert alone.chats[NGO].blocked
    await pane.get_by_role("button", name="Бұғаттан шығару").click()
    await expect(pane.get_by_role("textbox")).to_be_visible()
    assert not alone.chats[NGO].blocked


async def test_the_language_of_the_page_is_the_language_of_the_people(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "kk", "desktop")
    assert {person.user["language_code"] for person in alone.people.values()} == {"kk"}
    await visit.pane("ngo").get_by_role("textbox").fill("half a sent")
    await visit.page.get_by_role("button", name="Рус").click()
    await expect(visit.pane("ngo").locator(".pane-state")).to_have_text("Представитель НПО")
    await expect(visit.pane("ngo").get_by_role("textbox")).to_have_value("half a sent")
    assert {person.user["language_code"] for person in alone.people.values()} == {"ru"}
    await visit.page.reload()
    assert await visit.page.evaluate("localStorage.getItem('uakil-language')") == "ru"


async def test_faults_clock_and_violations(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "phone")
    await visit.page.get_by_text("Faults").click()
    await visit.page.get_by_label("Telegram asks to wait (429)").check()
    await expect(visit.page.locator(".fault-mark")).to_be_visible()
    assert [(fault.act, fault.code) for fault in alone.faults.switched] == [("refuse", 429)]
    await visit.page.get_by_label("Telegram asks to wait (429)").uncheck()
    await expect(visit.page.locator(".fault-mark")).to_be_hidden()
    assert alone.faults.switched == []
    await visit.page.get_by_text("Faults").click()

    await visit.page.get_by_role("button", name="+1 week").click()
    await expect(visit.page.get_by_role("button", name="Now", exact=True)).to_be_visible()
    assert alone.clock.offset == 604800
    await visit.page.get_by_role("button", name="Now", exact=True).click()
    await expect(visit.page.get_by_role("button", name="Now", exact=True)).to_be_hidden()
    assert alone.clock.offset == 0

    await expect(visit.page.locator(".violations")).to_be_hidden()
    await says(alone, "x" * 4097)
    await expect(visit.page.locator(".violations")).to_contain_text("The bot broke Telegram's rules: 1")
    await expect(visit.page.locator(".violations li")).to_contain_text("message is too long")


async def test_the_first_start_of_the_coordinator_opens_an_invitation(alone: Sandbox, visits: Visits) -> None:
    async def coordinator(asked: dict[str, Any]) -> dict[str, Any]:
        return {"link": f"https://t.me/{alone.username}?start=i_sample"}

    alone.offers["coordinator"] = coordinator
    for number in (NGO, 1003):
        alone.chats[number].started = False
    visit = await visits.open(alone, "en", "desktop")
    for role, said in (("ngo", "/start"), ("coordinator", "/start i_sample")):
        await visit.pane(role).get_by_role("button", name="Start").click()
        await expect(visit.pane(role).locator(".own .words")).to_have_text(said)


async def test_the_newest_message_stays_in_sight(alone: Sandbox, visits: Visits) -> None:
    for number in range(40):
        await says(alone, f"Message {number}")
    visit = await visits.open(alone, "en", "phone")
    await expect(await bubble(visit, "Message 39")).to_be_in_viewport()
    await visit.page.locator(".guide summary").click()
    await expect(await bubble(visit, "Message 39")).to_be_in_viewport()
    await says(alone, "Message 40")
    await expect(await bubble(visit, "Message 40")).to_be_in_viewport()
    first = await bubble(visit, "Message 0")
    await first.scroll_into_view_if_needed()
    await says(alone, "Message 41")
    await expect(first).to_be_in_viewport()


async def test_the_page_finds_its_way_back_after_a_restart(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "en", "desktop")
    await says(alone, "Before")
    await bubble(visit, "Before")
    await alone.stop()
    lost = visit.page.locator(".lost")
    await expect(lost).to_be_visible()

    fresh = Sandbox(seed=2)
    for number, name in ((NGO, "Sanzhar"), (1002, "Erlan"), (1003, "Dana")):
        fresh.person(number, name)
        fresh.chats[number].started = True
    await fresh.start(urlsplit(alone.url).port or 0)
    await expect(visit.pane("ngo").locator("h2")).to_have_text("Sanzhar", timeout=WAIT)
    await expect(lost).to_be_hidden()
    await expect(visit.pane("ngo").locator(".bubble")).to_have_count(0)
    await says(fresh, "After")
    await bubble(visit, "After")
    await fresh.stop()
    visit.complaints.clear()  # the browser reports the refused connection
