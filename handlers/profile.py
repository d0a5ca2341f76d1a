"""The bot's name, descriptions and command menu in each language, set only where they differ from what was set."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeDefault
from telegram.error import RetryAfter, TelegramError

from handlers.sending import pause_of
from handlers.speech import Speech
from handlers.viewer import Services
from liaison import records
from liaison.people import DEFAULT_LANGUAGE, LANGUAGES

AGAIN = 300.0  # seconds until another try after a failure
TRIES = 5

log = structlog.get_logger()


@dataclass(frozen=True)
class Setting:
    """One call that sets one text of the profile."""

    name: str
    value: str
    call: Callable[[], Awaitable[Any]]

    @property
    def digest(self) -> str:
        """What is remembered of a text once set."""
        return hashlib.sha256(self.value.encode()).hexdigest()


async def keep_up(services: Services, bot: Bot, *, again: float = AGAIN) -> None:
    """Set what differs, one call after the other, in the background: a refusal or a pause delays nothing else."""
    for _ in range(TRIES):
        try:
            await _set_all(services, bot)
            return
        except RetryAfter as asked:
            pause = pause_of(asked)
        except TelegramError as failed:
            log.warning("profile-not-set", why=str(failed))
            pause = again
        await asyncio.sleep(pause)


async def _set_all(services: Services, bot: Bot) -> None:
    for setting in settings(services, bot):
        name = f"profile:{bot.id}:{setting.name}"
        known = await services.db.read(records.fact, name)
        if known is None or known.get("digest") != setting.digest:
            await setting.call()
            await services.db.write(records.remember, name, {"digest": setting.digest})


def settings(services: Services, bot: Bot) -> list[Setting]:
    """All texts of the profile; the default language (no code) is Kazakh."""
    found: list[Setting] = []
    for code in ("", *LANGUAGES):
        speech = services.speech(code or DEFAULT_LANGUAGE)
        found += _texts(speech, code, bot) + _menus(speech, code, bot)
    return found


def _texts(speech: Speech, code: str, bot: Bot) -> list[Setting]:
    lang: dict[str, Any] = {"language_code": code} if code else {}
    name = speech.psay("name of the bot", "Uakil").unescape()
    description = speech.say(
        "Finds the official whom a state body of Kazakhstan has named for work with NGOs, arranges a meeting and "
        "reminds both sides of it. A request here is not an official appeal."
    ).unescape()
    short = speech.say("Officials for work with NGOs: find them and arrange a meeting.").unescape()
    return [
        Setting(f"name:{code}", name, lambda: bot.set_my_name(name, **lang)),
        Setting(f"description:{code}", description, lambda: bot.set_my_description(description, **lang)),
        Setting(f"short:{code}", short, lambda: bot.set_my_short_description(short, **lang)),
    ]


def _menus(speech: Speech, code: str, bot: Bot) -> list[Setting]:
    lang: dict[str, Any] = {"language_code": code} if code else {}
    private = [BotCommand(name, text) for name, text in commands(speech)]
    anywhere = [command for command in private if command.command in ("start", "find", "help")]
    return [
        Setting(f"commands:{scope}:{code}", repr(menu), _set_menu(bot, menu, where, lang))
        for scope, menu, where in (
            ("private", private, BotCommandScopeAllPrivateChats()),
            ("default", anywhere, BotCommandScopeDefault()),
        )
    ]


def _set_menu(bot: Bot, menu: list[BotCommand], where: Any, lang: dict[str, Any]) -> Callable[[], Awaitable[Any]]:
    return lambda: bot.set_my_commands(menu, scope=where, **lang)


def commands(speech: Speech) -> list[tuple[str, str]]:
    """The commands with their descriptions, in the order of the menu."""
    say, psay = speech.say, speech.psay
    return [
        ("start", psay("command", "Find a body").unescape()),
        ("find", say("Look for a body by name, place or topic").unescape()),
        ("my", say("My requests and meetings").unescape()),
        ("today", say("My day and what waits for my answer").unescape()),
        ("help", psay("command", "How it works").unescape()),
        ("language", psay("command", "Choose the language").unescape()),
        ("cancel", say("Leave what I am writing").unescape()),
        ("privacy", say("What is kept about me").unescape()),
    ]
