"""config.example.toml against the settings: no key without a word on it, no word on a key that does not exist."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.config import Settings
from bot.config_sources import SECRETS, keys, load, variable

TEXT = (Path(__file__).parents[2] / "config.example.toml").read_text(encoding="utf-8")
# The same with the keys that have no default taken in, as somebody would write it who sets them all.
COMPLETE = re.sub(r"^# (\w+ = )", r"\1", TEXT, flags=re.MULTILINE)


def documented(text: str) -> set[str]:
    return {f"{section}.{key}" for section, values in tomllib.loads(text).items() for key in values}


def test_every_key_is_documented_and_every_documented_key_exists() -> None:
    in_the_environment_alone = {key for key in SECRETS if variable(key) in TEXT}
    assert documented(COMPLETE) | in_the_environment_alone == set(keys())


def test_the_values_shown_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UAKIL_CONFIG", raising=False)
    (tmp_path / "config.toml").write_text(TEXT, encoding="utf-8")
    assert load(tmp_path / "config.toml") == Settings()


def test_only_keys_without_a_default_are_shown_as_comments() -> None:
    fields = {key: getattr(getattr(Settings(), key.split(".")[0]), key.split(".")[1]) for key in keys()}
    commented = documented(COMPLETE) - documented(TEXT)
    assert commented == {key for key, value in fields.items() if value is None} - SECRETS


def test_every_value_is_explained() -> None:
    lines = TEXT.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(# )?\w+ = ", line):
            before = next(text for text in reversed(lines[:number]) if not re.match(r"(# )?\w+ = ", text))
            assert before.startswith("# "), line
