"""Settings: where they come from, which is stronger, and one sentence for each thing that can be wrong."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.config import ConfigError, Privacy, Settings
from bot.config_sources import load
from handlers.viewer import UNNAMED

FIXED = datetime(2026, 11, 24, 9, tzinfo=UTC)
WEBHOOK = {
    "UAKIL__TELEGRAM__MODE": "webhook",
    "UAKIL__TELEGRAM__WEBHOOK_URL": "https://uakil.example.kz/telegram",
    "UAKIL__TELEGRAM__SECRET_TOKEN": "a-secret_1",
}


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory without a configuration, and an environment without our variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UAKIL_CONFIG", raising=False)


def set_all(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def refusal(file: Path | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(file)
    return str(caught.value)


def test_defaults_are_those_of_the_design() -> None:
    settings = load()
    assert settings == Settings()
    assert settings.telegram.base_url == "https://api.telegram.org"
    assert settings.telegram.mode == "polling"
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert settings.database.url.get_secret_value() == "sqlite:///uakil.sqlite"
    assert settings.reminders.before == (timedelta(hours=24), timedelta(hours=2))
    assert settings.requests.min_notice == 1
    assert (settings.calendar.timezone.key, settings.calendar.country) == ("Asia/Almaty", "KZ")
    assert settings.calendar.utc_offset == timedelta(hours=5)
    assert settings.calendar.hours == ((time(9), time(13)), (time(14, 30), time(18, 30)))
    assert settings.ladder.days == (1, 3, 5, 10, 15)


def test_the_file_is_the_named_one_else_the_variable_else_the_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "named.toml").write_text("[web]\nport = 1")
    (tmp_path / "variable.toml").write_text("[web]\nport = 2")
    (tmp_path / "config.toml").write_text("[web]\nport = 3")
    assert load().web.port == 3
    monkeypatch.setenv("UAKIL_CONFIG", "variable.toml")
    assert load().web.port == 2
    assert load(Path("named.toml")).web.port == 1


def test_the_environment_is_stronger_than_the_file_key_by_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text('[web]\nport = 3\nhost = "0.0.0.0"\n[access]\nadmins = [1]')
    set_all(monkeypatch, {"UAKIL__WEB__PORT": "4", "UAKIL__ACCESS__ADMINS": "[2, 3]", "UAKIL__TELEGRAM__TOKEN": ""})
    settings = load()
    assert (settings.web.port, settings.web.host) == (4, "0.0.0.0")
    assert settings.access.admins == {2, 3}
    assert settings.telegram.token is None


def test_settings_built_in_code_look_neither_at_the_environment_nor_at_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("[web]\nport = 3")
    monkeypatch.setenv("UAKIL__WEB__HOST", "0.0.0.0")
    assert Settings.model_validate({"web": {"port": 5}}).web.model_dump() == {
        "host": "127.0.0.1",
        "port": 5,
        "public_url": None,
    }


def test_lists_durations_and_days_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(
        monkeypatch,
        {
            "UAKIL__REMINDERS__BEFORE": '["3d", "90s"]',
            "UAKIL__REQUESTS__MIN_NOTICE": "2d",
            "UAKIL__CALENDAR__EXTRA_HOLIDAYS": '["2026-12-17"]',
            "UAKIL__CALENDAR__EXTRA_WORKDAYS": '["2026-12-19"]',
            "UAKIL__CALENDAR__HOURS": '["10:00-12:00"]',
        },
    )
    settings = load()
    policy = settings.policy()
    assert policy.reminders_before == (timedelta(days=3), timedelta(seconds=90))
    assert policy.min_notice_days == 2
    assert policy.hours == ((time(10), time(12)),)
    assert not policy.calendar.is_workday(date(2026, 12, 17))
    assert policy.calendar.is_workday(date(2026, 12, 19))
    assert policy.zone.key == "Asia/Almaty"


@pytest.mark.parametrize(
    "written",
    ["http://localhost:8081", "http://localhost:8081/", "http://localhost:8081/bot", "http://localhost:8081/bot/"],
)
def test_the_root_of_the_server_is_understood_in_all_its_forms(written: str) -> None:
    assert Settings.model_validate({"telegram": {"base_url": written}}).telegram.base_url == "http://localhost:8081"


def test_secrets_come_from_the_files_that_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("123456:FROM-FILE\n")
    (tmp_path / "secret").write_text("from_file")
    (tmp_path / "url").write_text("postgresql+psycopg://bot:word@localhost/uakil")
    (tmp_path / "config.toml").write_text(
        '[telegram]\ntoken_file = "token"\nsecret_token_file = "secret"\n[database]\nurl_file = "url"'
    )
    settings = load()
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == "123456:FROM-FILE"
    assert settings.telegram.secret_token is not None
    assert settings.telegram.secret_token.get_secret_value() == "from_file"
    assert settings.database.url.get_secret_value() == "postgresql+psycopg://bot:word@localhost/uakil"
    assert "FROM-FILE" not in repr(settings)
    assert "word" not in repr(settings)
    monkeypatch.setenv("UAKIL__TELEGRAM__TOKEN", "123456:SANDBOX")
    stronger = load().telegram.token
    assert stronger is not None
    assert stronger.get_secret_value() == "123456:SANDBOX"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            '[telegram]\ntoken = "123456:SECRET"',
            "telegram.token: a secret may not stand in config.toml; put it into the environment as "
            "UAKIL__TELEGRAM__TOKEN or into a file of its own, named by telegram.token_file",
        ),
        (
            '[telegram]\nsecret_token = "SECRET"',
            "telegram.secret_token: a secret may not stand in config.toml; put it into the environment as "
            "UAKIL__TELEGRAM__SECRET_TOKEN or into a file of its own, named by telegram.secret_token_file",
        ),
        (
            '[database]\nurl = "postgresql+psycopg://bot:SECRET@localhost/uakil"',
            "database.url: a secret may not stand in config.toml; put it into the environment as "
            "UAKIL__DATABASE__URL or into a file of its own, named by database.url_file",
        ),
        ('[telegram]\nmdoe = "polling"', "telegram.mdoe: no such key; did you mean telegram.mode?"),
        ("[wbe]\nport = 80", "wbe.port: no such key; did you mean web.port?"),
        ("[nonsense]\nx = 80", "nonsense.x: no such key; config.example.toml lists them all"),
        (
            "telegram = 3",
            "telegram: is a section: write [telegram] on a line of its own and its keys below it, not '3'",
        ),
        ("[web]\nport = 80.5", "web.port: must be a whole number, not '80.5'"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "config.toml").write_text(content)
    said = refusal()
    assert said == sentence
    assert "SECRET@" not in said


def test_a_password_may_be_empty_and_a_socket_needs_none(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[database]\nurl = "postgresql+psycopg://bot:@/uakil?host=/run/postgresql"')
    assert load().database.url.get_secret_value() == "postgresql+psycopg://bot:@/uakil?host=/run/postgresql"


def test_a_file_that_is_not_there_or_not_toml_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(Path("none.toml")) == "none.toml: there is no such configuration file"
    assert refusal(tmp_path) == f"{tmp_path}: the configuration cannot be read (Is a directory)"
    (tmp_path / "config.toml").write_text("port: 3")
    assert refusal().startswith("config.toml: this is not a valid TOML file: ")
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    assert refusal().startswith("config.toml: this is not a valid TOML file: ")
    monkeypatch.setenv("UAKIL_CONFIG", "gone.toml")
    assert refusal() == "gone.toml: there is no such configuration file"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("UAKIL__TELEGRAM__MDOE", "x", "telegram.mdoe: no such key; did you mean telegram.mode?"),
        ("UAKIL__TELEGARM__TOKEN", "x", "UAKIL__TELEGARM__TOKEN: no such key; did you mean telegram.token?"),
        ("UAKIL__FOO", "x", "UAKIL__FOO: no such key; config.example.toml lists them all"),
        ("UAKIL__TELEGRAM__MODE", "x", "telegram.mode: must be 'polling' or 'webhook', not 'x'"),
        (
            "UAKIL__TELEGRAM__TOKEN",
            "SECRET",
            "telegram.token: does not look like a token from BotFather, which is digits, a colon and a key",
        ),
        (
            "UAKIL__TELEGRAM__TOKEN_FILE",
            "none",
            "telegram.token_file: none cannot be read (No such file or directory)",
        ),
        ("UAKIL__TELEGRAM__SECRET_TOKEN", "a,b", "telegram.secret_token: must be 1 to 256 letters, digits, _ or -"),
        (
            "UAKIL__TELEGRAM__BASE_URL",
            "ftp://x",
            "telegram.base_url: must be an address such as https://uakil.example.kz",
        ),
        ("UAKIL__WEB__PORT", "80a", "web.port: must be a whole number, not '80a'"),
        ("UAKIL__WEB__PORT", "65536", "web.port: must be 65535 or less, not '65536'"),
        (
            "UAKIL__DATABASE__URL",
            "mysql://a:SECRET@b/c",
            "database.url: must be sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ),
        (
            "UAKIL__DATABASE__URL",
            "sqlite:///:memory:",
            "database.url: must be sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ),
        ("UAKIL__ACCESS__ADMINS", "12", "access.admins: must be a list, such as [1, 2], not '12'"),
        ("UAKIL__ACCESS__ADMINS", "[x", "access.admins: must be a list, such as [1, 2], not '[x'"),
        ("UAKIL__ACCESS__ADMINS", "[-1]", "access.admins: must be greater than 0, not '-1'"),
        (
            "UAKIL__REMINDERS__BEFORE",
            '["24h", "x"]',
            'reminders.before: "x" is not a duration: write a number with d, h, m or s, such as "24h" or "30m"',
        ),
        ("UAKIL__REMINDERS__BEFORE", "[3]", 'reminders.before: must be a text in quotes, such as "24h"'),
        ("UAKIL__REMINDERS__BEFORE", "24h", 'reminders.before: must be a list, such as ["a", "b"], not \'24h\''),
        ("UAKIL__REQUESTS__MIN_NOTICE", "90d", "requests.min_notice: must be less than 60, not '90d'"),
        (
            "UAKIL__REQUESTS__MIN_NOTICE",
            "3h",
            'requests.min_notice: "3h" is not a whole number of days: write calendar days, such as "1d"',
        ),
        (
            "UAKIL__CALENDAR__TIMEZONE",
            "Asia/Nowhere",
            "calendar.timezone: must be the name of a time zone, such as Asia/Almaty, not 'Asia/Nowhere'",
        ),
        (
            "UAKIL__CALENDAR__UTC_OFFSET",
            "five",
            'calendar.utc_offset: "five" is not an offset from UTC: write it as "+05:00"',
        ),
        ("UAKIL__CALENDAR__COUNTRY", "ZZ", "calendar.country: no holidays are known for the country 'ZZ'"),
        (
            "UAKIL__CALENDAR__EXTRA_HOLIDAYS",
            '["17.12.2026"]',
            "calendar.extra_holidays: must be a list of days, such as [\"2026-12-17\"], not '17.12.2026'",
        ),
        (
            "UAKIL__CALENDAR__HOURS",
            '["09:00-13:00", "12:00-14:00"]',
            "calendar.hours: the hours from 12:00 overlap those until 13:00",
        ),
        (
            "UAKIL__CALENDAR__HOURS",
            "[9, 18]",
            'calendar.hours: must be a list of spans, such as ["09:00-13:00", "14:30-18:30"]',
        ),
        ("UAKIL__LADDER__DAYS", "[3, 1]", "ladder.days: must rise from step to step, such as [1, 3, 5, 10, 15]"),
        (
            "UAKIL__SANDBOX__CLOCK",
            "clock",
            "sandbox.clock: cannot be used with Telegram itself, only with another telegram.base_url",
        ),
        ("UAKIL__PRIVACY__OPERATOR_BIN", "12", "privacy.operator_bin: must be the 12 digits of a BIN"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert refusal() == sentence


def test_a_day_cannot_be_both_off_and_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("HOLIDAYS", "WORKDAYS"):
        monkeypatch.setenv(f"UAKIL__CALENDAR__EXTRA_{kind}", '["2026-12-17"]')
    assert refusal() == "calendar.extra_workdays: 2026-12-17 stands among calendar.extra_holidays too"


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("UAKIL__TELEGRAM__WEBHOOK_URL", "telegram.webhook_url: must be set when telegram.mode is webhook"),
        (
            "UAKIL__TELEGRAM__SECRET_TOKEN",
            "telegram.secret_token: must be set when telegram.mode is webhook; put 1 to 256 letters, digits, _ or - "
            "into UAKIL__TELEGRAM__SECRET_TOKEN or into a file named by telegram.secret_token_file",
        ),
    ],
)
def test_a_webhook_needs_address_and_secret(monkeypatch: pytest.MonkeyPatch, missing: str, sentence: str) -> None:
    set_all(monkeypatch, WEBHOOK)
    assert load().telegram.webhook_url == "https://uakil.example.kz/telegram"
    monkeypatch.delenv(missing)
    assert refusal() == sentence


def test_a_webhook_without_tls_is_only_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**WEBHOOK, "UAKIL__TELEGRAM__WEBHOOK_URL": "http://127.0.0.1:8080/telegram"})
    assert refusal() == "telegram.webhook_url: must begin with https: Telegram sends updates nowhere else"
    for server in ("http://localhost:9", "http://127.0.0.2:9", "http://[::1]:9"):
        monkeypatch.setenv("UAKIL__TELEGRAM__BASE_URL", server)
        assert load().telegram.webhook_url == "http://127.0.0.1:8080/telegram"


def test_the_clock_moves_only_away_from_telegram() -> None:
    settings = Settings.model_validate({"telegram": {"base_url": "http://127.0.0.1:9"}, "sandbox": {"clock": "clock"}})
    assert settings.sandbox.clock == Path("clock")


def test_an_old_zone_table_stops_the_start() -> None:
    Settings().check_zone(FIXED)
    with pytest.raises(ConfigError) as caught:
        Settings.model_validate({"calendar": {"utc_offset": "+06:00"}}).check_zone(FIXED)
    assert str(caught.value) == (
        "calendar.utc_offset: the time zone Asia/Almaty is at UTC+5 on 2026-11-24, but the configured offset is UTC+6: "
        "update tzdata, or correct calendar.timezone or calendar.utc_offset"
    )


def test_an_operator_who_is_not_named_is_said_in_the_readers_words() -> None:
    assert Privacy().operator == UNNAMED
