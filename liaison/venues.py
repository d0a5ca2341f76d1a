"""Where a meeting is: what is typed, a pin on the map, or the address of an online room; and who may see it."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from liaison import states
from liaison.errors import LiaisonError
from storage.meetings import Meeting, Step
from storage.notices import Notice
from storage.posts import Post

Pin = tuple[float, float]  # latitude and longitude in degrees

# The place is told when a meeting is confirmed. While it is asked for or being moved, the former place is nobody's.
SHOWN = frozenset({"confirmed", "held", "not_held", "cancelled"})
ROOM = "uakil-"  # every room of ours is named so; it is made for one meeting and never offered again
ADDRESS = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://\S*")
SERVER = re.compile(r"\w[\w-]*(\.\w[\w-]*)+")  # Telegram makes no button of an address without a dot


@dataclass(frozen=True)
class Venue:
    """A place as one person may know it."""

    place: str | None
    pin: Pin | None


NOWHERE = Venue(None, None)


def seen(session: Session, found: Meeting, side: states.Side, actor_id: int) -> Venue:
    """Where it is, for the people of a confirmed meeting; for everybody else, and before, nothing.

    Whoever knows the address of an online meeting can walk in, so a coordinator who has no part in it is not told.
    """
    if found.state not in SHOWN:
        return NOWHERE
    if found.mode == "online" and side in ("coordinator", "admin") and not _takes_part(session, found.id, actor_id):
        return NOWHERE
    return Venue(found.place, (found.pin["lat"], found.pin["lon"]) if found.pin else None)


def last(session: Session, found: Meeting) -> Venue:
    """Where this post met last in the same way: a room for a visit, a link for an online meeting, but no single-use
    room of ours, whose address another organisation knows."""
    row = session.execute(
        select(Meeting.place, Meeting.pin)
        .where(Meeting.post_id == found.post_id, Meeting.mode == found.mode, Meeting.id != found.id)
        .where(Meeting.place.is_not(None), or_(Meeting.mode != "online", Meeting.place.not_like(f"https://%/{ROOM}%")))
        .order_by(Meeting.updated_at.desc(), Meeting.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return NOWHERE
    return Venue(row.place, (row.pin["lat"], row.pin["lon"]) if row.pin else None)


def own_room(session: Session, found: Meeting) -> str | None:
    """The post's own room for online meetings, where this is one."""
    return session.scalar(select(Post.online_link).where(Post.id == found.post_id)) if found.mode == "online" else None


def new_room(base: str) -> str:
    """The address of a fresh room below ``base``, which ends with a slash: 96 random bits, so nobody guesses it.

    Small letters and digits only: Jitsi takes a name without regard to case.
    """
    return f"{base}{ROOM}{secrets.token_hex(12)}"


def lasting(address: str) -> bool:
    """Whether a room may be used again: not one that was made for a single meeting."""
    return f"/{ROOM}" not in address


def link(text: str | None) -> str | None:
    """The first web address in a text, without the punctuation after it."""
    found = next((one for one in ADDRESS.findall(text or "") if one.lower().startswith("https://")), None)
    return found.rstrip(".,;:!?)»”\"'") if found else None


def refuse_unsafe(text: str) -> None:
    """Every address in a place is https and names its server plainly. Raises LiaisonError("not-https")."""
    for address in ADDRESS.findall(text):
        try:
            parts = urlsplit(address)
            plain = parts.scheme == "https" and SERVER.fullmatch(parts.hostname or "") and "@" not in parts.netloc
            plain = plain and (parts.port is None or parts.port > 0)
        except ValueError:  # brackets that are no IPv6 address, or a port that is none
            plain = None
        if not plain:
            raise LiaisonError("not-https")


def written(pin: Pin) -> str:
    """A pin in words that every map reads: "43.23800, 76.94500"."""
    return f"{pin[0]:.5f}, {pin[1]:.5f}"


def _takes_part(session: Session, meeting_id: int, person_id: int) -> bool:
    """Whether a person acted in a meeting or was written to about it."""
    acted = exists().where(Step.meeting_id == meeting_id, Step.actor_id == person_id)
    told = exists().where(Notice.meeting_id == meeting_id, Notice.recipient_id == person_id)
    return bool(session.scalar(select(or_(acted, told))))
