"""Answers to taps and inline queries."""

from __future__ import annotations

import time
from typing import Any

from . import limits
from .calls import Arrived, Handler
from .detect import units
from .errors import Breach, bad_request
from .keyboards import inline_keyboard
from .links import start_payload
from .texts import formatted
from .watching import Toast
from .world import Query

_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(arrived: Arrived) -> bool:
    """Stop the turning wheel, perhaps with a toast or an alert."""
    text = arrived.get("text") or ""
    if units(text) > limits.TOAST:
        raise Breach("MESSAGE_TOO_LONG")
    url = arrived.get("url")
    if url and start_payload(url, arrived.world.username) is None:
        raise Breach("URL_INVALID")
    query = _open_query(arrived, arrived.get("callback_query_id"))
    toast = Toast(text, bool(arrived.get("show_alert")))
    query.person.toasts.append(toast)
    arrived.world.feed.tell(
        "toast", {"person": query.person.id, "query_id": query.query_id, "text": text, "alert": toast.alert, "url": url}
    )
    return True


def answer_inline_query(arrived: Arrived) -> bool:
    """Results under the person's input line."""
    results: Any = arrived.get("results")
    if not isinstance(results, list) or len(results) > limits.INLINE_RESULTS:
        raise Breach("RESULTS_TOO_MUCH")
    if len((arrived.get("next_offset") or "").encode()) > limits.INLINE_OFFSET:
        raise Breach("NEXT_OFFSET_INVALID")
    for result in results:
        _check_result(arrived, result)
    if len({result["id"] for result in results}) < len(results):
        raise Breach("RESULT_ID_DUPLICATE")
    query = _open_query(arrived, arrived.get("inline_query_id"))
    arrived.world.inline_answers[query.query_id] = results
    query.person.found = results
    arrived.world.feed.tell("inline", {"person": query.person.id, "query_id": query.query_id, "results": results})
    return True


def _check_result(arrived: Arrived, result: Any) -> None:
    if not isinstance(result, dict) or not result.get("type"):
        raise Breach("can't parse inline query result: Can't find field \"type\"")
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise Breach("RESULT_ID_INVALID")
    if result["type"] == "article":
        if not result.get("title"):
            raise Breach("ARTICLE_TITLE_EMPTY")
        formatted(_as_text(result.get("input_message_content") or {}), "text", arrived.violate, arrived.world.username)
    inline_keyboard(result.get("reply_markup"), arrived.violate, arrived.world.username)


def _as_text(content: Any) -> dict[str, Any]:
    return {**content, "text": content.get("message_text", "")}


def _open_query(arrived: Arrived, query_id: str) -> Query:
    query = arrived.world.queries.get(query_id)
    if query is None or query.answered or time.monotonic() - query.asked > arrived.world.query_age:
        raise bad_request(_OLD)
    query.answered = True
    arrived.call.chat = query.message.chat.id if query.message else query.person.id
    return query


METHODS: dict[str, Handler] = {"answerCallbackQuery": answer_callback_query, "answerInlineQuery": answer_inline_query}
