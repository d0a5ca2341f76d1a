"""Who receives what is sent to a post: its official or who stands in for him, else coordinators, else administrators.

The official's assistants receive it beside him."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from liaison.people import serving
from liaison.policy import Policy
from liaison.states import Side
from storage.bodies import Body
from storage.people import Person, Role
from storage.posts import Deputy, Holder, Post


@dataclass(frozen=True)
class Receiver:
    """A person to write to, and on whose behalf he answers."""

    person_id: int
    side: Side


@dataclass(frozen=True)
class Summary:
    """How many people can be written to, and how many posts have nobody at all."""

    officials: int
    coordinators: int
    admins: int
    posts_without_anyone: int


def receivers(session: Session, post_id: int, policy: Policy, *, now: datetime) -> tuple[Receiver, ...]:
    """Who gets a request to this post at ``now``, the one who is responsible first.

    On his days the substitute comes in place of the bound official; assistants come beside either. Without any of them
    the coordinators of the region, then those of the whole country, then administrators who pressed /start. Empty when
    nobody can be reached.
    """
    deputies = _deputies(session, post_id, now.astimezone(policy.zone).date())
    official = session.scalar(
        select(Holder.person_id)
        .join(Person, Person.id == Holder.person_id)
        .where(Holder.post_id == post_id, Holder.until.is_(None), Person.unreachable_since.is_(None))
    )
    substitutes = tuple(one for one in deputies if one.side == "substitute")
    own = substitutes[:1] or ((Receiver(official, "official"),) if official is not None else ())
    found = own + tuple(one for one in deputies if one.side == "assistant")
    if found:
        return found
    body_id = session.scalars(select(Post.body_id).where(Post.id == post_id)).one()
    return keepers(session, body_id, policy)


def keepers(session: Session, body_id: int, policy: Policy) -> tuple[Receiver, ...]:
    """Who keeps the list in which a body stands: the coordinators of its region, else those of the whole country, else
    administrators who pressed /start."""
    region = session.scalar(select(Body.region_id).where(Body.id == body_id))
    coordinators = _coordinators(session, region) or _coordinators(session, None)
    return coordinators or _admins(session, policy)


def responsible(session: Session, post_id: int, policy: Policy, *, now: datetime) -> Receiver | None:
    """The one person who owes the answer at ``now``; None where nobody can be reached."""
    found = receivers(session, post_id, policy, now=now)
    return found[0] if found else None


def summary(session: Session, policy: Policy) -> Summary:
    """Count who can be reached; a post has nobody when not even a coordinator or an administrator can be written to."""
    bound = select(Holder.post_id).join(Person, Person.id == Holder.person_id)
    bound = bound.where(Holder.until.is_(None), Person.unreachable_since.is_(None)).distinct()
    coordinators = select(Role.region_id).join(Person, Person.id == Role.person_id).where(_serving())
    scopes = set(session.scalars(coordinators))
    admins = len(_admins(session, policy))
    alone = select(func.count()).select_from(Post).join(Body, Body.id == Post.body_id)
    alone = alone.where(Body.abolished_on.is_(None), Post.id.not_in(bound))
    if scopes:
        alone = alone.where(or_(Body.region_id.is_(None), Body.region_id.not_in(scopes - {None})))
    return Summary(
        officials=len(session.scalars(bound).all()),
        coordinators=session.scalar(select(func.count()).select_from(coordinators.subquery())) or 0,
        admins=admins,
        posts_without_anyone=0 if admins or None in scopes else session.scalar(alone) or 0,
    )


def country_wide(session: Session) -> tuple[Receiver, ...]:
    """The coordinators of the whole country who can be written to."""
    return _coordinators(session, None)


def _deputies(session: Session, post_id: int, today: date) -> tuple[Receiver, ...]:
    """Who may answer besides the official today, each once."""
    rows = session.execute(
        select(Deputy.person_id, Deputy.kind)
        .join(Person, Person.id == Deputy.person_id)
        .where(Deputy.post_id == post_id, serving(today), Person.unreachable_since.is_(None))
        .order_by(Deputy.kind.desc(), Deputy.id)  # substitutes first
    )
    once: dict[int, Side] = {}
    for person_id, kind in rows:
        once.setdefault(person_id or 0, "substitute" if kind == "substitute" else "assistant")
    return tuple(Receiver(person_id, side) for person_id, side in once.items())


def _coordinators(session: Session, region_id: int | None) -> tuple[Receiver, ...]:
    scope = Role.region_id.is_(None) if region_id is None else Role.region_id == region_id
    people = select(Person.id).join(Role, Role.person_id == Person.id).where(_serving(), scope).order_by(Person.id)
    return tuple(Receiver(person_id, "coordinator") for person_id in session.scalars(people.distinct()))


def _admins(session: Session, policy: Policy) -> tuple[Receiver, ...]:
    if not policy.admins:
        return ()
    known = select(Person.id).where(Person.telegram_id.in_(policy.admins), Person.unreachable_since.is_(None))
    return tuple(Receiver(person_id, "admin") for person_id in session.scalars(known.order_by(Person.id)))


def _serving() -> ColumnElement[bool]:
    return (Role.kind == "coordinator") & Role.until.is_(None) & Person.unreachable_since.is_(None)
