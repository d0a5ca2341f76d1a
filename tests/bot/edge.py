"""An application against a scripted Telegram, for the tests of intake."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import Application, TypeHandler

from bot.intake import AnyApplication, connect
from bot.polling import Polling
from bot.transport import AiohttpRequest, bot_urls
from tests.bot.raw_server import TOKEN, ScriptedTelegram

Handle = Callable[[Update], Awaitable[None]]


class Apologies:
    """What people were told after a failure."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.said_one = asyncio.Event()

    async def __call__(self, update: Update, number: str) -> None:
        self.said.append((update.update_id, number))
        self.said_one.set()


@asynccontextmanager
async def application_at(
    telegram: ScriptedTelegram, *handlers: Handle
) -> AsyncIterator[tuple[AnyApplication, AiohttpRequest]]:
    """An initialised application whose handlers, one a group, see every update."""
    base, files = bot_urls(telegram.root)
    updates = AiohttpRequest(connections=2)
    builder = Application.builder().token(TOKEN).base_url(base).base_file_url(files)
    builder = builder.request(AiohttpRequest()).get_updates_request(updates)
    application: AnyApplication = builder.updater(None).job_queue(None).build()
    for group, handle in enumerate(handlers):
        application.add_handler(TypeHandler(Update, _callback(handle)), group)
    await connect(application)
    try:
        yield application, updates
    finally:
        await application.shutdown()


@asynccontextmanager
async def polling_at(
    telegram: ScriptedTelegram, *handlers: Handle, apologies: Apologies | None = None, **settings: Any
) -> AsyncIterator[Polling]:
    """Polling under way, stopped at the end."""
    async with application_at(telegram, *handlers) as (application, updates):
        quick: dict[str, Any] = {"patience": 0.01, "pauses": (0.01,)} | settings
        polling = Polling(application, apologies or Apologies(), updates, **quick)
        running = asyncio.create_task(polling.run())
        try:
            yield polling
        finally:
            await polling.stop()
            await running


async def until(condition: Callable[[], bool]) -> None:
    """Lets the loop run until the condition holds; fails after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - no event of its own is worth it here
            await asyncio.sleep(0.002)


def _callback(handle: Handle) -> Callable[[Update, Any], Coroutine[Any, Any, None]]:
    async def callback(update: Update, _: Any) -> None:
        await handle(update)

    return callback
