"""A person's day: the meetings of today and tomorrow, and what waits for his answer, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from liaison import access, cards, holds, notices, reach
from liaison.calendar import DAY, local
from liaison.cards import MeetingCard, SlotCard
from liaison.people import Actor
from liaison.policy import Policy
from liaison.states import Side, allowed
from storage.meetings import Guest, Meeting
from storage.notices import Notice

DIGEST_AT = time(9)  # on the country's clock, on working days
DIGEST = "digest"


@dataclass(frozen=True)
class Waiting:
    """A request that waits for an answer of this person's side."""

    card: MeetingCard
    asked: datetime | None  # the first time that was asked for
    first_free: SlotCard | None  # which one tap can take
    workdays: int  # since the request came


@dataclass(frozen=True)
class Today:
    """Two days of one's own, and what waits."""

    days: tuple[tuple[date, tuple[MeetingCard, ...]], ...]
    waiting: tuple[Waiting, ...]


def see(session: Session, actor: Actor, policy: Policy, *, now: datetime) -> Today:
    """The day of an official, substitute, assistant or representative (a person may be several)."""
    today = local(now, policy.zone).date()
    days = tuple((day, _on(session, actor, day, policy, now)) for day in (today, today + DAY))
    return Today(days, waiting(session, actor, policy, now=now))


def waiting(session: Session, actor: Actor, policy: Policy, *, now: datetime) -> tuple[Waiting, ...]:
    """Requests to one's posts without an answer (a coordinator's: those that nobody nearer receives), and offers to
    one's organisations; what came first stands first."""
    rows = [*_at_posts(session, actor), *_to_coordinator(session, actor, policy, now), *_offered(session, actor)]
    once = {row.id: row for row in rows}
    ordered = sorted(once.values(), key=lambda row: (row.created_at, row.id))
    sided = ((row, access.sides_of(session, actor, row)) for row in ordered)
    return tuple(_waiting(session, actor, row, sides, policy, now) for row, sides in sided if sides)


def plan_digests(session: Session, policy: Policy, *, now: datetime) -> None:
    """Owe whoever is responsible for a post with a request that waits one digest on the next working day at nine.

    The key names the day, so it is owed once; what it says is drawn when it is sent.
    """
    at = _next_digest(policy, now)
    posts = select(Meeting.post_id).where(Meeting.state == "requested").distinct().order_by(Meeting.post_id)
    for post_id in session.scalars(posts).all():
        who = reach.responsible(session, post_id, policy, now=now)
        if who is not None:
            day = local(at, policy.zone).date().isoformat()
            notices.owe(session, key=f"{DIGEST}:{day}", kind=DIGEST, recipient_id=who.person_id, due_at=at, day=day)


def pointless_digest(session: Session, notice: Notice, policy: Policy, *, now: datetime) -> str | None:
    """Why a digest is not sent: its day is over, or nothing waits for its reader any more."""
    if notice.details.get("day") != local(now, policy.zone).date().isoformat():
        return "the day is over"
    posts = session.scalars(select(Meeting.post_id).where(Meeting.state == "requested").distinct()).all()
    told = (reach.responsible(session, post_id, policy, now=now) for post_id in posts)
    return None if any(one is not None and one.person_id == notice.recipient_id for one in told) else "nothing waits"


def _on(session: Session, actor: Actor, day: date, policy: Policy, now: datetime) -> tuple[MeetingCard, ...]:
    begins, ends = datetime.combine(day, time(), policy.zone), holds.end_of(policy, day)
    chosen = select(Meeting).where(_mine(actor), Meeting.state == "confirmed")
    chosen = chosen.where(Meeting.starts_at >= begins, Meeting.starts_at < ends)
    rows = session.scalars(chosen.order_by(Meeting.starts_at, Meeting.id)).all()
    sided = ((row, access.sides_of(session, actor, row)) for row in rows)
    return tuple(cards.meeting(session, row, sides[0], actor.id, now=now) for row, sides in sided if sides)


def _mine(actor: Actor) -> ColumnElement[bool]:
    concerned = Meeting.requester_id == actor.id
    if actor.organisations:
        joined = select(Guest.meeting_id).where(
            Guest.organisation_id.in_(actor.organisations), Guest.state == "present"
        )
        concerned = concerned | Meeting.organisation_id.in_(actor.organisations) | Meeting.id.in_(joined)
    posts = (*actor.posts, *actor.substitutes, *actor.assists)
    return concerned | Meeting.post_id.in_(posts) if posts else concerned


def _at_posts(session: Session, actor: Actor) -> Sequence[Meeting]:
    posts = (*actor.posts, *actor.substitutes, *actor.assists)
    chosen = select(Meeting).where(Meeting.post_id.in_(posts), Meeting.state == "requested")
    return session.scalars(chosen).all() if posts else ()


def _to_coordinator(session: Session, actor: Actor, policy: Policy, now: datetime) -> Sequence[Meeting]:
    if not actor.coordinates:
        return ()
    told = select(Notice.meeting_id).where(Notice.recipient_id == actor.id, Notice.kind == "request")
    rows = session.scalars(select(Meeting).where(Meeting.id.in_(told), Meeting.state == "requested")).all()
    return [row for row in rows if actor.id in _receivers(session, row.post_id, policy, now)]


def _receivers(session: Session, post_id: int, policy: Policy, now: datetime) -> frozenset[int]:
    return frozenset(one.person_id for one in reach.receivers(session, post_id, policy, now=now))


def _offered(session: Session, actor: Actor) -> Sequence[Meeting]:
    own = Meeting.requester_id == actor.id
    if actor.organisations:
        own = own | Meeting.organisation_id.in_(actor.organisations)
    return session.scalars(select(Meeting).where(own, Meeting.state == "offered")).all()


def _waiting(
    session: Session, actor: Actor, row: Meeting, sides: Sequence[Side], policy: Policy, now: datetime
) -> Waiting:
    wanted = "accept" if row.state == "offered" else "confirm"
    able = (side for side in sides if wanted in allowed(row.state, side))
    card = cards.meeting(session, row, next(able, sides[0]), actor.id, now=now)
    by = "office" if wanted == "accept" else "ngo"
    offered = [slot for slot in card.slots if slot.offered_by == by]
    free = (slot for slot in offered if slot.free and wanted in card.may)
    first = offered[0].starts_at if offered else None
    return Waiting(card, first, next(free, None), _workdays_since(policy, row.created_at, now))


def _workdays_since(policy: Policy, since: datetime, now: datetime) -> int:
    """How many working days have come since that day, today among them."""
    day, today, count = local(since, policy.zone).date(), local(now, policy.zone).date(), 0
    while day < today:
        day += DAY
        count += policy.calendar.is_workday(day)
    return count


def _next_digest(policy: Policy, now: datetime) -> datetime:
    today = policy.calendar.workday_from(local(now, policy.zone).date())
    at = datetime.combine(today, DIGEST_AT, policy.zone)
    if at > now:
        return at
    return datetime.combine(policy.calendar.next_workday(today), DIGEST_AT, policy.zone)
