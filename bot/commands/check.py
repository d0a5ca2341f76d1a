"""`uakil check`: is everything there that the bot needs? One line each, and what to do where it is not."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import typer

from bot.commands.options import FAILED, ConfigFile, settings
from bot.config import ConfigError, Settings
from liaison import reach
from storage import migrate
from storage.engine import Database
from storage.errors import StorageError

SQLITE = "sqlite:///"


class Verdict(NamedTuple):
    """What was found about one thing; ``says`` tells what to do where it is red."""

    what: str
    ok: bool
    says: str


def check(context: typer.Context, config: ConfigFile = None) -> None:
    """Check configuration, database, token, time zone, and whether anybody can be reached."""
    red = 0
    for verdict in verdicts(context, config):
        typer.echo(f"{'ok ' if verdict.ok else 'RED'} {verdict.what}: {verdict.says}")
        red += not verdict.ok
    if red:
        raise typer.Exit(FAILED)


def verdicts(context: typer.Context, config: Path | None) -> Iterator[Verdict]:
    """The findings one after the other; nothing else can be looked at without a configuration."""
    try:
        chosen = settings(context, config)
    except ConfigError as error:
        yield Verdict("configuration", False, str(error))
        return
    yield Verdict("configuration", True, "every key is known and every value can be used")
    database = of_database(chosen)
    yield database
    yield from asyncio.run(of_account(chosen))
    yield of_zone(chosen)
    yield of_people(chosen, there=database.ok)


def of_database(settings: Settings) -> Verdict:
    """Can it be opened, and are its tables those of this release?"""
    url = settings.database.url.get_secret_value()
    try:
        if url.startswith(SQLITE) and migrate.current(url) is None:
            return of_new_file(Path(url.removeprefix(SQLITE)))
        migrate.check_usable(url)
        with Database.open(url):
            return Verdict("database", True, "it can be opened, and its tables are those of this release")
    except StorageError as error:
        return Verdict("database", False, str(error))


def of_new_file(file: Path) -> Verdict:
    """An SQLite database that is not there yet: `uakil run` makes it, where it may."""
    if os.access(file.resolve().parent, os.W_OK | os.X_OK):
        return Verdict("database", True, f"{file} is not there yet; `uakil run` makes it at its first start")
    return Verdict("database", False, f"{file} cannot be made: its directory is missing or may not be written to")


async def of_account(settings: Settings) -> list[Verdict]:
    """Does Telegram know the token, and is the bot set up at @BotFather as the look-up needs it?"""
    # Imported here: together they take longer to load than all the other checks take to run.
    from telegram.error import InvalidToken, TelegramError

    from bot.commands.account import account

    if settings.telegram.token is None:
        return [Verdict("token", False, "not set; get one from @BotFather and put it into UAKIL__TELEGRAM__TOKEN")]
    try:
        me = await account(settings)
    except InvalidToken:
        return [Verdict("token", False, "Telegram does not know it; compare telegram.token with what @BotFather shows")]
    except TelegramError as error:
        where = settings.telegram.base_url
        says = f"{where} does not answer ({error.message}); check network and telegram.base_url"
        return [Verdict("token", False, says)]
    return [Verdict("token", True, f"it belongs to @{me.username}"), of_inline_mode(me.supports_inline_queries)]


def of_inline_mode(on: bool | None) -> Verdict:
    """Can a card be shared into any chat by typing the bot's name there? (getMe, supports_inline_queries.)"""
    if on:
        return Verdict("inline mode", True, "it is on; cards can be shared into any chat")
    return Verdict(
        "inline mode",
        False,
        "it is off, so no card can be shared by typing the bot's name in another chat; send /setinline to @BotFather, "
        "choose the bot and a text for the empty line",
    )


def of_zone(settings: Settings) -> Verdict:
    """Is the zone at the configured offset today?"""
    from bot.app import machine_now  # imported here: it brings the Telegram library along

    try:
        settings.check_zone(machine_now())
    except ConfigError as error:
        return Verdict("time zone", False, str(error))
    return Verdict("time zone", True, f"{settings.calendar.timezone} is at the configured offset")


def of_people(settings: Settings, *, there: bool) -> Verdict:
    """Is there somebody behind every post?"""
    try:
        found = summary(settings) if there else None
    except StorageError:  # no tables yet, or gone in between: nobody to count
        found = None
    if found is None or not (found.officials or found.coordinators or found.admins):
        return Verdict(
            "people",
            False,
            "nobody can be reached, so no meeting can be asked for; `uakil invite --coordinator` prints a link for a "
            "coordinator, or put your Telegram id into access.admins and press /start in the bot",
        )
    counted = f"officials {found.officials}, coordinators {found.coordinators}, administrators {found.admins}"
    if found.posts_without_anyone:
        return Verdict(
            "people",
            False,
            f"{found.posts_without_anyone} posts have nobody who can be reached ({counted}); "
            "`uakil invite --coordinator` prints a link for a coordinator of the whole country",
        )
    return Verdict("people", True, f"somebody can be reached for every post ({counted})")


def summary(settings: Settings) -> reach.Summary:
    """Count in the database. Raises StorageError where there is none or its tables are not usable."""
    url = settings.database.url.get_secret_value()
    migrate.check_usable(url)
    with Database.open(url) as database:
        return database.read_now(reach.summary, settings.policy())
