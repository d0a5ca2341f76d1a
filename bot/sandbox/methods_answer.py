"""Answers to taps and inline queries."""

from __future__ import annotations

import time
from typing import TypeVar

from . import inline, limits
from .calls import Arrived, Handler
from .detect import units
from .errors import Breach, bad_request
from .inline import Asked
from .inline_checks import checked_answer
from .links import start_payload
from .watching import Toast
from .world import Query

Q = TypeVar("Q", bound=Query)

_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(arrived: Arrived) -> bool:
    """Stop the turning wheel, perhaps with a toast or an alert."""
    text = arrived.get("text") or ""
    if units(text) > limits.TOAST:
        raise Breach("MESSAGE_TOO_LONG")
    url = arrived.get("url")
    if url and start_payload(url, arrived.world.username) is None:
        raise Breach("URL_INVALID")
    query = _open_query(arrived, arrived.get("callback_query_id"), Query)
    toast = Toast(text, bool(arrived.get("show_alert")))
    query.person.toasts.append(toast)
    arrived.world.feed.tell(
        "toast", {"person": query.person.id, "query_id": query.query_id, "text": text, "alert": toast.alert, "url": url}
    )
    return True


def answer_inline_query(arrived: Arrived) -> bool:
    """Results above the person's input line."""
    given = checked_answer(arrived)
    query = _open_query(arrived, arrived.get("inline_query_id"), Asked)
    inline.answer(arrived.world, query, given)
    return True


def _open_query(arrived: Arrived, query_id: str, kind: type[Q]) -> Q:
    query = arrived.world.queries.get(query_id)
    old = query is None or query.answered or time.monotonic() - query.asked > arrived.world.query_age
    if old or type(query) is not kind:
        raise bad_request(_OLD)
    query.answered = True
    arrived.call.chat = query.message.chat.id if query.message else query.person.id
    return query


METHODS: dict[str, Handler] = {"answerCallbackQuery": answer_callback_query, "answerInlineQuery": answer_inline_query}
