"""Updates come at least once and take effect once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from liaison import people
from liaison.errors import AlreadyTaken
from liaison.people import Actor
from liaison.policy import Policy
from storage.inserts import insert_if_absent
from storage.records import TakenUpdate

KEPT = timedelta(hours=48)  # Telegram keeps an undelivered update for 24 hours

P = ParamSpec("P")
T = TypeVar("T")


def once(
    session: Session,
    update_id: int,
    taken_at: datetime,
    place: str | None,
    rule: Callable[Concatenate[Session, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a rule under the id of the update that asked for it, in one transaction.

    ``place`` is the screen it leads to, kept for the case that the same update comes once more.

    Raises AlreadyTaken when that update has had its effect before; then nothing is changed.
    """
    if not insert_if_absent(session, TakenUpdate, update_id=update_id, taken_at=taken_at, place=place):
        raise AlreadyTaken
    return rule(session, *args, **kwargs)


def arrive(
    session: Session, telegram_id: int, update_id: int, policy: Policy, *, now: datetime
) -> tuple[Actor | None, str | None]:
    """Who sent an update, in one reading, and where the same update led if it has had its effect before."""
    taken = session.execute(select(TakenUpdate.place).where(TakenUpdate.update_id == update_id)).first()
    return people.identify(session, telegram_id, policy, now=now), (taken.place or "start") if taken else None


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete the ids taken more than 48 hours ago and return how many went."""
    gone = session.execute(delete(TakenUpdate).where(TakenUpdate.taken_at < now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]
