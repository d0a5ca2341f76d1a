"""The database as the commands use it: brought up to date, the directory loaded, beside a bot that may be running."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.config import Settings
from liaison.shipped import load_shipped
from liaison.shipped_file import read_shipped
from storage import migrate
from storage.engine import Database


@contextmanager
def opened(settings: Settings, *, now: datetime) -> Iterator[Database]:
    """Open the configured database with the shipped directory in it, as `uakil run` would find or make it.

    So officials can be imported and invited before the bot runs for the first time. Raises StorageError.
    """
    url = settings.database.url.get_secret_value()
    migrate.prepare(url)
    with Database.open(url) as database:
        database.write_now(load_shipped, read_shipped(), now=now.astimezone(settings.calendar.timezone))
        yield database
