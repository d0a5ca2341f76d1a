"""One attempt to send one notice: asked once more, rendered, sent, and what came of it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from telegram import Bot
from telegram.error import TelegramError

from handlers.retries import Pace, Pauses, consequence, put_back
from handlers.screen import Screen, send
from handlers.sending import Outcome, Verdict, classify
from handlers.viewer import Services, Viewer
from liaison import deliveries
from liaison.deliveries import Claimed, Drop, Due, Settled
from liaison.errors import LiaisonError
from storage.engine import DatabaseUnavailable

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


class Attempts:
    """Makes attempts; knows the pauses that earlier ones imposed."""

    def __init__(self, services: Services, bot: Bot, render: Render, pace: Pace, pauses: Pauses) -> None:
        """``render`` may raise LiaisonError: the notice is not its reader's to see any more, and is dropped."""
        self._services = services
        self._bot = bot
        self._render = render
        self._pace = pace
        self._pauses = pauses

    async def ask(self, notice_ids: Sequence[int], caught_up: datetime | None = None) -> tuple[Due | Drop, ...]:
        """Whether each of these notices still makes sense, in the order given; ``caught_up`` as in ``prepare``."""
        services = self._services
        return await services.db.read(
            deliveries.prepare, notice_ids, services.policy, now=services.now(), caught_up=caught_up
        )

    async def make(self, item: Item) -> Settled:
        """Send the notice if it may be sent now; never raises."""
        machine_now = self._services.machine_now()
        pause = self._pauses.left(machine_now, item.chat)
        if pause or machine_now + self._pace.send >= item.claimed.lease_until:
            return put_back(item.claimed, pause)
        try:
            if machine_now - item.asked_at > self._pace.fresh:
                (again,) = await self.ask([item.claimed.id])
                if isinstance(again, Drop):
                    return dropped(item.claimed, again.reason)
                item.due = again
            screen = await self._render(Viewer.of(self._services, item.due.recipient), item.due)
        except DatabaseUnavailable:
            return put_back(item.claimed, self._pace.failure)
        except LiaisonError as refusal:
            return dropped(item.claimed, refusal.code)
        except Exception:  # noqa: BLE001 -- broken() logs it
            return broken(item.claimed)
        return await self._send(item, screen)

    async def _send(self, item: Item, screen: Screen) -> Settled:
        try:
            async with asyncio.timeout(self._pace.send.total_seconds()):
                message = await send(self._bot, item.due.recipient.telegram_id, screen)
        except (TelegramError, TimeoutError) as error:
            return self._failed(item, classify(error))
        except Exception:  # noqa: BLE001 -- the library would not make a call of it; broken() logs it
            return broken(item.claimed)
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
        report = log.error if settled.state == "failed" else log.info
        report("notice-not-sent", notice=item.due.notice_id, kind=item.due.kind, became=settled.state, why=verdict.text)
        return settled


def dropped(claimed: Claimed, reason: str) -> Settled:
    """It makes no sense any more."""
    return Settled(claimed.id, "dropped", reason=reason, tried=False)


def broken(claimed: Claimed) -> Settled:
    """Our own bug, to be called where it was caught: logged with a number, and given up to the operators."""
    number = secrets.token_hex(4)
    log.exception("notice-broken", notice=claimed.id, number=number)
    return Settled(claimed.id, "failed", reason=f"error {number}", tried=False)
