"""The dialogue in which an official goes on leave: from which day, until which, and who stands in."""

import re
from datetime import date, datetime

from sqlalchemy.orm import Session

from liaison import deputies, deputy_cards, deputy_days, deputy_links, drafts
from liaison.deputy_cards import Candidate
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.drafts import Draft

KIND = "leave"
STEPS = ("from", "until", "whom")
OFFERED = 10  # officials that are offered as substitutes
TYPED = ("from", "until")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?")
_SHORT_SPAN = re.compile(
    r"(?<![\d./])(\d{1,2})\s*[-–—]\s*\d{1,2}[./](\d{1,2}(?:[./]\d{4})?)"
)  # 1–24.12: the month stands once


def begin(session: Session, actor: Actor, body_id: int, *, now: datetime) -> DraftCard:
    """[On leave]. Raises NotYours, LiaisonError("not-bound") for a post that nobody has joined."""
    post = deputy_cards.managed(session, actor, body_id)
    if not deputy_days.officials(session, post.id):
        raise LiaisonError("not-bound")
    return drafts.card(drafts.open_one(session, actor.id, KIND, "from", {"body": body_id}, now=now), now=now)


def choose(
    session: Session, actor: Actor, key: str, step: str, day: str, policy: Policy, *, now: datetime
) -> DraftCard:
    """A tapped day (ISO 8601). Raises OutOfStep, LiaisonError("bad-dates"), NotYours for what is no day."""
    draft = drafts.lock(session, actor.id, KIND, key, None, step)
    return _keep(draft, _read(day), policy, now)


def look_at(session: Session, actor: Actor, key: str, month: str, *, now: datetime) -> DraftCard:
    """Show the days of a month (YYYY-MM), or the nearest days again (empty)."""
    draft = drafts.lock(session, actor.id, KIND, key, None)
    if month:
        _read(f"{month}-01")
    return drafts.keep(session, draft, {"month": month}, now)


def say(session: Session, actor: Actor, key: str, text: str, policy: Policy, *, now: datetime) -> DraftCard:
    """One typed day, or both at once. Raises LiaisonError("bad-dates") for anything else."""
    draft = drafts.lock(session, actor.id, KIND, key, None)
    today = now.astimezone(policy.zone).date()
    days = days_in(text, today)
    if draft.step not in TYPED or len(days) not in (1, 2) or (draft.step == "until" and len(days) == 2):
        raise LiaisonError("bad-dates")
    card = drafts.card(draft, now=now)
    for day in days:
        card = _keep(draft, day, policy, now)
    return card


def back(session: Session, actor: Actor, key: str, *, now: datetime) -> int | None:
    """One question back; the body once there is none before."""
    draft = drafts.lock(session, actor.id, KIND, key, None)
    at = STEPS.index(draft.step)
    if at == 0:
        session.delete(draft)
        return int(draft.data["body"])
    kept = {name: value for name, value in draft.data.items() if name not in (STEPS[at - 1], "month")}
    drafts.move(draft, STEPS[at - 1], kept, now=now)
    return None


def ask(session: Session, actor: Actor, key: str, person_id: int, policy: Policy, *, now: datetime) -> int:
    """Ask one of the officials near by; the arrangement. Raises as ``deputies.ask``."""
    draft = drafts.lock(session, actor.id, KIND, key, None, "whom")
    deputy_id = deputies.ask(session, actor, draft.data["body"], _days(draft), person_id, None, policy, now=now)
    session.delete(draft)
    return deputy_id


def link(session: Session, actor: Actor, key: str, policy: Policy, *, now: datetime) -> str:
    """Make a link for somebody else to stand in; its payload. Raises as ``deputies.ask``."""
    draft = drafts.lock(session, actor.id, KIND, key, None, "whom")
    payload, digest = deputy_links.make()
    deputies.ask(session, actor, draft.data["body"], _days(draft), None, digest, policy, now=now)
    session.delete(draft)
    return payload


def candidates(session: Session, actor: Actor, body_id: int) -> tuple[Candidate, ...]:
    """Who can be asked, as buttons. Raises NotYours."""
    found = deputy_cards.candidates(session, deputy_cards.managed(session, actor, body_id))
    return found[:OFFERED]


def days_in(text: str, today: date) -> list[date]:
    """The days that a text names: 24.12, 24.12.2026, 2026-12-24, two of them, or 1–24.12.

    A day without a year is the next one with that date. Raises LiaisonError("bad-dates") for a day that is not there.
    """
    text = _SHORT_SPAN.sub(lambda found: f"{found[1]}.{found[2]} {found[0]}", text)
    days: list[date] = []
    for found in _DAY.finditer(text):
        year, month, day, short_day, short_month, short_year = found.groups()
        try:
            if year:
                days.append(date(int(year), int(month), int(day)))
            else:
                earliest = days[-1] if days else today
                days.append(_next(int(short_day), int(short_month), short_year, earliest))
        except ValueError:
            raise LiaisonError("bad-dates") from None
    return days


def _next(day: int, month: int, year: str | None, earliest: date) -> date:
    if year:
        return date(int(year), month, day)
    this_year = date(earliest.year, month, day)
    return this_year if this_year >= earliest else date(earliest.year + 1, month, day)


def _keep(draft: Draft, day: date, policy: Policy, now: datetime) -> DraftCard:
    today = now.astimezone(policy.zone).date()
    data = {**draft.data, draft.step: day.isoformat()}
    data.pop("month", None)
    first = date.fromisoformat(data["from"])
    deputy_days.refuse_dates((first, day), today)
    drafts.move(draft, STEPS[STEPS.index(draft.step) + 1], data, now=now)
    return drafts.card(draft, now=now)


def _days(draft: Draft) -> deputy_days.Days:
    return date.fromisoformat(draft.data["from"]), date.fromisoformat(draft.data["until"])


def _read(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as broken:
        raise NotYours("day", f"no day {day!r}") from broken
