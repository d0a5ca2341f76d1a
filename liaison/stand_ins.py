"""Who stands in for the official of a post, and who answered for it, as everybody may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import states
from storage.meetings import Step
from storage.people import Person
from storage.posts import Deputy, Holder


@dataclass(frozen=True)
class StandIn:
    """Who stands in for the official of a post, and on which days, both included."""

    name: str
    from_day: date
    until_day: date


def of(session: Session, post_id: int, *, since: date) -> tuple[StandIn, ...]:
    """Who has agreed to stand in at a post on ``since`` or later, in the order of the days."""
    agreed = select(Deputy).where(
        Deputy.post_id == post_id, Deputy.kind == "substitute", Deputy.state == "accepted", Deputy.until_day >= since
    )
    rows = session.scalars(agreed.order_by(Deputy.from_day, Deputy.id))
    return tuple(
        StandIn(person_name(session, row.person_id) or "", row.from_day, row.until_day)
        for row in rows
        if row.person_id is not None and row.from_day is not None and row.until_day is not None
    )


def on(found: Iterable[StandIn], day: date) -> StandIn | None:
    """Who of them stands in on that day."""
    return next((one for one in found if one.from_day <= day <= one.until_day), None)


def person_name(session: Session, person_id: int) -> str | None:
    """What a deputy is called: as the list names him where he is an official himself, else as he named himself."""
    listed = select(Holder.full_name).where(Holder.person_id == person_id, Holder.until.is_(None))
    named = session.scalars(listed.order_by(Holder.id.desc()).limit(1)).first()
    return named or session.scalar(select(Person.name).where(Person.id == person_id))


def official_name(session: Session, post_id: int) -> str | None:
    """Who holds a post now, as the list names him."""
    held = select(Holder.full_name).where(Holder.post_id == post_id, Holder.until.is_(None))
    return session.scalars(held.order_by(Holder.id.desc()).limit(1)).first()


def answered_as(session: Session, meeting_id: int) -> states.Side | None:
    """On which side stood whoever answered last for the office; None while nobody has."""
    answers = select(Step.acted_as).where(Step.meeting_id == meeting_id, Step.acted_as.in_(states.OFFICE))
    side: states.Side | None = session.scalar(answers.order_by(Step.id.desc()).limit(1))
    return side
