"""`uakil invite`: a one-use link that makes somebody an official of a body, or a coordinator."""

import asyncio
from typing import Annotated

import typer

from bot.commands.bodies import body_of, region_of
from bot.commands.database import opened
from bot.commands.options import WRONG_SETTINGS, ConfigFile, fail, settings
from bot.config import Settings
from liaison import invitations
from liaison.bodies import load


def invite(
    context: typer.Context,
    body: Annotated[list[str] | None, typer.Argument(help="The official's body: its code, or its name.")] = None,
    coordinator: Annotated[bool, typer.Option("--coordinator", help="Invite a coordinator.")] = False,
    region: Annotated[str | None, typer.Option(help="The coordinator's region by its code; else the country.")] = None,
    config: ConfigFile = None,
) -> None:
    """Print a link to the bot that binds whoever opens it first. It is good for 14 days and for one person."""
    from bot.app import Clock  # imported here: it brings the Telegram library along, which `uakil find` does not need

    if coordinator == bool(body) or (region and not coordinator):
        fail("invite: name a body, or give --coordinator, with --region CODE for one region.", WRONG_SETTINGS)
    chosen = settings(context, config)
    now = Clock(chosen.sandbox.clock).now()
    with opened(chosen, now=now) as database:
        tree = database.read_now(load)
        if body:
            entry = body_of(" ".join(body), tree)
            payload = database.write_now(invitations.invite_official, entry.id, invited_by=None, now=now)
            whom = f"The official of: {tree.name(entry.id, 'kk')}"
        else:
            region_id = region_of(region, tree) if region else None
            payload = database.write_now(invitations.invite_coordinator, region_id, invited_by=None, now=now)
            whom = f"A coordinator of: {tree.name(region_id, 'kk') if region_id else 'the whole country'}"
    typer.echo(f"{whom}. Good for {invitations.VALID.days} days, for the first who opens it.", err=True)
    show(payload, chosen)


def show(payload: str, settings: Settings) -> None:
    """Print the link; where Telegram does not say the bot's name, the message that has the same effect."""
    from telegram.error import TelegramError  # imported here, as above

    from bot.commands.account import username

    try:
        if settings.telegram.token is None:
            raise TelegramError("telegram.token is not set")
        typer.echo(f"https://t.me/{asyncio.run(username(settings))}?start={payload}")
    except TelegramError as error:
        typer.echo(f"No link, since the bot's name is not known ({error.message}). Send to the bot:", err=True)
        typer.echo(f"/start {payload}")
