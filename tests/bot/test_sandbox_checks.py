"""Telegram's checks over plain HTTP: each with the words Telegram answers, and kept as a violation or a refusal."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.sandbox import Sandbox

ME = 1001


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(seed=1)
    await sandbox.start()
    sandbox.person(ME, "Aigerim").start()
    yield sandbox
    await sandbox.stop()


async def call(sandbox: Sandbox, method: str, **params: Any) -> dict[str, Any]:
    async with ClientSession() as client, client.post(f"{sandbox.url}/bot{sandbox.token}/{method}", json=params) as got:
        answer: dict[str, Any] = await got.json()
        assert got.status == (200 if answer["ok"] else answer["error_code"])
        return answer


def keys(*labels: str, **action: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, **(action or {"callback_data": "x"})} for label in labels]]}


def send(**more: Any) -> tuple[str, dict[str, Any]]:
    return "sendMessage", {"chat_id": ME, "text": "x", **more}


LONG_LINK = "https://t.me/uakil_sandbox_bot?start=" + "p" * 65
SCOPE = {"type": "all_private_chats"}
BREACHES = [
    (*send(text=None), "message text is empty"),
    (*send(text=""), "message text is empty"),
    (*send(text=" \n "), "message text is empty"),
    (*send(text="<b></b>", parse_mode="HTML"), "text must be non-empty"),
    (*send(text="x" * 4097), "message is too long"),
    (*send(text="<x>", parse_mode="HTML"), "can't parse entities: Unsupported start tag \"x\" at byte offset 0"),
    (*send(text="1.", parse_mode="MarkdownV2"),
     "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"),
    (*send(parse_mode="BBCode"), "unsupported parse_mode"),
    (*send(entities=[{"type": "bold", "offset": 0, "length": 2}]), "can't parse entities: entity is out of the text"),
    (*send(chat_id=None), "chat_id is empty"),
    (*send(chat_id=""), "chat_id is empty"),
    (*send(reply_markup="{"), "can't parse reply keyboard markup JSON object"),
    (*send(reply_markup="7"), "object expected as reply markup"),
    (*send(reply_markup={"other": 1}), "object expected as reply markup"),
    (*send(reply_markup=keys("a", callback_data="я" * 33)), "BUTTON_DATA_INVALID"),
    (*send(reply_markup=keys("a", callback_data="")), "BUTTON_DATA_INVALID"),
    (*send(reply_markup=keys("a", url="mailto:a@b.kz")), "BUTTON_URL_INVALID"),
    (*send(reply_markup=keys("a", url="http://localhost/x")), "BUTTON_URL_INVALID"),
    (*send(reply_markup=keys("a", copy_text={"text": "x" * 257})), "BUTTON_COPY_TEXT_INVALID"),
    (*send(reply_markup=keys("a", copy_text={"text": ""})), "BUTTON_COPY_TEXT_INVALID"),
    (*send(reply_markup=keys(" ")), "inline keyboard button text must be non-empty"),
    (*send(reply_markup={"inline_keyboard": [[{"callback_data": "x"}]]}),
     "can't parse inline keyboard button: Can't find field \"text\""),
    (*send(reply_markup={"inline_keyboard": [[{"text": "x"}]]}),
     "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    (*send(reply_markup=keys(*"123456789")), "REPLY_MARKUP_TOO_LONG"),
    (*send(reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}), "REPLY_MARKUP_TOO_LONG"),
    ("sendDocument", {"chat_id": ME}, "there is no document in the request"),
    ("sendDocument", {"chat_id": ME, "document": "unknown"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"chat_id": ME, "photo": "x", "caption": "x" * 1025}, "message caption is too long"),
    ("sendContact", {"chat_id": ME, "phone_number": "+7", "first_name": ""}, "first name must be non-empty"),
    ("sendContact", {"chat_id": ME, "first_name": "A"}, 'parameter "phone_number" is required'),
    ("sendContact", {"chat_id": ME, "phone_number": "+7", "first_name": "A", "vcard": "я" * 1025},
     "vCard is too long: at most 2048 bytes are allowed"),
    ("sendLocation", {"chat_id": ME, "latitude": 91, "longitude": 0}, "wrong latitude or longitude specified"),
    ("sendLocation", {"chat_id": ME, "latitude": "north", "longitude": 0},
     'parameter "latitude" must be of type Number'),
    ("sendChatAction", {"chat_id": ME, "action": "thinking"}, "wrong parameter action in request"),
    ("editMessageText", {"chat_id": ME, "text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"inline_message_id": "7", "text": "x"}, "MESSAGE_ID_INVALID"),
    ("deleteMessages", {"chat_id": ME, "message_ids": list(range(101))}, "too many message identifiers specified"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", {}, 'parameter "callback_query_id" is required'),
    ("answerInlineQuery", {"inline_query_id": "1", "results": [{}] * 51}, "RESULTS_TOO_MUCH"),
    ("getFile", {"file_id": "x"}, "invalid file_id"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "b"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "b"}]}, "command length must not exceed 32"),
    ("setMyCommands", {"commands": [{"command": "", "description": "b"}]}, "command must be non-empty"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "command description must be non-empty"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b" * 257}]},
     "command description length must not exceed 256"),
    ("setMyCommands", {"commands": [], "language_code": "kaz"}, "invalid language code specified"),
    ("setMyCommands", {"commands": [], "scope": {"type": "all"}},
     "can't parse BotCommandScope: Unsupported type specified"),
    ("setMyName", {"name": "x" * 65}, "BOT_NAME_TOO_LONG"),
    ("setMyDescription", {"description": "x" * 513}, "BOT_DESCRIPTION_TOO_LONG"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    ("setWebhook", {"url": "http://example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "https://example.org:9000/x"},
     "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "http://127.0.0.1:1/", "secret_token": "a b"},
     "secret token contains unallowed characters"),
]  # fmt: skip
BENT = [
    (*send(colour="red"), "unknown parameter 'colour'"),
    (*send(text="<b>x</b>" * 101, parse_mode="HTML"), "101 entities, Telegram shows 100"),
    (*send(text="<code><b>x</b></code>", parse_mode="HTML"), "pre and code entities can't contain any other entities"),
    (*send(reply_markup=keys("a", callback_data="x", url="https://gov.kz")),
     "a button must have exactly one action, not url and callback_data"),
    (*send(reply_markup=keys("a", callback_data="x", color=1)), "unknown field 'color' of an inline keyboard button"),
    (*send(reply_markup={"force_reply": True, "input_field_placeholder": "x" * 65}),
     "input_field_placeholder has 65 characters, allowed are 1-64"),
    (*send(text=LONG_LINK), f"deep link payload {'p' * 65!r} is not 1-64 characters of A-Z, a-z, 0-9, _ and -"),
    (*send(reply_markup=keys("a", url="https://t.me/uakil_sandbox_bot?start=a.b")),
     "deep link payload 'a.b' is not 1-64 characters of A-Z, a-z, 0-9, _ and -"),
    ("getUpdates", {"limit": 101}, "limit 101, allowed are 1-100"),
]  # fmt: skip
OLD = "query is too old and response timeout expired or query ID is invalid"
REFUSALS = [
    (*send(chat_id=5), 400, "Bad Request: chat not found"),
    (*send(chat_id="@nobody"), 400, "Bad Request: chat not found"),
    (*send(chat_id=1002), 403, "Forbidden: bot can't initiate conversation with a user"),
    (*send(chat_id=1003), 403, "Forbidden: bot was blocked by the user"),
    (*send(reply_parameters={"message_id": 99}), 400, "Bad Request: message to be replied not found"),
    ("editMessageText", {"chat_id": ME, "message_id": 99, "text": "x"}, 400, "Bad Request: message to edit not found"),
    ("editMessageText", {"chat_id": ME, "message_id": 1, "text": "x"}, 400, "Bad Request: message can't be edited"),
    ("deleteMessage", {"chat_id": ME, "message_id": 99}, 400, "Bad Request: message to delete not found"),
    ("copyMessage", {"chat_id": ME, "from_chat_id": ME, "message_id": 99}, 400,
     "Bad Request: message to copy not found"),
    ("pinChatMessage", {"chat_id": ME, "message_id": 99}, 400, "Bad Request: message to pin not found"),
    ("sendDocument", {"chat_id": ME, "document": "https://gov.kz/a.pdf"}, 400,
     "Bad Request: failed to get HTTP URL content"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, 400, f"Bad Request: {OLD}"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params", "words"), BREACHES)
async def test_a_breach_is_refused_and_kept(sandbox: Sandbox, method: str, params: dict[str, Any], words: str) -> None:
    answer = await call(sandbox, method, **params)

    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}
    assert [(remark.method, remark.text) for remark in sandbox.violations] == [(method, f"Bad Request: {words}")]


@pytest.mark.parametrize(("method", "params", "words"), BENT)
async def test_a_breach_that_telegram_lets_pass_is_kept(
    sandbox: Sandbox, method: str, params: dict[str, Any], words: str
) -> None:
    assert (await call(sandbox, method, **params))["ok"]
    assert [remark.text for remark in sandbox.violations] == [words]


@pytest.mark.parametrize(("method", "params", "code", "words"), REFUSALS)
async def test_a_refusal_by_the_state_of_the_world_is_no_violation(
    sandbox: Sandbox, method: str, params: dict[str, Any], code: int, words: str
) -> None:
    sandbox.person(1002, "Never wrote")
    blocker = sandbox.person(1003, "Blocker")
    blocker.start()
    blocker.blocks()

    assert await call(sandbox, method, **params) == {"ok": False, "error_code": code, "description": words}
    assert [remark.text for remark in sandbox.refusals] == [words]
    assert sandbox.violations == []


@pytest.mark.parametrize("size", [4095, 4096])
async def test_the_longest_text_passes_counted_after_entities(sandbox: Sandbox, size: int) -> None:
    answer = await call(sandbox, *send()[:1], chat_id=ME, text=f"<b>{'x' * size}</b>\n", parse_mode="HTML")

    assert len(answer["result"]["text"]) == size
    assert sandbox.violations == []


async def test_the_largest_keyboard_passes(sandbox: Sandbox) -> None:
    button = {"text": "x", "callback_data": "я" * 32}
    rows = [[button] * 8] * 12 + [[button] * 4]

    answer = await call(sandbox, "sendMessage", chat_id=ME, text="x", reply_markup={"inline_keyboard": rows})

    assert answer["result"]["reply_markup"] == {"inline_keyboard": rows}
    assert sandbox.violations == []


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json"])
async def test_parameters_come_in_every_way_telegram_takes(sandbox: Sandbox, how: str) -> None:
    params = {"chat_id": str(ME), "text": "Сәлем", "reply_markup": json.dumps(keys("a"))}
    url = f"{sandbox.url}/bot{sandbox.token}/SENDMESSAGE"
    parts = FormData(default_to_multipart=True)
    for name, value in params.items():
        parts.add_field(name, value)
    sent: dict[str, dict[str, Any]] = {"form": {"data": params}, "multipart": {"data": parts}, "json": {"json": params}}

    async with ClientSession() as client:
        asked = client.get(url, params=params) if how == "query" else client.post(url, **sent[how])
        async with asked as got:
            answer = await got.json()

    assert answer["result"]["text"] == "Сәлем"
    assert answer["result"]["reply_markup"] == keys("a")
    assert sandbox.violations == []


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("bot1:WRONG/getMe", 401, "Unauthorized"),
        ("botnonsense/getMe", 404, "Not Found"),
        ("bot123456:SANDBOX/sendTelegram", 404, "Not Found"),
        ("file/bot123456:SANDBOX/documents/none.pdf", 404, "Not Found"),
        ("file/bot1:WRONG/documents/none.pdf", 401, "Unauthorized"),
        ("nowhere", 404, "Not Found"),
    ],
)
async def test_wrong_token_and_unknown_method(sandbox: Sandbox, path: str, code: int, words: str) -> None:
    async with ClientSession() as client, client.get(f"{sandbox.url}/{path}") as got:
        assert (got.status, await got.json()) == (code, {"ok": False, "error_code": code, "description": words})


async def test_a_message_is_not_modified(sandbox: Sandbox) -> None:
    await call(sandbox, "sendMessage", chat_id=ME, text="<b>x</b>", parse_mode="HTML", reply_markup=keys("a"))

    same = await call(
        sandbox, "editMessageText", chat_id=ME, message_id=2, text="<b>x</b>", parse_mode="HTML", reply_markup=keys("a")
    )
    other = await call(sandbox, "editMessageText", chat_id=ME, message_id=2, text="x", reply_markup=keys("a"))

    assert same["description"] == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    assert other["ok"]
    assert len(sandbox.refusals) == 1
    assert sandbox.violations == []
