"""One-use links by which somebody becomes an official's substitute or assistant; only the digest is kept."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import deputy_days, deputy_notices, records, standing_in
from liaison.deputy_days import ASSISTANT
from liaison.people import Actor
from liaison.policy import Policy
from storage.people import Person
from storage.posts import Deputy

PREFIX = "d_"  # tells the link from others in /start
VALID = timedelta(days=14)  # of an assistant's link; a substitute's is good for his days


def make() -> tuple[str, str]:
    """A new link's payload (at most 64 characters of A-Z a-z 0-9 _ -), and its digest."""
    payload = PREFIX + secrets.token_urlsafe(24)
    return payload, digest_of(payload)


def digest_of(payload: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(payload.encode()).hexdigest()


def accept(session: Session, actor: Actor, payload: str, policy: Policy, *, display_name: str, now: datetime) -> None:
    """Open a link: an assistant answers from now on, a substitute is asked. A second person's try is only written down.

    ``display_name`` is what the deputy is called where he has not told his name.
    """
    row = session.scalars(select(Deputy).where(Deputy.digest == digest_of(payload)).with_for_update()).first()
    today = now.astimezone(policy.zone).date()
    if row is None or not _open_to(session, row, actor, today, now):
        refused: dict[str, Any] = {"deputy": row.id if row else None}
        if row is None or row.person_id != actor.id:
            records.audit(session, actor.id, "deputy-link-refused", refused, now=now)
        return
    row.person_id = actor.id
    session.execute(update(Person).where(Person.id == actor.id, Person.name.is_(None)).values(name=display_name[:200]))
    records.audit(session, actor.id, "deputy-link-used", {"deputy": row.id, "kind": row.kind}, now=now)
    if row.kind == ASSISTANT:
        row.state, row.decided_at = "accepted", now
        session.flush()
        deputy_notices.answered(session, row, by=actor.id, now=now)
        standing_in.hand_on(session, row.post_id, policy, now=now)


def found(session: Session, actor: Actor, digest: str) -> int | None:
    """The arrangement that a link has made for this person; None where it is not his."""
    return session.scalar(select(Deputy.id).where(Deputy.digest == digest, Deputy.person_id == actor.id))


def _open_to(session: Session, row: Deputy, actor: Actor, today: date, now: datetime) -> bool:
    if row.state != "asked" or row.person_id is not None or actor.id in deputy_days.officials(session, row.post_id):
        return False
    if row.until_day is not None:
        return row.until_day >= today
    return row.created_at + VALID > now
