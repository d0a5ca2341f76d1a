"""A local Telegram for the tests of its own behaviour, and the Telegram library speaking to it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A running sandbox, always the same one: its numbers come from one seed."""
    sandbox = Sandbox(seed=1)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """The Telegram library as a bot of this sandbox."""
    bot = Bot(sandbox.token, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot")
    async with bot:
        yield bot
