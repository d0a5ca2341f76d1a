"""Text and entities back to HTML, for the page and for tests."""

from __future__ import annotations

from html import escape

from .errors import Json

_TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code",
    "blockquote": "blockquote", "pre": "pre",
}  # fmt: skip


def to_html(text: str, entities: list[Json]) -> str:
    """`text` with the formatting of `entities` (sorted, offsets in UTF-16 units) as escaped HTML."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    out: list[str] = []
    open_ends: list[tuple[int, str]] = []
    place = 0

    def copy_to(end: int) -> None:
        nonlocal place
        out.append(escape(encoded[place * 2 : end * 2].decode("utf-16-le", "replace"), quote=False))
        place = max(place, end)

    def close_before(offset: int) -> None:
        while open_ends and open_ends[-1][0] <= offset:
            end, tag = open_ends.pop()
            copy_to(end)
            out.append(f"</{tag}>")

    for entity in entities:
        tag = _tag(entity)
        if tag is None:
            continue
        close_before(entity["offset"])
        copy_to(entity["offset"])
        out.append(f"<{tag}>")
        open_ends.append((entity["offset"] + entity["length"], tag.split()[0]))
    close_before(len(encoded) // 2)
    copy_to(len(encoded) // 2)
    return "".join(out)


def _tag(entity: Json) -> str | None:
    kind = entity["type"]
    if kind == "text_link":
        return f'a href="{escape(entity["url"])}"'
    if kind == "text_mention":
        return f'a href="tg://user?id={entity["user"]["id"]}"'
    if kind == "expandable_blockquote":
        return "blockquote expandable"
    if kind == "date_time":
        shape = f' format="{escape(entity["date_time_format"])}"' if "date_time_format" in entity else ""
        return f'tg-time unix="{entity["unix_time"]}"{shape}'
    if kind == "custom_emoji":
        return f'tg-emoji emoji-id="{escape(str(entity["custom_emoji_id"]))}"'
    return _TAGS.get(kind)
