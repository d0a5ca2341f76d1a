"""One-use deep links that bind an official to a post, or make somebody a coordinator."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, directory, handover, news
from liaison.errors import NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.people import Invitation, Role
from storage.posts import Holder, Post
from storage.records import AuditEntry

PREFIX = "i_"  # tells an invitation from a body's link in /start
VALID = timedelta(days=14)

Result = Literal["bound", "already", "expired", "foreign"]


@dataclass(frozen=True)
class Outcome:
    """What came of an opened link."""

    result: Result
    kind: str | None = None  # official, successor, coordinator
    body_id: int | None = None  # the post's body, or the coordinator's region (None: the whole country)
    name: str | None = None  # the name the list gives, to be checked by the official himself


def invite_official(session: Session, body_id: int, *, invited_by: int | None, now: datetime) -> str:
    """Make a link for the official of a body and return its payload (at most 64 characters of A-Z a-z 0-9 _ -)."""
    post = directory.post_of(session, body_id)
    return _make(session, "official", post.id, None, invited_by, now)


def invite_coordinator(session: Session, region_id: int | None, *, invited_by: int | None, now: datetime) -> str:
    """Make a link for a coordinator of a region (None: of the whole country) and return its payload."""
    return _make(session, "coordinator", None, region_id, invited_by, now)


def invite_successor(session: Session, post_id: int, *, invited_by: int, now: datetime) -> str:
    """Make the link by which an official is followed. It is good as long as he holds the post."""
    return _make(session, handover.SUCCESSOR, post_id, None, invited_by, now)


def invite_from_chat(session: Session, actor: Actor, body_id: int, *, now: datetime) -> str:
    """The coordinator's button. Raises NotYours for somebody who does not keep this region."""
    post = directory.post_of(session, body_id)
    if not (actor.admin or access.coordinates(session, actor, post.id)):
        raise NotYours("invitation", f"person {actor.id} may not invite for body {body_id}")
    return _make(session, "official", post.id, None, actor.id, now)


def accept(
    session: Session, actor: Actor, payload: str, policy: Policy, *, display_name: str, now: datetime
) -> Outcome:
    """Open a link. The same person again sees that he is bound; a foreign or expired link is only written down.

    ``display_name`` names the official where no list has named one.
    """
    invitation = session.scalars(
        select(Invitation).where(Invitation.digest == digest_of(payload)).with_for_update()
    ).first()
    result = _judge(session, invitation, actor, now)
    if invitation is None or result in ("foreign", "expired"):
        refused: dict[str, Any] = {"result": result, "invitation": invitation.id if invitation else None}
        session.add(AuditEntry(at=now, person_id=actor.id, what="invitation-refused", details=refused))
        return Outcome(result)
    body_id = invitation.region_id
    name = None
    if invitation.post_id is not None:
        post = session.scalars(select(Post).where(Post.id == invitation.post_id).with_for_update()).one()
        body_id = post.body_id
        follows = invitation.kind == handover.SUCCESSOR
        name = _bind(session, post, actor, policy, display_name, now, follows=follows) if result == "bound" else None
    elif result == "bound":
        session.add(Role(person_id=actor.id, kind="coordinator", region_id=invitation.region_id, created_at=now))
    if result == "bound":
        invitation.used_at, invitation.used_by = now, actor.id
        details = {"invitation": invitation.id, "kind": invitation.kind, "body": body_id}
        session.add(AuditEntry(at=now, person_id=actor.id, what="invitation-used", details=details))
    return Outcome(result, invitation.kind, body_id, name)


def look(session: Session, actor: Actor, digest: str, *, now: datetime) -> Outcome:
    """What a link is for this person, without opening it, which its digest alone does not allow."""
    invitation = session.scalar(select(Invitation).where(Invitation.digest == digest))
    result = _judge(session, invitation, actor, now)
    if invitation is None or result in ("foreign", "expired"):
        return Outcome(result)
    if invitation.post_id is None:
        return Outcome(result, invitation.kind, invitation.region_id)
    post = session.get_one(Post, invitation.post_id)
    held = session.scalars(
        select(Holder.full_name)
        .where(Holder.post_id == post.id, Holder.person_id == actor.id, Holder.until.is_(None))
        .order_by(Holder.id.desc())
        .limit(1)
    ).first()
    if held is None:  # he held the post once
        return Outcome("foreign")
    return Outcome(result, invitation.kind, post.body_id, held)


def _judge(session: Session, invitation: Invitation | None, actor: Actor, now: datetime) -> Result:
    if invitation is None:
        return "foreign"
    if invitation.used_by == actor.id:
        return "already"
    if invitation.used_at is not None:
        return "foreign"
    if invitation.expires_at <= now:
        return "expired"
    return "bound" if _inviter_holds(session, invitation) else "foreign"


def _inviter_holds(session: Session, invitation: Invitation) -> bool:
    """Whoever is out himself may not choose who comes after him."""
    if invitation.kind != handover.SUCCESSOR:
        return True
    held = select(Holder.id).where(Holder.post_id == invitation.post_id, Holder.person_id == invitation.invited_by)
    return session.scalar(held.where(Holder.until.is_(None)).limit(1)) is not None


def _bind(
    session: Session, post: Post, actor: Actor, policy: Policy, display_name: str, now: datetime, *, follows: bool
) -> str:
    holder = session.scalars(
        select(Holder).where(Holder.post_id == post.id, Holder.until.is_(None)).order_by(Holder.id.desc()).limit(1)
    ).first()
    if holder is not None and follows and holder.person_id != actor.id:  # it is not he whom the list names
        holder.until, holder = now, None
    if holder is None:
        holder = Holder(post_id=post.id, full_name=display_name, phones=[], emails=[], created_at=now)
        session.add(holder)
        news.official_changed(session, post.body_id, policy, by=actor.id, now=now)
        handover.changed(session, post.body_id, policy, by=actor.id, now=now)
    former, holder.person_id, holder.bound_at = holder.person_id, actor.id, now
    holder.verified_at, holder.verified_by = now, "official"
    handover.bound(session, post, holder, policy, former=former, now=now)
    return holder.full_name


def _make(
    session: Session, kind: str, post_id: int | None, region_id: int | None, invited_by: int | None, now: datetime
) -> str:
    payload = PREFIX + secrets.token_urlsafe(24)
    session.add(
        Invitation(
            digest=digest_of(payload),
            kind=kind,
            post_id=post_id,
            region_id=region_id,
            invited_by=invited_by,
            created_at=now,
            expires_at=now + VALID,
        )
    )
    return payload


def digest_of(payload: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(payload.encode()).hexdigest()
