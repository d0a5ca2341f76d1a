"""Outcomes of sends on their way into the database: together what came back together, and as long as it takes."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from handlers.retries import Pace
from handlers.viewer import Services
from liaison import deliveries
from liaison.deliveries import Settled
from storage.engine import DatabaseUnavailable

log = structlog.get_logger()


class Settling:
    """Knows which notices are in hand: from the claim until what became of them is committed."""

    def __init__(self, services: Services, owner: str, pace: Pace, wake: Callable[[], None]) -> None:
        """``wake`` is called after each commit, and again when a pause it wrote has passed."""
        self._services = services
        self._owner = owner
        self._pace = pace
        self._wake = wake
        self._outcomes: list[Settled] = []
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self.in_hand: set[int] = set()

    def add(self, settled: Settled) -> None:
        """Have an outcome written down, together with others that come within some 20 ms."""
        self._outcomes.append(settled)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._write_all())

    async def finish(self) -> None:
        """Write down at once whatever there is, and wait until it is committed."""
        self._hurry.set()
        if self._task is not None:
            await self._task

    def cancel(self) -> None:
        """Give up; what was not written down will be sent again when its lease ends."""
        if self._task is not None:
            self._task.cancel()

    async def _write_all(self) -> None:
        while self._outcomes:
            await within(self._hurry, self._pace.gather)
            group, self._outcomes = self._outcomes, []
            await self._write(group)
            self._wake()

    async def _write(self, group: Sequence[Settled]) -> None:
        failures = 0
        while True:
            try:
                unanswered = await self._commit(group)
                break
            except DatabaseUnavailable as away:  # what was sent must not be forgotten: until it is back
                failures += 1
                log.warning("delivery-cannot-settle", notices=len(group), why=str(away))
                await asyncio.sleep(self._pace.after_failures(failures).total_seconds())
            except Exception:
                if len(group) > 1:
                    for one in group:
                        await self._write([one])
                else:
                    # It stays in hand, so that this process at least does not send it again and again.
                    log.exception("notice-not-settled", notice=group[0].notice_id)
                return
        self._let_go(group, unanswered)

    async def _commit(self, group: Sequence[Settled]) -> tuple[str, ...]:
        return await self._services.db.write(
            deliveries.settle,
            group,
            self._services.policy,
            owner=self._owner,
            now=self._services.now(),
            machine_now=self._services.machine_now(),
        )

    def _let_go(self, group: Iterable[Settled], unanswered: Iterable[str]) -> None:
        for number in unanswered:
            log.error("request-reaches-nobody", request=number)
        for one in group:
            self.in_hand.discard(one.notice_id)
            if one.pause:
                asyncio.get_running_loop().call_later(one.pause.total_seconds(), self._wake)


async def within(event: asyncio.Event, pause: timedelta) -> None:
    """Wait for the event, but no longer than this."""
    if pause > timedelta():
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), pause.total_seconds())
