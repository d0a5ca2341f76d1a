"""Inline mode: typed queries, answers and Telegram's memory of them, results that are sent, feedback, edits, checks."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest

from bot.sandbox import InlineResults, Person, Sandbox

GO = Keyboard([[Button("Go", url="https://t.me/uakil_sandbox_bot?start=b_1"), Button("Count", callback_data="c")]])


@pytest.fixture
def person(sandbox: Sandbox) -> Person:
    return sandbox.person(1001, "Aigerim", language_code="kk")


@pytest.fixture
def other(sandbox: Sandbox) -> Person:
    return sandbox.person(1002, "Erlan")


def article(number: str = "1", title: str = "Aktobe", **more: Any) -> InlineQueryResultArticle:
    content = InputTextMessageContent(f"<b>{title}</b> akimat", parse_mode="HTML")
    return InlineQueryResultArticle(number, title, content, **more)


async def newest(bot: Bot) -> Update:
    """The youngest update; everything before it is confirmed."""
    return (await bot.get_updates(offset=-1, timeout=5))[0]


async def next_updates(bot: Bot, count: int) -> list[Update]:
    """So many updates in order, confirmed."""
    got: list[Update] = []
    while len(got) < count:
        got += await bot.get_updates(offset=got[-1].update_id + 1 if got else None, timeout=5)
    await bot.get_updates(offset=got[-1].update_id + 1, timeout=0)
    return got


async def asked(bot: Bot, person: Person, query: str, *results: Any, chat: Any = None, **answer: Any) -> InlineResults:
    """What a person gets whose query the bot answers so."""
    asking = asyncio.create_task(person.asks_inline(query, chat=chat))
    got = (await newest(bot)).inline_query
    assert got is not None
    await got.answer(list(results), **answer)
    return await asking


async def remembered(person: Person, query: str = "aktobe") -> list[str] | None:
    """Titles that Telegram shows without asking the bot; None when it asks."""
    try:
        return [result.title for result in await person.asks_inline(query, timeout=0)]
    except AssertionError:
        return None


async def test_the_bot_says_that_it_has_inline_mode(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    assert (await bot.get_me()).supports_inline_queries is True
    sandbox.switches.put("inline_mode", False)

    assert (await bot.get_me()).supports_inline_queries is False
    with pytest.raises(AssertionError, match="the bot has no inline mode"):
        await person.asks_inline("aktobe")


@pytest.mark.parametrize(
    ("where", "chat_type"), [("bot", "sender"), ("person", "private"), ("supergroup", "supergroup"), ("group", "group")]
)
async def test_a_query_and_its_results(
    sandbox: Sandbox, bot: Bot, person: Person, other: Person, where: str, chat_type: str
) -> None:
    group = sandbox.open_group("NGOs", person, kind=where)[0] if "group" in where else None
    asking = asyncio.create_task(person.asks_inline(" aktobe ", chat=group or {"bot": None, "person": other}[where]))
    query = (await newest(bot)).inline_query
    assert query is not None
    await query.answer([article(description="Region", reply_markup=GO), article("2", "Astana")], next_offset="2")
    results = await asking

    assert (query.query, query.offset, query.chat_type, query.from_user.language_code) == (
        "aktobe",
        "",
        chat_type,
        "kk",
    )
    assert [(one.id, one.title, one.description, one.text, one.buttons) for one in results] == [
        ("1", "Aktobe", "Region", "Aktobe akimat", ["Go", "Count"]),
        ("2", "Astana", "", "Astana akimat", []),
    ]
    assert (results.next_offset, results.button, results.cached) == ("2", None, False)
    assert sandbox.violations == []


async def test_a_longer_query_cannot_be_typed(person: Person) -> None:
    with pytest.raises(ValueError, match="at most 256 characters"):
        await person.asks_inline("x" * 257)


async def test_a_query_that_is_not_answered(person: Person) -> None:
    with pytest.raises(AssertionError, match="'aktobe' was not answered within 0 s"):
        await person.asks_inline("aktobe", timeout=0)


async def test_a_query_is_answered_once_and_in_time(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    old = "Query is too old and response timeout expired or query id is invalid"
    await asked(bot, person, "a", article())
    answered = next(iter(sandbox.queries))
    sandbox.query_age = -1.0
    asking = asyncio.create_task(person.asks_inline("b", timeout=0))
    late = (await newest(bot)).inline_query
    assert late is not None

    for query in (answered, late.id, "7"):
        with pytest.raises(BadRequest, match=old):
            await bot.answer_inline_query(query, [])
    with pytest.raises(BadRequest, match=old):
        await bot.answer_callback_query(late.id)
    with pytest.raises(AssertionError):
        await asking


async def test_the_answer_is_remembered_for_five_minutes(
    sandbox: Sandbox, bot: Bot, person: Person, other: Person
) -> None:
    await asked(bot, person, "aktobe", article())

    assert await remembered(person) == await remembered(other) == ["Aktobe"]
    assert await remembered(other, "astana") is None
    sandbox.clock.move(299)
    assert await remembered(other) == ["Aktobe"]
    sandbox.clock.move(2)
    assert await remembered(other) is None


@pytest.mark.parametrize(
    ("answer", "mine", "others"),
    [
        ({"cache_time": 0}, None, None),
        ({"is_personal": True}, ["Aktobe"], None),
        ({"cache_time": 10, "is_personal": True}, ["Aktobe"], None),
        ({}, ["Aktobe"], ["Aktobe"]),
    ],
)
async def test_whose_answer_is_remembered(
    bot: Bot, person: Person, other: Person, answer: dict[str, Any], mine: Any, others: Any
) -> None:
    await asked(bot, person, "aktobe", article(), **answer)

    assert (await remembered(person), await remembered(other)) == (mine, others)


async def test_a_result_is_sent_into_the_chat(sandbox: Sandbox, bot: Bot, person: Person, other: Person) -> None:
    results = await asked(bot, person, "aktobe", article(reply_markup=GO), chat=other)
    message = await person.picks(results, 0)

    assert message.chat is sandbox.between(other, person)
    assert (message.html, message.buttons) == ("<b>Aktobe</b> akimat", ["Go", "Count"])
    assert message.url("Go") == "https://t.me/uakil_sandbox_bot?start=b_1"
    assert str(message).splitlines()[0] == "Aigerim via bot #1: Aktobe akimat"
    assert (message.body["from"], message.body["via_bot"]["username"]) == (person.user, "uakil_sandbox_bot")
    assert [kind for entry in sandbox.inbox.waiting.values() for kind in list(entry.update)[1:]] == ["inline_query"]
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(message.chat.id, "x")


async def test_a_chosen_result_is_told_where_feedback_is_on(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    sandbox.switches.put("inline_feedback", True)
    results = await asked(bot, person, "aktobe", article(reply_markup=GO), article("2", "Astana"), chat=person)
    picking = [asyncio.create_task(person.picks(results, which)) for which in (0, 1)]
    updates = await next_updates(bot, 3)
    sent = [await task for task in picking]
    chosen = [update.chosen_inline_result for update in updates if update.chosen_inline_result]

    assert [(one.result_id, one.query, one.inline_message_id) for one in chosen] == [
        ("1", "aktobe", sent[0].inline_id),
        ("2", "aktobe", None),
    ]


async def test_buttons_and_edits_of_a_sent_result(sandbox: Sandbox, bot: Bot, person: Person, other: Person) -> None:
    results = await asked(bot, person, "aktobe", article(reply_markup=GO), chat=other)
    message = await person.picks(results)
    other.taps("Count", chat=message.chat)
    query = (await newest(bot)).callback_query
    assert query is not None
    assert (query.message, query.inline_message_id, query.from_user.id) == (None, message.inline_id, 1002)
    await query.answer("Counted")

    assert await query.edit_message_text("One", reply_markup=GO) is True
    assert (await other.sees_in(message.chat, "One")).buttons == ["Go", "Count"]
    with pytest.raises(BadRequest, match="Message is not modified"):
        await query.edit_message_text("One", reply_markup=GO)
    assert await query.edit_message_reply_markup(None) is True
    assert (message.text, message.buttons, message.edited) == ("One", [], True)
    assert (await other.sees_toast("Counted")).alert is False
    with pytest.raises(BadRequest, match="Message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="7")


async def test_a_link_below_a_sent_result_starts_the_private_chat(bot: Bot, person: Person, other: Person) -> None:
    results = await asked(bot, person, "aktobe", article(reply_markup=GO), chat=other)
    message = await person.picks(results)
    other.taps("Go", chat=message.chat)

    started = (await newest(bot)).message
    assert started is not None
    assert (started.chat.id, started.text) == (1002, "/start b_1")


async def test_a_result_sent_to_the_bot_itself_is_a_message(bot: Bot, person: Person) -> None:
    results = await asked(
        bot, person, "aktobe", article(), button=InlineQueryResultsButton("More", start_parameter="m")
    )
    picking = asyncio.create_task(person.picks(results))
    message = (await next_updates(bot, 2))[1].message
    assert message is not None
    await picking

    assert (message.text, message.via_bot and message.via_bot.id, message.chat.id) == ("Aktobe akimat", 123456, 1001)
    assert results.button == {"text": "More", "start_parameter": "m"}
