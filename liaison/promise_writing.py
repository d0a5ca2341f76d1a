"""The dialogue in which a party writes agreed points: typed one a line, then a term and who promises for each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import drafts, parties, promises
from liaison.calendar import DAY, local
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.parties import Party
from liaison.people import Actor
from liaison.policy import Policy
from liaison.promises import Point
from liaison.states import Stale

KIND = "points"
STEPS = ("write", "date")  # questions answered by a text
TERMS = ("week", "month", "none")


def begin(session: Session, actor: Actor, meeting_id: int, party: str, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the dialogue; what stands proposed (by either party) will be replaced. Raises NotYours or Stale."""
    meeting, own = parties.door(session, actor, meeting_id, party, policy, now=now)
    if not promises.may_write(session, meeting, own):
        raise Stale(meeting.id, meeting.state)
    proposed = promises.of_meeting(session, meeting.id, ("proposed",))
    data = {"meeting": meeting.id, "party": own, "instead_of": [card.id for card in proposed], "points": []}
    return drafts.card(drafts.open_one(session, actor.id, KIND, "write", data, now=now), now=now)


def write(session: Session, actor: Actor, key: str, text: str, policy: Policy, *, now: datetime) -> DraftCard:
    """Take the typed lines. Raises LiaisonError as ``promises.read``."""
    draft = drafts.lock(session, actor.id, KIND, key, None, "write")
    points = promises.read(text, local(now, policy.zone).date())
    drafts.move(draft, "review", {**draft.data, "points": [_kept(point) for point in points]}, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def look_at(session: Session, actor: Actor, key: str, rev: int, which: int, *, now: datetime) -> DraftCard:
    """Open one point, counted from 1, or close it (0). Raises OutOfStep, NotYours for one that is not there."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "review")
    if which:
        _nth(draft.data, which)
    return drafts.keep(session, draft, {"at": which}, now)


def set_term(
    session: Session, actor: Actor, key: str, rev: int, which: int, term: str, policy: Policy, *, now: datetime
) -> DraftCard:
    """Give a point a term in a week or a month from today, or none. Raises as ``look_at``."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "review")
    today = local(now, policy.zone).date()
    if term not in TERMS:
        raise NotYours("point", f"no term {term!r}")
    due_on = {"week": today + 7 * DAY, "month": promises.in_a_month(today)}.get(term)
    points = _changed(draft.data, which, {"due_on": due_on.isoformat() if due_on else None})
    return drafts.keep(session, draft, {"points": points, "at": 0}, now)


def ask_date(session: Session, actor: Actor, key: str, rev: int, which: int, *, now: datetime) -> DraftCard:
    """Ask for another term to be typed. Raises as ``look_at``."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "review")
    _nth(draft.data, which)
    drafts.move(draft, "date", {**draft.data, "at": which}, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def say_date(session: Session, actor: Actor, key: str, text: str, policy: Policy, *, now: datetime) -> DraftCard:
    """Take the typed term. Raises LiaisonError("bad-date")."""
    draft = drafts.lock(session, actor.id, KIND, key, None, "date")
    due_on = promises.read_date(text, local(now, policy.zone).date())
    if due_on is None:
        raise LiaisonError("bad-date")
    points = _changed(draft.data, int(draft.data["at"]), {"due_on": due_on.isoformat()})
    drafts.move(draft, "review", {**draft.data, "points": points, "at": 0}, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def set_by(session: Session, actor: Actor, key: str, rev: int, which: int, by: str, *, now: datetime) -> DraftCard:
    """Say who promises a point. Raises as ``look_at``."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "review")
    if by not in parties.PARTIES:
        raise NotYours("point", f"no party {by!r}")
    return drafts.keep(session, draft, {"points": _changed(draft.data, which, {"by": by}), "at": 0}, now)


def again(session: Session, actor: Actor, key: str, rev: int, *, now: datetime) -> DraftCard:
    """Back to the question for the lines, or from the typed term to the points."""
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    step = "review" if draft.step == "date" else "write"
    drafts.move(draft, step, {**draft.data, "at": 0}, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def send(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> int:
    """Put the points to the other party and end the dialogue; the meeting. Raises as ``promises.propose``."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "review")
    data = draft.data
    meeting, own = parties.door(session, actor, int(data["meeting"]), data["party"], policy, now=now)
    promises.propose(session, meeting, own, points_of(data), data["instead_of"], policy, now=now)
    session.delete(draft)
    return meeting.id


def leave(session: Session, actor: Actor, key: str, *, now: datetime) -> None:
    """End the dialogue; nothing is sent."""
    session.delete(drafts.lock(session, actor.id, KIND, key, None))


def points_of(data: dict[str, Any]) -> tuple[Point, ...]:
    """The points as they are kept in the draft."""
    return tuple(
        Point(one["text"], date.fromisoformat(one["due_on"]) if one["due_on"] else None, _party(one["by"]))
        for one in data["points"]
    )


def _party(value: str) -> Party:
    return "ngo" if value == "ngo" else "office"


def _kept(point: Point) -> dict[str, Any]:
    return {"text": point.text, "due_on": point.due_on.isoformat() if point.due_on else None, "by": point.by}


def _nth(data: dict[str, Any], which: int) -> dict[str, Any]:
    points: Sequence[dict[str, Any]] = data["points"]
    if not 1 <= which <= len(points):
        raise NotYours("point", f"no point {which}")
    return points[which - 1]


def _changed(data: dict[str, Any], which: int, change: dict[str, Any]) -> list[dict[str, Any]]:
    _nth(data, which)
    return [{**one, **change} if n == which else one for n, one in enumerate(data["points"], 1)]
