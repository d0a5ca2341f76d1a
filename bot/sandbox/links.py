"""Which links Telegram takes, and what a `t.me` link to the bot means."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from .errors import Json

_HOST = re.compile(r"^(?:[\w-]+\.)+[\w-]{2,}$|^\d{1,3}(?:\.\d{1,3}){3}$|^\[[0-9a-fA-F:]+\]$")
PAYLOAD = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


def is_link(url: str, schemes: tuple[str, ...] = ("http", "https", "tg")) -> bool:
    """Whether Telegram shows `url` as a link: a known scheme and a host with a dot; without a scheme it is http."""
    if not url or any(char.isspace() for char in url):
        return False
    if "://" not in url and "@" in url.partition("/")[0]:
        return False  # mailto: and the like
    whole = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(whole)
        host = parts.netloc.rpartition("@")[2]
        port = parts.port
    except ValueError:
        return False
    if parts.scheme.lower() not in schemes:
        return False
    if port is not None:
        host = host.rpartition(":")[0]
    return parts.scheme.lower() == "tg" or bool(_HOST.match(host))


def link_entity(url: str) -> Json | None:
    """The entity of an `<a href>`: a mention, a link, or nothing when Telegram would drop it."""
    if match := re.fullmatch(r"tg://user\?id=(\d+)", url):
        return {"type": "text_mention", "user": {"id": int(match[1]), "is_bot": False, "first_name": ""}}
    if not is_link(url):
        return None
    return {"type": "text_link", "url": url if "://" in url else f"http://{url}"}


def start_payload(url: str, username: str) -> str | None:
    """The payload ("" for none) if `url` opens the bot `username` with a start; else None."""
    match = re.match(rf"^(?:https?://)?(?:t|telegram)\.me/{re.escape(username)}(?:[/?#]|$)", url, re.IGNORECASE)
    if not match:
        return None
    return (parse_qs(urlsplit(url).query, keep_blank_values=True).get("start") or [""])[0]
