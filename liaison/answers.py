"""Checks on what people type, before it is kept."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from liaison.errors import LiaisonError, NotYours

REASON_LENGTH = 600  # characters

# Direction marks and other invisible characters can make a name read as another one.
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")


def line(value: str, *, least: int = 2, most: int) -> str:
    """One line of text without invisible characters. Raises LiaisonError("too-short" or "too-long", most=…, n=…)."""
    return _measured(" ".join(_visible(value).split()), least, most)


def passage(value: str, *, most: int) -> str:
    """A text of several lines. Raises LiaisonError like ``line``."""
    return _measured(re.sub(r"\n{3,}", "\n\n", _visible(value)).strip(), 1, most)


def reason(given: Mapping[str, str], codes: Sequence[str]) -> dict[str, str]:
    """Why somebody says no: a ready reason ("reason_code", one of ``codes``), own words ("reason"), or both.

    Raises NotYours for a code that is none of ours (a forged button), LiaisonError like ``passage``.
    """
    checked: dict[str, str] = {}
    if "reason_code" in given:
        if given["reason_code"] not in codes:
            raise NotYours("reason", f"unknown reason {given['reason_code']!r}")
        checked["reason_code"] = given["reason_code"]
    if given.get("reason"):
        checked["reason"] = passage(given["reason"], most=REASON_LENGTH)
    return checked


def _visible(value: str) -> str:
    return INVISIBLE.sub("", unicodedata.normalize("NFC", value))


def _measured(text: str, least: int, most: int) -> str:
    if len(text) < least:
        raise LiaisonError("too-short")
    if len(text) > most:
        raise LiaisonError("too-long", most=most, n=len(text))
    return text
