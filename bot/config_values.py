"""What a setting may look like: the checks that the library does not bring, and how a wrong one is reported."""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from liaison.policy import parse_days, parse_duration, parse_offset

T = TypeVar("T")


class ConfigError(Exception):
    """The program cannot start as it is configured. ``str()`` is one sentence that names the key."""


def wrong(key: str, why: str) -> PydanticCustomError:
    """The error of a rule over several keys. ``key`` is the one to change, ``why`` goes on after "telegram.mode: "."""
    return PydanticCustomError("setting", "{why}", {"key": key, "why": why})


def web_address(value: Any) -> str:
    """An http(s) address without the slash at its end. Raises ValueError for anything else."""
    parts = urlsplit(str(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as https://uakil.example.kz")
    return str(value).rstrip("/")


def is_loopback(address: str) -> bool:
    """True where the address leads back to this machine, by name or by number."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_secret(path: Path, key: str) -> str:
    """The one line of a file that holds a secret. Raises the error of ``key`` where it cannot be had."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text file"
        raise wrong(key, f"{path} cannot be read ({reason})") from None
    if not secret:
        raise wrong(key, f"{path} is empty")
    return secret


def written(parse: Callable[[str], T]) -> BeforeValidator:
    """A value that is written as a text in the file and read by ``parse``: a bare number would not say of what."""

    def read(value: Any) -> T:
        if isinstance(value, str):
            return parse(value)
        raise ValueError('must be a text in quotes, such as "24h"')

    return BeforeValidator(read)


def token(given: SecretStr) -> SecretStr:
    """BotFather's form: digits, a colon, and more. The rest is for the server to judge. Raises ValueError."""
    if not re.fullmatch(r"[0-9]+:[!-~]+", given.get_secret_value()):
        raise ValueError("does not look like a token from BotFather, which is digits, a colon and a key")
    return given


def webhook_secret(given: SecretStr) -> SecretStr:
    """Telegram's rule for the header X-Telegram-Bot-Api-Secret-Token. Raises ValueError."""
    if not re.fullmatch("[A-Za-z0-9_-]{1,256}", given.get_secret_value()):
        raise ValueError("must be 1 to 256 letters, digits, _ or -")
    return given


def bin_number(given: str) -> str:
    """A BIN has 12 digits; whose it is, nobody checks. Raises ValueError."""
    if not re.fullmatch("[0-9]{12}", given):
        raise ValueError("must be the 12 digits of a BIN")
    return given


Token = Annotated[SecretStr, AfterValidator(token)]
WebhookSecret = Annotated[SecretStr, AfterValidator(webhook_secret)]
Bin = Annotated[str, AfterValidator(bin_number)]
WebAddress = Annotated[str, BeforeValidator(web_address)]
Duration = Annotated[timedelta, written(parse_duration)]
Days = Annotated[int, written(parse_days)]
Offset = Annotated[timedelta, written(parse_offset)]


class Section(BaseModel):
    """One table of the configuration: fixed once read, and no other keys than these."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SecretSection(Section):
    """A section where a file may be named for a secret; the secret itself, where given, is the stronger one."""

    secrets: ClassVar[tuple[str, ...]]

    @model_validator(mode="before")
    @classmethod
    def read_files(cls, given: Any) -> Any:
        """Take from their files the secrets that are not given otherwise."""
        read = {}
        for name in cls.secrets if isinstance(given, dict) else ():
            path = given.get(f"{name}_file")
            if name not in given and isinstance(path, str | Path):
                read[name] = read_secret(Path(path), f"{cls.__name__.lower()}.{name}_file")
        return {**given, **read} if read else given
