"""A text that may be an answer or a query (it is also the name of a body): kept until the person says which."""

from datetime import datetime

from sqlalchemy.orm import Session

from liaison import drafts, requests
from liaison.drafts import DraftCard
from liaison.people import Actor
from liaison.policy import Policy
from liaison.requests import KIND
from storage.drafts import Draft


def keep_pending(session: Session, actor: Actor, key: str, step: str, text: str, *, now: datetime) -> DraftCard:
    """Keep a text that may be an answer or a query, until the person says which."""
    draft = drafts.lock(session, actor.id, KIND, key, None, step)
    return drafts.keep(session, draft, {"pending": text}, now)


def answer_pending(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> DraftCard:
    """The kept text is the answer."""
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    text = str(_without_pending(draft))
    return requests.answer(session, actor, key, rev, draft.step, text, policy, now=now)


def take_pending(session: Session, actor: Actor, key: str, rev: int, *, now: datetime) -> str:
    """The kept text is a query: give it back; the question stays open."""
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    text = str(_without_pending(draft))
    drafts.keep(session, draft, {}, now)
    return text


def _without_pending(draft: Draft) -> str | None:
    data = dict(draft.data)
    text: str | None = data.pop("pending", None)
    draft.data = data
    return text
