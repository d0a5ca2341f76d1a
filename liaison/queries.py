"""What people looked for, as counts without persons: queries that found nothing, and choices among several bodies."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from liaison.spelling import clean
from storage.bodies import Body
from storage.inserts import insert_if_absent
from storage.queries import QueryChoice, QueryMiss

SHORTEST, LONGEST = 3, 100  # characters of a query that is kept
MOST_WORDS = 8  # more is a story about somebody, not a name of a body
MOST_ROWS = 10_000
KEPT = timedelta(days=180)  # after it was last asked

# Phones, BIN and IIN, also with what people put between the digits; e-mail, links and user names; patronymics.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().+/–-]+(?=\d)")
_PERSONAL = re.compile(
    r"\d{5}|@|://|\bwww\.|[a-z0-9-]{2,}\.[a-z]{2,}|\.(?:қаз|каз|рф)\b"
    r"|\w{3}(?:ович|евич|овна|евна|ична|ұлы|улы|қызы|кызы|ovich|evich|ovna|evna|uly|kyzy|qyzy)\b"
)


def kept_as(text: str) -> str | None:
    """The form in which a query may be kept: in lower case, with single spaces. None if it looks personal."""
    plain = " ".join(clean(text).split())
    if not SHORTEST <= len(plain) <= LONGEST or len(plain.split()) > MOST_WORDS:
        return None
    if not any(letter.isalpha() for letter in plain):
        return None
    return None if _PERSONAL.search(_BETWEEN_DIGITS.sub("", plain)) else plain


def missed(session: Session, text: str, *, now: datetime) -> bool:
    """Count a query that found nothing, without its author; whether it was kept."""
    plain = kept_as(text)
    if plain is None:
        return False
    if insert_if_absent(session, QueryMiss, text=plain, count=1, last_at=now, state="open"):
        _make_room(session, plain)
    else:
        known = update(QueryMiss).where(QueryMiss.text == plain)
        session.execute(known.values(count=QueryMiss.count + 1, last_at=now))
    return True


def chosen(session: Session, text: str, body_id: int) -> None:
    """Count that somebody who typed this chose that body among several."""
    plain = kept_as(text)
    if plain is None or session.get(Body, body_id) is None:  # a forged button names what is not there
        return
    if not insert_if_absent(session, QueryChoice, text=plain, body_id=body_id, count=1):
        known = update(QueryChoice).where(QueryChoice.text == plain, QueryChoice.body_id == body_id)
        session.execute(known.values(count=QueryChoice.count + 1))
        return
    if (over := _over(session, QueryChoice)) > 0:
        rarest = select(QueryChoice.id).where(QueryChoice.text != plain).order_by(QueryChoice.count, QueryChoice.id)
        session.execute(delete(QueryChoice).where(QueryChoice.id.in_(rarest.limit(over))))


def preferred(session: Session, text: str) -> Mapping[int, int]:
    """How often each body was chosen after this query."""
    plain = kept_as(text)
    if plain is None:
        return {}
    rows = session.execute(select(QueryChoice.body_id, QueryChoice.count).where(QueryChoice.text == plain))
    return {row["body_id"]: row["count"] for row in rows.mappings()}


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete the queries that nobody has asked for half a year and return how many went."""
    gone = session.execute(delete(QueryMiss).where(QueryMiss.last_at < now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _make_room(session: Session, newest: str) -> None:
    """Let go of the oldest of those asked once only; without any such, of the oldest."""
    if (over := _over(session, QueryMiss)) > 0:
        oldest = select(QueryMiss.id).where(QueryMiss.text != newest)
        oldest = oldest.order_by(QueryMiss.count > 1, QueryMiss.last_at, QueryMiss.id).limit(over)
        session.execute(delete(QueryMiss).where(QueryMiss.id.in_(oldest)))


def _over(session: Session, table: type[QueryMiss | QueryChoice]) -> int:
    return (session.scalar(select(func.count()).select_from(table)) or 0) - MOST_ROWS
