"""The command line: `uakil …` and `python -m bot …`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.check import check
from bot.commands.demo import demo
from bot.commands.find import find
from bot.commands.import_list import import_list
from bot.commands.invite import invite
from bot.commands.migrate import migrate
from bot.commands.options import Commands
from bot.commands.run import run

app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def uakil(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Configuration; else UAKIL_CONFIG, else ./config.toml.")
    ] = None,
) -> None:
    """Uakil: NGOs find the official named for civil society, and meet."""
    context.obj = config


for name, command in (
    ("demo", demo),
    ("run", run),
    ("migrate", migrate),
    ("find", find),
    ("import", import_list),
    ("invite", invite),
    ("check", check),
):
    app.command(name)(command)


def main() -> None:
    """Where `uakil` begins."""
    app()


if __name__ == "__main__":
    main()
