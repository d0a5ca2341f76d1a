"""What people do and see."""

import asyncio
import re
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.dispatch import run
from bot.sandbox.errors import Json


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(seed=1)


@pytest.fixture
def person(sandbox: Sandbox) -> Person:
    person = sandbox.person(1001, "Aigerim", last_name="Sample", username="sample", language_code="kk")
    person.start()
    return person


def update(sandbox: Sandbox, number: int) -> Json:
    return sandbox.inbox.waiting[number].update


async def send(sandbox: Sandbox, text: str, *rows: list[Json], **more: Any) -> None:
    markup = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
    reply = await run(sandbox, "sendMessage", {"chat_id": 1001, "text": text, **markup, **more})
    assert reply.status == 200, reply


def button(text: str, data: str) -> Json:
    return {"text": text, "callback_data": data}


async def test_a_text_is_an_update(sandbox: Sandbox, person: Person) -> None:
    got = update(sandbox, person.start("inv-1"))

    assert got["message"] == {
        "message_id": 2,
        "date": got["message"]["date"],
        "chat": {"id": 1001, "type": "private", "first_name": "Aigerim", "last_name": "Sample", "username": "sample"},
        "from": {
            "id": 1001,
            "is_bot": False,
            "first_name": "Aigerim",
            "last_name": "Sample",
            "username": "sample",
            "language_code": "kk",
        },
        "text": "/start inv-1",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }


@pytest.mark.parametrize(
    ("act", "arguments", "field"),
    [
        ("sends_contact", {}, "contact"),
        ("sends_sticker", {}, "sticker"),
        ("sends_document", {"name": "list.csv", "data": b"a;b"}, "document"),
        ("sends_photo", {}, "photo"),
        ("sends_voice", {}, "voice"),
        ("sends_location", {}, "location"),
        ("sends_venue", {"title": "Sample House"}, "venue"),
        ("forwards", {"text": "hello"}, "forward_origin"),
    ],
)
async def test_other_messages(sandbox: Sandbox, person: Person, act: str, arguments: Json, field: str) -> None:
    number = getattr(person, act)(**arguments)

    assert field in update(sandbox, number)["message"]


async def test_replies_edits_and_deletions(sandbox: Sandbox, person: Person) -> None:
    number = person.says("second", reply_to=person.chat.messages[0])
    edited = person.edits("changed")
    person.deletes(person.chat.messages[0])

    assert update(sandbox, number)["message"]["reply_to_message"]["text"] == "/start"
    assert update(sandbox, edited)["edited_message"]["text"] == "changed"
    assert person.transcript.splitlines()[1:] == ["person #1 (deleted): /start", "person #2 (edited): changed"]


@pytest.mark.parametrize("text", ["", "x" * 4097])
def test_a_text_no_messenger_sends(person: Person, text: str) -> None:
    with pytest.raises(ValueError, match="1 to 4096"):
        person.says(text)


@pytest.mark.parametrize("payload", ["a b", "x" * 65, "ә"])
def test_a_payload_no_link_carries(person: Person, payload: str) -> None:
    with pytest.raises(ValueError, match="A-Z, a-z"):
        person.start(payload)


@pytest.mark.parametrize(
    ("label", "data"), [("Confirm", "c:2"), ("c:2", "c:2"), ("Dec", "d:2"), ("Old", "o:1"), ("Tuesday", "t:2")]
)
async def test_a_button_is_found_on_the_newest_message(sandbox: Sandbox, person: Person, label: str, data: str) -> None:
    await send(sandbox, "one", [button("Confirm", "c:1"), button("Old", "o:1")])
    await send(sandbox, "two", [button("Confirm", "c:2"), button("Decline", "d:2")], [button("On Tuesday", "t:2")])

    query = update(sandbox, person.taps(label))["callback_query"]

    assert (query["data"], query["from"]["id"]) == (data, 1001)
    assert query["message"]["text"] == ("one" if data == "o:1" else "two")


async def test_buttons_that_are_not_there(sandbox: Sandbox, person: Person) -> None:
    await send(sandbox, "one", [button("Slot 1", "1"), button("Slot 2", "2")])

    with pytest.raises(AssertionError, match="no button 'Cancel'"):
        person.taps("Cancel")
    with pytest.raises(AssertionError, match="fits several buttons"):
        person.taps("Slot")
    assert update(sandbox, person.forges("x:99"))["callback_query"]["data"] == "x:99"


async def test_links_and_reply_keyboards(sandbox: Sandbox, person: Person) -> None:
    await send(sandbox, "one", [{"text": "Open", "url": "https://t.me/uakil_sandbox_bot?start=b_12"}])
    assert update(sandbox, person.taps("Open"))["message"]["text"] == "/start b_12"
    with pytest.raises(AssertionError, match="does not lead to the bot"):
        person.follows("https://gov.kz/")

    keyboard = {"keyboard": [[{"text": "My number", "request_contact": True}, "Skip"]]}
    await send(sandbox, "two", reply_markup=keyboard)
    assert update(sandbox, person.taps("My number"))["message"]["contact"]["user_id"] == 1001
    assert update(sandbox, person.taps("Skip"))["message"]["text"] == "Skip"
    await send(sandbox, "three", reply_markup={"remove_keyboard": True})
    with pytest.raises(AssertionError, match="no button 'Skip'"):
        person.taps("Skip")


async def test_a_tap_on_a_message_that_is_gone(sandbox: Sandbox, person: Person) -> None:
    await send(sandbox, "one", [button("A", "a")])
    gone = person.shown
    person.deletes(gone)

    query = update(sandbox, person.forges("a", gone))["callback_query"]

    assert (query["message"]["date"], query["message"]["message_id"]) == (0, 2)


async def test_blocking_and_starting_again(sandbox: Sandbox, person: Person) -> None:
    person.blocks()
    with pytest.raises(AssertionError, match="has blocked the bot"):
        person.says("a")
    person.start()

    assert [list(entry.update)[1] for entry in sandbox.inbox.waiting.values()] == [
        "message",
        "my_chat_member",
        "my_chat_member",
        "message",
    ]


async def test_each_state_is_seen_once_and_waited_for(sandbox: Sandbox, person: Person) -> None:
    seeing = asyncio.create_task(person.sees("Hello", button="Go"))
    await send(sandbox, "Hello")
    await send(sandbox, "<b>Hello</b> again", [button("Go on", "g")], parse_mode="HTML")
    first = await seeing
    await run(sandbox, "editMessageText", {"chat_id": 1001, "message_id": first.message_id, "text": "Hello, changed"})

    assert (first.html, first.edited) == ("<b>Hello</b> again", False)
    assert (await person.sees(re.compile(r"^Hello$"))).message_id == 2
    assert (await person.sees("Hello")).text == "Hello, changed"
    with pytest.raises(AssertionError, match=r"'Hello' was not shown within 0 s:\n--- Aigerim \(1001\) ---\nperson #1"):
        await person.sees("Hello", timeout=0)


async def test_looking_away_skips_what_was_shown(sandbox: Sandbox, person: Person) -> None:
    await send(sandbox, "Hello 1")
    person.looks_away()
    await send(sandbox, "Hello 2", [button("A", "a"), button("B", "b")])

    assert (await person.sees("Hello")).text == "Hello 2"
    assert person.screen == "bot #3: Hello 2\n    [A] [B]"
    assert person.last is person.shown


async def test_groups(sandbox: Sandbox, person: Person) -> None:
    group, _ = sandbox.open_group("NGOs", person)
    number = person.says("/find@uakil_sandbox_bot aktobe", chat=group)
    await run(sandbox, "sendMessage", {"chat_id": group.id, "text": "Here"})

    assert update(sandbox, number)["message"]["chat"] == {"id": group.id, "type": "supergroup", "title": "NGOs"}
    assert (await person.sees("Here", chat=group)).chat is group


def test_the_same_number_is_the_same_person(sandbox: Sandbox, person: Person) -> None:
    assert sandbox.person(1001) is person
