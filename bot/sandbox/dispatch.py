"""One call of a method: faults, checks, the work, the log."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from . import methods_answer, methods_bot, methods_chat, methods_edit, methods_send, methods_updates
from .calls import Arrived, Handler
from .errors import Breach, Json, Lost, Refused
from .faults import Fault
from .log import Call, chat_number
from .reading import typed, unknown
from .table import BY_LOWER, METHODS
from .world import World

HANDLERS: dict[str, Handler] = {
    **methods_updates.METHODS,
    **methods_send.METHODS,
    **methods_edit.METHODS,
    **methods_answer.METHODS,
    **methods_chat.METHODS,
    **methods_bot.METHODS,
}
_GATEWAY = "<html><head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body></html>\r\n"


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP: a JSON object, or a page."""

    status: int
    payload: Json | None = None
    page: str = ""


async def run(world: World, name: str, raw: Json, *, faulty: bool = True) -> Reply:
    """Carry out a call and note how it ended; raises Lost when the caller must not get an answer."""
    method = BY_LOWER.get(name.lower(), name)
    call = world.log.begin(method, raw)
    world.bell.ring()
    outcome = "lost"  # until we know better: also what a caller gets who hangs up
    try:
        reply = await _struck(world, call, raw, faulty)
        outcome = "answered" if reply.payload and reply.payload["ok"] else "refused"
        return reply
    finally:
        world.log.end(call, outcome)
        if method != "getUpdates":
            world.feed.tell("call", {"method": method, "chat_id": call.chat, "outcome": outcome})
        world.bell.ring()


async def _struck(world: World, call: Call, raw: Json, faulty: bool) -> Reply:
    """The call with the faults that are switched on."""
    strike = world.faults.strike if faulty else _never
    if fault := strike(call.method, call.chat, "refuse", "gateway", "error", "drop"):
        return _fail(fault, call)
    reply = await _work(world, call, raw)
    if slow := strike(call.method, call.chat, "slow"):
        await slow.wait()
    if strike(call.method, call.chat, "lose"):
        raise Lost
    return reply


def _never(method: str, chat: int | None, *acts: str) -> Fault | None:
    return None


def _fail(fault: Fault, call: Call) -> Reply:
    if fault.act == "drop":
        raise Lost
    if fault.act == "gateway":
        call.error = "502 Bad Gateway"
        return Reply(502, page=_GATEWAY)
    if fault.act == "error":
        refused = Refused(500, "Internal Server Error")
    else:
        text = fault.description or (f"Too Many Requests: retry after {fault.retry_after}" if fault.code == 429 else "")
        refused = Refused(fault.code, text or "Bad Request: a fault", retry_after=fault.retry_after)
    call.error = refused.description
    return Reply(refused.code, refused.payload())


async def _work(world: World, call: Call, raw: Json) -> Reply:
    try:
        call.result = await _handle(world, call, raw)
    except Breach as breach:
        world.violator(call)(breach.description)
        refused: Refused = breach
    except Refused as refusal:
        world.log.refuse(refusal.description, call)
        refused = refusal
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # Telegram's objects are checked where it matters; one of another shape altogether ends up here.
        refused = Breach(f"can't parse parameters: {error!r}")
        world.violator(call)(refused.description)
    else:
        call.done = True
        return Reply(200, {"ok": True, "result": call.result})
    call.error = refused.description
    return Reply(refused.code, refused.payload())


async def _handle(world: World, call: Call, raw: Json) -> Any:
    table = METHODS.get(call.method)
    if table is None:
        raise Breach("Not Found", code=404)
    violate = world.violator(call)
    for name in unknown(table, raw):
        violate(f"unknown parameter {name!r}")
    params = typed(table, raw)
    world.flood.check(call.method, chat_number(params.get("chat_id")), violate)
    result = HANDLERS[call.method](Arrived(world, call, params, violate))
    # Only getUpdates waits; everything else is done in one go, so that calls never see each other half-way.
    return await result if inspect.isawaitable(result) else result
