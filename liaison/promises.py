"""Points agreed at a meeting: written by one party, confirmed by the other, asked after on their day, counted."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import answers, notices, parties
from liaison.errors import LiaisonError
from liaison.parties import Party
from liaison.people import Actor
from liaison.policy import Policy
from liaison.states import Stale
from storage.meetings import Meeting
from storage.outcomes import Outcome, Promise

MOST = 5  # of one meeting
TEXT_LENGTH = 300
LIVE = ("proposed", "agreed", "done", "dropped")
COUNTED = ("agreed", "done", "dropped")
FARTHEST = timedelta(days=2 * 366)  # a term beyond that is a slip of the pen
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")
_BULLET = re.compile(r"^\s*(?:\d[.)]\s+|[-–—•*]\s*)")
_AT_THE_END = re.compile(rf"^(?P<text>.*\S)[\s,;:–—-]+(?P<date>{_DATE.pattern})\.?$")


@dataclass(frozen=True)
class Point:
    """A point as it is being written."""

    text: str
    due_on: date | None
    by: Party  # who promises it


@dataclass(frozen=True)
class PointCard:
    """A point of a meeting as those concerned see it."""

    id: int
    number: int  # its place among the points of the meeting
    text: str
    due_on: date | None
    by: Party
    state: str  # proposed, agreed, done, dropped
    proposed_by: Party
    silent: bool  # agreed by the other party's silence


def read(text: str, today: date) -> tuple[Point, ...]:
    """One point a line, the office's unless told otherwise; a date at the end (15.12, 15.12.2026) is its term.

    Raises LiaisonError("most-points"), or like ``answers.line``.
    """
    lines = [kept for line in text.splitlines() if (kept := _BULLET.sub("", line).strip())]
    if len(lines) > MOST:
        raise LiaisonError("most-points", most=MOST)
    if not lines:
        raise LiaisonError("too-short")
    return tuple(_point(line, today) for line in lines)


def read_date(text: str, today: date) -> date | None:
    """A term: dd.mm (the next such day) or dd.mm.yyyy, from today on; None for anything else."""
    match = _DATE.fullmatch(text.strip().rstrip("."))
    if match is None:
        return None
    years = [int(match[3])] if match[3] else [today.year + n for n in range(5)]  # 29.02 may be four years away
    for year in years:
        try:
            found = date(year, int(match[2]), int(match[1]))
        except ValueError:
            continue
        if today <= found <= today + FARTHEST:
            return found
    return None


def in_a_month(day: date) -> date:
    """The same day of the next month, or its last one."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def of_meeting(session: Session, meeting_id: int, states: Sequence[str] = LIVE) -> tuple[PointCard, ...]:
    """The points of a meeting in their order; those that were refused are no longer among them."""
    chosen = select(Promise).where(Promise.meeting_id == meeting_id, Promise.state.in_(LIVE)).order_by(Promise.id)
    rows = session.scalars(chosen).all()
    return tuple(_card(row, n) for n, row in enumerate(rows, 1) if row.state in states)


def visible(
    session: Session, actor: Actor, meeting: Meeting, own: Sequence[Party], *, guest: bool
) -> tuple[PointCard, ...]:
    """Both parties see all points, a guest what was agreed, anybody else none (a coordinator who judges among them)."""
    if own:
        return of_meeting(session, meeting.id)
    return of_meeting(session, meeting.id, COUNTED) if guest else ()


def may_write(session: Session, meeting: Meeting, party: Party) -> bool:
    """Whether this party can write points: it was held as this party says (or as is decided), and there is room."""
    said = select(Outcome.held).where(Outcome.meeting_id == meeting.id, Outcome.side == party)
    held = meeting.state == "held" or (meeting.state == "confirmed" and session.scalar(said) == "held")
    return held and len(of_meeting(session, meeting.id, COUNTED)) < MOST


def propose(
    session: Session,
    meeting: Meeting,
    party: Party,
    points: Sequence[Point],
    instead_of: Sequence[int],
    policy: Policy,
    *,
    now: datetime,
) -> None:
    """Put points to the other party, in place of those that stood proposed when the writing began.

    Raises Stale if they cannot be written (any more), LiaisonError("points-changed") if the other party was faster,
    ("most-points") if there are too many with those agreed before.
    """
    if not may_write(session, meeting, party):
        raise Stale(meeting.id, meeting.state)
    present = of_meeting(session, meeting.id)
    if [card.id for card in present if card.state == "proposed"] != list(instead_of):
        raise LiaisonError("points-changed", meeting=meeting.id)
    room = MOST - sum(card.state != "proposed" for card in present)
    if not 0 < len(points) <= room:
        raise LiaisonError("most-points", most=room)
    drop_proposed(session, meeting.id, now=now)
    rows = [_row(meeting.id, party, point, now) for point in points]
    session.add_all(rows)
    session.flush()
    told = parties.asked(session, meeting, parties.other(party), policy, now=now)
    if told is not None:
        key = f"meeting:{meeting.id}:points:{rows[-1].id}"
        details = {"as": told[1], "rev": meeting.rev, "last": rows[-1].id}
        notices.owe(session, key=key, kind="points", recipient_id=told[0], due_at=now, meeting_id=meeting.id, **details)


def confirm(
    session: Session, actor: Actor, meeting_id: int, party: str, last_id: int, policy: Policy, *, now: datetime
) -> None:
    """The other party agrees to all points up to the one it saw last. Raises Stale if these are not there any more."""
    meeting, own = parties.door(session, actor, meeting_id, party, policy, now=now)
    theirs = [card for card in of_meeting(session, meeting.id, ("proposed",)) if card.proposed_by != own]
    if not theirs or theirs[-1].id != last_id or meeting.state not in ("confirmed", "held"):
        raise Stale(meeting.id, meeting.state)
    agree(session, meeting.id, silent=False, now=now)


def agree(session: Session, meeting_id: int, *, silent: bool, now: datetime) -> None:
    """What stands proposed is agreed."""
    proposed = update(Promise).where(Promise.meeting_id == meeting_id, Promise.state == "proposed")
    session.execute(proposed.values(state="agreed", silent=silent, decided_at=now))


def drop_proposed(session: Session, meeting_id: int, *, now: datetime) -> None:
    """What stands proposed falls away."""
    proposed = update(Promise).where(Promise.meeting_id == meeting_id, Promise.state == "proposed")
    session.execute(proposed.values(state="refused", decided_at=now))


def _point(line: str, today: date) -> Point:
    match = _AT_THE_END.match(line)
    due_on = read_date(match["date"], today) if match else None
    text = match["text"].rstrip(" ,;:–—-") if match and due_on else line
    return Point(answers.line(text, most=TEXT_LENGTH), due_on, "office")


def _row(meeting_id: int, party: Party, point: Point, now: datetime) -> Promise:
    return Promise(
        meeting_id=meeting_id,
        text=point.text,
        due_on=point.due_on,
        state="proposed",
        proposed_by=party,
        doer=point.by,
        created_at=now,
    )


def _card(row: Promise, number: int) -> PointCard:
    proposed_by: Party = "ngo" if row.proposed_by == "ngo" else "office"
    by: Party = "ngo" if row.doer == "ngo" else "office"
    return PointCard(row.id, number, row.text, row.due_on, by, row.state, proposed_by, row.silent)
