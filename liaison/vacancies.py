"""Posts whose official has gone and nobody was named for: their coordinator hears of them once a week until they are
filled. Bodies that never had an official are no vacancies, unless somebody waits for an answer there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from liaison import notices, reach, states
from liaison.people import Actor
from liaison.policy import Policy
from liaison.standing_in import DAYTIME
from storage.bodies import Body
from storage.meetings import Meeting
from storage.posts import Holder, Post


@dataclass(frozen=True)
class Vacancy:
    """A post without an official."""

    body_id: int
    since: datetime | None  # None: nobody was ever named
    waiting: int  # requests that wait there for an answer


def remind(session: Session, policy: Policy, *, now: datetime) -> None:
    """Owe each coordinator with vacant posts this week's one message. By day only."""
    local = now.astimezone(policy.zone)
    if local.hour not in DAYTIME:
        return
    keepers = {one.person_id for gap in _all(session) for one in reach.keepers(session, gap.body_id, policy)}
    year, week, _ = local.isocalendar()
    for person_id in sorted(keepers):
        notices.owe(
            session, key=f"vacant:{year}-W{week:02d}", kind="vacant", recipient_id=person_id, due_at=now, place="vac"
        )


def mine(session: Session, actor: Actor, policy: Policy) -> tuple[Vacancy, ...]:
    """The vacant posts that this coordinator is to fill, those where somebody waits first."""
    found = [
        gap
        for gap in _all(session)
        if actor.id in {one.person_id for one in reach.keepers(session, gap.body_id, policy)}
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.waiting, gap.body_id)))


def _all(session: Session) -> list[Vacancy]:
    present = select(Holder.post_id).where(Holder.until.is_(None))
    ended = select(func.max(Holder.until)).where(Holder.post_id == Post.id).scalar_subquery()
    waiting = select(func.count()).where(Meeting.post_id == Post.id, Meeting.state.in_(states.OPEN)).scalar_subquery()
    rows = session.execute(
        select(Post.body_id, ended, waiting)
        .join(Body, Body.id == Post.body_id)
        .where(Body.abolished_on.is_(None), Post.id.not_in(present), ended.is_not(None) | (waiting > 0))
        .order_by(Post.body_id)
    )
    return [Vacancy(body_id, since, count) for body_id, since, count in rows]
