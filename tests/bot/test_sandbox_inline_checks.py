"""Answers to inline queries, and buttons that switch to inline mode, as Telegram takes or refuses them."""

from typing import Any

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.dispatch import run


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(seed=1)


@pytest.fixture
def person(sandbox: Sandbox) -> Person:
    return sandbox.person(1001, "Aigerim")


def plain(**more: Any) -> dict[str, Any]:
    return {"type": "article", "id": "1", "title": "A", "input_message_content": {"message_text": "x"}, **more}


def below(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "a", **button}]]}


@pytest.mark.parametrize(
    ("results", "more", "error"),
    [
        ({}, {}, "can't parse inline query results: expected an Array of InlineQueryResult"),
        ([plain(id=str(n)) for n in range(51)], {}, "RESULTS_TOO_MUCH"),
        ([plain(), plain()], {}, "RESULT_ID_DUPLICATE"),
        ([plain(id="")], {}, "RESULT_ID_INVALID"),
        ([plain(id="я" * 33)], {}, "RESULT_ID_INVALID"),
        ([plain(type="page")], {}, "RESULT_TYPE_INVALID"),
        ([{}], {}, "can't parse inline query result: Can't find field \"type\""),
        ([plain(title=" ")], {}, "ARTICLE_TITLE_EMPTY"),
        ([plain(input_message_content=None)], {}, "MESSAGE_EMPTY"),
        ([plain(input_message_content={"message_text": ""})], {}, "message text is empty"),
        ([plain(input_message_content={"message_text": "x" * 4097})], {}, "message is too long"),
        ([plain(thumbnail_url="ftp://a.example/b.png")], {}, "WEBDOCUMENT_URL_INVALID"),
        ([plain(reply_markup=below(callback_data="я" * 33))], {}, "BUTTON_DATA_INVALID"),
        ([plain(reply_markup=below(web_app={"url": "https://a.example"}))], {}, "BUTTON_TYPE_INVALID"),
        ([], {"next_offset": "я" * 33}, "NEXT_OFFSET_INVALID"),
        ([], {"button": {"text": "", "start_parameter": "a"}}, "SWITCH_PM_TEXT_EMPTY"),
        ([], {"button": {"text": "a", "start_parameter": ""}}, "START_PARAM_EMPTY"),
        ([], {"button": {"text": "a", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        (
            [],
            {"button": {"text": "a"}},
            "can't parse inline query results button: exactly one action must be specified",
        ),
    ],
)
async def test_answers_that_telegram_refuses(sandbox: Sandbox, results: Any, more: dict[str, Any], error: str) -> None:
    call = {"inline_query_id": "1", "results": results, **more}
    reply = await run(sandbox, "answerInlineQuery", call)

    assert reply.payload == {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}
    assert [remark.text for remark in sandbox.violations] == [f"Bad Request: {error}"]


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"switch_inline_query": ""}, ""),
        ({"switch_inline_query_current_chat": "aktobe"}, ""),
        ({"switch_inline_query_chosen_chat": {"query": "aktobe", "allow_group_chats": True}}, ""),
        ({"switch_inline_query_chosen_chat": {"query": "aktobe"}}, "at least one chat type must be allowed"),
        (
            {"switch_inline_query": 7},
            'can\'t parse inline keyboard button: Field "switch_inline_query" must be of type String',
        ),
    ],
)
async def test_buttons_that_switch_to_inline_mode(
    sandbox: Sandbox, person: Person, button: dict[str, Any], error: str
) -> None:
    person.start()
    reply = await run(sandbox, "sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": below(**button)})

    assert reply.payload is not None
    assert reply.payload.get("description", "") == (f"Bad Request: {error}" if error else "")
    if not error:
        assert person.shown.button("a") == {"text": "a", **button}
