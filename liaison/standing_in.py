"""What follows when somebody else answers for a post: open requests and reminders go to him, the NGOs are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Update, func, select, update
from sqlalchemy.orm import Session

from liaison import deputy_notices, holds, notices, reach, stand_ins, states
from liaison.errors import NotYours
from liaison.people import Actor, serving
from liaison.policy import Policy
from storage.meetings import Meeting, Step
from storage.notices import Notice
from storage.posts import Deputy, Post

BACK_AT = time(9)  # on the country's clock, on the day after the last day of a leave
DAYTIME = range(9, 21)  # local hours in which something not asked for may be said
ELSEWHERE = "somebody else answers on that day"
ANSWERS = ("confirm", "propose", "other_times", "decline", "redirect", "cancel", "offer_move")


@dataclass(frozen=True)
class Affected:
    """One of the reader's meetings that a substitute has to do with."""

    meeting_id: int
    number: str
    starts_at: datetime | None  # None while it is not confirmed


@dataclass(frozen=True)
class Standing:
    """Who stands in where, as an NGO is told it, with its own meetings of these days."""

    body_id: int
    name: str
    official: str | None
    from_day: date
    until_day: date
    meetings: tuple[Affected, ...]


@dataclass(frozen=True)
class Balance:
    """What an official finds on his return."""

    body_id: int
    name: str  # who stood in
    done: int  # requests and meetings that the substitute answered
    waiting: tuple[Affected, ...]  # requests without an answer


def accepted(session: Session, row: Deputy, policy: Policy, *, now: datetime) -> None:
    """A substitute has agreed: reminders of his days are his, the NGOs of these are told; he begins if it is time."""
    if row.from_day is None or row.until_day is None:
        raise ValueError(f"substitute {row.id} has no days")
    reminders_anew(session, row.post_id, policy, now=now)
    on_his_days = [one for one in _coming(session, row.post_id, now) if _within(row, one, policy)]
    deputy_notices.stands_in(session, row, on_his_days, now=now)
    back_at = holds.end_of(policy, row.until_day)
    deputy_notices.back(session, row, at=datetime.combine(back_at.date(), BACK_AT, policy.zone))
    if row.from_day <= now.astimezone(policy.zone).date():
        begin(session, row, policy, now=now)


def begin(session: Session, row: Deputy, policy: Policy, *, now: datetime) -> None:
    """The substitute's days have come: he gets what is open, and its NGOs are told. Done again, it does nothing."""
    pass_on_open(session, row.post_id, policy, now=now)
    waiting = select(Meeting).where(Meeting.post_id == row.post_id, Meeting.state.in_(states.OPEN))
    deputy_notices.stands_in(session, row, session.scalars(waiting.order_by(Meeting.id)), now=now)


def begin_due(session: Session, policy: Policy, *, now: datetime) -> None:
    """Begin for every substitute whose days have come. By day only: nobody is written to at night for that."""
    today = now.astimezone(policy.zone)
    if today.hour not in DAYTIME:
        return
    rows = select(Deputy).where(Deputy.kind == "substitute", serving(today.date())).order_by(Deputy.id)
    for row in session.scalars(rows).all():
        begin(session, row, policy, now=now)


def hand_on(session: Session, post_id: int, policy: Policy, *, now: datetime) -> None:
    """Somebody else answers for a post from now on: what is open goes to him, and the reminders."""
    pass_on_open(session, post_id, policy, now=now)
    reminders_anew(session, post_id, policy, now=now)


def pass_on_open(session: Session, post_id: int, policy: Policy, *, now: datetime) -> None:
    """Tell whoever answers for a post now of every request that waits there; who knows of it is not told again."""
    receivers = [one.person_id for one in reach.receivers(session, post_id, policy, now=now)]
    waiting = select(Meeting).where(Meeting.post_id == post_id, Meeting.state == "requested").order_by(Meeting.id)
    for meeting in session.scalars(waiting).all():
        dropped = update(Notice).where(Notice.kind == "request", Notice.recipient_id.in_(receivers))
        _revive(session, dropped.where(_of_revision(meeting)), notices.NOT_HIS)
        notices.request_sent(session, meeting, policy, now=now)


def reminders_anew(session: Session, post_id: int, policy: Policy, *, now: datetime) -> None:
    """Let the reminders of a post's coming meetings go to who answers on the meeting's own day."""
    for meeting in _coming(session, post_id, now):
        people = [who for who, _ in notices.both_sides(session, meeting, policy, now=meeting.starts_at or now)]
        reminders = update(Notice).where(Notice.kind == "remind", _of_revision(meeting))
        others = reminders.where(Notice.state == "owed", Notice.recipient_id.not_in(people))
        session.execute(others.values(state="dropped", reason=ELSEWHERE))
        again = reminders.where(Notice.recipient_id.in_(people), Notice.due_at > now)
        _revive(session, again, ELSEWHERE)
        notices.plan_reminders(session, meeting, policy, now=now)


def standing(session: Session, actor: Actor, deputy_id: int, policy: Policy, *, now: datetime) -> Standing:
    """What an NGO is told of a substitute. Raises NotYours where it does not concern the person any more."""
    row = session.get(Deputy, deputy_id)
    if row is None or row.state != "accepted" or row.from_day is None or row.until_day is None:
        raise NotYours("deputy", f"deputy {deputy_id} stands in for nobody")
    mine = select(Meeting).where(Meeting.post_id == row.post_id, Meeting.state.in_((*states.OPEN, "confirmed")))
    found = [
        one
        for one in session.scalars(mine.order_by(Meeting.starts_at.nulls_last(), Meeting.id))
        if actor.id in {who for who, _ in notices.ngo_side(session, one)}
        and (one.state != "confirmed" or (_within(row, one, policy) and one.starts_at and one.starts_at > now))
    ]
    if not found or row.until_day < now.astimezone(policy.zone).date():
        raise NotYours("deputy", f"deputy {deputy_id} does not concern person {actor.id}")
    post = session.get_one(Post, row.post_id)
    return Standing(
        body_id=post.body_id,
        name=stand_ins.person_name(session, row.person_id or 0) or "",
        official=stand_ins.official_name(session, row.post_id),
        from_day=row.from_day,
        until_day=row.until_day,
        meetings=affected(found),
    )


def balance(session: Session, actor: Actor, deputy_id: int) -> Balance:
    """What a substitute did and what waits, for the official who is back. Raises NotYours for anybody else."""
    row = session.get(Deputy, deputy_id)
    if row is None or row.post_id not in actor.posts:
        raise NotYours("deputy", f"person {actor.id} was not stood in for by deputy {deputy_id}")
    done = (
        select(func.count(Step.meeting_id.distinct()))
        .join(Meeting, Meeting.id == Step.meeting_id)
        .where(Meeting.post_id == row.post_id, Step.actor_id == row.person_id, Step.acted_as == "substitute")
        .where(Step.action.in_(ANSWERS), Step.at >= row.created_at)
    )
    waiting = select(Meeting).where(Meeting.post_id == row.post_id, Meeting.state == "requested").order_by(Meeting.id)
    return Balance(
        body_id=session.get_one(Post, row.post_id).body_id,
        name=stand_ins.person_name(session, row.person_id or 0) or "",
        done=session.scalar(done) or 0,
        waiting=affected(session.scalars(waiting).all()),
    )


def affected(found: Sequence[Meeting]) -> tuple[Affected, ...]:
    """The meetings as their readers are told of them."""
    return tuple(Affected(one.id, one.number, one.starts_at if one.state == "confirmed" else None) for one in found)


def _coming(session: Session, post_id: int, now: datetime) -> Sequence[Meeting]:
    coming = select(Meeting).where(Meeting.post_id == post_id, Meeting.state == "confirmed", Meeting.starts_at > now)
    return session.scalars(coming.order_by(Meeting.id)).all()


def _within(row: Deputy, meeting: Meeting, policy: Policy) -> bool:
    if meeting.starts_at is None or row.from_day is None or row.until_day is None:
        return False
    return row.from_day <= meeting.starts_at.astimezone(policy.zone).date() <= row.until_day


def _of_revision(meeting: Meeting) -> ColumnElement[bool]:
    return (Notice.meeting_id == meeting.id) & Notice.key.like(f"meeting:{meeting.id}:rev{meeting.rev}:%")


def _revive(session: Session, chosen: Update, reason: str) -> None:
    """What was dropped because it was another's is owed again."""
    session.execute(chosen.where(Notice.state == "dropped", Notice.reason == reason).values(state="owed", reason=None))
    session.info["owed"] = True
