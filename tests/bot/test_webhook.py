"""Updates by webhook: 200 only when settled."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import structlog
from telegram import Update

from bot.intake import BadToken
from bot.web import WebServer
from bot.webhook import SECRET_HEADER, Webhook
from storage.engine import DatabaseUnavailable
from tests.bot.edge import Apologies, Handle, application_at, until
from tests.bot.raw_server import ScriptedTelegram, message, scripted_telegram

SECRET = "invented-secret_0123456789"
URL = "https://bot.example.org/hook/telegram"


class Caller:
    """Brings updates as Telegram does."""

    def __init__(self, session: aiohttp.ClientSession, port: int, webhook: Webhook, telegram: ScriptedTelegram) -> None:
        self.session = session
        self.address = f"http://127.0.0.1:{port}/hook/telegram"
        self.webhook = webhook
        self.telegram = telegram

    async def brings(self, body: Any, secret: str | None = SECRET) -> int:
        """Posts a body (an object as JSON, bytes as they are) and returns the status."""
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = {} if secret is None else {SECRET_HEADER: secret}
        async with self.session.post(self.address, data=data, headers=headers) as answer:
            return answer.status


@asynccontextmanager
async def webhook_at(*handlers: Handle, apologies: Apologies | None = None, **settings: Any) -> AsyncIterator[Caller]:
    async def ready() -> dict[str, bool]:
        return {}

    async with scripted_telegram() as telegram, application_at(telegram, *handlers) as (application, _):
        quick: dict[str, Any] = {"pauses": (0.01,)} | settings
        webhook = Webhook(application, apologies or Apologies(), url=URL, secret=SECRET, **quick)
        web = WebServer(webhook.routes(), live=lambda: True, ready=ready, host="127.0.0.1", port=0)
        await web.start()
        try:
            async with aiohttp.ClientSession() as session:
                yield Caller(session, web.port, webhook, telegram)
        finally:
            await webhook.stop()
            await web.stop()


async def nothing(_: Update) -> None:
    return None


async def test_an_update_is_answered_when_it_is_settled() -> None:
    gate, begun = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        begun.set()
        await gate.wait()

    async with webhook_at(handle) as caller:
        call = asyncio.create_task(caller.brings(message(1, person=1)))
        await begun.wait()
        assert not call.done()
        gate.set()
        assert await call == 200


@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "0", "ә" * 10])
async def test_only_telegram_may_call(secret: str | None) -> None:
    seen: list[int] = []

    async def handle(update: Update) -> None:
        seen.append(update.update_id)

    async with webhook_at(handle) as caller:
        with structlog.testing.capture_logs() as lines:
            assert await caller.brings(message(1, person=1), secret) == 403
    assert seen == []
    assert lines == [{"event": "a call to the webhook without the right secret", "log_level": "warning"}]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"update_id":"1"}', b'{"message":{}}'])
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    async with webhook_at(nothing) as caller:
        assert await caller.brings(body) == 400


async def test_a_body_over_a_megabyte_is_refused() -> None:
    async with webhook_at(nothing) as caller:
        assert await caller.brings(b" " * (1024**2 + 1)) == 413
        assert await caller.brings(message(1, person=1, text="x" * 900_000)) == 200


async def test_without_the_database_telegram_is_told_to_come_again() -> None:
    outages = [2]

    async def handle(update: Update) -> None:
        if outages[0]:
            outages[0] -= 1
            raise DatabaseUnavailable("invented")

    async with webhook_at(handle) as caller:
        assert [await caller.brings(message(1, person=1)) for _ in range(3)] == [503, 503, 200]


async def test_our_own_bug_and_what_cannot_be_read_do_not_come_again() -> None:
    apologies = Apologies()

    async def fails(update: Update) -> None:
        raise ZeroDivisionError

    async with webhook_at(fails, apologies=apologies) as caller:
        with structlog.testing.capture_logs():
            assert await caller.brings(message(1, person=1)) == 200
            assert await caller.brings({"update_id": 2, "message": {"nonsense": True}}) == 200
            await apologies.said_one.wait()
    assert [number for number, _ in apologies.said] == [1]


async def test_too_many_at_once_come_again() -> None:
    gate, begun = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        begun.set()
        await gate.wait()

    async with webhook_at(handle, most_in_hand=1) as caller:
        call = asyncio.create_task(caller.brings(message(1, person=1)))
        await begun.wait()
        assert await caller.brings(message(2, person=2)) == 503
        gate.set()
        assert await call == 200
        assert await caller.brings(message(2, person=2)) == 200


async def test_stopping_finishes_what_is_in_hand_and_takes_no_more() -> None:
    gate, begun = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        begun.set()
        await gate.wait()

    async with webhook_at(handle) as caller:
        call = asyncio.create_task(caller.brings(message(1, person=1)))
        await begun.wait()
        stopping = asyncio.create_task(caller.webhook.stop())
        await asyncio.sleep(0)
        assert await caller.brings(message(2, person=2)) == 503
        gate.set()
        await stopping
        assert await call == 200


async def test_what_does_not_finish_in_time_comes_again() -> None:
    begun = asyncio.Event()

    async def hangs(update: Update) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with webhook_at(hangs) as caller:
        call = asyncio.create_task(caller.brings(message(1, person=1)))
        await begun.wait()
        await caller.webhook.stop(within=0)
        assert await call == 503


async def test_a_caller_who_hangs_up_does_not_cancel_the_handling() -> None:
    gate, begun, seen = asyncio.Event(), asyncio.Event(), list[int]()

    async def handle(update: Update) -> None:
        begun.set()
        await gate.wait()
        seen.append(update.update_id)

    async with webhook_at(handle) as caller:
        call = asyncio.create_task(caller.brings(message(1, person=1)))
        await begun.wait()
        call.cancel()
        await asyncio.wait({call})
        gate.set()
        await until(lambda: seen == [1])


async def test_the_address_is_registered_with_patience() -> None:
    async with webhook_at(nothing) as caller:
        caller.telegram.statuses["setWebhook"] = (400, "Bad Request: bad webhook: invented")
        with structlog.testing.capture_logs() as lines:
            running = asyncio.create_task(caller.webhook.run())
            await until(lambda: len(lines) >= 2)
            assert not caller.webhook.registered
            caller.telegram.statuses = {}
            await until(lambda: caller.webhook.registered)
        assert lines[0]["event"] == "Telegram does not take the webhook's address"
        assert caller.telegram.calls[-1] == (
            "setWebhook",
            {
                "url": URL,
                "secret_token": SECRET,
                "max_connections": "64",
                "allowed_updates": json.dumps(
                    ["message", "callback_query", "my_chat_member", "inline_query", "chosen_inline_result"]
                ),
            },
        )
        await caller.webhook.stop()
        await running


async def test_a_refused_token_is_said_plainly_and_a_stop_ends_the_trying() -> None:
    async with webhook_at(nothing, pauses=(60,)) as caller:
        caller.telegram.statuses["setWebhook"] = (401, "Unauthorized")
        with pytest.raises(BadToken):
            await caller.webhook.run()
        caller.telegram.statuses["setWebhook"] = (500, "Oops")
        with structlog.testing.capture_logs() as lines:
            running = asyncio.create_task(caller.webhook.run())
            await until(lambda: bool(lines))
            await caller.webhook.stop()
            await running


async def test_a_webhook_needs_a_secret() -> None:
    async with scripted_telegram() as telegram, application_at(telegram) as (application, _):
        with pytest.raises(ValueError, match="secret_token"):
            Webhook(application, Apologies(), url=URL, secret="")
