"""How long things wait: the times of a request are held, an answer can be taken back, a redirect has its term."""

from datetime import date, datetime, time, timedelta

from liaison.calendar import DAY
from liaison.policy import Policy

BY_DAY = (time(8), time(21))


def until(policy: Policy, *, now: datetime) -> datetime:
    """The end of the next working day: until then the times of a request are offered to nobody else."""
    return end_of(policy, policy.calendar.next_workday(_today(policy, now)))


def undo_until(policy: Policy, *, now: datetime) -> datetime | None:
    """Until when an answer can be taken back, and when the other side is told; None where that is switched off."""
    return now + policy.undo if policy.undo else None


def after_workdays(policy: Policy, days: int, *, now: datetime) -> datetime:
    """The end of the working day that many working days after today."""
    return end_of(policy, policy.calendar.add_workdays(_today(policy, now), days))


def end_of(policy: Policy, day: date) -> datetime:
    """The midnight that ends a local day."""
    return datetime.combine(day + DAY, time(), policy.zone)


def by_day(policy: Policy, *, now: datetime) -> datetime:
    """Now, or the next morning when it is night: nobody is woken by what happened by itself."""
    here = now.astimezone(policy.zone)
    if BY_DAY[0] <= here.time() < BY_DAY[1]:
        return now
    day = here.date() + (DAY if here.time() >= BY_DAY[1] else timedelta())
    return datetime.combine(day, BY_DAY[0], policy.zone)


def _today(policy: Policy, now: datetime) -> date:
    return now.astimezone(policy.zone).date()
