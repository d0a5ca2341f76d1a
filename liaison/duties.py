"""What is to be done again and again: rows that say when next, shared by replicas and not forgotten by a restart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from liaison import expiry, joins, news, outcome_asking, promise_terms, queries, standing_in, today, updates, vacancies
from liaison.policy import Policy
from storage import records
from storage.drafts import Draft
from storage.inserts import insert_if_absent


@dataclass(frozen=True)
class Clocks:
    """The calendar's and the machine's time (design 11), and the rules by which days are counted."""

    now: datetime
    machine_now: datetime
    policy: Policy


@dataclass(frozen=True)
class Duty:
    """A rule and how often it is due. What it changes must be its whole effect; it may be tried twice."""

    name: str
    every: timedelta
    rule: Callable[[Session, Clocks], object]


def forget_updates(session: Session, clocks: Clocks) -> int:
    """Delete the ids of updates that Telegram will not send again; they were taken by the machine's clock."""
    return updates.forget_old(session, now=clocks.machine_now)


def drop_drafts(session: Session, clocks: Clocks) -> int:
    """Delete the dialogues that expired (drafts.KEPT after the last answer), and what was said in them."""
    gone = session.execute(delete(Draft).where(Draft.expires_at <= clocks.now).returning(Draft.id))
    return len(gone.all())


def forget_misses(session: Session, clocks: Clocks) -> int:
    """Delete the queries that found nothing and that nobody asks any more."""
    return queries.forget_old(session, now=clocks.now)


def forget_news(session: Session, clocks: Clocks) -> int:
    """Delete what followers were told and what is no news any more."""
    return news.forget_old(session, now=clocks.now)


def ask_or_expire(session: Session, clocks: Clocks) -> int:
    """Ask NGOs whose offered times have passed whether they still wait, and close what nobody wants any more."""
    return expiry.ask_or_expire(session, clocks.policy, now=clocks.now)


def look_after_meetings(session: Session, clocks: Clocks) -> None:
    """Ask what came of meetings, close what was answered by silence, remind of agreed points."""
    outcome_asking.ask(session, clocks.policy, now=clocks.now)
    outcome_asking.close_silent(session, clocks.policy, now=clocks.now)
    promise_terms.agree_silent(session, clocks.policy, now=clocks.now)
    promise_terms.remind(session, clocks.policy, now=clocks.now)


def plan_digests(session: Session, clocks: Clocks) -> None:
    """Owe the next morning's digests."""
    today.plan_digests(session, clocks.policy, now=clocks.now)


def look_after_posts(session: Session, clocks: Clocks) -> None:
    """Let substitutes begin whose days have come, and remind coordinators of vacant posts."""
    standing_in.begin_due(session, clocks.policy, now=clocks.now)
    vacancies.remind(session, clocks.policy, now=clocks.now)


def end_unanswered_joins(session: Session, clocks: Clocks) -> int:
    """Tell NGOs that asked in vain to join a meeting, and offer them a request of their own."""
    return joins.end_unanswered(session, clocks.policy, now=clocks.now)


DUTIES = (
    Duty("look-after-posts", timedelta(minutes=15), look_after_posts),
    Duty("look-after-meetings", timedelta(hours=1), look_after_meetings),
    Duty("plan-digests", timedelta(hours=1), plan_digests),
    Duty("forget-updates", timedelta(hours=1), forget_updates),
    Duty("drop-drafts", timedelta(hours=1), drop_drafts),
    Duty("forget-misses", timedelta(hours=1), forget_misses),
    Duty("forget-news", timedelta(hours=1), forget_news),
    Duty("end-unanswered-joins", timedelta(minutes=5), end_unanswered_joins),
    Duty("ask-or-expire", timedelta(minutes=5), ask_or_expire),
)


def due(session: Session, now: datetime) -> tuple[str, ...]:
    """The names of the duties that are due; one that was never done is. Only reads."""
    at = {row.name: row.next_due for row in session.scalars(select(records.Duty))}
    return tuple(duty.name for duty in DUTIES if duty.name not in at or _is_due(at[duty.name], duty, now))


def done(session: Session, name: str, now: datetime) -> bool:
    """Take a duty for oneself and set when it is due next, counted from now; False if somebody else was faster.

    Compare-and-set: a second replica waits here for the first one's transaction and then finds it done. Downtime
    of a day makes it due once, not 24 times. Raises KeyError for an unknown name.
    """
    duty = {duty.name: duty for duty in DUTIES}[name]
    insert_if_absent(session, records.Duty, name=name, next_due=now)
    # Farther ahead than one interval: the calendar's clock was set back meanwhile.
    still = or_(records.Duty.next_due <= now, records.Duty.next_due > now + duty.every)
    taken = update(records.Duty).where(records.Duty.name == name, still).values(next_due=now + duty.every)
    return session.execute(taken.returning(records.Duty.name)).first() is not None


def run_due(session: Session, policy: Policy, *, now: datetime, machine_now: datetime) -> tuple[str, ...]:
    """Do what is due, in this one transaction, and return the names of what was done."""
    clocks = Clocks(now, machine_now, policy)
    rules = {duty.name: duty.rule for duty in DUTIES}
    names = [name for name in due(session, now) if done(session, name, now)]
    for name in names:
        rules[name](session, clocks)
    return tuple(names)


def _is_due(next_due: datetime, duty: Duty, now: datetime) -> bool:
    return next_due <= now or next_due > now + duty.every
