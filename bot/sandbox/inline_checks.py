"""What Telegram checks of an answer to an inline query, and what each result becomes."""

from __future__ import annotations

import re
from typing import Any

from . import limits
from .calls import Arrived
from .errors import Breach, Json
from .inline import Answer, InlineResult
from .keyboards import inline_keyboard
from .links import PAYLOAD, is_link
from .texts import formatted

CACHE_TIME = 300  # seconds, where the bot names none
ARTICLE = frozenset({
    "type", "id", "title", "input_message_content", "reply_markup", "url", "description", "thumbnail_url",
    "thumbnail_width", "thumbnail_height",
})  # fmt: skip
_KINDS = frozenset({
    "article", "audio", "contact", "document", "game", "gif", "location", "mpeg4_gif", "photo", "sticker", "venue",
    "video", "voice",
})  # fmt: skip
TEXT = frozenset({"message_text", "parse_mode", "entities", "link_preview_options"})


def checked_answer(arrived: Arrived) -> Answer:
    """The answer that the call brings; raises Breach in Telegram's words."""
    given: Any = arrived.get("results")
    if not isinstance(given, list):
        raise Breach("can't parse inline query results: expected an Array of InlineQueryResult")
    if len(given) > limits.INLINE_RESULTS:
        raise Breach("RESULTS_TOO_MUCH")
    next_offset = arrived.get("next_offset") or ""
    if len(next_offset.encode()) > limits.INLINE_OFFSET:
        raise Breach("NEXT_OFFSET_INVALID")
    results = tuple(_result(arrived, result) for result in given)
    if len({result.id for result in results}) < len(results):
        raise Breach("RESULT_ID_DUPLICATE")
    cache_time = arrived.get("cache_time")
    if cache_time is not None and cache_time < 0:
        arrived.violate(f"cache_time {cache_time} is below 0")
    return Answer(
        results,
        _button(arrived.get("button")),
        next_offset,
        CACHE_TIME if cache_time is None else cache_time,
        bool(arrived.get("is_personal")),
        arrived.world.clock.now(),
    )


def _result(arrived: Arrived, result: Any) -> InlineResult:
    if not isinstance(result, dict) or not result.get("type"):
        raise Breach("can't parse inline query result: Can't find field \"type\"")
    if result["type"] not in _KINDS:
        raise Breach("RESULT_TYPE_INVALID")
    identifier = str(result.get("id", ""))
    if not 1 <= len(identifier.encode()) <= limits.INLINE_RESULT_ID:
        raise Breach("RESULT_ID_INVALID")
    if result["type"] == "article":
        _check_article(arrived, result)
    content = _content(arrived, result)
    keyboard = inline_keyboard(result.get("reply_markup"), arrived.violate, arrived.world.username)
    if any("web_app" in button for row in (keyboard or {}).get("inline_keyboard", []) for button in row):
        raise Breach("BUTTON_TYPE_INVALID")  # Web Apps open in the private chat only
    marked = {**content, "reply_markup": keyboard} if keyboard else content
    title, description, picture = (str(result.get(name, "")) for name in ("title", "description", "thumbnail_url"))
    return InlineResult(identifier, result["type"], title, description, picture, marked)


def _check_article(arrived: Arrived, result: Json) -> None:
    if not str(result.get("title", "")).strip():
        raise Breach("ARTICLE_TITLE_EMPTY")
    for name in sorted(set(result) - ARTICLE):
        arrived.violate(f"unknown field {name!r} of an article")
    for name in ("url", "thumbnail_url"):
        if result.get(name) and not is_link(str(result[name]), ("http", "https")):
            raise Breach("WEBDOCUMENT_URL_INVALID" if name == "thumbnail_url" else "URL_INVALID")


def _content(arrived: Arrived, result: Json) -> Json:
    """The fields of the message: a text here; of other kinds of results only their own text is understood."""
    content = result.get("input_message_content")
    if content is None and result["type"] != "article":
        return {}
    if not isinstance(content, dict) or "message_text" not in content:
        raise Breach("MESSAGE_EMPTY")
    for name in sorted(set(content) - TEXT):
        arrived.violate(f"unknown field {name!r} of a text message's content")
    params = {**content, "text": content["message_text"]}
    text, entities = formatted(params, "text", arrived.violate, arrived.world.username)
    return {"text": text, "entities": entities} if entities else {"text": text}


def _button(button: Any) -> Json | None:
    """The button above the results: it leads into the private chat (start_parameter), or opens a Web App."""
    if not button:
        return None
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise Breach("SWITCH_PM_TEXT_EMPTY")
    if ("web_app" in button) == ("start_parameter" in button):
        raise Breach("can't parse inline query results button: exactly one action must be specified")
    parameter = button.get("start_parameter")
    if parameter == "":
        raise Breach("START_PARAM_EMPTY")
    if parameter is not None and not re.fullmatch(PAYLOAD, str(parameter)):
        raise Breach("START_PARAM_INVALID")
    return button
