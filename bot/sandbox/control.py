"""The control interface under `/sandbox/`, for the page and for tests in other processes. Loopback only.

Requests whose Host is not this machine's, or whose Origin is another site's, are answered 403. Bodies are JSON with
`Content-Type: application/json`. Errors are `{"error": TEXT}` with status 400.

GET /sandbox/state
    {"seq", "bot": {User}, "profile": PROFILE, "clock": {"offset", "now"},
     "people": [{"user": {User}, "chat_id", "blocked", "toasts": [{"text", "alert"}], "menu": [{BotCommand}]}],
     "chats": [{"chat": {Chat}, "started", "blocked", "keyboard": ReplyKeyboardMarkup | null, "pinned": [message_id],
                "members": [person], "has_bot", "messages": [MESSAGE]}], "switches": as GET /sandbox/switches}
    MESSAGE is Telegram's Message object (text or caption with entities, reply_markup.inline_keyboard, document, photo,
    contact, date, edit_date, reply_to_message …) with one field more:
        "sandbox": {"outgoing": from the bot, "edited", "deleted", "html": text or caption as safe HTML,
                    "file": {"id", "name", "mime", "size"}  (only with a file; bytes at /sandbox/file/ID)}
    `html` holds only b i u s tg-spoiler code pre blockquote[expandable] a[href] tg-time[unix][format] tg-emoji; links,
    addresses, phones, commands and mentions that Telegram finds by itself are in `entities` only.
    PROFILE: {"texts": [{"what": "name"|"description"|"short_description", "language", "text"}],
              "commands": [{"scope": [type, chat, user], "language", "commands": [{BotCommand}]}], "menu_buttons": {}}
    `now` is in Unix seconds on the moved clock, `offset` in seconds.

GET /sandbox/events?after=SEQ
    Server-sent events younger than SEQ (default: from now on; a reconnecting EventSource's Last-Event-ID wins). `id:`
    is the seq. Take `seq` from the state, then follow from there. Comments keep the connection alive. When SEQ is
    so old that events are missing, the first event is "reload" {}: read the state again. Names and data:
        message, edited, deleted   {"chat_id", "message": MESSAGE}
        keyboard   {"chat_id", "keyboard": reply keyboard, removal or force_reply object}
        action     {"chat_id", "action": "typing" …}
        toast      {"person", "query_id", "text", "alert", "url"}   also empty: the wheel on the button stops
        inline     {"person", "asked", "results", "button", "next_offset", "cached"}   as from POST /sandbox/inline
        chat       {"chat_id", "chat": as in the state}   a group appeared, or the bot came into it or left
        switches   as GET /sandbox/switches
        person     {"person", "user"?, "blocked"}
        pinned     {"chat_id", "pinned"}
        reaction   {"chat_id", "message_id", "reaction"}
        profile    PROFILE
        clock      {"offset", "now"}
        violation  {"text", "method", "params"}
        call       {"method", "chat_id", "outcome"}   every call but getUpdates, when it ends

POST /sandbox/person {"id", "first_name"?, "last_name"?, "username"?, "language_code"?} → {"user"}
    Makes the person on first use; later only the language changes.
POST /sandbox/offer/NAME {…} → {…}   what the bot's owner adds to the page (`Sandbox.offers`); unknown names: 400
POST /sandbox/act {"person": id, "act": NAME, …} → {"update_id": number, null, or 0 when the bot is not told}
    says {"text", "reply_to"?: message_id}    start {"payload"?}            follows {"url"}: a t.me link to the bot
    taps {"label": label or data, "message_id"?}                            forges {"data", "message_id"?}
    edits {"text", "message_id"?}             deletes {"message_id"}        sends_contact {"phone"?, "own"?}
    sends_sticker {"emoji"?}                  sends_photo {"base64"?, "caption"?}   sends_voice {}
    sends_document {"name", "base64", "mime"?, "caption"?}                  sends_location {"latitude"?, "longitude"?}
    sends_venue {"title", "address"?, "latitude"?, "longitude"?}
    forwards {"text", "author"?}              blocks {}     unblocks {}
    adds_bot {"chat_id"}                      removes_bot {"chat_id"}
    says and taps take "chat_id"? for a group; message numbers are then those of the group.
GET  /sandbox/file/ID                → the bytes, as an attachment
GET  /sandbox/clock                  → {"offset", "now"}
POST /sandbox/clock {"move": seconds} or {"offset": seconds} → {"offset", "now"}
GET  /sandbox/faults                 → [FAULT]
POST /sandbox/faults {"act", "method"?: pattern, "chat"?, "probability"?, "count"?, "code"?, "description"?,
                      "retry_after"?, "seconds"?} → FAULT     acts: see faults.py
POST /sandbox/faults {"clear": true} → {}
POST /sandbox/flood {"on"?, "overall"?, "per_chat"?, "burst"?, "per_group"?, "profile_limit"?} → the same, as set
GET  /sandbox/violations             → {"violations": [{"text", "method", "params"}], "refusals": […],
                                        "unanswered": [{"query_id", "person", "data"}]}
GET  /sandbox/calls?after=NUMBER     → [{"number", "method", "params", "chat", "began", "ended", "outcome", "done",
                                         "result", "error"}]
GET  /sandbox/updates                → {"waiting": [{Update}], "webhook": URL or ""}
GET  /                               → the page (`bot/sandbox/page/`)
Groups, inline mode and the owner's switches: see control_shared.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from . import acts, control_shared, stream
from .errors import Json
from .reading import read_object

if TYPE_CHECKING:
    from .server import Sandbox

Handle = Callable[["Sandbox", web.Request], Awaitable[web.StreamResponse]]
_HOSTS = ("127.0.0.1", "localhost", "::1")


@web.middleware
async def local_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Keep other sites' pages out: a browser tells their origin, and DNS tricks show in the Host header."""
    host = urlsplit(f"http://{request.headers.get('Host', '')}").hostname
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != f"http://{request.headers.get('Host')}"
    # Following a link to the page itself is harmless wherever the link stood.
    opened = request.headers.get("Sec-Fetch-Mode") == "navigate" and not request.path.startswith("/sandbox/")
    sent = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and not opened
    if host not in _HOSTS or foreign or sent:
        return web.json_response({"error": "only pages of this server may do that"}, status=403)
    return await handler(request)


def mount(application: web.Application, sandbox: Sandbox) -> None:
    """Add the routes of the interface and of the page."""
    for method, path, handle in _ROUTES:
        application.router.add_route(method, f"/sandbox/{path}", partial(_guarded, sandbox, handle))
    application.router.add_get("/{path:.*}", stream.page)


async def _guarded(sandbox: Sandbox, handle: Handle, request: web.Request) -> web.StreamResponse:
    try:
        return await handle(sandbox, request)
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        return web.json_response({"error": str(error) or type(error).__name__}, status=400)


async def _state(sandbox: Sandbox, request: web.Request) -> web.Response:
    people = [
        {
            "user": person.user, "chat_id": person.chat.id, "blocked": person.chat.blocked,
            "toasts": [{"text": toast.text, "alert": toast.alert} for toast in person.toasts],
            "menu": sandbox.profile.menu(person.id, person.user.get("language_code", "")),
        }
        for person in sandbox.people.values()
    ]  # fmt: skip
    return web.json_response(
        {
            "seq": sandbox.feed.seq,
            "bot": sandbox.me,
            "profile": sandbox.profile.as_json(),
            "clock": _time(sandbox),
            "switches": sandbox.switches.as_json(),
            "people": people,
            "chats": [chat.as_json() for chat in sandbox.chats.values()],
        }
    )


def _time(sandbox: Sandbox) -> Json:
    return {"offset": sandbox.clock.offset, "now": sandbox.clock.now()}


async def _person(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await read_object(request)
    person = sandbox.person(int(body.pop("id")), **body)
    if (language := body.get("language_code")) and person.user.get("language_code") != language:
        person.user["language_code"] = language
        sandbox.feed.tell("person", {"person": person.id, "user": person.user, "blocked": person.chat.blocked})
    return web.json_response({"user": person.user})


async def _offer(sandbox: Sandbox, request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in sandbox.offers:
        raise ValueError(f"no such offer: {name}")
    return web.json_response(await sandbox.offers[name](await read_object(request)))


async def _act(sandbox: Sandbox, request: web.Request) -> web.Response:
    return web.json_response({"update_id": acts.perform(sandbox, await read_object(request))})


async def _clock(sandbox: Sandbox, request: web.Request) -> web.Response:
    if request.method == "POST":
        body = await read_object(request)
        if "move" in body:
            sandbox.clock.move(float(body["move"]))
        else:
            sandbox.clock.put(float(body["offset"]))
    return web.json_response(_time(sandbox))


async def _faults(sandbox: Sandbox, request: web.Request) -> web.Response:
    if request.method == "GET":
        return web.json_response([fault.as_json() for fault in sandbox.faults.switched])
    body = await read_object(request)
    if body.pop("clear", False):
        sandbox.faults.clear()
        return web.json_response({})
    return web.json_response(sandbox.faults.add(**body).as_json())


async def _flood(sandbox: Sandbox, request: web.Request) -> web.Response:
    names = ("on", "overall", "per_chat", "burst", "per_group", "profile_limit")
    for name, value in (await read_object(request)).items():
        if name not in names:
            raise ValueError(f"no such switch: {name}")
        setattr(sandbox.flood, name, value)
    return web.json_response({name: getattr(sandbox.flood, name) for name in names})


async def _violations(sandbox: Sandbox, request: web.Request) -> web.Response:
    waiting = [{"query_id": q.query_id, "person": q.person.id, "data": q.data} for q in sandbox.unanswered()]
    return web.json_response(
        {
            "violations": [remark.as_json() for remark in sandbox.violations],
            "refusals": [remark.as_json() for remark in sandbox.refusals],
            "unanswered": waiting,
        }
    )


async def _calls(sandbox: Sandbox, request: web.Request) -> web.Response:
    after = int(request.query.get("after", 0))
    return web.json_response([call.as_json() for call in sandbox.calls[after:]])


async def _updates(sandbox: Sandbox, request: web.Request) -> web.Response:
    waiting: list[Any] = [entry.update for entry in sandbox.inbox.waiting.values()]
    return web.json_response({"waiting": waiting, "webhook": sandbox.webhook.url})


_ROUTES: tuple[tuple[str, str, Handle], ...] = (
    ("GET", "state", _state),
    ("GET", "events", stream.events),
    ("GET", "file/{id}", stream.file),
    ("POST", "person", _person),
    ("POST", "offer/{name}", _offer),
    ("POST", "act", _act),
    ("*", "clock", _clock),
    ("*", "faults", _faults),
    ("POST", "flood", _flood),
    ("GET", "violations", _violations),
    ("GET", "calls", _calls),
    ("GET", "updates", _updates),
    *control_shared.ROUTES,
)
