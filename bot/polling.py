"""Updates fetched by long polling: confirmed to Telegram only when settled, and no hanging chat holds up the others."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.intake import ALLOWED_UPDATES, LIMIT, PAUSES, AnyApplication, Apologise, BadToken, Intake, Settled, finish
from bot.transport import AiohttpRequest
from bot.window import Window
from handlers.sending import Uncertain, pause_of

T = TypeVar("T")
log = structlog.get_logger(__name__)

BATCH = 100  # the most getUpdates gives at once
LONG_POLL = 25  # seconds
PATIENCE = 0.5  # seconds to wait for a batch to settle before looking whether others have written meanwhile
_ANSWER_WITHIN = 10.0  # seconds beyond the long poll
_QUIET = 24 * 3600.0  # seconds; after a week without updates Telegram goes on from a random, maybe lower, number
_CONFIRM_WITHIN = 1.5  # seconds for the last getUpdates

CONFLICT = (
    "another program receives this bot's updates with the same token, or a webhook is set for it: "
    "stop the other program (or delete the webhook)"
)


class Polling:
    """Fetches updates and runs them; run() until stop()."""

    def __init__(
        self,
        application: AnyApplication,
        apologise: Apologise,
        request: AiohttpRequest,
        *,
        at_once: int = 64,
        limit: float = LIMIT,
        long_poll: int = LONG_POLL,
        patience: float = PATIENCE,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """`request`: the transport given to the application for getUpdates, with a pool of its own.

        `limit`, `long_poll`, `patience`, `pauses`: seconds; see the constants here and in intake.
        """
        self._bot = application.bot
        self._request = request
        self._intake = Intake(application, apologise, holds=True, at_once=at_once, limit=limit)
        self._long_poll = long_poll
        self._patience = patience
        self._pauses = pauses
        self._window = Window()
        self._in_hand: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False
        self._confirmed: int | None = None
        self._accepted = False  # Telegram has taken our token once
        self._clock = asyncio.get_running_loop().time
        self._last_update = self._last_answer = self._clock()

    def heard_within(self, seconds: float) -> bool:
        """Whether Telegram answered a fetch within so many seconds; for the readiness probe."""
        return self._accepted and self._clock() - self._last_answer <= seconds

    async def run(self) -> None:
        """Receives updates until stop(). Raises BadToken when Telegram refuses the token at the first call."""
        if self._stopping:
            return
        self._loop = asyncio.create_task(self._receive())
        try:
            await self._loop
        except asyncio.CancelledError:
            if not self._stopping:
                raise

    async def stop(self, within: float = 8.0) -> None:
        """Fetches no more, lets what is in hand finish, and confirms what is settled; in so many seconds.

        What is not settled by then is cancelled and stays unconfirmed: Telegram gives it again to the next run.
        """
        self._stopping = True
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})
        deadline = self._clock() + within - _CONFIRM_WITHIN - 0.5
        await finish(self._in_hand, max(deadline - self._clock(), 0.0))
        await self._intake.close(max(deadline - self._clock(), 0.0))
        await self._confirm()

    async def _receive(self) -> None:
        await self._patiently(self._delete_webhook)
        outages = 0
        while True:
            batch = await self._patiently(self._fetch)
            await self._some_settled(self._begin(batch))
            if self._intake.held:
                await self._sit_out(outages)
                outages += 1
            elif not self._in_hand:
                outages = 0

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Makes a call to Telegram until it succeeds, with growing pauses."""
        tries = 0
        while True:
            try:
                answer = await call()
            except TelegramError as exc:
                if isinstance(exc, InvalidToken) and not self._accepted:
                    raise BadToken from None
                await self._pause_after(exc, tries)
                tries += 1
            else:
                self._accepted = True
                self._last_answer = self._clock()
                return answer

    async def _pause_after(self, exc: TelegramError, tries: int) -> None:
        pause = self._pauses[min(tries, len(self._pauses) - 1)]
        if isinstance(exc, RetryAfter):
            pause = pause_of(exc)
        if isinstance(exc, Conflict):
            log.error(CONFLICT, reason=str(exc), again_in=pause)
        elif isinstance(exc, InvalidToken):
            log.error("Telegram no longer accepts the token", reason=str(exc), again_in=pause)
        else:
            log.warning("updates cannot be fetched", reason=str(exc), again_in=pause)
        await asyncio.sleep(pause)

    async def _delete_webhook(self) -> None:
        """While a webhook is set, getUpdates is refused. What waits for it stays and comes by polling."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def _fetch(self) -> list[dict[str, Any]]:
        # With something in hand Telegram answers at once anyway, since that is still unconfirmed.
        seconds = 0 if self._in_hand else self._long_poll
        if not self._in_hand and self._clock() - self._last_update > _QUIET:
            self._window.forget_offset()
        asked = self._window.ask()
        batch = await self._get_updates(asked, seconds, BATCH)
        self._confirmed = asked
        if batch:
            self._last_update = self._clock()
        return batch

    async def _get_updates(self, offset: int | None, seconds: int, most: int) -> list[dict[str, Any]]:
        parameters = {"timeout": str(seconds), "limit": str(most), "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            parameters["offset"] = str(offset)
        answer = await self._request.call(
            f"{self._bot.base_url}/getUpdates", parameters, read_timeout=seconds + _ANSWER_WITHIN
        )
        if not isinstance(answer, list):
            raise Uncertain("getUpdates did not answer with a list")
        return [raw for raw in answer if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]

    def _begin(self, batch: list[dict[str, Any]]) -> set[asyncio.Task[None]]:
        by_number = {raw["update_id"]: raw for raw in batch}
        fresh = self._window.take(by_number, all_there=len(batch) < BATCH)
        tasks = {asyncio.create_task(self._handle(number, by_number[number])) for number in fresh}
        self._in_hand |= tasks
        for task in tasks:
            task.add_done_callback(self._in_hand.discard)
        return tasks

    async def _handle(self, number: int, raw: dict[str, Any]) -> None:
        update = self._intake.read(raw)
        if update is not None and await self._intake.settle(update) is Settled.UNAVAILABLE:
            self._window.give_back(number)
        else:
            self._window.settle(number)

    async def _some_settled(self, fresh: set[asyncio.Task[None]]) -> None:
        """Waits for the fresh ones; with none, for any in hand. Never longer than patience, so that others get in."""
        if fresh:
            await asyncio.wait(fresh, timeout=self._patience)
        elif self._in_hand:
            await asyncio.wait(self._in_hand, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)

    async def _sit_out(self, outages: int) -> None:
        """The database is away: lets go of all that is in hand, and asks for the same again after a pause."""
        if self._in_hand:
            await asyncio.wait(self._in_hand)
        await asyncio.sleep(self._pauses[min(outages, len(self._pauses) - 1)])
        self._intake.resume()

    async def _confirm(self) -> None:
        """Tells Telegram what is settled; what it gives in answer is not ours any more and comes again."""
        offset = self._window.offset
        if offset is None or offset == self._confirmed:
            return
        try:
            async with asyncio.timeout(_CONFIRM_WITHIN):
                await self._get_updates(offset, 0, 1)
            self._confirmed = offset
        except (TelegramError, TimeoutError) as exc:
            log.warning("the last updates could not be confirmed and will come again", reason=str(exc))
