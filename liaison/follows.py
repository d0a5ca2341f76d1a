"""Who follows which body, or all bodies of a region; what there is to tell them is in ``news``."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Delete, delete, func, select
from sqlalchemy.orm import Session

from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from storage.bodies import Body
from storage.follows import Follow
from storage.inserts import insert_if_absent
from storage.people import Person

MOST = 50  # follows of one person: nobody reads the news of more, and one naming must not owe messages without bound

SCOPES = ("body", "region")  # the body alone, or with it all bodies of the region whose akimat it is


@dataclass(frozen=True)
class FollowCard:
    """Something that a person follows."""

    id: int
    body_id: int
    scope: str


def state(session: Session, actor: Actor, body_id: int) -> frozenset[str]:
    """In which scopes a person follows this very body; a followed region does not count for its other bodies."""
    found = select(Follow.scope).where(Follow.person_id == actor.id, Follow.body_id == body_id)
    return frozenset(session.scalars(found))


def mine(session: Session, actor: Actor) -> tuple[FollowCard, ...]:
    """All that a person follows, in the order in which he began to."""
    found = session.scalars(select(Follow).where(Follow.person_id == actor.id).order_by(Follow.id))
    return tuple(FollowCard(one.id, one.body_id, one.scope) for one in found)


def follow(session: Session, actor: Actor, body_id: int, scope: str = "body", *, now: datetime) -> None:
    """Follow a body, or a region through its akimat; of both the later wish stands. Twice is once.

    Raises NotYours for what is not there, LiaisonError("body-gone") for an abolished body, and ("most-follows") with
    the number that is allowed.
    """
    _must_exist(session, body_id, scope)
    # The person's row is where his own follows take turns. No key is changed, so nobody else waits for it.
    session.execute(select(Person.id).where(Person.id == actor.id).with_for_update(key_share=True))
    session.execute(_own(actor).where(Follow.body_id == body_id, Follow.scope != scope))
    count = session.scalar(select(func.count()).select_from(Follow).where(Follow.person_id == actor.id)) or 0
    if count >= MOST and scope not in state(session, actor, body_id):
        raise LiaisonError("most-follows", most=MOST, body=body_id)
    insert_if_absent(session, Follow, person_id=actor.id, body_id=body_id, scope=scope, created_at=now)


def stop(session: Session, actor: Actor, body_id: int) -> None:
    """Follow a body no longer, in whatever scope; without effect for who does not follow it."""
    session.execute(_own(actor).where(Follow.body_id == body_id))


def toggle(session: Session, actor: Actor, body_id: int, *, now: datetime) -> bool:
    """Follow a body, or no longer; tell whether it is followed now. Raises as ``follow``."""
    if state(session, actor, body_id):
        stop(session, actor, body_id)
        return False
    follow(session, actor, body_id, now=now)
    return True


def unfollow(session: Session, actor: Actor, follow_id: int) -> None:
    """Take one entry off one's list; without effect if it is gone already. Raises NotYours for somebody else's."""
    found = session.get(Follow, follow_id)
    if found is None:
        return
    if found.person_id != actor.id:
        raise NotYours("follow", f"person {actor.id} does not own follow {follow_id}")
    session.execute(_own(actor).where(Follow.id == follow_id))


def _own(actor: Actor) -> Delete:
    return delete(Follow).where(Follow.person_id == actor.id)


def _must_exist(session: Session, body_id: int, scope: str) -> None:
    found = session.execute(select(Body.level, Body.abolished_on).where(Body.id == body_id)).first()
    if found is None or scope not in SCOPES or (scope == "region" and found.level != "region"):
        raise NotYours("follow", f"nothing to follow: body {body_id}, scope {scope!r}")
    if found.abolished_on is not None:
        raise LiaisonError("body-gone", body=body_id)
