"""A request's parameters: JSON, form, multipart or query string, brought to the kinds the table names."""

from __future__ import annotations

import json
import math
from typing import Any

from aiohttp import BodyPartReader, web

from .errors import Breach, Json
from .files import Upload
from .table import Param

# What Telegram says when this parameter is missing or empty.
_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "action": "wrong parameter action in request",
}
_MAY_BE_EMPTY = ("url", "first_name", "results", "commands")


async def read_request(request: web.Request) -> Json:
    """All parameters of a call: texts, JSON values, and Upload for file parts."""
    params: Json = dict(request.query)
    kind = request.content_type
    if kind == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Breach("can't parse request body JSON object")
        params.update((name, value) for name, value in body.items() if value is not None)
    elif kind == "application/x-www-form-urlencoded":
        params.update((name, value) for name, value in (await request.post()).items())
    elif kind == "multipart/form-data":
        await _read_parts(request, params)
    return params


async def read_object(request: web.Request) -> Json:
    """The body of a request to the control interface: a JSON object; ValueError for anything else."""
    # A foreign page can post forms and texts without asking, but not this content type.
    if request.content_type != "application/json":
        raise ValueError("Content-Type must be application/json")
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("an object is expected")
    return body


async def _read_parts(request: web.Request, params: Json) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            params[part.name] = data.decode("utf-8", "replace")
        else:
            params[part.name] = Upload(
                part.filename, part.headers.get("Content-Type", "application/octet-stream"), data
            )


def typed(table: dict[str, Param], raw: Json) -> Json:
    """`raw` checked against the method's table: kinds converted, attachments put in place; raises Breach."""
    params: Json = {}
    for name, param in table.items():
        value = raw.get(name)
        if param.required and (value is None or (value == "" and name not in _MAY_BE_EMPTY)):
            raise Breach(_MISSING.get(name, f'parameter "{name}" is required'))
        if value is not None:
            params[name] = _convert(param, value, raw)
    return params


def unknown(table: dict[str, Param], raw: Json) -> list[str]:
    """Names of parameters the method does not have (file parts named by attach:// are none)."""
    return [name for name, value in raw.items() if name not in table and not isinstance(value, Upload)]


def attached(value: Any, raw: Json) -> Any:
    """The upload an `attach://name` text stands for, else the value itself."""
    if isinstance(value, str) and value.startswith("attach://"):
        return raw.get(value[9:])
    return value


def _convert(param: Param, value: Any, raw: Json) -> Any:
    if param.kind == "file":
        return attached(value, raw)
    if param.kind == "json":
        return _json(param.name, value, raw)
    if param.kind == "bool":
        return value if isinstance(value, bool) else str(value).strip().lower() in ("true", "yes", "1")
    if param.kind in ("int", "float"):
        return _number(param, value)
    if isinstance(value, dict | list | Upload):
        raise Breach(f'parameter "{param.name}" must be of type String')
    return value if param.kind == "chat" and isinstance(value, int) else str(value)


def _number(param: Param, value: Any) -> int | float:
    if isinstance(value, bool):
        raise Breach(f'parameter "{param.name}" must be of type Number')
    try:
        number = int(value) if param.kind == "int" else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise Breach(_MISSING.get(param.name, f'parameter "{param.name}" must be of type Number'))
    return number


def _json(name: str, value: Any, raw: Json) -> Any:
    if isinstance(value, str):
        if not value:
            return None
        try:
            value = json.loads(value)
        except ValueError:
            what = "reply keyboard markup" if name == "reply_markup" else name.replace("_", " ")
            raise Breach(f"can't parse {what} JSON object") from None
    if not isinstance(value, dict | list):
        raise Breach("object expected as reply markup" if name == "reply_markup" else f"can't parse {name}")
    if name == "media" and isinstance(value, dict):
        return {key: attached(item, raw) for key, item in value.items()}
    return value
