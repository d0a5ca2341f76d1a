"""`uakil migrate`: bring the tables of the database up to date."""

import typer

from bot.commands.options import ConfigFile, settings
from storage.migrate import upgrade


def migrate(context: typer.Context, config: ConfigFile = None) -> None:
    """Create the tables, or bring them up to this release. An SQLite file with data is copied first."""
    url = settings(context, config).database.url.get_secret_value()
    typer.echo(f"The tables are at revision {upgrade(url)}.")
