"""Delivery of what is owed: claimed in small batches, sent outside any transaction, settled in groups.

A message may be repeated only if its send had begun and its settling was not committed when the process died, or if
Telegram never said what became of it; nothing is lost.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from telegram import Bot
from telegram.error import TelegramError

from handlers.retries import Pace, Pauses, consequence, put_back
from handlers.screen import Screen, send
from handlers.sending import Outcome, Verdict, classify
from handlers.settling import Settling, within
from handlers.viewer import Services, Viewer
from liaison import deliveries
from liaison.deliveries import Claimed, Drop, Due, Look, Settled
from liaison.errors import LiaisonError
from storage.engine import DatabaseUnavailable

CONTENDED = timedelta(milliseconds=100)  # another replica is taking what we saw: look again after this

Render = Callable[[Viewer, Due], Awaitable[Screen]]

log = structlog.get_logger()


@dataclass
class Item:
    """A notice in hand."""

    claimed: Claimed
    due: Due
    asked_at: datetime  # when it was last asked whether it makes sense; the machine's clock

    @property
    def chat(self) -> int:
        """What keeps the order: a person is one private chat."""
        return self.claimed.recipient_id


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
        self._bot = bot
        self._render = render
        self._owner = owner
        self._alone = alone
        self._pace = pace or Pace()
        self._pauses = Pauses(self._pace)
        self._settling = Settling(services, owner, self._pace, self.wake)
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
            decided = await self._ask([one.id for one in claimed])
        except Exception as error:
            if isinstance(error, DatabaseUnavailable) or len(claimed) == 1:
                for one in claimed:
                    self._settling.add(self._untried(one, error))
            else:
                for one in claimed:  # one that cannot be read must not hold up the others
                    await self._prepare([one])
            return
        for one, due in zip(claimed, decided, strict=True):
            if isinstance(due, Drop):
                self._settling.add(Settled(one.id, "dropped", reason=due.reason, tried=False))
            else:
                self._line_up(Item(one, due, self._services.machine_now()))

    async def _ask(self, notice_ids: Sequence[int]) -> tuple[Due | Drop, ...]:
        services = self._services
        return await services.db.read(deliveries.prepare, notice_ids, services.policy, now=services.now())

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
                self._settling.add(await self._attempt(lane[0]))
            lane.popleft()
        del self._lanes[chat]

    async def _attempt(self, item: Item) -> Settled:
        machine_now = self._services.machine_now()
        pause = self._pauses.left(machine_now, item.chat)
        lease_too_short = machine_now + self._pace.send >= item.claimed.lease_until
        if pause or lease_too_short or self._stopping.is_set():
            return put_back(item.claimed, pause)
        try:
            if machine_now - item.asked_at > self._pace.fresh:
                (again,) = await self._ask([item.claimed.id])
                if isinstance(again, Drop):
                    return Settled(again.notice_id, "dropped", reason=again.reason, tried=False)
                item.due = again
            screen = await self._render(Viewer.of(self._services, item.due.recipient), item.due)
        except LiaisonError as refusal:  # it is not his to see any more
            return Settled(item.claimed.id, "dropped", reason=refusal.code, tried=False)
        except Exception as error:
            return self._untried(item.claimed, error)
        return await self._send(item, screen)

    async def _send(self, item: Item, screen: Screen) -> Settled:
        try:
            async with asyncio.timeout(self._pace.send.total_seconds()):
                message = await send(self._bot, item.due.recipient.telegram_id, screen)
        except (TelegramError, TimeoutError) as error:
            return self._failed(item, classify(error))
        except Exception as error:  # the library refused to make a call of it
            return self._untried(item.claimed, error)
        self._pauses.served()
        return Settled(item.claimed.id, "sent", message_id=message.message_id)

    def _failed(self, item: Item, verdict: Verdict) -> Settled:
        settled = consequence(item.claimed, verdict, self._pace)
        now = self._services.machine_now()
        match verdict.outcome:
            case Outcome.WAIT | Outcome.NOT_SENT:
                # What comes after it in the same chat waits too: nothing overtakes it.
                self._pauses.unserved(item.chat, now, hold=settled.pause, asked=verdict.outcome is Outcome.WAIT)
            case Outcome.UNCERTAIN:
                self._pauses.unserved(item.chat, now)
            case _:
                self._pauses.served()
        say = log.error if settled.state == "failed" else log.info
        say("notice-not-sent", notice=item.due.notice_id, kind=item.due.kind, became=settled.state, why=verdict.text)
        return settled

    def _untried(self, claimed: Claimed, error: Exception) -> Settled:
        """It could not even be tried: later if the database is away, else it is our bug and goes to the operators."""
        if isinstance(error, DatabaseUnavailable):
            return put_back(claimed, self._pace.failure)
        number = secrets.token_hex(4)
        log.error("notice-broken", notice=claimed.id, number=number, exc_info=error)
        return Settled(claimed.id, "failed", reason=f"error {number}", tried=False)

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
