"""What the page reads besides JSON: the stream of events, files, and the page itself."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from .errors import Json

if TYPE_CHECKING:
    from .server import Sandbox

PAGE = Path(__file__).parent / "page"
_ALIVE = 15.0  # seconds between comments that keep the connection open


async def events(sandbox: Sandbox, request: web.Request) -> web.StreamResponse:
    """Server-sent events until the reader goes away."""
    wanted = request.headers.get("Last-Event-ID") or request.query.get("after")
    seq = int(wanted) if wanted else sandbox.feed.seq
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    await response.write(b": open\n\n")
    if sandbox.feed.missing(seq):
        seq = sandbox.feed.seq
        await response.write(_event({"seq": seq, "event": "reload", "data": {}}))
    while not sandbox.closing:
        fresh = await sandbox.feed.next(seq, _ALIVE, lambda: sandbox.closing)
        await response.write(b"".join(map(_event, fresh)) or b": alive\n\n")
        seq = fresh[-1]["seq"] if fresh else seq
    return response


def _event(event: Json) -> bytes:
    data = json.dumps(event["data"], ensure_ascii=False, default=str)
    return f"id: {event['seq']}\nevent: {event['event']}\ndata: {data}\n\n".encode()


async def file(sandbox: Sandbox, request: web.Request) -> web.StreamResponse:
    """The bytes of a file, never shown as a page of this server."""
    found = sandbox.files.by_id(request.match_info["id"])
    if found is None:
        return web.json_response({"error": "no such file"}, status=404)
    kind = "inline" if found.mime in ("image/jpeg", "image/png", "image/webp") else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Type": found.mime,
    }
    return web.Response(body=found.data, headers=headers)


async def page(request: web.Request) -> web.StreamResponse:
    """A file of the page; the start page for the root."""
    path = (PAGE / (request.match_info["path"] or "index.html")).resolve()
    if path.is_relative_to(PAGE.resolve()) and await asyncio.to_thread(path.is_file):
        return web.FileResponse(path, headers={"Cache-Control": "no-store"})
    if request.match_info["path"]:
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
    return web.Response(text="The sandbox is running; its page is not installed.\n")
