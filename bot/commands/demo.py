"""`uakil demo`: the bot itself with a local Telegram, invented officials and a page to try it on."""

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.database import opened
from bot.commands.options import fail
from bot.commands.run import keep_log
from bot.config import Settings
from bot.demo_posts import offers
from bot.sample_officials import SOURCE, sample_list
from liaison import invitations, lists
from liaison.bodies import load
from storage import migrate

if TYPE_CHECKING:
    from bot.sandbox import Sandbox

SHOWN_BODY = "min-culture-info"  # the post that the demo's official holds at the beginning
REPRESENTATIVE, OFFICIAL, COORDINATOR = 1001, 1002, 1003  # the three whose chats the page shows


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The page's port; 0: any free one.")] = 0,
    database: Annotated[
        Path | None, typer.Option(help="An SQLite file to keep everything in; else it is forgotten at the end.")
    ] = None,
) -> None:
    """Try the bot in the browser: no token, no network, invented people. Ctrl-C ends it."""
    with tempfile.TemporaryDirectory(prefix="uakil-demo-") as folder:
        asyncio.run(serve(port, database or Path(folder, "uakil.sqlite"), Path(folder, "clock")))


async def serve(port: int, database: Path, clock: Path) -> None:
    """Start the local Telegram and the bot on it, and stop both when told to."""
    # Imported here: the web server and the Telegram library double the start of every other command.
    from bot.app import App
    from bot.sandbox import Sandbox

    sandbox = Sandbox(clock_file=clock)
    try:
        address = await sandbox.start(port)
    except OSError as error:
        fail(f"port {port} cannot be used for the page ({error.strerror}); --port 0 takes any free one.")
    try:
        settings = settings_for(sandbox, database)
        keep_log(settings)
        await prepare(sandbox, settings)
        app = App(settings)
        sandbox.offers.update(offers(app))
        typer.echo(address)
        await app.run()
    finally:
        await sandbox.stop()


def settings_for(sandbox: "Sandbox", database: Path) -> Settings:
    """The bot's settings here; the machine's own configuration plays no part, a real bot may live on it."""
    return Settings.model_validate(
        {
            "telegram": {"token": sandbox.token, "base_url": sandbox.url},
            "web": {"port": 0},
            "database": {"url": f"sqlite:///{database}"},
            "access": {"admins": [COORDINATOR]},
            "sandbox": {"clock": sandbox.clock.path},
            "log": {"level": "warning", "format": "text"},
        }
    )


async def prepare(sandbox: "Sandbox", settings: Settings) -> None:
    """Make the three people known, and fill a new database: officials, and invitations that two of them opened."""
    from bot.app import Clock  # imported here, as above

    sandbox.person(REPRESENTATIVE, "Әсел", last_name="(үлгі өкіл)", language_code="kk")
    official = sandbox.person(OFFICIAL, "Ерлан", last_name="(үлгі лауазымды тұлға)", language_code="kk")
    coordinator = sandbox.person(COORDINATOR, "Дана", last_name="(үлгі үйлестіруші)", language_code="kk")
    if migrate.current(settings.database.url.get_secret_value()) is not None:
        return  # a database kept from an earlier demo: everybody goes on where he was
    now = Clock(settings.sandbox.clock).now()
    with opened(settings, now=now) as database:
        tree = database.read_now(load)
        listed, policy = sample_list(tree), settings.policy()
        database.write_now(lists.apply, tree, listed, source_title=SOURCE, source_url=None, policy=policy, now=now)
        body_id = tree.by_code[SHOWN_BODY].id
        official.start(database.write_now(invitations.invite_official, body_id, invited_by=None, now=now))
        coordinator.start(database.write_now(invitations.invite_coordinator, None, invited_by=None, now=now))
