"""The times of a request: the three nearest proposed, single ones unticked, other days opened."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import directory, drafts, reception, taken
from liaison.calendar import local
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from liaison.reception import Reception
from liaison.slots import Busy, Span, days_with_free, nearest, on_day
from storage.drafts import Draft

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
    proposed = nearest(*offers(session, actor, data, policy, now), after=now, count=MOST_TIMES)
    data["candidates"] = data["picked"] = [span.starts_at.isoformat() for span in proposed]
    data["chosen"] = False


def tick(
    session: Session,
    actor: Actor,
    key: str,
    rev: int,
    at: datetime,
    policy: Policy,
    *,
    now: datetime,
    kind: str = KIND,
) -> DraftCard:
    """Tick a time, or untick it. A time from another day replaces the three proposed ones at first.

    ``kind`` is the dialogue in which times are chosen: the NGO's, or the office's own proposal.

    Raises LiaisonError("most-times") beyond three, ("time-gone") if it is not free any more.
    """
    draft = drafts.lock(session, actor.id, kind, key, rev, "times")
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


def look_at(
    session: Session, actor: Actor, key: str, rev: int, view: str, *, now: datetime, kind: str = KIND
) -> DraftCard:
    """Open the list of other days (``days:PAGE``) or one day (``day:YYYY-MM-DD:PAGE``), or close it (empty)."""
    draft = drafts.lock(session, actor.id, kind, key, rev, "times")
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
    offered = offers(session, actor, draft.data, policy, now)
    view, _, rest = str(draft.data.get("view", "")).partition(":")
    candidates = tuple(span_of(stamp, offered[0]) for stamp in draft.data["candidates"])
    picked = tuple(span_of(stamp, offered[0]) for stamp in draft.data["picked"])
    if view == "days":
        return Choice(candidates, picked, days=tuple(days_with_free(*offered, after=now)))
    if view == "day":
        day = datetime.fromisoformat(rest.partition(":")[0]).date()
        return Choice(candidates, picked, day_times=on_day(*offered, day, after=now))
    return Choice(candidates, picked)


def _add_candidate(
    session: Session, actor: Actor, data: dict[str, Any], at: datetime, policy: Policy, now: datetime
) -> None:
    day = local(at, policy.zone).date()
    if at not in [span.starts_at for span in on_day(*offers(session, actor, data, policy, now), day, after=now)]:
        raise LiaisonError("time-gone")
    kept = data["picked"] if data.get("chosen") else []
    data["candidates"] = sorted({*kept, at.isoformat()})


def still_free(
    session: Session, actor: Actor, data: dict[str, Any], policy: Policy, *, now: datetime
) -> tuple[Span, ...]:
    """Of the times kept in a draft those that can still be offered: free, and not within the minimum notice."""
    offered = offers(session, actor, data, policy, now)
    chosen = [span_of(stamp, offered[0]) for stamp in data["times"]]
    days = {local(at.starts_at, policy.zone).date() for at in chosen}
    free = {slot for day in days for slot in on_day(*offered, day, after=now)}
    return tuple(at for at in chosen if at in free)


def about(session: Session, actor: Actor, key: str) -> int | None:
    """The meeting whose times are chosen anew in an open dialogue of this person; None for a request not sent yet."""
    data = session.scalar(select(Draft.data).where(Draft.person_id == actor.id, Draft.kind == KIND, Draft.key == key))
    return data.get("meeting") if data else None


def offers(
    session: Session, actor: Actor, data: dict[str, Any], policy: Policy, now: datetime
) -> tuple[Reception, Busy]:
    """How the official receives, and when he or the organisation is not free: what free times follow from.

    The organisation is the person's own, or that of the meeting the dialogue is about; ``apart`` are times that are
    free and yet not to be chosen, since they are on offer already.
    """
    post = directory.post_of(session, data["body"])
    organisation = data.get("organisation") or (actor.organisations[0] if actor.organisations else None)
    busy = taken.of(session, post_id=post.id, organisation_id=organisation, but=data.get("meeting"), now=now)
    apart = [Span(*map(datetime.fromisoformat, stamps)) for stamps in data.get("apart", ())]
    return reception.of(session, post, policy, now), Busy(busy.post, (*busy.organisation, *apart))


def span_of(stamp: str, received: Reception) -> Span:
    """A kept start (ISO 8601) as the span of a meeting at this reception."""
    start = datetime.fromisoformat(stamp)
    return Span(start, start + received.length)
