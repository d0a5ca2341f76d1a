"""The sandbox: the world behind an HTTP server on loopback, and the interface tests and the demo drive it by."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from . import control, groups
from .chats import Chat
from .dispatch import run
from .errors import Breach, Json, Lost, Refused
from .log import Call, Remark
from .people import Person
from .reading import read_request
from .world import World

_BODY_LIMIT = 60 * 1024 * 1024  # above Telegram's 50 MB, so that the method can refuse in its own words
HOST = "127.0.0.1"


class Sandbox(World):
    """A local Telegram for one bot.

    `seed` makes random numbers (first update id, probabilities of faults) repeatable; `clock_file` is where the offset
    of the calendar's clock is written for the bot (`sandbox.clock`), a temporary file by default (`clock.path`).
    """

    def __init__(
        self, token: str = "123456:SANDBOX", username: str = "uakil_sandbox_bot", *, name: str = "Uakil",
        seed: int | None = None, clock_file: Path | None = None,
    ) -> None:  # fmt: skip
        super().__init__(token, username, name, seed, clock_file)
        self.execute = self._execute_answer
        # What the owner of the bot adds to the page: name → function, asked by POST /sandbox/offer/NAME.
        self.offers: dict[str, Callable[[Json], Awaitable[Json]]] = {}
        self._runner: web.AppRunner | None = None
        self._taken: set[int] = set()
        self.url = ""

    async def start(self, port: int = 0) -> str:
        """Listen on loopback, on a free port by default; returns the root's address (also in `url`)."""
        self.closing = self.inbox.closed = False
        self.give_clock_a_file()
        self._runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Close all connections; what the sandbox remembers stays."""
        self.closing = self.inbox.closed = True
        self.faults.clear()
        self.bell.ring()
        await self.webhook.stop()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        self.take_clock_file()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_BODY_LIMIT, middlewares=[control.local_only])
        application.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]*}", self._call)
        application.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._file)
        control.mount(application, self)
        return application

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if denied := self._denied(request):
            return denied
        method = request.match_info["method"]
        try:
            reply = await run(self, method, await read_request(request))
        except Lost:
            return _cut(request)
        except Breach as breach:
            call = self.log.begin(method, {})
            self.log.violate(breach.description, call)
            self.log.end(call, "refused")
            return web.json_response(breach.payload(), status=breach.code)
        if reply.payload is None:
            return web.Response(text=reply.page, content_type="text/html", status=reply.status)
        return web.json_response(reply.payload, status=reply.status)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if denied := self._denied(request):
            return denied
        file = self.files.by_path(request.match_info["path"])
        if file is None:
            return web.json_response(Refused(404, "Not Found").payload(), status=404)
        return web.Response(body=file.data, content_type=file.mime)

    def _denied(self, request: web.Request) -> web.Response | None:
        token = request.match_info["token"]
        if token == self.token:
            return None
        refused = Refused(401, "Unauthorized") if re.fullmatch(r"\d+:[\w-]+", token) else Refused(404, "Not Found")
        self.log.refuse(refused.description, None)
        return web.json_response(refused.payload(), status=refused.code)

    async def _execute_answer(self, method: str, params: Json) -> None:
        await run(self, method, params, faulty=False)

    # What tests and the demo ask

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot, in order."""
        return self.log.calls

    @property
    def violations(self) -> list[Remark]:
        """Breaches of documented limits and rules: a test ends with this list empty."""
        return self.log.violations

    @property
    def refusals(self) -> list[Remark]:
        """Errors that break no rule: not modified, blocked, not found, too old, 429."""
        return self.log.refusals

    def person(
        self, number: int, first_name: str = "", *, last_name: str = "", username: str = "", language_code: str = "ru"
    ) -> Person:
        """The person of this Telegram number; made on first use, then always the same."""
        if number in self.people:
            return self.people[number]
        names = {"first_name": first_name or f"Person {number}", "last_name": last_name, "username": username}
        given = {name: value for name, value in names.items() if value}
        chat = self.chats[number] = Chat(number, {"id": number, "type": "private", **given})
        language = {"language_code": language_code} if language_code else {}
        person = Person(self, {"id": number, "is_bot": False, **given, **language}, chat)
        self.people[number] = person
        self.feed.tell("person", {"person": number, "user": person.user, "blocked": False})
        return person

    async def group(
        self, title: str, creator: Person, *members: Person, with_bot: bool = True, kind: str = "supergroup"
    ) -> Chat:
        """A group of people, and of the bot if its `creator` puts it in; waits until the bot has taken note.

        Its number is negative. `kind`: "supergroup" or "group".
        """
        chat, updates = self.open_group(title, creator, *members, with_bot=with_bot, kind=kind)
        await self.settled(*updates)
        return chat

    def open_group(
        self, title: str, creator: Person, *members: Person, with_bot: bool = True, kind: str = "supergroup"
    ) -> tuple[Chat, tuple[int, ...]]:
        """The same without waiting; with the numbers of the updates."""
        chat = groups.create(self, kind, title, creator, members)
        return chat, groups.add_bot(self, chat, creator) if with_bot else ()

    async def quiet(self, timeout: float = 10) -> None:
        """Wait until every update is confirmed and no call but getUpdates is in hand."""

        def look() -> bool | None:
            return None if self.inbox.waiting or self.in_hand else True

        assert await self.bell.until(look, timeout), f"not quiet within {timeout} s: {self.in_hand}\n{self.transcript}"

    @property
    def in_hand(self) -> list[Call]:
        """Calls that are not answered yet, getUpdates left out."""
        return [call for call in self.log.running if call.method != "getUpdates"]

    async def called(self, method: str, *, chat: int | None = None, timeout: float = 10, **params: Any) -> Call:
        """The first finished call of this method (in this chat, with these parameters) not returned before."""

        def look() -> Call | None:
            for call in self.log.calls:
                fits = call.method == method and call.ended is not None and chat in (None, call.chat)
                if (
                    fits
                    and call.number not in self._taken
                    and all(call.params.get(name) == value for name, value in params.items())
                ):
                    self._taken.add(call.number)
                    return call
            return None

        call = await self.bell.until(look, timeout)
        assert call is not None, f"{method} was not called within {timeout} s:\n{self.transcript}"
        return call


def _cut(request: web.Request) -> web.Response:
    """Reset the connection: the caller gets no answer."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
