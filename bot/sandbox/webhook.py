"""Delivery of updates by webhook: side by side for different chats, in order within one, again until it is a 2xx."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientSession, ClientTimeout

from .errors import Json
from .inbox import Waiting

if TYPE_CHECKING:
    from .world import World


class Webhook:
    """Where updates go when the bot asked for them to be posted. `pauses`: seconds between tries, the last repeats."""

    def __init__(self, world: World, execute: Callable[[str, Json], Awaitable[object]]) -> None:
        self._world = world
        self._execute = execute
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.pauses: tuple[float, ...] = (0.05, 0.1, 0.2, 0.5, 1.0)
        self.timeout = 60.0
        self.last_error: tuple[int, str] | None = None
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(self.max_connections)
        self._session: ClientSession | None = None

    def turn_on(self, url: str, secret: str, max_connections: int) -> None:
        """Deliver to `url` from now on."""
        self.turn_off()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._room = asyncio.Semaphore(max_connections)
        self.last_error = None
        self.pump()

    def turn_off(self) -> None:
        """Deliver no more; what waits stays for getUpdates."""
        self.url = self.secret = ""
        for task in self._lanes.values():
            task.cancel()
        self._lanes.clear()

    def pump(self) -> None:
        """Something was queued: see that each chat with waiting updates is being served."""
        if not self.url:
            return
        for lane in self._world.inbox.lanes():
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._serve(lane))

    async def stop(self) -> None:
        """Give up all deliveries and connections."""
        tasks = list(self._lanes.values())
        self.turn_off()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    async def _serve(self, lane: int) -> None:
        try:
            await self._deliver(lane)
        finally:
            if self._lanes.get(lane) is asyncio.current_task():
                del self._lanes[lane]

    async def _deliver(self, lane: int) -> None:
        tries = 0
        while entries := self._world.inbox.in_lane(lane):
            async with self._room:
                delivered = await self._post(entries[0])
            if delivered:
                tries = 0
                if entries[0].update_id in self._world.inbox.waiting:
                    self._world.inbox.confirm(entries[0].update_id)
            else:
                await asyncio.sleep(self.pauses[min(tries, len(self.pauses) - 1)])
                tries += 1

    async def _post(self, entry: Waiting) -> bool:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=self.timeout))
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        entry.delivered = True
        try:
            async with self._session.post(self.url, json=entry.update, headers=headers) as answer:
                body = await answer.read()
                status, reason = answer.status, answer.reason
        except (ClientError, TimeoutError, OSError) as error:
            self._failed(str(error) or type(error).__name__)
            return False
        if not 200 <= status < 300:
            self._failed(f"Wrong response from the webhook: {status} {reason}")
            return False
        await self._call_in(body)
        return True

    def _failed(self, why: str) -> None:
        self.last_error = (int(self._world.clock.now()), why)

    async def _call_in(self, body: bytes) -> None:
        """The answer to a webhook may itself be a call of one method."""
        try:
            call = json.loads(body or b"null")
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self._execute(call.pop("method"), call)
