"""The sandbox's table of methods and its limits against Telegram's documentation as data, where that is there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox, dispatch, inline_checks, limits, table

DOCUMENTATION = Path(__file__).resolve().parents[3] / "shared" / "data" / "botapi.json"
KINDS = {
    "str": "String",
    "int": "Integer",
    "float": "Float",
    "bool": "Boolean",
    "chat": "Integer",
    "file": "InputFile",
}
LIMITS = [
    ("sendMessage", "text", "1-4096", limits.TEXT),
    ("editMessageText", "text", "1-4096", limits.TEXT),
    ("sendDocument", "caption", "0-1024", limits.CAPTION),
    ("InlineKeyboardButton", "callback_data", "1-64 bytes", limits.CALLBACK_DATA),
    ("CopyTextButton", "text", "1-256", limits.COPY_TEXT),
    ("answerCallbackQuery", "text", "0-200", limits.TOAST),
    ("setMyCommands", "commands", "At most 100", limits.COMMANDS),
    ("BotCommand", "command", "1-32", limits.COMMAND),
    ("BotCommand", "description", "1-256", limits.COMMAND_DESCRIPTION),
    ("setMyName", "name", "0-64", limits.NAME),
    ("setMyDescription", "description", "0-512", limits.DESCRIPTION),
    ("setMyShortDescription", "short_description", "0-120", limits.SHORT_DESCRIPTION),
    ("sendContact", "vcard", "0-2048 bytes", limits.VCARD),
    ("ReplyKeyboardMarkup", "input_field_placeholder", "1-64", limits.PLACEHOLDER),
    ("deleteMessages", "message_ids", "1-100", limits.DELETE_AT_ONCE),
    ("getUpdates", "limit", "1-100", limits.UPDATES),
    ("setWebhook", "max_connections", "1-100", limits.WEBHOOK_CONNECTIONS),
    ("setWebhook", "secret_token", "1-256", limits.SECRET_TOKEN),
    ("answerInlineQuery", "next_offset", "64 bytes", limits.INLINE_OFFSET),
    ("answerInlineQuery", "cache_time", "Defaults to 300", inline_checks.CACHE_TIME),
    ("InlineQuery", "query", "up to 256 characters", limits.INLINE_QUERY),
    ("InlineQueryResultArticle", "id", "1-64 Bytes", limits.INLINE_RESULT_ID),
    ("InlineQueryResultsButton", "start_parameter", "1-64 characters", 64),
]


@pytest.fixture(scope="module")
def documentation() -> dict[str, Any]:
    if not DOCUMENTATION.exists():
        pytest.skip("the documentation as data is not here")
    data: dict[str, Any] = json.loads(DOCUMENTATION.read_text(encoding="utf-8"))
    return data


def test_every_method_of_the_table_is_done() -> None:
    assert dispatch.HANDLERS.keys() == table.METHODS.keys()


@pytest.mark.parametrize("method", table.METHODS)
def test_parameters_are_those_of_the_documentation(documentation: dict[str, Any], method: str) -> None:
    documented = {field["name"]: field["required"] for field in documentation["methods"][method]["fields"]}

    assert {param.name: param.required for param in table.METHODS[method].values()} == documented


@pytest.mark.parametrize("method", table.METHODS)
def test_kinds_are_those_of_the_documentation(documentation: dict[str, Any], method: str) -> None:
    documented = {field["name"]: field["types"] for field in documentation["methods"][method]["fields"]}

    for param in table.METHODS[method].values():
        types = documented[param.name]
        if param.kind == "json":
            assert not set(types) & set(KINDS.values()), param
        else:
            assert KINDS[param.kind] in types, param


@pytest.mark.parametrize(("owner", "field", "words", "limit"), LIMITS)
def test_limits_are_those_of_the_documentation(
    documentation: dict[str, Any], owner: str, field: str, words: str, limit: int
) -> None:
    fields = (documentation["methods"].get(owner) or documentation["types"][owner])["fields"]
    description = next(entry["description"] for entry in fields if entry["name"] == field)

    assert words in description
    assert str(limit) in re.findall(r"\d+", words)


def test_the_hours_in_which_a_message_can_be_deleted(documentation: dict[str, Any]) -> None:
    assert f"less than {limits.DELETE_HOURS} hours ago" in documentation["methods"]["deleteMessage"]["description"]


def test_how_many_results_an_answer_may_have(documentation: dict[str, Any]) -> None:
    assert (
        f"No more than {limits.INLINE_RESULTS} results per query"
        in documentation["methods"]["answerInlineQuery"]["description"]
    )


def test_articles_have_the_documented_fields(documentation: dict[str, Any]) -> None:
    fields = {entry["name"] for entry in documentation["types"]["InlineQueryResultArticle"]["fields"]}
    content = {entry["name"] for entry in documentation["types"]["InputTextMessageContent"]["fields"]}

    assert set(inline_checks.ARTICLE) == fields
    assert set(inline_checks.TEXT) == content


@pytest.mark.parametrize("method", table.METHODS)
@pytest.mark.parametrize("junk", ["", "x", -1, 10**30, True, [], {}, [[]], [{}], {"type": []}, [None]])
async def test_nonsense_gets_an_answer(method: str, junk: Any) -> None:
    sandbox = Sandbox(seed=1)
    sandbox.person(1001, "Sample").start()
    await dispatch.run(sandbox, "sendMessage", {"chat_id": 1001, "text": "there"})
    sense = {"chat_id": 1001, "from_chat_id": 1001, "message_id": 2, "text": "x", "inline_message_id": None}
    names = [name for name in table.METHODS[method] if name != "timeout"]

    for name in names:
        reply = await dispatch.run(sandbox, method, {other: sense.get(other, junk) for other in names} | {name: junk})
        assert reply.payload
        assert reply.status in (200, 400, 401, 403, 404)
