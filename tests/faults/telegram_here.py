"""The local Telegram of a test, and what it has to say at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox.server import Sandbox


@asynccontextmanager
async def local_telegram(token: str = "123456:SANDBOX", *, answers_lost: bool = False) -> AsyncIterator[Sandbox]:
    """A sandbox; at its end nothing was violated and every tap was answered.

    ``answers_lost``: a fault may take away the one answer that a tap is given.
    """
    sandbox = Sandbox(token, seed=1)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()
    assert [str(remark) for remark in sandbox.violations] == []
    assert answers_lost or sandbox.unanswered() == []
