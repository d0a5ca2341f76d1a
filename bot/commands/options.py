"""What several commands share: the option --config, and how a failure is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from bot.config import ConfigError, Settings
from bot.config_sources import load
from storage.errors import StorageError

WRONG_SETTINGS = 2  # exit codes
FAILED = 1

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Configuration; else UAKIL_CONFIG, else ./config.toml."),
]


def settings(context: typer.Context, config: Path | None) -> Settings:
    """The settings of a command: its own --config, else the one given before its name. Raises ConfigError."""
    return load(config or context.obj)


def fail(sentence: str, code: int = FAILED) -> NoReturn:
    """End the command with one sentence on standard error and this exit code."""
    typer.echo(f"uakil: {sentence}", err=True)
    raise typer.Exit(code)


@contextmanager
def failures_as_sentences() -> Iterator[None]:
    """Turn what a person can put right into one sentence; anything else is our own mistake and keeps its trace."""
    try:
        yield
    except ConfigError as error:
        fail(str(error), WRONG_SETTINGS)
    except StorageError as error:
        fail(str(error))


class Commands(TyperGroup):
    """The group of all commands: a failure in any of them ends as one sentence."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        with failures_as_sentences():
            return super().invoke(ctx)
