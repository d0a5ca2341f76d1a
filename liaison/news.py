"""What followers are told: another official at a body, or that the body is abolished. One message a day, at 10:00."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from liaison import notices
from liaison.policy import Policy
from storage.bodies import Body
from storage.follows import BodyEvent, Follow
from storage.notices import Notice
from storage.posts import Holder, Post

KIND = "news"  # of the notice; its key is news:<date>, so that all of a day is one message
OFFICIAL, ABOLISHED = "official", "abolished"  # kinds of events
AT = time(10)  # on the country's clock: outside the quiet hours, when offices have begun their day
# Shortly before, the day's message may be on its way already: what happens then is told the next day.
CLOSED = timedelta(minutes=5)
KEPT = timedelta(days=30)  # after that nothing is news any more: bodies' cards say it anyway


@dataclass(frozen=True)
class Change:
    """A body at which something happened, as it stands now."""

    body_id: int
    official: str | None  # who holds the post; None: nobody is named
    abolished_on: date | None
    successor_id: int | None


def official_changed(session: Session, body_id: int, policy: Policy, *, by: int | None, now: datetime) -> None:
    """Another person holds the post of a body now, or nobody: its followers will be told.

    ``by`` is the person who did it, who has seen it himself; None for the command line.
    """
    _tell(session, [body_id], OFFICIAL, by, now=now.astimezone(policy.zone))


def abolished(session: Session, body_ids: Collection[int], *, now: datetime) -> None:
    """Bodies are abolished: their followers will be told. ``now`` must carry the zone of the country."""
    _tell(session, body_ids, ABOLISHED, None, now=now)


def day_of(now: datetime) -> date:
    """The day whose message tells what happens now; ``now`` must carry the zone of the country."""
    closes = datetime.combine(now.date(), AT, now.tzinfo) - CLOSED
    return now.date() if now < closes else now.date() + timedelta(days=1)


def to_tell(session: Session, person_id: int, day: date) -> tuple[Change, ...]:
    """What the message of a day has to tell a person: all since his last one that happened while he followed.

    A body stands there once, as it is now. Who began to follow later has seen the card as it was then.
    """
    since = max([day - KEPT, *(told for told in _told_days(session, person_id, day - KEPT) if told < day)])
    found = (
        select(BodyEvent.body_id, BodyEvent.details)
        .join(Body, Body.id == BodyEvent.body_id)
        .join(Follow, and_(_concerns(), Follow.created_at <= BodyEvent.at))
        .where(Follow.person_id == person_id, BodyEvent.told_on > since, BodyEvent.told_on <= day)
        .order_by(BodyEvent.id)
    )
    bodies = dict.fromkeys(body_id for body_id, details in session.execute(found) if details["by"] != person_id)
    return _present(session, tuple(bodies))


def pointless(session: Session, notice: Notice, *, now: datetime) -> str | None:
    """Why a day's message is not to be sent: a later one that is due tells it too, or nothing is left to tell."""
    later = select(Notice.id).where(
        Notice.recipient_id == notice.recipient_id,
        Notice.kind == KIND,
        Notice.state == "owed",
        Notice.due_at > notice.due_at,
        Notice.due_at <= now,
    )
    if session.scalar(later.limit(1)) is not None:
        return "a later message tells it too"
    day = date.fromisoformat(notice.details["day"])
    return None if to_tell(session, notice.recipient_id, day) else "nothing to tell"


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete the events that no message tells any more and return how many went."""
    gone = session.execute(delete(BodyEvent).where(BodyEvent.at < now - KEPT - timedelta(days=1)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _tell(session: Session, body_ids: Iterable[int], kind: str, by: int | None, *, now: datetime) -> None:
    """Write the event down and owe the day's message to everybody who follows; where nobody does, there is no event."""
    day = day_of(now)
    concerned: set[int] = set()
    for body_id in body_ids:
        if followers := _followers(session, body_id) - {by}:
            session.add(BodyEvent(body_id=body_id, kind=kind, details={"by": by}, at=now, told_on=day))
            concerned |= followers
    for person_id in sorted(concerned):
        notices.owe(
            session,
            key=f"{KIND}:{day.isoformat()}",
            kind=KIND,
            recipient_id=person_id,
            due_at=datetime.combine(day, AT, now.tzinfo),
            day=day.isoformat(),
            place=f"nw:{day.isoformat()}",
        )


def _followers(session: Session, body_id: int) -> set[int]:
    return set(session.scalars(select(Follow.person_id).join(Body, _concerns()).where(Body.id == body_id)))


def _concerns() -> ColumnElement[bool]:
    """Whether a follow is of a body, or of its region (a region's akimat names itself as its region)."""
    return or_(
        and_(Follow.scope == "body", Follow.body_id == Body.id),
        and_(Follow.scope == "region", Follow.body_id == Body.region_id),
    )


def _told_days(session: Session, person_id: int, since: date) -> list[date]:
    """The days whose messages a person got."""
    sent = select(Notice.details).where(Notice.recipient_id == person_id, Notice.kind == KIND, Notice.state == "sent")
    sent = sent.where(Notice.due_at > datetime.combine(since, time(), UTC))
    return [date.fromisoformat(details["day"]) for details in session.scalars(sent)]


def _present(session: Session, body_ids: Collection[int]) -> tuple[Change, ...]:
    holders = select(Post.body_id, Holder.full_name).join(Holder, Holder.post_id == Post.id)
    holders = holders.where(Post.body_id.in_(body_ids), Holder.until.is_(None)).order_by(Holder.id)
    named = {row.body_id: row.full_name for row in session.execute(holders)}  # of two at once the one named last
    found = select(Body.id, Body.abolished_on, Body.successor_id).where(Body.id.in_(body_ids))
    bodies = {row.id: row for row in session.execute(found)}
    return tuple(Change(one, named.get(one), bodies[one].abolished_on, bodies[one].successor_id) for one in body_ids)
