"""Waiting for the sandbox's state without polling: whoever changes it rings, whoever waits looks again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """One bell for the whole sandbox."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Something changed: let everybody who waits look again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T | None], timeout: float) -> T | None:
        """What `look()` gives as soon as that is not None; None when `timeout` seconds have passed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while (found := look()) is None and (left := end - loop.time()) > 0:
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait_for(future, left)
            except TimeoutError:
                return look()
            finally:
                self._waiting.discard(future)
        return found
