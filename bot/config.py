"""The settings: every key and its default. `config.example.toml` explains them, `config_sources.py` reads them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config_values import (
    Bin,
    ConfigError,
    Days,
    Duration,
    Offset,
    SecretSection,
    Section,
    Token,
    WebAddress,
    WebhookSecret,
    is_loopback,
    wrong,
)
from liaison.calendar import WorkingCalendar, check_offset
from liaison.policy import Hours, Policy, parse_hours

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


class Reminders(Section):
    """How long before a meeting both sides are reminded."""

    before: tuple[Duration, ...] = (timedelta(hours=24), timedelta(hours=2))


class Requests(Section):
    """What a request may ask for, and how many there may be."""

    min_notice: Annotated[Days, Field(lt=Policy.horizon_days)] = 1  # calendar days, written "1d"
    undo: Annotated[Duration, Field(ge=timedelta(), le=timedelta(minutes=10))] = Policy.undo
    redirect_within: Annotated[int, Field(ge=1, le=30)] = Policy.redirect_workdays
    most_open: Annotated[int, Field(ge=1)] = Policy.most_open
    most_a_day: Annotated[int, Field(ge=1)] = Policy.most_a_day
    most_to_post: Annotated[int, Field(ge=1)] = Policy.most_to_post


class Meetings(Section):
    """How meetings are held."""

    video_base: WebAddress | None = None

    @field_validator("video_base")
    @classmethod
    def is_safe(cls, address: str | None) -> str | None:
        """The room's name is all that keeps others out, so it must not travel in the clear."""
        if address is not None and (not address.startswith("https://") or "?" in address or "#" in address):
            raise ValueError("must be an address such as https://meet.example.kz/ without ? and #")
        return address


class Calendar(Section):
    """Zone, working days and working hours."""

    timezone: ZoneInfo = ZoneInfo("Asia/Almaty")
    utc_offset: Offset = timedelta(hours=5)
    country: str = "KZ"
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()
    hours: Hours = ((time(9), time(13)), (time(14, 30), time(18, 30)))

    @field_validator("hours", mode="before")
    @classmethod
    def read_hours(cls, spans: Any) -> Hours:
        """Spans such as "09:00-13:00". Raises ValueError where one is wrong or two overlap."""
        if isinstance(spans, list | tuple) and all(isinstance(span, str) for span in spans):
            return parse_hours(spans)
        raise ValueError('must be a list of spans, such as ["09:00-13:00", "14:30-18:30"]')

    @model_validator(mode="after")
    def days_are_known(self) -> Self:
        """No day is both off and worked, and the country is one the library knows."""
        if clash := set(self.extra_holidays) & set(self.extra_workdays):
            raise wrong("calendar.extra_workdays", f"{min(clash)} stands among calendar.extra_holidays too")
        try:
            self.workdays()
        except ValueError as error:
            raise wrong("calendar.country", str(error)) from None
        return self

    def workdays(self) -> WorkingCalendar:
        """The working days as the rules ask for them."""
        return WorkingCalendar(self.country, self.extra_holidays, self.extra_workdays)


class Ladder(Section):
    """After how many working days an unanswered request goes one step further."""

    days: tuple[Annotated[int, Field(gt=0)], ...] = (1, 3, 5, 10, 15)

    @field_validator("days")
    @classmethod
    def days_rise(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        """A step on the same day as the one before it, or earlier, would never be seen."""
        if list(days) != sorted(set(days)):
            raise ValueError("must rise from step to step, such as [1, 3, 5, 10, 15]")
        return days


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
