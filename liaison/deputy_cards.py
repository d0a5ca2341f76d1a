"""Deputies as their screens show them: all that is arranged for a post, one arrangement, and who could be asked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, cards, deputy_days, directory, stand_ins
from liaison.deputy_days import ASSISTANT, LIVE, SUBSTITUTE
from liaison.errors import NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.bodies import Body
from storage.people import Person
from storage.posts import Deputy, Holder, Post


@dataclass(frozen=True)
class Candidate:
    """An official who could stand in."""

    person_id: int
    body_id: int
    name: str


@dataclass(frozen=True)
class DeputyCard:
    """Somebody who answers for a post besides its official, or is asked to."""

    id: int
    body_id: int
    kind: str  # substitute, assistant
    state: str  # asked, accepted, refused, ended
    from_day: date | None
    until_day: date | None
    name: str | None  # None until the link is opened
    official: str | None  # who holds the post
    mine: bool  # the reader is this deputy
    managed: bool  # the reader may end it
    changed_at: datetime


@dataclass(frozen=True)
class Page:
    """All that an official has arranged for his post."""

    body_id: int
    official: str | None
    own: bool  # the reader holds the post
    bound: bool  # somebody does
    leaves: tuple[DeputyCard, ...]  # today's and coming ones
    assistants: tuple[DeputyCard, ...]


def managed(session: Session, actor: Actor, body_id: int) -> Post:
    """The post of a body, for its official and for who keeps its list. Raises NotYours for anybody else."""
    post = directory.post_of(session, body_id)
    if post.id in actor.posts or actor.admin or access.coordinates(session, actor, post.id):
        return post
    raise NotYours("deputy", f"person {actor.id} may not name deputies for body {body_id}")


def own_body(session: Session, actor: Actor) -> int:
    """The body whose post the person holds; of several the first. Raises NotYours for somebody who holds none."""
    held = select(Post.body_id).where(Post.id.in_(actor.posts)).order_by(Post.id).limit(1)
    if (body_id := session.scalar(held)) is None:
        raise NotYours("deputy", f"person {actor.id} holds no post")
    return body_id


def page(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> Page:
    """What is arranged for a post. Raises NotYours."""
    post, today = managed(session, actor, body_id), now.astimezone(policy.zone).date()
    live = select(Deputy).where(Deputy.post_id == post.id, Deputy.state.in_(LIVE))
    rows = session.scalars(live.order_by(Deputy.from_day, Deputy.id)).all()
    found = [_card(session, row, actor) for row in rows if row.until_day is None or row.until_day >= today]
    holder = cards.holder(session, post.id)
    return Page(
        body_id=body_id,
        official=holder.full_name if holder else None,
        own=post.id in actor.posts,
        bound=holder is not None and holder.bound,
        leaves=tuple(one for one in found if one.kind == SUBSTITUTE),
        assistants=tuple(one for one in found if one.kind == ASSISTANT),
    )


def see(session: Session, actor: Actor, deputy_id: int) -> DeputyCard:
    """One arrangement, for the deputy, whoever invited him, the official, and who keeps the list. Raises NotYours."""
    row = session.get(Deputy, deputy_id)
    card = None if row is None else _card(session, row, actor)
    if row is None or card is None or not (card.mine or card.managed or row.invited_by == actor.id):
        raise NotYours("deputy", f"person {actor.id} has no part in deputy {deputy_id}")
    return card


def candidates(session: Session, post: Post) -> tuple[Candidate, ...]:
    """The officials who could be asked, the nearest first: of the body above, of those below, beside, in the region."""
    body = session.get_one(Body, post.body_id)
    near = [Body.id == body.parent_id, Body.parent_id == body.id]
    near += [Body.parent_id == body.parent_id] if body.parent_id is not None else []
    near += [Body.region_id == body.region_id] if body.region_id is not None else []
    found: dict[int, Candidate] = {}
    for ring in near:
        rows = session.execute(
            select(Holder.person_id, Body.id, Holder.full_name)
            .join(Post, Post.id == Holder.post_id)
            .join(Body, Body.id == Post.body_id)
            .join(Person, Person.id == Holder.person_id)
            .where(ring, Body.id != body.id, Holder.until.is_(None), Person.unreachable_since.is_(None))
            .order_by(Body.id, Holder.id)
        )
        for person_id, body_id, name in rows:
            found.setdefault(person_id or 0, Candidate(person_id or 0, body_id, name))
    own = set(deputy_days.officials(session, post.id))
    return tuple(one for one in found.values() if one.person_id not in own)


def _card(session: Session, row: Deputy, actor: Actor) -> DeputyCard:
    post, holder = session.get_one(Post, row.post_id), cards.holder(session, row.post_id)
    keeps = row.post_id in actor.posts or actor.admin or access.coordinates(session, actor, row.post_id)
    return DeputyCard(
        id=row.id,
        body_id=post.body_id,
        kind=row.kind,
        state=row.state,
        from_day=row.from_day,
        until_day=row.until_day,
        name=stand_ins.person_name(session, row.person_id) if row.person_id is not None else None,
        official=holder.full_name if holder else None,
        mine=row.person_id == actor.id,
        managed=keeps,
        changed_at=row.decided_at or row.created_at,
    )
