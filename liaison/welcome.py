"""The first minute: what somebody came for survives the question of the language."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from liaison import deputy_links, drafts, invitations, people
from liaison.people import Actor
from liaison.policy import Policy

KIND = "start"


@dataclass(frozen=True)
class Wanted:
    """What the first message asked for: a deep link's payload, or a query."""

    payload: str | None = None
    query: str | None = None


def ask_language(session: Session, actor: Actor, wanted: Wanted, *, now: datetime) -> None:
    """Keep what was wanted until the language is chosen."""
    data = {"payload": wanted.payload, "query": wanted.query}
    drafts.open_one(session, actor.id, KIND, "language", data, now=now)


def choose_language(
    session: Session, actor: Actor, language: str, policy: Policy, *, display_name: str, now: datetime
) -> None:
    """Keep the language, and open the invitation somebody came with."""
    people.choose_language(session, actor, language, policy, now=now)
    waiting = wanted(session, actor, now=now)
    if waiting.payload and waiting.payload.startswith(invitations.PREFIX):
        invitations.accept(session, actor, waiting.payload, policy, display_name=display_name, now=now)
    elif waiting.payload and waiting.payload.startswith(deputy_links.PREFIX):
        deputy_links.accept(session, actor, waiting.payload, policy, display_name=display_name, now=now)


def wanted(session: Session, actor: Actor, *, now: datetime) -> Wanted:
    """What the person came for; kept for a while, so that an update taken twice shows the same."""
    draft = drafts.find(session, actor.id, KIND, now=now)
    return Wanted() if draft is None else Wanted(draft.data.get("payload"), draft.data.get("query"))


def done(session: Session, actor: Actor) -> None:
    """Forget what the person came for."""
    drafts.drop(session, actor.id, KIND)
