"""Delivery of what is owed: claimed in small batches, sent outside any transaction, settled in groups.

A message may be repeated only if its send had begun and its settling was not committed when the process died, or if
Telegram never said what became of it; nothing is lost.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from telegram import Bot

from handlers.attempts import Attempts, Item, Render, broken, dropped
from handlers.retries import Pace, Pauses, put_back
from handlers.settling import Settling, within
from handlers.viewer import Services
from liaison import deliveries
from liaison.deliveries import Claimed, Drop, Look
from storage.engine import DatabaseUnavailable

CONTENDED = timedelta(milliseconds=100)  # another replica is taking what we saw: look again after this

log = structlog.get_logger()


class Delivery:
    """Sends what is due. ``run`` it once; ``wake`` it when something may have fallen due; ``stop`` it."""

    def __init__(
        self,
        services: Services,
        bot: Bot,
        render: Render,
        owner: str,
        *,
        alone: bool = False,
        pace: Pace | None = None,
    ) -> None:
        """``owner`` names this process among the replicas and must be new at each start.

        ``alone``: nobody else can deliver from this database, so leases left by a killed process end at the start.
        """
        self._services = services
        self._owner = owner
        self._alone = alone
        self._pace = pace or Pace()
        self._pauses = Pauses(self._pace)
        self._attempts = Attempts(services, bot, render, self._pace, self._pauses)
        self._settling = Settling(services, owner, self._pace, self.wake)
        self._caught_up: datetime | None = None  # on the calendar's clock: when nothing was due the last time
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._lanes: dict[int, deque[Item]] = {}  # one for each chat with something in hand
        self._lane_tasks: set[asyncio.Task[None]] = set()
        self._at_once = asyncio.Semaphore(self._pace.at_once)
        self._idlers: list[tuple[asyncio.Future[None], bool]] = []  # True: content when the rest is paused

    def wake(self) -> None:
        """Look soon whether something is due. Call it in the event loop: after commits that owe, and at each tick."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until ``stop``. A database that is not there is waited for."""
        self._ended.clear()
        failures = 0
        try:
            while not self._stopping.is_set():
                self._woken.clear()
                try:
                    pause = await self._turn()
                    failures = 0
                except Exception as error:
                    known = isinstance(error, DatabaseUnavailable)
                    log.warning("delivery-cannot-look", why=str(error), exc_info=None if known else error)
                    failures += 1
                    await within(self._stopping, self._pace.after_failures(failures))
                else:
                    await within(self._woken, pause)
            await self._finish()
        finally:
            self._abandon()

    async def stop(self) -> None:
        """Claim nothing more, finish the sends under way, give back the rest, settle all of it.

        Takes as long as the slowest send (``Pace.send``), or as the database is away: the caller bounds it.
        """
        self._stopping.set()
        self.wake()
        await self._ended.wait()

    async def idle(self, *, but_paused: bool = False) -> None:
        """Wait until nothing that is due is unsent; with ``but_paused``, until all that is left of it is paused.

        What another replica holds counts as unsent, or as paused. Raises CancelledError if the delivery ends before.
        """
        idler = asyncio.get_running_loop().create_future()
        self._idlers.append((idler, but_paused))
        self.wake()
        await idler

    async def _turn(self) -> timedelta:
        """Take what is due and return how long to sleep, if nobody wakes us."""
        if self._alone:
            await self._services.db.write(deliveries.release)
            self._alone = False
        idlers = list(self._idlers)  # those who come during the look are served by the next one
        room = self._room()
        if room <= 0:
            return self._pace.look  # the settling will wake us
        now, machine_now = self._services.now(), self._services.machine_now()
        seen = await self._services.db.read(deliveries.look, now=now, machine_now=machine_now)
        halted = self._pauses.left(machine_now)
        if halted or seen.next_free is None or seen.next_free > now:
            self._tell(idlers, seen)
            if not halted:
                self._caught_up = now
            until_due = seen.next_free - now if seen.next_free else self._pace.look
            return min(self._pace.look, halted or until_due)
        return timedelta() if await self._take(room, now, machine_now) else CONTENDED

    def _room(self) -> int:
        if self._pauses.troubled:
            return 1 - len(self._settling.in_hand)
        return min(self._pace.batch, self._pace.in_hand - len(self._settling.in_hand))

    def _tell(self, idlers: Sequence[tuple[asyncio.Future[None], bool]], seen: Look) -> None:
        for one in idlers:
            idler, but_paused = one
            if not self._settling.in_hand and (but_paused or not seen.unsent):
                self._idlers.remove(one)
                if not idler.done():
                    idler.set_result(None)

    async def _take(self, room: int, now: datetime, machine_now: datetime) -> bool:
        """Claim a batch and hand it to the lanes; False if there was nothing to take after all."""
        taken = await self._services.db.write(
            deliveries.claim, owner=self._owner, now=now, machine_now=machine_now, lease=self._pace.lease, limit=room
        )
        # One of ours whose lease ended meanwhile is still in hand: its lease is prolonged, it is not sent twice.
        fresh = [one for one in taken if one.id not in self._settling.in_hand]
        self._settling.in_hand.update(one.id for one in fresh)
        await self._prepare(fresh)
        return bool(fresh)

    async def _prepare(self, claimed: Sequence[Claimed]) -> None:
        """Ask for each whether it still makes sense; what does is put into its chat's lane."""
        try:
            decided = await self._attempts.ask([one.id for one in claimed], self._caught_up)
        except DatabaseUnavailable:
            for one in claimed:
                self._settling.add(put_back(one, self._pace.failure))
            return
        except Exception:  # noqa: BLE001 -- broken() logs it
            if len(claimed) == 1:
                self._settling.add(broken(claimed[0]))
                return
            for one in claimed:  # one that cannot be read must not hold up the others
                await self._prepare([one])
            return
        for one, due in zip(claimed, decided, strict=True):
            if isinstance(due, Drop):
                self._settling.add(dropped(one, due.reason))
            else:
                self._line_up(Item(one, due, self._services.machine_now()))

    def _line_up(self, item: Item) -> None:
        if item.chat in self._lanes:
            self._lanes[item.chat].append(item)
            return
        self._lanes[item.chat] = deque([item])
        task = asyncio.get_running_loop().create_task(self._serve(item.chat))
        self._lane_tasks.add(task)
        task.add_done_callback(self._lane_tasks.discard)

    async def _serve(self, chat: int) -> None:
        """Send what lies in one chat's lane, strictly one after the other."""
        lane = self._lanes[chat]
        while lane:
            async with self._at_once:
                item = lane[0]
                given_back = self._stopping.is_set()
                self._settling.add(put_back(item.claimed) if given_back else await self._attempts.make(item))
            lane.popleft()
        del self._lanes[chat]

    async def _finish(self) -> None:
        while self._lane_tasks:
            await asyncio.wait(self._lane_tasks)
        await self._settling.finish()

    def _abandon(self) -> None:
        for task in self._lane_tasks:
            task.cancel()
        self._settling.cancel()
        for idler, _ in self._idlers:
            idler.cancel()
        self._ended.set()
