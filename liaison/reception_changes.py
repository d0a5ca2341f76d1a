"""What an official, his assistant or whoever keeps the list may change about how the official receives.

A substitute may not: he stands in for some days, and the hours are not his. Every change is written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, reception, records
from liaison.calendar import DAY, local
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Hours, Policy
from liaison.reception import Booked, Reception
from liaison.windows import Window, keep_hours, united
from storage.bodies import Body
from storage.inserts import insert_if_absent
from storage.posts import Post, PostDay

PRESETS: dict[str, tuple[Window, ...]] = {
    "working-hours": (),
    "tue-thu": (Window(1, time(15), time(17)), Window(3, time(15), time(17))),
}
# What can be chosen for each bound, and the column that keeps it; 0 for most_per_day is no limit.
CHOICES: dict[str, tuple[str, tuple[int, ...]]] = {
    "length": ("slot_minutes", (15, 30, 45, 60)),
    "buffer": ("buffer_minutes", (0, 10, 15, 30)),
    "notice": ("notice_days", (0, 1, 2, 3, 5)),
    "most": ("most_per_day", (1, 2, 3, 4, 5, 6, 7, 8, 0)),
}
DAY_BEGINS, DAY_ENDS = time(7), time(22)  # nobody receives outside of these
STEP = timedelta(minutes=5)  # hours are kept to this


@dataclass(frozen=True)
class ReceptionCard:
    """How a post receives, for whoever may change it."""

    body_id: int
    own: bool  # the person's own post, or one he assists at
    reception: Reception
    booked: tuple[Booked, ...]  # confirmed meetings to come
    outside: tuple[Booked, ...]  # those of them that the hours do not cover


def bodies(session: Session, actor: Actor) -> tuple[int, ...]:
    """The bodies at whose posts this person receives or assists, in the order of their ids."""
    own = {*actor.posts, *actor.assists}
    return tuple(session.scalars(select(Post.body_id).where(Post.id.in_(own)).order_by(Post.body_id))) if own else ()


def may_change(session: Session, actor: Actor, post_id: int) -> bool:
    """Whether this person may change how the official of a post receives."""
    own = post_id in actor.posts or post_id in actor.assists
    return own or actor.admin or access.coordinates(session, actor, post_id)


def see(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> ReceptionCard:
    """How a post receives. Raises NotYours for somebody who may not change it."""
    post = _post(session, actor, body_id)
    return _card(session, actor, post, policy, now)


def take_preset(
    session: Session, actor: Actor, body_id: int, preset: str, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Replace the weekly pattern by a ready-made one. Raises NotYours for one that is none (a forged button).

    Raises LiaisonError("length-too-long") where no meeting of the length set fits into its hours.
    """
    if preset not in PRESETS:
        raise NotYours("preset", f"no pattern {preset!r}")
    post = _post(session, actor, body_id, lock=True)
    return _keep_windows(session, actor, post, PRESETS[preset], policy, now)


def add_window(
    session: Session, actor: Actor, body_id: int, window: Window, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Add hours to a weekday; those that overlap or touch become one. The first replace the working hours.

    Raises LiaisonError("bad-hours") for hours that end before they begin or lie in the night, ("hours-too-short")
    where no meeting fits in beside lunch.
    """
    post = _post(session, actor, body_id, lock=True)
    present = reception.of(session, post, policy, now)
    _check_hours(present, window.start, window.end)
    same = [(one.start, one.end) for one in present.windows if one.weekday == window.weekday]
    joined = united([*same, (window.start, window.end)])
    others = [one for one in present.windows if one.weekday != window.weekday]
    windows = sorted([*others, *(Window(window.weekday, start, end) for start, end in joined)])
    return _keep_windows(session, actor, post, windows, policy, now)


def remove_window(
    session: Session, actor: Actor, body_id: int, window: Window, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Take hours of a weekday away; without any left, the working hours hold. Raises LiaisonError("stale")."""
    post = _post(session, actor, body_id, lock=True)
    present = reception.of(session, post, policy, now).windows
    if window not in present:
        raise LiaisonError("stale")
    return _keep_windows(session, actor, post, [one for one in present if one != window], policy, now)


def choose(
    session: Session, actor: Actor, body_id: int, bound: str, value: int, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Set a bound to one of its choices. Raises NotYours for what is none of them (a forged button).

    Raises LiaisonError("length-too-long") where no meeting of that length fits into the weekly hours.
    """
    if bound not in CHOICES or value not in CHOICES[bound][1]:
        raise NotYours("bound", f"no choice {bound!r} {value}")
    post = _post(session, actor, body_id, lock=True)
    column = CHOICES[bound][0]
    before, after = getattr(post, column), (value or None) if bound == "most" else value
    setattr(post, column, after)
    if bound == "length":
        _must_fit(reception.of(session, post, policy, now))
    return _kept(session, actor, post, bound, before, after, policy, now)


def set_day(
    session: Session, actor: Actor, body_id: int, day: date, hours: Hours, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Let other hours hold on one day, or none: no reception. What was set for that day before is replaced.

    Raises LiaisonError("day-off") for a holiday, ("stale") for a day that is past or too far ahead, and as
    ``add_window`` for the hours.
    """
    post = _post(session, actor, body_id, lock=True)
    present = reception.of(session, post, policy, now)
    today = local(now, policy.zone).date()
    if not today <= day <= today + policy.horizon_days * DAY:
        raise LiaisonError("stale")
    if policy.calendar.is_holiday(day):
        raise LiaisonError("day-off")
    for start, end in hours:
        _check_hours(present, start, end)
    before, after = _day_kept(present, day), keep_hours(hours)
    insert_if_absent(session, PostDay, post_id=post.id, day=day, hours=after)
    row = session.scalars(select(PostDay).where(PostDay.post_id == post.id, PostDay.day == day)).one()
    row.hours = after
    return _kept(session, actor, post, f"day {day}", before, after, policy, now)


def as_usual(
    session: Session, actor: Actor, body_id: int, day: date, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Let the weekly pattern hold again on a day; where it does already, nothing changes."""
    post = _post(session, actor, body_id, lock=True)
    before = _day_kept(reception.of(session, post, policy, now), day)
    row = session.scalars(select(PostDay).where(PostDay.post_id == post.id, PostDay.day == day)).first()
    if row is not None:
        session.delete(row)
    return _kept(session, actor, post, f"day {day}", before, None, policy, now)


def set_link(
    session: Session, actor: Actor, body_id: int, link: str | None, policy: Policy, *, now: datetime
) -> ReceptionCard:
    """Keep the official's own room for online meetings, checked already; None forgets it."""
    post = _post(session, actor, body_id, lock=True)
    before, post.online_link = post.online_link, link
    return _kept(session, actor, post, "online-link", before, link, policy, now)


def _post(session: Session, actor: Actor, body_id: int, *, lock: bool = False) -> Post:
    """The post of a body for whoever may change how it receives; locked, two changes follow one after the other."""
    query = select(Post).join(Body, Body.id == Post.body_id)
    query = query.where(Body.id == body_id, Body.abolished_on.is_(None))
    if lock:
        query = query.with_for_update(of=Post).execution_options(populate_existing=True)
    post = session.scalars(query).first()
    if post is None or not may_change(session, actor, post.id):
        raise NotYours("reception", f"person {actor.id} may not set the reception of body {body_id}")
    return post


def _keep_windows(
    session: Session, actor: Actor, post: Post, windows: Sequence[Window], policy: Policy, now: datetime
) -> ReceptionCard:
    before, after = post.windows or None, [window.kept() for window in windows] or None
    post.windows = after
    _must_fit(reception.of(session, post, policy, now))
    return _kept(session, actor, post, "windows", before, after, policy, now)


def _kept(
    session: Session, actor: Actor, post: Post, what: str, before: Any, after: Any, policy: Policy, now: datetime
) -> ReceptionCard:
    """Write a change down; one that changes nothing (a double tap) is none."""
    session.flush()
    if before != after:
        details = {"body": post.body_id, "what": what, "before": before, "after": after}
        records.audit(session, actor.id, "reception-changed", details, now=now)
    return _card(session, actor, post, policy, now)


def _card(session: Session, actor: Actor, post: Post, policy: Policy, now: datetime) -> ReceptionCard:
    received = reception.of(session, post, policy, now)
    coming = reception.booked(session, post.id, now=now)
    own = post.id in actor.posts or post.id in actor.assists
    return ReceptionCard(post.body_id, own, received, coming, reception.outside(received, coming))


def _day_kept(present: Reception, day: date) -> list[dict[str, str]] | None:
    return keep_hours(present.days[day]) if day in present.days else None


def _check_hours(present: Reception, start: time, end: time) -> None:
    whole = all((at.hour * 60 + at.minute) % (STEP.seconds // 60) == 0 and not at.second for at in (start, end))
    if not whole or not DAY_BEGINS <= start < end <= DAY_ENDS:
        raise LiaisonError("bad-hours")
    if not present.fits(start, end):
        raise LiaisonError("hours-too-short")


def _must_fit(present: Reception) -> None:
    """A pattern into which no meeting fits would be a dead end."""
    if present.windows and not any(present.fits(window.start, window.end) for window in present.windows):
        raise LiaisonError("length-too-long")
