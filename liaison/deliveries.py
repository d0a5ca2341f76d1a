"""The queue of what is owed: taken in small batches under a lease, settled in groups, watched.

Two clocks (design 11): ``now`` is the calendar's, on which notices fall due; ``machine_now`` is the machine's, on which
leases and pauses run.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from liaison import notices, presence
from liaison.policy import Policy
from liaison.still_due import Drop, Due, prepare
from storage.meetings import Meeting
from storage.notices import Notice
from storage.people import Person

__all__ = [
    "Claimed",
    "Drop",
    "Due",
    "Look",
    "Owed",
    "Settled",
    "claim",
    "look",
    "next_due",
    "owed_summary",
    "prepare",
    "release",
    "settle",
]

# As a literal: SQLite takes the partial index only for the very condition it was made with, never for a parameter.
OWED: ColumnElement[bool] = Notice.state == literal_column("'owed'")


@dataclass(frozen=True)
class Claimed:
    """A notice that is ours to send until the lease ends (on the machine's clock)."""

    id: int
    recipient_id: int
    due_at: datetime
    attempts: int  # this one included
    uncertain: int  # sends so far whose outcome could not be known
    lease_until: datetime


@dataclass(frozen=True)
class Settled:
    """What became of a claimed notice. ``retry`` leaves it owed, to be taken by anybody after ``pause``."""

    notice_id: int
    state: Literal["sent", "dropped", "failed", "retry"]
    message_id: int | None = None
    reason: str | None = None
    pause: timedelta | None = None  # on the machine's clock
    uncertain: bool = False  # nobody can say whether this send arrived
    tried: bool = True  # False: given back without a send
    blocked: bool = False  # the recipient does not take messages from the bot any more


@dataclass(frozen=True)
class Look:
    """Whether anything due is still unsent (by whomever), and when the next one free to be claimed falls due."""

    unsent: bool
    next_free: datetime | None


@dataclass(frozen=True)
class Owed:
    """The queue as operators see it: owed in all, of these due by now, given up; and since when the oldest is due."""

    owed: int
    overdue: int
    failed: int
    oldest: datetime | None


def claim(
    session: Session, *, owner: str, now: datetime, machine_now: datetime, lease: timedelta, limit: int
) -> tuple[Claimed, ...]:
    """Take at most ``limit`` due notices for ``owner`` until ``machine_now + lease``, the earliest due first.

    The attempt is counted here, before the send. On PostgreSQL rows another replica is just taking are skipped, so
    fewer may come back than there are; SQLite has one writer and drops the lock clause.
    """
    chosen = (
        select(Notice.id)
        .where(OWED, Notice.due_at <= now, _free(machine_now))
        .order_by(Notice.due_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
        .prefix_with("MATERIALIZED")  # a limit under SKIP LOCKED must be taken once
    )
    taken = session.execute(
        update(Notice)
        .where(Notice.id.in_(select(chosen.c.id)))
        .values(lease_owner=owner, lease_until=machine_now + lease, attempts=Notice.attempts + 1)
        .returning(Notice.id, Notice.recipient_id, Notice.due_at, Notice.attempts, Notice.uncertain, Notice.lease_until)
        .execution_options(synchronize_session=False)
    )
    claimed = (
        Claimed(row.id, row.recipient_id, row.due_at, row.attempts, row.uncertain, row.lease_until or now)
        for row in taken
    )
    return tuple(sorted(claimed, key=lambda one: (one.due_at, one.id)))


def settle(
    session: Session,
    settlements: Iterable[Settled],
    policy: Policy,
    *,
    owner: str,
    now: datetime,
    machine_now: datetime,
) -> tuple[str, ...]:
    """Write down what became of claimed notices, and what follows from it; running it twice changes nothing more.

    A row whose lease was lost to another owner is left alone. A message that was sent counts as sent, even if its
    notice was withdrawn on the way. Whoever blocked the bot is marked unreachable, and a request that he did not get
    goes to whoever receives it now. Returns the numbers of requests that nobody is left to be told about.
    """
    group = sorted(settlements, key=lambda one: one.notice_id)  # one order everywhere, against deadlocks
    for settled, present in ((True, ("owed", "dropped")), (False, ("owed",))):
        rows = [_outcome(one, now, machine_now) for one in group if (one.state == "sent") is settled]
        if rows:
            _write(session, rows, owner, present)
    _mark_blocked(session, [one.notice_id for one in group if one.blocked], policy, now)
    return _pass_on(session, [one.notice_id for one in group if one.state == "dropped"], policy, now)


def release(session: Session) -> int:
    """End all leases and return how many there were.

    Only for a bot that has the database to itself (SQLite) and just started: whoever held them is dead.
    """
    held = update(Notice).where(OWED, Notice.lease_until.is_not(None)).values(lease_until=None, lease_owner=None)
    return len(session.scalars(held.returning(Notice.id).execution_options(synchronize_session=False)).all())


def next_due(session: Session) -> datetime | None:
    """When the earliest notice still owed falls (or fell) due."""
    return session.scalar(select(Notice.due_at).where(OWED).order_by(Notice.due_at).limit(1))


def look(session: Session, *, now: datetime, machine_now: datetime) -> Look:
    """What a delivery has to know before it claims or sleeps; one row of an index while nothing is due."""
    earliest = next_due(session)
    if earliest is None or earliest > now:
        return Look(False, earliest)
    free = select(Notice.due_at).where(OWED, _free(machine_now)).order_by(Notice.due_at).limit(1)
    return Look(True, session.scalar(free))


def owed_summary(session: Session, now: datetime) -> Owed:
    """Count what is owed, overdue and failed."""
    due = func.count(case((Notice.due_at <= now, 1)))
    owed = session.execute(select(func.count(), due, func.min(Notice.due_at)).select_from(Notice).where(OWED)).one()
    failed = session.scalar(select(func.count()).select_from(Notice).where(Notice.state == "failed"))
    return Owed(owed[0], owed[1], failed or 0, owed[2])


def _free(machine_now: datetime) -> ColumnElement[bool]:
    """Neither paused nor leased."""
    return or_(Notice.not_before.is_(None), Notice.not_before <= machine_now) & or_(
        Notice.lease_until.is_(None), Notice.lease_until <= machine_now
    )


def _outcome(one: Settled, now: datetime, machine_now: datetime) -> dict[str, Any]:
    again = one.state == "retry"
    return {
        "notice": one.notice_id,
        "new_state": "owed" if again else one.state,
        "new_reason": one.reason,
        "new_sent_at": now if one.state == "sent" else None,
        "new_message_id": one.message_id,
        "new_not_before": machine_now + one.pause if again and one.pause else None,
        "doubt": int(one.uncertain),
        "untried": int(not one.tried),
    }


def _write(session: Session, rows: Sequence[dict[str, Any]], owner: str, present: tuple[str, ...]) -> None:
    table = Notice.__table__.c
    statement = (
        update(Notice.__table__)  # type: ignore[arg-type]
        .where(
            table.id == bindparam("notice"), table.lease_owner == owner, or_(*(table.state == one for one in present))
        )
        .values(
            state=bindparam("new_state"),
            reason=bindparam("new_reason"),
            sent_at=bindparam("new_sent_at"),
            message_id=bindparam("new_message_id"),
            not_before=bindparam("new_not_before"),
            uncertain=table.uncertain + bindparam("doubt"),
            attempts=table.attempts - bindparam("untried"),
            lease_until=None,
            lease_owner=None,
        )
    )
    session.connection().execute(statement, rows)


def _mark_blocked(session: Session, notice_ids: Sequence[int], policy: Policy, now: datetime) -> None:
    if not notice_ids:
        return
    who = select(Person.telegram_id).join(Notice, Notice.recipient_id == Person.id).where(Notice.id.in_(notice_ids))
    for telegram_id in session.scalars(who.distinct().order_by(Person.telegram_id)).all():
        presence.note(session, telegram_id, policy, reachable=False, now=now)


def _pass_on(session: Session, notice_ids: Sequence[int], policy: Policy, now: datetime) -> tuple[str, ...]:
    """A request that was not delivered is owed to those who answer for the post now; the keys keep it single."""
    if not notice_ids:
        return ()
    concerned = select(Notice.meeting_id).where(Notice.id.in_(notice_ids), Notice.kind == "request")
    waiting = select(Meeting).where(Meeting.id.in_(concerned), Meeting.state == "requested").order_by(Meeting.id)
    meetings = session.scalars(waiting).all()
    return tuple(one.number for one in meetings if not notices.request_sent(session, one, policy, now=now))
