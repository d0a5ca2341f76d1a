"""Updates that Telegram brings: answered with 200 only when settled, so that whatever is not comes again."""

import asyncio
import hmac
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.intake import ALLOWED_UPDATES, LIMIT, PAUSES, AnyApplication, Apologise, BadToken, Intake, Settled, finish
from handlers.sending import pause_of

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_BODY_WITHIN = 10.0  # seconds; Telegram sends an update in one go
_MOST_CONNECTIONS = 100  # the most setWebhook takes


class Webhook:
    """Serves Telegram's calls; run() registers the address, stop() ends."""

    def __init__(
        self,
        application: AnyApplication,
        apologise: Apologise,
        *,
        url: str,
        secret: str,
        at_once: int = 64,
        most_in_hand: int = 256,
        limit: float = LIMIT,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """`url`: where Telegram reaches us (telegram.webhook_url); `secret`: what it must show (telegram.secret_token).

        `most_in_hand`: updates held at once; beyond that Telegram is told to come again.
        """
        if not secret:
            raise ValueError("a webhook without telegram.secret_token would take updates from anybody")
        self._bot = application.bot
        self._intake = Intake(application, apologise, at_once=at_once, limit=limit)
        self._url = url
        self._secret = secret
        self._connections = min(at_once, _MOST_CONNECTIONS)
        self._most_in_hand = most_in_hand
        self._pauses = pauses
        self._in_hand: set[asyncio.Task[Settled]] = set()
        self._stopping = asyncio.Event()
        self.registered = False

    def routes(self) -> list[web.RouteDef]:
        """The route to serve, at the path of the public address."""
        return [web.post(urlsplit(self._url).path or "/", self.handle)]

    async def run(self) -> None:
        """Registers the address with Telegram, trying until it is taken; then waits for stop(). Raises BadToken."""
        tries = 0
        while not self.registered and not self._stopping.is_set():
            try:
                await self._register()
            except InvalidToken:
                raise BadToken from None
            except TelegramError as exc:
                pause = (
                    pause_of(exc) if isinstance(exc, RetryAfter) else self._pauses[min(tries, len(self._pauses) - 1)]
                )
                log.error("Telegram does not take the webhook's address", reason=str(exc), again_in=pause)
                await self._stopped_within(pause)
                tries += 1
        await self._stopping.wait()

    async def stop(self, within: float = 8.0) -> None:
        """Takes no more (503) and lets what is in hand finish, within so many seconds; the rest comes again."""
        self._stopping.set()
        clock = asyncio.get_running_loop().time
        deadline = clock() + within - 0.5
        await finish(self._in_hand, max(deadline - clock(), 0.0))
        await self._intake.close(max(deadline - clock(), 0.0))

    async def handle(self, request: web.Request) -> web.Response:
        """Answers one call: 200 settled, 403 not from Telegram, 400 not an update, 413 too large, 503 come again."""
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), self._secret.encode()):
            log.warning("a call to the webhook without the right secret")
            return web.Response(status=403)
        if self._busy():
            return web.Response(status=503)
        try:
            async with asyncio.timeout(_BODY_WITHIN):
                raw = json.loads(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except ValueError:
            return web.Response(status=400)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return web.Response(status=400)
        return web.Response(status=200 if await self._settled(raw) else 503)

    def _busy(self) -> bool:
        return self._stopping.is_set() or len(self._in_hand) >= self._most_in_hand

    async def _settled(self, raw: dict[str, Any]) -> bool:
        update = self._intake.read(raw)
        if update is None:
            return True  # our own bug; again it would be no better
        if self._busy():
            return False  # it may have become so while the body was read
        # A task of its own: the update goes on although the caller hangs up.
        task = asyncio.create_task(self._intake.settle(update))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        await asyncio.wait({task})
        return not task.cancelled() and task.result() is not Settled.UNAVAILABLE

    async def _register(self) -> None:
        # Never drop_pending_updates: what people wrote while the bot was away is answered now.
        await self._bot.set_webhook(
            url=self._url,
            secret_token=self._secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=self._connections,
        )
        self.registered = True
        log.info("Telegram brings updates to the webhook")

    async def _stopped_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
