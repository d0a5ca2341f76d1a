"""The settings: every key and its default. `config.example.toml` explains them, `config_sources.py` reads them."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config_rules import Calendar, Ladder, Meetings, Reminders, Requests
from bot.config_values import (
    Bin,
    ConfigError,
    SecretSection,
    Section,
    Token,
    WebAddress,
    WebhookSecret,
    is_loopback,
    wrong,
)
from liaison.calendar import check_offset
from liaison.policy import Policy

__all__ = ["ConfigError", "Settings"]

TELEGRAM = "https://api.telegram.org"


class Telegram(SecretSection):
    """How the Bot API is reached."""

    secrets = ("token", "secret_token")

    token: Token | None = None
    token_file: Path | None = None
    base_url: WebAddress = TELEGRAM
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: WebAddress | None = None
    secret_token: WebhookSecret | None = None
    secret_token_file: Path | None = None

    @field_validator("base_url")
    @classmethod
    def server_root(cls, address: str) -> str:
        """The root alone: many guides name the address with /bot at its end."""
        return address.removesuffix("/bot")

    @model_validator(mode="after")
    def webhook_is_complete(self) -> Self:
        """A webhook needs its address and a secret, and TLS unless the server is on this machine."""
        if self.mode == "polling":
            return self
        if not self.webhook_url:
            raise wrong("telegram.webhook_url", "must be set when telegram.mode is webhook")
        if not self.webhook_url.startswith("https:") and not is_loopback(self.base_url):
            raise wrong("telegram.webhook_url", "must begin with https: Telegram sends updates nowhere else")
        if not self.secret_token:
            raise wrong(
                "telegram.secret_token",
                "must be set when telegram.mode is webhook; put 1 to 256 letters, digits, _ or - into "
                "UAKIL__TELEGRAM__SECRET_TOKEN or into a file named by telegram.secret_token_file",
            )
        return self


class Web(Section):
    """Where the bot's own web server listens, and how it is seen from outside."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: WebAddress | None = None


class Database(SecretSection):
    """Where everything is kept. The address may hold a password, so it is a secret."""

    secrets = ("url",)

    url: SecretStr = SecretStr("sqlite:///uakil.sqlite")
    url_file: Path | None = None

    @field_validator("url")
    @classmethod
    def is_supported(cls, url: SecretStr) -> SecretStr:
        """Only the two databases the tests run on."""
        address = url.get_secret_value()
        file = address.removeprefix("sqlite:///")
        if address.startswith("postgresql+psycopg://") or (file != address and file not in ("", ":memory:")):
            return url
        raise ValueError("must be sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")


class Access(Section):
    """Who may do everything, by Telegram id."""

    admins: frozenset[Annotated[int, Field(gt=0)]] = frozenset()


class Sandbox(Section):
    """Switches for trying the bot out, away from Telegram."""

    clock: Path | None = None


class Log(Section):
    """What the log says, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"  # auto: lines for people on a terminal, JSON elsewhere


class Privacy(Section):
    """Who answers for the personal data, as the consent text names them (Law 94-V art. 8)."""

    operator: Annotated[str, Field(min_length=1)] = "the operator of this bot"
    operator_bin: Bin | None = None


class Settings(BaseSettings):
    """All settings. Built in code it takes its arguments alone; `config_sources.load` reads file and environment."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="UAKIL__", env_nested_delimiter="__", env_ignore_empty=True
    )

    telegram: Telegram = Telegram()
    web: Web = Web()
    database: Database = Database()
    access: Access = Access()
    reminders: Reminders = Reminders()
    requests: Requests = Requests()
    meetings: Meetings = Meetings()
    calendar: Calendar = Calendar()
    ladder: Ladder = Ladder()
    sandbox: Sandbox = Sandbox()
    log: Log = Log()
    privacy: Privacy = Privacy()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,
        **named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """No hidden sources: the demo and the tests must not pick up what the machine happens to have set."""
        return (init_settings,)

    @model_validator(mode="after")
    def clock_only_in_the_sandbox(self) -> Self:
        """A moved clock would send real people reminders at the wrong time."""
        if self.sandbox.clock and urlsplit(self.telegram.base_url).hostname == urlsplit(TELEGRAM).hostname:
            raise wrong("sandbox.clock", "cannot be used with Telegram itself, only with another telegram.base_url")
        return self

    def policy(self) -> Policy:
        """What the rules need to know of all this."""
        return Policy(
            zone=self.calendar.timezone,
            calendar=self.calendar.workdays(),
            hours=self.calendar.hours,
            min_notice_days=self.requests.min_notice,
            undo=self.requests.undo,
            redirect_workdays=self.requests.redirect_within,
            most_open=self.requests.most_open,
            most_a_day=self.requests.most_a_day,
            most_to_post=self.requests.most_to_post,
            reminders_before=self.reminders.before,
            video_base=f"{self.meetings.video_base}/" if self.meetings.video_base else None,
            admins=self.access.admins,
        )

    def check_zone(self, now: datetime) -> None:
        """Raise ConfigError where the zone's offset at ``now`` (aware) is not the configured one.

        The state moved this zone in 2024 and may do so again; an old zone table would show every meeting an hour off.
        """
        try:
            check_offset(self.calendar.timezone, self.calendar.utc_offset, now)
        except ValueError as error:
            raise ConfigError(f"calendar.utc_offset: {error}") from None
