"""What becomes of agreed points: silence agrees, their day is reminded of, they are done or dropped, and counted."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from liaison import access, holds, notices, parties, promises
from liaison.calendar import DAY, local
from liaison.errors import NotYours
from liaison.people import Actor
from liaison.policy import Policy
from liaison.promises import PointCard
from liaison.states import Stale
from storage.bodies import Body
from storage.meetings import Meeting
from storage.notices import Notice
from storage.outcomes import Promise
from storage.posts import Post

DUE = "promise_due"  # the kind of notice that asks whether a point is done
SILENT_WORKDAYS = 5
ASKED_AT = time(10)  # on the country's clock
VERDICTS = ("done", "dropped", "week", "month")


@dataclass(frozen=True)
class PointView:
    """One point with its meeting, as a party sees it."""

    meeting_id: int
    number: str  # of the meeting
    body_id: int
    organisation_id: int
    party: parties.Party  # of whoever looks
    point: PointCard
    may: frozenset[str]


@dataclass(frozen=True)
class Kept:
    """How many of the points that fell due, or were decided before, were kept."""

    kept: int
    of: int


def see(session: Session, actor: Actor, promise_id: int, policy: Policy, *, now: datetime) -> PointView:
    """One point, for a person of either party. Raises NotYours for everybody else and for one that was refused."""
    row = session.get(Promise, promise_id)
    meeting = session.get_one(Meeting, row.meeting_id) if row is not None else None
    own = parties.of(session, actor, meeting, policy, now=now) if meeting is not None else ()
    points = promises.of_meeting(session, meeting.id) if meeting is not None else ()
    point = next((one for one in points if one.id == promise_id), None)
    if meeting is None or point is None or not own:
        raise NotYours("point", f"person {actor.id} may not see point {promise_id}")
    body_id = session.get_one(Post, meeting.post_id).body_id
    party = point.by if point.by in own else own[0]
    return PointView(
        meeting.id, meeting.number, body_id, meeting.organisation_id, party, point, _may(point, party, meeting)
    )


def decide(session: Session, actor: Actor, promise_id: int, verdict: str, policy: Policy, *, now: datetime) -> None:
    """[Done], [Not yet] with a new term in a week or a month from today, or [Dropped].

    To drop a point is for the party that promised it alone. Raises NotYours, or Stale once it is decided.
    """
    found = see(session, actor, promise_id, policy, now=now)
    meeting, _ = parties.door(session, actor, found.meeting_id, found.party, policy, now=now)
    row = session.get_one(Promise, promise_id)
    session.refresh(row)
    if row.state != "agreed" or meeting.state not in ("confirmed", "held"):
        raise Stale(meeting.id, meeting.state)
    if verdict not in found.may:
        raise NotYours("point", f"person {actor.id} may not say {verdict!r} of point {promise_id}")
    if verdict in ("done", "dropped"):
        row.state, row.decided_at = verdict, now
    else:
        today = local(now, policy.zone).date()
        row.due_on = today + 7 * DAY if verdict == "week" else promises.in_a_month(today)
        session.flush()
        remind(session, policy, now=now)


def agree_silent(session: Session, policy: Policy, *, now: datetime) -> None:
    """Points that were told to the other party of a held meeting and not answered for five working days are agreed."""
    told = select(Notice.meeting_id).where(Notice.kind == "points", Notice.state == "sent")
    chosen = select(Promise).join(Meeting, Meeting.id == Promise.meeting_id)
    chosen = chosen.where(Promise.state == "proposed", Meeting.state == "held", Promise.meeting_id.in_(told))
    rows = session.scalars(chosen.order_by(Promise.id)).all()
    over = {row.meeting_id for row in rows if holds.after_workdays(policy, SILENT_WORKDAYS, now=row.created_at) <= now}
    for meeting_id in sorted(over):
        meeting = session.get_one(Meeting, meeting_id)
        access.lock_times(session, meeting.organisation_id, meeting.post_id)
        session.refresh(meeting, with_for_update=True)
        promises.agree(session, meeting_id, silent=True, now=now)


def remind(session: Session, policy: Policy, *, now: datetime) -> None:
    """Owe both parties the question about each agreed point whose day is today or tomorrow, or has come before.

    Planned a day ahead at most, for whoever answers then; the keys keep it single for each term.
    """
    tomorrow = local(now, policy.zone).date() + DAY
    chosen = select(Promise, Meeting).join(Meeting, Meeting.id == Promise.meeting_id)
    chosen = chosen.where(Promise.state == "agreed", Promise.due_on <= tomorrow, Meeting.state == "held")
    for row, meeting in session.execute(chosen.order_by(Promise.id)):
        if row.due_on is not None and (at := asked_at(row.due_on, policy)) <= now + DAY:
            for party in parties.PARTIES:
                who = parties.asked(session, meeting, party, policy, now=now)
                if who is not None:
                    _owe(session, row, meeting, who, max(at, now))


def asked_at(due_on: date, policy: Policy) -> datetime:
    """Ten in the morning of the term's day, or of the next working day."""
    return datetime.combine(policy.calendar.workday_from(due_on), ASKED_AT, policy.zone)


def kept(session: Session, actor: Actor, policy: Policy, *, now: datetime) -> Kept:
    """What an official may know of himself: the points that his posts promised."""
    return _count(session, Meeting.post_id.in_(actor.posts), policy, now) if actor.posts else Kept(0, 0)


def totals(session: Session, policy: Policy, *, region_id: int | None = None, now: datetime) -> Kept:
    """What anybody may know: the points that the offices of a region (or of the country) promised, and no names."""
    if region_id is None:
        return _count(session, true(), policy, now)
    of_region = select(Post.id).join(Body, Body.id == Post.body_id).where(Body.region_id == region_id)
    return _count(session, Meeting.post_id.in_(of_region), policy, now)


def _count(session: Session, where: ColumnElement[bool], policy: Policy, now: datetime) -> Kept:
    today = local(now, policy.zone).date()
    chosen = select(Promise.state, Promise.due_on).join(Meeting, Meeting.id == Promise.meeting_id)
    chosen = chosen.where(where, Meeting.state == "held", Promise.state.in_(promises.COUNTED))
    due = [
        row.state
        for row in session.execute(chosen.where(Promise.doer == "office"))
        if row.state != "agreed" or (row.due_on is not None and row.due_on < today)
    ]
    return Kept(due.count("done"), len(due))


def _may(point: PointCard, party: parties.Party, meeting: Meeting) -> frozenset[str]:
    if point.state != "agreed" or meeting.state not in ("confirmed", "held"):
        return frozenset()
    return frozenset(VERDICTS) if point.by == party else frozenset(VERDICTS) - {"dropped"}


def _owe(session: Session, row: Promise, meeting: Meeting, who: tuple[int, str], at: datetime) -> None:
    notices.owe(
        session,
        key=f"promise:{row.id}:due:{row.due_on}",
        kind=DUE,
        recipient_id=who[0],
        due_at=at,
        meeting_id=meeting.id,
        **{"as": who[1], "promise": row.id, "due": str(row.due_on)},
    )
