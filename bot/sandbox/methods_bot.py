"""What the bot says about itself: commands, names, descriptions, menu button."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from . import limits
from .calls import Arrived, Handler
from .detect import units
from .errors import Breach, Json
from .profile import Scope, scope_of

_SCOPES = frozenset({
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
})  # fmt: skip
_TEXTS = {"name": limits.NAME, "description": limits.DESCRIPTION, "short_description": limits.SHORT_DESCRIPTION}


def set_commands(arrived: Arrived) -> bool:
    """The menu of commands for a scope and language."""
    commands: Any = arrived.get("commands")
    key = _key(arrived)
    if not isinstance(commands, list):
        raise Breach("can't parse commands: expected an Array of BotCommand")
    if len(commands) > limits.COMMANDS:
        raise Breach("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    arrived.world.profile.commands[key] = commands
    return _told(arrived)


def _check_command(command: Any) -> None:
    if not isinstance(command, dict) or "command" not in command or "description" not in command:
        raise Breach("can't parse BotCommand: Can't find field \"command\"")
    name, description = command["command"].strip().removeprefix("/"), command["description"].strip()
    if not name:
        raise Breach("command must be non-empty")
    if len(name) > limits.COMMAND:
        raise Breach(f"command length must not exceed {limits.COMMAND}")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise Breach("BOT_COMMAND_INVALID")
    if not description:
        raise Breach("command description must be non-empty")
    if units(description) > limits.COMMAND_DESCRIPTION:
        raise Breach(f"command description length must not exceed {limits.COMMAND_DESCRIPTION}")


def get_commands(arrived: Arrived) -> list[Json]:
    """What was set for exactly this scope and language."""
    return arrived.world.profile.commands.get(_key(arrived), [])


def delete_commands(arrived: Arrived) -> bool:
    """Back to the commands of the next wider scope."""
    arrived.world.profile.commands.pop(_key(arrived), None)
    return _told(arrived)


def _key(arrived: Arrived) -> tuple[Scope, str]:
    scope = arrived.get("scope") or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise Breach("can't parse BotCommandScope: Unsupported type specified")
    if scope["type"].startswith("chat"):
        scope = {**scope, "chat_id": arrived.world.chat(scope.get("chat_id", "")).id}
    return scope_of(scope), _language(arrived)


def _language(arrived: Arrived) -> str:
    code: str = arrived.get("language_code") or ""
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise Breach("invalid language code specified")
    return code


def _set_text(what: str, arrived: Arrived) -> bool:
    text, language = arrived.get(what) or "", _language(arrived)
    if units(text) > _TEXTS[what]:
        raise Breach(f"BOT_{what.upper()}_TOO_LONG")
    arrived.world.profile.put(what, language, text)
    return _told(arrived)


def _get_text(what: str, arrived: Arrived) -> Json:
    return {what: arrived.world.profile.text(what, _language(arrived))}


def set_menu_button(arrived: Arrived) -> bool:
    """The button beside the input line, for one private chat or (0) for all."""
    button: Json = arrived.get("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise Breach("MenuButton has unsupported type")
    if button["type"] == "web_app" and not str(button.get("web_app", {}).get("url", "")).startswith("https://"):
        raise Breach("BUTTON_URL_INVALID")
    arrived.world.profile.menu_buttons[_menu_chat(arrived)] = button
    return _told(arrived)


def get_menu_button(arrived: Arrived) -> Json:
    """The button in force."""
    buttons = arrived.world.profile.menu_buttons
    return buttons.get(_menu_chat(arrived)) or buttons.get(0) or {"type": "commands"}


def _menu_chat(arrived: Arrived) -> int:
    chat_id = arrived.get("chat_id")
    return arrived.world.chat(chat_id).id if chat_id else 0


def _told(arrived: Arrived) -> bool:
    arrived.world.feed.tell("profile", arrived.world.profile.as_json())
    return True


METHODS: dict[str, Handler] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": partial(_set_text, "name"),
    "getMyName": partial(_get_text, "name"),
    "setMyDescription": partial(_set_text, "description"),
    "getMyDescription": partial(_get_text, "description"),
    "setMyShortDescription": partial(_set_text, "short_description"),
    "getMyShortDescription": partial(_get_text, "short_description"),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
}
