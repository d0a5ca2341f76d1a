"""`uakil run`: the bot itself, until it is told to stop."""

import asyncio
from urllib.parse import urlsplit

import typer

from bot.commands.options import FAILED, WRONG_SETTINGS, ConfigFile, fail, settings
from bot.config import ConfigError, Settings


def run(context: typer.Context, config: ConfigFile = None) -> None:
    """Run the bot. SIGTERM or Ctrl-C stop it within ten seconds, and nothing is lost."""
    # Imported here: the Telegram library and the web server double the start of every other command.
    from bot.app import App
    from bot.intake import BadToken
    from bot.web import CannotListen

    chosen = settings(context, config)
    if chosen.telegram.token is None:
        raise ConfigError(
            "telegram.token: is not set; get one from @BotFather and put it into the environment as "
            "UAKIL__TELEGRAM__TOKEN, or into a file named by telegram.token_file"
        )
    keep_log(chosen)
    try:
        asyncio.run(App(chosen).run())
    except BadToken as refused:
        fail(str(refused), WRONG_SETTINGS)
    except CannotListen as taken:
        fail(str(taken), FAILED)


def keep_log(settings: Settings) -> None:
    """Set up the log as configured; none of the secrets gets into it."""
    from bot.logs import configure  # imported here for the same reason

    configure(
        secrets(settings),
        json={"auto": None, "text": False, "json": True}[settings.log.format],
        level=settings.log.level.upper(),
    )


def secrets(settings: Settings) -> list[str]:
    """Everything in the settings that nobody may read in a log."""
    telegram = settings.telegram
    given = [secret.get_secret_value() for secret in (telegram.token, telegram.secret_token) if secret]
    password = urlsplit(settings.database.url.get_secret_value()).password
    return [*given, password] if password else given
