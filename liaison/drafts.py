"""Half-finished dialogues: opened, found, locked for one step, dropped. After a restart they go on."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from liaison.errors import LiaisonError
from storage.drafts import Draft
from storage.inserts import insert_if_absent

KEPT = timedelta(days=7)  # offered again within this time
LISTENS = timedelta(minutes=30)  # a text is the answer to a question asked within this time


class OutOfStep(LiaisonError):
    """A button of an older question, or of a dialogue that is over: the present question is shown."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__("out-of-step", kind=kind, key=key)
        self.kind = kind
        self.key = key


@dataclass(frozen=True)
class DraftCard:
    """An open dialogue as it stands."""

    key: str
    kind: str
    step: str
    data: dict[str, Any]
    rev: int
    listens: bool  # a text sent now would be taken as the answer


def open_one(session: Session, person_id: int, kind: str, step: str, data: dict[str, Any], *, now: datetime) -> Draft:
    """Begin a dialogue; an older one of the same kind is dropped."""
    key = secrets.token_urlsafe(6)
    given = {"person_id": person_id, "kind": kind, "key": key, "step": step, "data": data, "rev": 1}
    while True:  # another transaction of the same person may begin one too; its dialogue is then the older one
        session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.kind == kind))
        if insert_if_absent(session, Draft, **given, asked_at=now, expires_at=now + KEPT):
            return session.scalars(select(Draft).where(Draft.key == key)).one()


def lock(session: Session, person_id: int, kind: str, key: str, rev: int | None, step: str | None = None) -> Draft:
    """The dialogue for its next step, locked. Raises OutOfStep if it is over, somebody else's, or has moved on.

    ``rev=None`` takes whatever question stands open (a typed answer names none); ``step`` is the question expected.
    """
    draft = session.scalars(
        select(Draft).where(Draft.person_id == person_id, Draft.kind == kind, Draft.key == key).with_for_update()
    ).first()
    if draft is None or rev not in (None, draft.rev) or step not in (None, draft.step):
        raise OutOfStep(kind, key)
    return draft


def move(draft: Draft, step: str, data: dict[str, Any], *, now: datetime) -> None:
    """Keep an answer and ask the next question."""
    draft.step, draft.data, draft.rev = step, data, draft.rev + 1
    draft.asked_at, draft.expires_at = now, now + KEPT


def keep(session: Session, draft: Draft, more: dict[str, Any], now: datetime) -> DraftCard:
    """Keep something without leaving the question."""
    move(draft, draft.step, {**draft.data, **more}, now=now)
    session.flush()
    return card(draft, now=now)


def find(session: Session, person_id: int, kind: str, *, now: datetime) -> DraftCard | None:
    """The open dialogue of a kind, if there is one that has not expired."""
    draft = session.scalar(
        select(Draft).where(Draft.person_id == person_id, Draft.kind == kind, Draft.expires_at > now)
    )
    return None if draft is None else card(draft, now=now)


def newest(session: Session, person_id: int, kinds: Sequence[str], *, now: datetime) -> DraftCard | None:
    """Of the dialogues of these kinds, the one whose question was asked last."""
    draft = session.scalars(
        select(Draft)
        .where(Draft.person_id == person_id, Draft.kind.in_(kinds), Draft.expires_at > now)
        .order_by(Draft.asked_at.desc(), Draft.id.desc())
        .limit(1)
    ).first()
    return None if draft is None else card(draft, now=now)


def drop(session: Session, person_id: int, kind: str | None = None) -> tuple[str, ...]:
    """End the open dialogues (of one kind, or all) and return the kinds of those that were dropped."""
    chosen = delete(Draft).where(Draft.person_id == person_id)
    if kind is not None:
        chosen = chosen.where(Draft.kind == kind)
    return tuple(session.scalars(chosen.returning(Draft.kind)))


def card(draft: Draft, *, now: datetime) -> DraftCard:
    """The dialogue as a value."""
    listens = now - draft.asked_at <= LISTENS
    return DraftCard(draft.key, draft.kind, draft.step, dict(draft.data), draft.rev, listens)
