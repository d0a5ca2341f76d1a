"""An official leaves his duty: the coordinator is told, and a link goes to whoever comes after him."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import deputy_cards, directory, holders, invitations, notices, reach, records, stand_ins
from liaison.errors import NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.posts import Holder


def leave(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> str:
    """[I am leaving]: tell who keeps the list, and make a one-use link for the successor; its payload.

    Until somebody has opened it or is named, the official stays. Raises NotYours for anybody else.
    """
    post = deputy_cards.managed(session, actor, body_id)
    held = select(Holder).where(Holder.post_id == post.id, Holder.person_id == actor.id, Holder.until.is_(None))
    holder = session.scalars(held.order_by(Holder.id.desc()).limit(1)).first()
    if holder is None:
        raise NotYours("leave", f"person {actor.id} does not hold the post of body {body_id}")
    for keeper in reach.keepers(session, body_id, policy):
        if keeper.person_id != actor.id:
            notices.owe(
                session,
                key=f"holder:{holder.id}:leaving",
                kind="leaving",
                recipient_id=keeper.person_id,
                due_at=now,
                place=f"le:{body_id}",
            )
    records.audit(session, actor.id, "official-leaving", {"body": body_id}, now=now)
    return invitations.invite_successor(session, post.id, invited_by=actor.id, now=now)


def leaving(session: Session, actor: Actor, body_id: int) -> str:
    """Who is leaving, for who keeps the list. Raises NotYours where nobody holds the post any more."""
    holders.must_keep(session, actor, body_id)
    name = stand_ins.official_name(session, directory.post_of(session, body_id).id)
    if name is None:
        raise NotYours("leaving", f"nobody holds the post of body {body_id}")
    return name
