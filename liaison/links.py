"""Links into the private chat: what they carry, where they lead, and how one is printed."""

import io

import segno

from liaison.bodies import Tree

CARD = "b_"  # and the body's id
# What a link may carry besides a body or an invitation, and the address of the screen it leads to.
DOORS = {"find": "fd", "my": "my", "language": "lang", "privacy": "privacy", "help": "help"}

QR_SCALE = 25  # pixels a module: with the border some 1,000 pixels a side
QR_BORDER = 4  # modules of white around it, as ISO/IEC 18004 asks
QR_DPI = 300  # printed, some 9 cm a side


def to(username: str, payload: str) -> str:
    """The link that opens the private chat with the bot and hands it a payload (1–64 of A-Z, a-z, 0-9, _ and -)."""
    return f"https://t.me/{username}?start={payload}"


def to_card(username: str, body_id: int) -> str:
    """The link to a body's card."""
    return to(username, f"{CARD}{body_id}")


def body_in(payload: str, tree: Tree) -> int | None:
    """The body that a payload names; None for any other text and for a body that is not there (an old link)."""
    digits = payload.removeprefix(CARD)
    if not payload.startswith(CARD) or not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        return None
    return int(digits) if int(digits) in tree.by_id else None


def place_of(payload: str | None, tree: Tree) -> str:
    """The address of the screen a link leads to: without a payload the doors, with an outdated one a word about it."""
    if not payload:
        return "start"
    if payload in DOORS:
        return DOORS[payload]
    body_id = body_in(payload, tree)
    return "ol" if body_id is None else f"b:{body_id}"


def qr(link: str) -> bytes:
    """A link as a QR code in PNG, for print. A quarter of it may be dirty or torn (level Q)."""
    picture = io.BytesIO()
    segno.make_qr(link, error="q").save(picture, kind="png", scale=QR_SCALE, border=QR_BORDER, dpi=QR_DPI)
    return picture.getvalue()
