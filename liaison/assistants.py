"""Assistants of a post: invited by its official through a one-use link, shown as such, removed at once."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from liaison import deputy_days, deputy_links, records
from liaison.deputy_cards import managed
from liaison.deputy_days import ASSISTANT, LIVE
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from storage.posts import Deputy

MOST = 5  # of one post, those invited among them


def invite(session: Session, actor: Actor, body_id: int, *, now: datetime) -> str:
    """Make a link for an assistant and return its payload. The official's own affair: nobody else may.

    Raises NotYours, LiaisonError("most-assistants", most=…).
    """
    post = managed(session, actor, body_id)
    if post.id not in actor.posts:
        raise NotYours("assistant", f"person {actor.id} does not hold the post of body {body_id}")
    deputy_days.one_at_a_time(session, post.id)
    there = select(func.count()).where(
        Deputy.post_id == post.id,
        Deputy.kind == ASSISTANT,
        Deputy.state.in_(LIVE),
        (Deputy.state == "accepted") | (Deputy.created_at > now - deputy_links.VALID),
    )
    if (session.scalar(there) or 0) >= MOST:
        raise LiaisonError("most-assistants", most=MOST)
    payload, digest = deputy_links.make()
    row = Deputy(post_id=post.id, kind=ASSISTANT, state="asked", digest=digest, invited_by=actor.id, created_at=now)
    session.add(row)
    session.flush()
    records.audit(session, actor.id, "assistant-invited", {"deputy": row.id, "body": body_id}, now=now)
    return payload
