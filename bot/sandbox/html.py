"""Telegram's HTML, as the Bot API parses it: tags to entities (offsets in UTF-16 units), with its error texts.

Behaviour as documented under "Formatting options" of the Bot API; byte offsets count UTF-8 bytes of the source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from .errors import Breach, Json
from .links import link_entity

_SPACE = frozenset(b" \t\r\n\v\0")
_NAME_TOKEN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
_DIGITS, _HEX = frozenset(b"0123456789"), frozenset(b"0123456789abcdefABCDEF")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NAMED = {b"lt": 0x3C, b"gt": 0x3E, b"amp": 0x26, b"quot": 0x22}
_PLAIN = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
_TAGS = frozenset(_PLAIN) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}


@dataclass
class Parsed:
    """Plain text, its entities, and remarks on documented rules that Telegram bends silently."""

    text: str
    entities: list[Json]
    remarks: list[str] = field(default_factory=list)


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    begin: int


def parse_html(source: str) -> Parsed:
    """`source` as plain text with entities; raises Breach with Telegram's words and byte offset."""
    return _Reader(source).run()


class _Reader:
    def __init__(self, source: str) -> None:
        self.data = source.encode("utf-8", "surrogatepass") + b"\0"
        self.at = 0
        self.out = bytearray()
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []
        self.remarks: list[str] = []

    def run(self) -> Parsed:
        last = len(self.data) - 1
        while self.at < last:
            byte = self.data[self.at]
            if byte == 0x26 and (char := self._reference()):
                self._append(char)
            elif byte == 0x3C:
                self._tag()
            else:
                self._copy(byte)
        if self.open:
            _fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.reverse()  # closed last is the outer one: it comes first where both begin and end alike
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        try:
            return Parsed(self.out.decode(), self.entities, self.remarks)
        except UnicodeDecodeError:
            _fail("Text contains invalid Unicode characters after decoding HTML entities")

    def _copy(self, byte: int) -> None:
        if byte & 0xC0 != 0x80:  # the first byte of a character
            self.units += 2 if byte >= 0xF0 else 1
        self.out.append(byte)
        self.at += 1

    def _append(self, char: int) -> None:
        self.units += 2 if char > 0xFFFF else 1
        self.out += chr(char).encode("utf-8", "surrogatepass")

    def _reference(self) -> int:
        """The character of an `&…;` at the present place, which is then passed; 0 if it is none."""
        data, end = self.data, self.at + 1
        if data[end] == 0x23:
            hexadecimal = data[end + 1] == 0x78
            begin = end = end + (2 if hexadecimal else 1)
            while data[end] in (_HEX if hexadecimal else _DIGITS):
                end += 1
            char = int(data[begin:end] or b"0", 16 if hexadecimal else 10)
            if not 0 < char < 0x10FFFF or end - self.at >= 10:
                return 0
        else:
            while data[end] in _LETTERS:
                end += 1
            char = _NAMED.get(data[self.at + 1 : end], 0)
            if not char:
                return 0
        self.at = end + 1 if data[end] == 0x3B else end
        return char

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.data[self.at] == 0x2F:
            self._end_tag(begin)
        else:
            self._start_tag(begin)
        self.at += 1

    def _word(self, stops: bytes) -> str:
        begin = self.at
        while self.data[self.at] not in _SPACE and self.data[self.at] not in stops:
            self.at += 1
        return self.data[begin : self.at].decode("utf-8", "replace")

    def _skip_space(self) -> None:
        while self.data[self.at] in _SPACE and self.data[self.at]:
            self.at += 1

    def _start_tag(self, begin: int) -> None:
        tag = self._word(b">").lower()
        if not self.data[self.at]:
            _fail(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            _fail(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes: dict[str, str] = {}
        while self.data[self.at] != 0x3E:
            self._skip_space()
            if self.data[self.at] != 0x3E:
                self._attribute(tag, begin, attributes)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            _fail(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Open(tag, attributes, self.units, len(self.out)))

    def _attribute(self, tag: str, begin: int, attributes: dict[str, str]) -> None:
        name = self._word(b"=>").lower()
        if not name:
            _fail(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_space()
        if self.data[self.at] != 0x3D:
            if not self.data[self.at]:
                _fail(f'Unclosed start tag "{tag}" at byte offset {begin}')
            if tag != "blockquote" or name != "expandable":
                _fail(f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {begin}')
            attributes[name] = ""
            return
        self.at += 1
        self._skip_space()
        if not self.data[self.at]:
            _fail(f'Unclosed start tag "{tag}" at byte offset {begin}')
        attributes[name] = self._quoted() if self.data[self.at] in b"'\"" else self._token()
        if not self.data[self.at]:
            _fail(f"Unclosed start tag at byte offset {begin}")

    def _token(self) -> str:
        begin = self.at
        while self.data[self.at] in _NAME_TOKEN:
            self.at += 1
        if self.data[self.at] not in _SPACE and self.data[self.at] != 0x3E:
            _fail(f"Unexpected end of name token at byte offset {begin}")
        return self.data[begin : self.at].decode().lower()

    def _quoted(self) -> str:
        quote, value = self.data[self.at], bytearray()
        self.at += 1
        while self.data[self.at] not in (quote, 0):
            if self.data[self.at] == 0x26 and (char := self._reference()):
                value += chr(char).encode("utf-8", "surrogatepass")
                continue
            value.append(self.data[self.at])
            self.at += 1
        if self.data[self.at] == quote:
            self.at += 1
        return value.decode("utf-8", "replace")

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            _fail(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        found = self._word(b">").lower()
        self._skip_space()
        if self.data[self.at] != 0x3E:
            _fail(f"Unclosed end tag at byte offset {begin}")
        opened = self.open[-1]
        if found and found != opened.tag:
            _fail(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{found}>"')
        self.open.pop()
        if self.units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        span: Json = {"offset": opened.offset, "length": self.units - opened.offset}
        outer = {entry.tag for entry in self.open}
        if outer & {"code", "pre"} and not (opened.tag == "code" and outer == {"pre"}):
            self.remarks.append("pre and code entities can't contain any other entities")
        if opened.tag == "blockquote" and "blockquote" in outer:
            self.remarks.append("blockquote entities can't be nested")
        kind = self._kind(opened)
        if kind is None:
            self.remarks.append(f"link {opened.attributes.get('href')!r} is not one that Telegram shows")
        elif opened.tag == "pre" and self._wraps_language(span):
            self.entities[-1]["type"] = "pre"  # <pre><code class="language-…"> is one entity
        else:
            self.entities.append({**kind, **span})

    def _wraps_language(self, span: Json) -> bool:
        last = self.entities[-1] if self.entities else {}
        return "language" in last and last == {**last, **span}

    def _kind(self, opened: _Open) -> Json | None:
        tag, attributes = opened.tag, opened.attributes
        if tag in _PLAIN:
            return {"type": _PLAIN[tag]}
        if tag == "a":
            return link_entity(attributes.get("href") or self.out[opened.begin :].decode("utf-8", "replace"))
        if tag == "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
        if tag == "tg-emoji":
            return {
                "type": "custom_emoji",
                "custom_emoji_id": _number(attributes.get("emoji-id"), "custom emoji identifier"),
            }
        if tag == "tg-time":
            unix = int(_number(attributes.get("unix"), "date"))
            shape = attributes.get("format")
            return {"type": "date_time", "unix_time": unix, **({"date_time_format": shape} if shape else {})}
        language = attributes.get("class", "")
        named = tag == "code" and language.startswith("language-") and self.open and self.open[-1].tag == "pre"
        return {"type": tag, **({"language": language[9:]} if named else {})}


def _number(value: str | None, what: str) -> str:
    if not value or not value.isascii() or not value.lstrip("-").isdigit() or int(value) == 0:
        _fail(f"Invalid {what} specified")
    return value


def _fail(text: str) -> NoReturn:
    raise Breach(f"can't parse entities: {text}")
