"""Where settings come from: one TOML file, then the environment over it; and the sentence for what cannot be used."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.config import ConfigError, Settings

PREFIX = "UAKIL__"
SECRETS = frozenset({"telegram.token", "telegram.secret_token", "database.url"})
SAYINGS = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "tuple_type": 'must be a list, such as ["a", "b"]',
    "frozen_set_type": "must be a list, such as [1, 2]",
    "string_type": "must be a text in quotes",
    "path_type": "must be the path of a file, in quotes",
    "model_type": "is a section: write [{key}] on a line of its own and its keys below it",
    "zoneinfo_str": "must be the name of a time zone, such as Asia/Almaty",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "date_type": 'must be a list of days, such as ["2026-12-17"]',
    "date_parsing": 'must be a list of days, such as ["2026-12-17"]',
    "date_from_datetime_parsing": 'must be a list of days, such as ["2026-12-17"]',
    "string_too_short": "must not be empty",
    "literal_error": "must be {expected}",
}


class Environment(EnvSettingsSource):
    """The library's reader; a list that is not JSON is left to the check of the value, which can name the key."""

    def decode_complex_value(self, field_name: str, field: FieldInfo | None, value: Any) -> Any:
        """Parse a list or a section as JSON, or give it back as it stands."""
        try:
            return super().decode_complex_value(field_name, field, value)  # type: ignore[arg-type]
        except ValueError:
            return value


def keys() -> list[str]:
    """Every key there is, as ``section.key``, in the order of the settings."""
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    return [
        f"{name}.{key}"
        for name, section in sections.items()
        if isinstance(section, type) and issubclass(section, BaseModel)
        for key in section.model_fields
    ]


def load(file: Path | None = None) -> Settings:
    """Settings from ``file``, else the file named by UAKIL_CONFIG, else ./config.toml, and from the environment.

    The environment is the stronger one. Raises ConfigError with one sentence for the first thing that is wrong.
    """
    check_names(os.environ)
    given = read_file(file)
    for section, values in Environment(Settings)().items():
        known = given.get(section)
        given[section] = {**known, **values} if isinstance(known, dict) and isinstance(values, dict) else values
    try:
        return Settings(**given)
    except ValidationError as error:
        raise ConfigError(sentence(error.errors(include_url=False)[0])) from None


def read_file(file: Path | None) -> dict[str, Any]:
    """The content of the configuration file; empty where none is named and none lies here. Raises ConfigError."""
    named = file or (Path(os.environ["UAKIL_CONFIG"]) if os.environ.get("UAKIL_CONFIG") else None)
    path = named or Path("config.toml")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named is None:
            return {}
        raise ConfigError(f"{path}: there is no such configuration file") from None
    except OSError as error:
        raise ConfigError(f"{path}: the configuration cannot be read ({error.strerror})") from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise ConfigError(f"{path}: this is not a valid TOML file: {error}") from None
    refuse_secrets(given, path)
    return given


def refuse_secrets(given: Mapping[str, Any], path: Path) -> None:
    """Configuration files are copied and shown around, so a secret may not stand in one. Raises ConfigError."""
    for key in sorted(SECRETS):
        section, name = key.split(".")
        values = given.get(section)
        value = values.get(name) if isinstance(values, dict) else None
        if value is None or (key == "database.url" and not has_password(value)):
            continue
        raise ConfigError(
            f"{key}: a secret may not stand in {path}; put it into the environment as {variable(key)} "
            f"or into a file of its own, named by {key}_file"
        )


def has_password(url: object) -> bool:
    """True for an address of the form scheme://user:password@host."""
    try:
        return bool(urlsplit(str(url)).password)
    except ValueError:
        return False


def check_names(environ: Mapping[str, str]) -> None:
    """Raise ConfigError for a variable that begins as ours do but names no section: a slip of the pen, silent else."""
    for name in environ:
        key = name.upper().removeprefix(PREFIX).lower().replace("__", ".")
        if name.upper().startswith(PREFIX) and key.split(".")[0] not in Settings.model_fields:
            raise ConfigError(f"{name}: {no_such(key)}")


def variable(key: str) -> str:
    """The environment variable of a key."""
    return PREFIX + key.upper().replace(".", "__")


def no_such(key: str) -> str:
    """What to say of a key that does not exist."""
    near = get_close_matches(key, keys(), n=1, cutoff=0.7)
    return f"no such key; did you mean {near[0]}?" if near else "no such key; config.example.toml lists them all"


def sentence(error: ErrorDetails) -> str:
    """One sentence for one error of the library; it names the key, and the value unless that is a secret."""
    if error["type"] == "setting":
        return "{key}: {why}".format(**error["ctx"])
    path = [str(step) for step in error["loc"] if isinstance(step, str)]
    if error["type"] == "extra_forbidden":
        # A whole section with a slip in its name is shown by its first key, which can be compared with the real ones.
        if len(path) == 1 and isinstance(error["input"], dict) and error["input"]:
            path.append(next(iter(error["input"])))
        return f"{'.'.join(path)}: {no_such('.'.join(path))}"
    key = ".".join(path[:2])
    saying = SAYINGS.get(error["type"])
    context = error.get("ctx", {})
    if saying is None:  # our own checks speak for themselves, and quote what they have to
        return f"{key}: {context.get('error', error['msg'])}"
    shown = "" if key in SECRETS else f", not {str(error['input'])[:60]!r}"
    return f"{key}: {saying.format(key=key, **context)}{shown}"
