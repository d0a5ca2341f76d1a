"""The one thing APScheduler does for us: a tick. What is due stands in rows, not in jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


class Ticks:
    """Calls an async function at a steady pace, never two calls at once; missed ticks count as one."""

    def __init__(self, callback: Callable[[], Awaitable[None]], every_seconds: float = 1) -> None:
        """`callback` may fail: that is logged, and the next tick comes all the same."""
        self._callback = callback
        self._every = every_seconds
        self._busy = asyncio.Lock()
        # A late tick is still a tick: without misfire_grace_time=None APScheduler drops what is over a second late.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Starts ticking; needs a running event loop. The first tick comes after one interval."""
        self._scheduler.add_job(self._tick, IntervalTrigger(seconds=self._every, timezone=UTC), id="tick")
        self._scheduler.start()

    async def stop(self, within: float = 2.0) -> None:
        """Stops ticking; a tick under way may finish within the given seconds and is cancelled after that."""
        if not self._scheduler.running:
            return
        self._scheduler.remove_all_jobs()
        try:
            async with asyncio.timeout(within), self._busy:
                pass
        except TimeoutError:
            pass  # shutdown() cancels it
        self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        async with self._busy:
            await self._callback()
