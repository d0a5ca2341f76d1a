"""A coordinator names the official of a body, in the chat."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, answers, contacts, directory, handover, news, report_closing
from liaison.errors import LiaisonError, NotYours
from liaison.list_matching import fold
from liaison.people import Actor
from liaison.policy import Policy
from storage.posts import Holder, Post
from storage.records import AuditEntry

NAME_LENGTH = 200


def keeps(session: Session, actor: Actor, body_id: int) -> bool:
    """Whether this person keeps the list in which the body stands."""
    post = session.scalar(select(Post).where(Post.body_id == body_id))
    return post is not None and (actor.admin or access.coordinates(session, actor, post.id))


def must_keep(session: Session, actor: Actor, body_id: int) -> None:
    """Raises NotYours for somebody who does not keep the list in which the body stands."""
    if not keeps(session, actor, body_id):
        raise NotYours("holder", f"person {actor.id} may not name an official for body {body_id}")


def name_official(
    session: Session,
    actor: Actor,
    body_id: int,
    *,
    full_name: str,
    position: str,
    contact: str,
    policy: Policy,
    now: datetime,
) -> None:
    """Write down a new official; the former one's time ends now and with it his access. Followers are told.

    The same name again is the same official with another contact.

    ``contact`` holds phones and e-mail addresses in any order. Raises NotYours for somebody who does not keep this
    list, LiaisonError("bad-contact") where nothing in the contact can be read.
    """
    must_keep(session, actor, body_id)
    post = directory.post_of(session, body_id)
    phones = contacts.phones_in(contact)
    emails, _ = contacts.emails_in(contact)
    if not (phones or emails):
        raise LiaisonError("bad-contact")
    session.execute(select(Post.id).where(Post.id == post.id).with_for_update())
    formers = session.scalars(select(Holder).where(Holder.post_id == post.id, Holder.until.is_(None))).all()
    for former in formers:
        former.until = now
    named = Holder(
        post_id=post.id,
        full_name=answers.line(full_name, most=NAME_LENGTH),
        position=answers.line(position, most=NAME_LENGTH) if position else None,
        phones=phones,
        emails=emails,
        since=now.date(),
        verified_at=now,
        verified_by="coordinator",
        created_at=now,
    )
    same = next((former for former in formers if fold(former.full_name) == fold(named.full_name)), None)
    if same is not None:  # only the contact is new: he keeps his account and his day
        named.person_id, named.bound_at, named.since = same.person_id, same.bound_at, same.since
    session.add(named)
    report_closing.named(session, body_id, formers, named, actor.id, now=now)
    if same is None:
        news.official_changed(session, body_id, policy, by=actor.id, now=now)
        handover.changed(session, body_id, policy, by=actor.id, now=now)
    session.add(AuditEntry(at=now, person_id=actor.id, what="official-named", details={"body": body_id}))
