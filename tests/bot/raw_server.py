"""Servers for the tests of the edges: one that answers literally what it is told, and a scripted Telegram."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456789:AAE-invented_token_of_a_test_0123456"
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def http(status: str, body: str | bytes, *headers: str) -> bytes:
    """An HTTP answer to the letter."""
    content = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def refusal(code: int, description: str, **parameters: Any) -> bytes:
    """An error as the Bot API words it."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return http(f"{code} Whatever", json.dumps(body), "Content-Type: application/json")


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Reads head and body of one request."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    if lengths:
        return head, await reader.readexactly(int(lengths[0]))
    return head, await reader.readuntil(b"0\r\n\r\n") if b"chunked" in head.lower() else b""


def reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST instead of FIN."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def raw_server(behaviour: Behaviour) -> AsyncIterator[str]:
    """Runs `behaviour` for each connection; gives the server's root address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behaviour(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass  # the test is over while the server still kept silent
        finally:
            writer.close()

    connections: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


class ScriptedTelegram:
    """Keeps updates as Telegram does: given again and again until an offset confirms them."""

    def __init__(self) -> None:
        self.pending: list[dict[str, Any]] = []
        self.offsets: list[int | None] = []
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.refusals: list[tuple[int, str]] = []  # answered first, one a getUpdates
        self.statuses: dict[str, tuple[int, str]] = {}  # methods that are always refused
        self.changed = asyncio.Event()
        self.root = ""

    def add(self, *updates: dict[str, Any]) -> None:
        """Puts updates in the queue and wakes a long poll."""
        self.pending.extend(updates)
        self.changed.set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serves any method; those not about updates just succeed."""
        method = request.path.rsplit("/", 1)[1]
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.calls.append((method, form))
        if method in self.statuses:
            return _refused(*self.statuses[method])
        if method == "getUpdates":
            return await self._get_updates(form)
        if method == "getMe":
            me = {"id": 123456789, "is_bot": True, "first_name": "Sample", "username": "sample_bot"}
            return web.json_response({"ok": True, "result": me})
        return web.json_response({"ok": True, "result": True})

    async def _get_updates(self, form: dict[str, str]) -> web.Response:
        if self.refusals:
            return _refused(*self.refusals.pop(0))
        offset = int(form["offset"]) if "offset" in form else None
        self.offsets.append(offset)
        if offset is not None:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending and int(form["timeout"]):
            self.changed.clear()
            await self.changed.wait()
        return web.json_response({"ok": True, "result": self.pending[: int(form["limit"])]})


def _refused(code: int, words: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": words}, status=code)


@asynccontextmanager
async def scripted_telegram() -> AsyncIterator[ScriptedTelegram]:
    """A scripted Telegram listening on loopback."""
    telegram = ScriptedTelegram()
    app = web.Application()
    app.add_routes([web.post("/{path:.*}", telegram.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield telegram
    finally:
        telegram.changed.set()
        await runner.cleanup()


def message(update_id: int, person: int, text: str = "hello") -> dict[str, Any]:
    """An update with a private message of an invented person."""
    who = {"id": person, "is_bot": False, "first_name": "Sample"}
    chat = {"id": person, "type": "private", "first_name": "Sample"}
    return {
        "update_id": update_id,
        "message": {"message_id": update_id, "date": 1790000000, "chat": chat, "from": who, "text": text},
    }
