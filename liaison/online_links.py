"""The question for the official's own room for online meetings, and what is a link to one."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from liaison import answers, drafts, reception_changes, venues
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy

KIND = "online_link"  # of the draft
STEP = "link"
LENGTH = 300  # characters


def ask(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the question for the link. Raises NotYours."""
    reception_changes.see(session, actor, body_id, policy, now=now)
    return drafts.card(drafts.open_one(session, actor.id, KIND, STEP, {"body": body_id}, now=now), now=now)


def say(session: Session, actor: Actor, key: str, text: str, policy: Policy, *, now: datetime) -> None:
    """Keep the link that was typed and end the dialogue. Raises LiaisonError("bad-link"), ("too-long")."""
    draft = drafts.lock(session, actor.id, KIND, key, None, STEP)
    reception_changes.set_link(session, actor, int(draft.data["body"]), read(text), policy, now=now)
    session.delete(draft)


def leave(session: Session, actor: Actor, body_id: int, *, now: datetime) -> None:
    """[Back]: the link stays as it was."""
    drafts.drop(session, actor.id, KIND)


def forget(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> None:
    """[Remove the link]. Raises NotYours."""
    reception_changes.set_link(session, actor, body_id, None, policy, now=now)
    drafts.drop(session, actor.id, KIND)


def read(text: str) -> str:
    """A link that people can be sent to: https, to a server of the internet, and nothing beside it.

    Raises LiaisonError("bad-link"), ("not-https"), ("too-long", most=300).
    """
    link = answers.line(text, least=1, most=LENGTH)
    venues.refuse_unsafe(link)
    if venues.link(link) != link or "." not in (urlsplit(link).hostname or ""):
        raise LiaisonError("bad-link")
    return link
