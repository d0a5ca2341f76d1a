"""The times of a request: the three nearest proposed, single ones unticked, other days opened."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import cards, directory, drafts
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span, days_with_free, nearest, on_day
from storage.posts import Post

KIND = "request"
MOST_TIMES = 3


@dataclass(frozen=True)
class Choice:
    """The times that can be chosen from: the candidates with their ticks, or the days, or the times of one day."""

    candidates: tuple[Span, ...]
    picked: tuple[Span, ...]
    days: tuple[tuple[date, int], ...] = ()
    day_times: tuple[Span, ...] = ()


def propose(session: Session, actor: Actor, data: dict[str, Any], policy: Policy, now: datetime) -> None:
    """Tick the three nearest times."""
    post = directory.post_of(session, data["body"])
    proposed = nearest(policy, post.windows, taken(session, actor, post, data, now), after=now, count=MOST_TIMES)
    data["candidates"] = data["picked"] = [span.starts_at.isoformat() for span in proposed]
    data["chosen"] = False


def tick(
    session: Session, actor: Actor, key: str, rev: int, at: datetime, policy: Policy, *, now: datetime
) -> DraftCard:
    """Tick a time, or untick it. A time from another day replaces the three proposed ones at first.

    Raises LiaisonError("most-times") beyond three, ("time-gone") if it is not free any more.
    """
    draft = drafts.lock(session, actor.id, KIND, key, rev, "times")
    data = dict(draft.data)
    stamp = at.isoformat()
    picked: list[str] = list(data["picked"])
    if stamp in picked:
        picked.remove(stamp)
    else:
        if stamp not in data["candidates"]:
            _add_candidate(session, actor, data, at, policy, now)
            picked = [] if not data.get("chosen") else picked
            data |= {"chosen": True, "view": ""}  # back to the list, where the new choice can be seen
        if len(picked) >= MOST_TIMES:
            raise LiaisonError("most-times", most=MOST_TIMES)
        picked.append(stamp)
    data["picked"] = sorted(picked)
    drafts.move(draft, "times", data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def look_at(session: Session, actor: Actor, key: str, rev: int, view: str, *, now: datetime) -> DraftCard:
    """Open the list of other days (``days:PAGE``) or one day (``day:YYYY-MM-DD:PAGE``), or close it (empty)."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "times")
    if not _is_view(view):
        raise NotYours("view", f"no view {view!r}")
    data = {**draft.data, "view": view}
    drafts.move(draft, "times", data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def _is_view(view: str) -> bool:
    """A view is kept in the draft and drawn again and again, so a forged one must not get in."""
    kind, _, rest = view.partition(":")
    day, _, page = rest.partition(":") if kind == "day" else ("", "", rest)
    if kind not in ("days", "day") or not re.fullmatch(r"\d{0,3}", page, re.ASCII):
        return view == ""
    try:
        return kind == "days" or bool(date.fromisoformat(day))
    except ValueError:
        return False


def choice(session: Session, actor: Actor, draft: DraftCard, policy: Policy, *, now: datetime) -> Choice:
    """What the screen of times offers in the view that is open."""
    post = directory.post_of(session, draft.data["body"])
    occupied = taken(session, actor, post, draft.data, now)
    view, _, rest = str(draft.data.get("view", "")).partition(":")
    candidates = tuple(span_of(stamp, policy) for stamp in draft.data["candidates"])
    picked = tuple(span_of(stamp, policy) for stamp in draft.data["picked"])
    if view == "days":
        return Choice(candidates, picked, days=tuple(days_with_free(policy, post.windows, occupied, after=now)))
    if view == "day":
        day = datetime.fromisoformat(rest.partition(":")[0]).date()
        return Choice(candidates, picked, day_times=on_day(policy, post.windows, occupied, day, after=now))
    return Choice(candidates, picked)


def _add_candidate(
    session: Session, actor: Actor, data: dict[str, Any], at: datetime, policy: Policy, now: datetime
) -> None:
    if at not in [span.starts_at for span in _free_on(session, actor, data, at, policy, now)]:
        raise LiaisonError("time-gone")
    kept = data["picked"] if data.get("chosen") else []
    data["candidates"] = sorted({*kept, at.isoformat()})


def still_free(
    session: Session, actor: Actor, data: dict[str, Any], policy: Policy, *, now: datetime
) -> tuple[Span, ...]:
    """Of the times kept in a draft those that can still be offered: free, and not within the minimum notice."""
    chosen = [span_of(stamp, policy) for stamp in data["times"]]
    return tuple(at for at in chosen if at in _free_on(session, actor, data, at.starts_at, policy, now))


def _free_on(
    session: Session, actor: Actor, data: dict[str, Any], at: datetime, policy: Policy, now: datetime
) -> tuple[Span, ...]:
    post = directory.post_of(session, data["body"])
    day = at.astimezone(policy.zone).date()
    return on_day(policy, post.windows, taken(session, actor, post, data, now), day, after=now)


def taken(session: Session, actor: Actor, post: Post, data: dict[str, Any], now: datetime) -> tuple[Span, ...]:
    """The confirmed and held times of the post and of the person's organisation."""
    organisation = actor.organisations[0] if actor.organisations else None
    return cards.busy(session, post_id=post.id, organisation_id=organisation, but=data.get("meeting"), now=now)


def span_of(stamp: str, policy: Policy) -> Span:
    """A kept start (ISO 8601) as the span of a meeting."""
    start = datetime.fromisoformat(stamp)
    return Span(start, start + policy.slot_length)
