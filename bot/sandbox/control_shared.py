"""The control interface for what people do where others are: groups, inline mode, and the owner's switches.

GET  /sandbox/switches               → {"inline_mode", "inline_feedback", "privacy_mode"}
POST /sandbox/switches {name: bool …} → the same, as set
POST /sandbox/group {"title", "creator": person, "members"?: [person], "with_bot"?: true, "kind"?} → as in the state
    Waits for nothing.
POST /sandbox/inline {"person", "query", "chat_id"?, "offset"?}
    → {"asked", "results": [{"id", "title", "description", "text"}], "button", "next_offset", "cached"}
    Types `@bot query`; answered when the bot has answered, and with {} when it has not within 10 seconds.
POST /sandbox/pick {"asked", "result_id"} → {"chat_id", "message_id"}
    Sends a result of such a list.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from . import inline
from .reading import read_object

if TYPE_CHECKING:
    from .server import Sandbox

_PATIENCE = 10.0  # seconds
Handle = Callable[["Sandbox", web.Request], Awaitable[web.StreamResponse]]


async def _switches(sandbox: Sandbox, request: web.Request) -> web.Response:
    if request.method == "POST":
        for name, on in (await read_object(request)).items():
            sandbox.switches.put(name, on)
    return web.json_response(sandbox.switches.as_json())


async def _group(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await read_object(request)
    creator, *members = (sandbox.people[int(number)] for number in (body["creator"], *body.get("members", ())))
    chat, _ = sandbox.open_group(
        str(body["title"]), creator, *members, with_bot=body.get("with_bot", True), kind=body.get("kind", "supergroup")
    )
    return web.json_response(chat.as_json())


async def _inline(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await read_object(request)
    chat = sandbox.chats[int(body["chat_id"])] if "chat_id" in body else None
    person = sandbox.people[int(body["person"])]
    asked = inline.ask(sandbox, person, str(body["query"]), person.place(chat), str(body.get("offset", "")))
    answer = await sandbox.bell.until(lambda: asked.answer, _PATIENCE)
    return web.json_response(inline.InlineResults(asked, answer).as_json() if answer else {})


async def _pick(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await read_object(request)
    asked = sandbox.queries.get(str(body["asked"]))
    if not isinstance(asked, inline.Asked) or asked.answer is None:
        raise ValueError("no such list of results")
    result = next((one for one in asked.answer.results if one.id == body["result_id"]), None)
    if result is None:
        raise ValueError("no such result")
    message, _ = inline.post(sandbox, asked, result)
    return web.json_response({"chat_id": message.chat.id, "message_id": message.message_id})


ROUTES: tuple[tuple[str, str, Handle], ...] = (
    ("*", "switches", _switches),
    ("POST", "group", _group),
    ("POST", "inline", _inline),
    ("POST", "pick", _pick),
)
