"""A text or caption as a call brings it: parsed, trimmed, measured."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import limits
from .detect import detect, units
from .errors import Breach, Json
from .html import Parsed, parse_html
from .links import PAYLOAD, start_payload

_RESERVED = re.compile(r"(?<!\\)[_*\[\]()~`>#+\-=|{}.!]")
_KINDS = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic",
    "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link",
    "text_mention", "custom_emoji", "date_time",
})  # fmt: skip
Violate = Callable[[str], None]


def formatted(params: Json, name: str, violate: Violate, username: str) -> tuple[str, list[Json]]:
    """The plain text of parameter `name` ("text" or "caption") and its entities.

    `violate` is told of documented rules that Telegram bends silently; what it refuses is raised as Breach.
    """
    source = params.get(name) or ""
    parsed = _parse(source, params, "entities" if name == "text" else "caption_entities")
    text, entities = _trim(parsed.text, parsed.entities)
    for remark in parsed.remarks:
        violate(remark)
    if len(entities) > limits.ENTITIES:
        violate(f"{len(entities)} entities, Telegram shows {limits.ENTITIES}")
        entities = entities[: limits.ENTITIES]
    _measure(name, source, text)
    entities = detect(text, entities)
    for url in links_of(text, entities):
        check_start_link(url, username, violate)
    return text, entities


def links_of(text: str, entities: list[Json]) -> list[str]:
    """The addresses a reader of the text can open."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    plain = [
        encoded[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le", "replace")
        for e in entities
        if e["type"] == "url"
    ]
    return [e["url"] for e in entities if e["type"] == "text_link"] + plain


def check_start_link(url: str, username: str, violate: Violate) -> None:
    """Deep links carry at most 64 of A-Z a-z 0-9 _ - (Bot features, "Deep linking")."""
    payload = start_payload(url, username)
    if payload and not PAYLOAD.match(payload):
        violate(f"deep link payload {payload!r} is not 1-64 characters of A-Z, a-z, 0-9, _ and -")


def _measure(name: str, source: str, text: str) -> None:
    # Counted in UTF-16 units, the strictest reading of "characters": what passes here passes anywhere.
    if name == "text":
        if not source.strip():
            raise Breach("message text is empty")
        if not text:
            raise Breach("text must be non-empty")
        if units(text) > limits.TEXT:
            raise Breach("message is too long")
    elif units(text) > limits.CAPTION:
        raise Breach("message caption is too long")


def _parse(source: str, params: Json, entities_name: str) -> Parsed:
    given = params.get(entities_name)
    if given:
        return Parsed(source, _checked(given, units(source)))
    mode = str(params.get("parse_mode") or "").lower()
    if mode in ("", "none"):
        return Parsed(source, [])
    if mode == "html":
        return parse_html(source)
    if mode == "markdownv2":
        return _markdown(source)
    raise Breach("unsupported parse_mode")


def _markdown(source: str) -> Parsed:
    """Only escaped plain text is understood; a reserved character is refused in Telegram's words."""
    if match := _RESERVED.search(source):
        raise Breach(
            f"can't parse entities: Character '{match[0]}' is reserved and must be escaped with the preceding '\\'"
        )
    return Parsed(re.sub(r"\\(.)", r"\1", source), [])


def _checked(entities: list[Json], length: int) -> list[Json]:
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("type") not in _KINDS:
            raise Breach("can't parse entities: unsupported entity type")
        offset, span = entity.get("offset"), entity.get("length")
        if (
            not isinstance(offset, int)
            or not isinstance(span, int)
            or offset < 0
            or span <= 0
            or offset + span > length
        ):
            raise Breach("can't parse entities: entity is out of the text")
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram takes white space off both ends; entities follow (white space is one unit a character)."""
    lead = len(text) - len(text.lstrip())
    trimmed = text.strip()
    length, kept = units(trimmed), []
    for entity in entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return trimmed, kept
