"""Reply markup: what Telegram takes, and what the person sees of it."""

from __future__ import annotations

from typing import Any

from . import limits
from .detect import units
from .errors import Breach, Json
from .links import is_link
from .texts import Violate, check_start_link

_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
_BUTTON = frozenset((*_ACTIONS, "text", "style", "icon_custom_emoji_id"))
_REPLY_BUTTON = frozenset({
    "text", "style", "icon_custom_emoji_id", "request_users", "request_chat", "request_managed_bot",
    "request_contact", "request_location", "request_poll", "web_app",
})  # fmt: skip
_STYLES = ("danger", "success", "primary")


def inline_keyboard(markup: Json | None, violate: Violate, username: str) -> Json | None:
    """The inline keyboard of a message as Telegram keeps it: None for none; raises Breach in Telegram's words."""
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        raise Breach("inline keyboard expected")
    rows = _rows(markup["inline_keyboard"], "inline")
    if sum(map(len, rows)) > limits.BUTTONS or any(len(row) > limits.BUTTONS_PER_ROW for row in rows):
        raise Breach("REPLY_MARKUP_TOO_LONG")
    for button in (button for row in rows for button in row):
        _check_button(button, violate, username)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def reply_markup(
    markup: Json | None, violate: Violate, username: str, private: bool
) -> tuple[Json | None, Json | None]:
    """(inline keyboard, reply keyboard or its removal) of a new message."""
    if not markup or "inline_keyboard" in markup:
        return inline_keyboard(markup, violate, username), None
    if "keyboard" in markup:
        for button in (button for row in _rows(markup["keyboard"], "reply") for button in row):
            _check_reply_button(button, violate, private)
    elif not markup.get("remove_keyboard") and not markup.get("force_reply"):
        raise Breach("object expected as reply markup")
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= units(placeholder) <= limits.PLACEHOLDER:
        violate(f"input_field_placeholder has {units(placeholder)} characters, allowed are 1-{limits.PLACEHOLDER}")
    return None, markup


def _rows(value: Any, kind: str) -> list[list[Json]]:
    field = "inline_keyboard" if kind == "inline" else "keyboard"
    if not isinstance(value, list):
        raise Breach(f'field "{field}" of the ReplyMarkup must be an Array of Arrays')
    if not all(isinstance(row, list) for row in value):
        raise Breach(f'field "{field}" must be an Array of Arrays')
    return [[{"text": b} if isinstance(b, str) and kind == "reply" else b for b in row] for row in value]


def _check_button(button: Any, violate: Violate, username: str) -> None:
    if not isinstance(button, dict):
        raise Breach("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise Breach("can't parse inline keyboard button: Can't find field \"text\"")
    if not str(button["text"]).strip():
        raise Breach("inline keyboard button text must be non-empty")
    for name in set(button) - _BUTTON:
        violate(f"unknown field {name!r} of an inline keyboard button")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise Breach("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        violate(f"a button must have exactly one action, not {' and '.join(actions)}")
    if button.get("style") not in (None, *_STYLES):
        raise Breach("can't parse inline keyboard button: invalid button style specified")
    _check_action(button, violate, username)


def _check_action(button: Json, violate: Violate, username: str) -> None:
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= limits.CALLBACK_DATA):
        raise Breach("BUTTON_DATA_INVALID")
    if (url := button.get("url")) is not None:
        if not isinstance(url, str) or not is_link(url):
            raise Breach("BUTTON_URL_INVALID")
        check_start_link(url, username, violate)
    if "copy_text" in button:
        copied = button["copy_text"].get("text", "") if isinstance(button["copy_text"], dict) else ""
        if not 1 <= units(copied) <= limits.COPY_TEXT:
            raise Breach("BUTTON_COPY_TEXT_INVALID")
    _check_switch(button, violate)
    if "web_app" in button and not is_link(str(button["web_app"].get("url", "")), ("https",)):
        raise Breach("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _check_switch(button: Json, violate: Violate) -> None:
    for name in ("switch_inline_query", "switch_inline_query_current_chat"):
        query = button.get(name, "")
        if not isinstance(query, str):
            raise Breach(f'can\'t parse inline keyboard button: Field "{name}" must be of type String')
        _check_query(query, violate)
    chosen = button.get("switch_inline_query_chosen_chat")
    if chosen is None:
        return
    if not isinstance(chosen, dict):
        raise Breach("can't parse inline keyboard button: SwitchInlineQueryChosenChat must be an Object")
    if not any(chosen.get(f"allow_{kind}_chats") for kind in ("user", "bot", "group", "channel")):
        raise Breach("at least one chat type must be allowed")
    _check_query(str(chosen.get("query", "")), violate)


def _check_query(query: str, violate: Violate) -> None:
    if len(query) > limits.INLINE_QUERY:
        violate(f"a button's inline query has {len(query)} characters, a query has at most {limits.INLINE_QUERY}")


def _check_reply_button(button: Any, violate: Violate, private: bool) -> None:
    if not isinstance(button, dict) or "text" not in button:
        raise Breach("can't parse keyboard button: Can't find field \"text\"")
    if not str(button["text"]).strip():
        raise Breach("keyboard button text must be non-empty")
    for name in set(button) - _REPLY_BUTTON:
        violate(f"unknown field {name!r} of a keyboard button")
    if button.get("request_contact") and not private:
        raise Breach("phone number can be requested in private chats only")
    if button.get("request_location") and not private:
        raise Breach("location can be requested in private chats only")
