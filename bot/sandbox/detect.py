"""Entities Telegram finds by itself in a text: commands, links, mentions, addresses, phones, hashtags."""

from __future__ import annotations

import re

from .errors import Json

_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?")),
    ("url", re.compile(r"(?<![\w@.])(?:https?://|t\.me/|www\.)[^\s<>\"]*[^\s<>\"'.,;:!?)\]»]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@])@[a-zA-Z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#&])#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d(?:[ ()-]*\d){9,14}(?!\w)")),
)


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units, as entities count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detect(text: str, known: list[Json]) -> list[Json]:
    """`known` entities plus those found in `text` outside of them, sorted."""
    opaque = [
        e for e in known if e["type"] in ("code", "pre", "text_link", "text_mention", "date_time", "custom_emoji")
    ]
    found: list[Json] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            entity = {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
            if not any(_overlap(entity, other) for other in (*opaque, *found)):
                found.append(entity)
    return sorted((*known, *found), key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: Json, other: Json) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
