"""How many requests one organisation may have open and send on a day, and one post receive: the number and the reset.

Only a new request of an NGO is counted here; what offices and coordinators do, and new times for a request that was
sent, is not capped.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from liaison import holds, states
from liaison.calendar import DAY, local
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from storage.meetings import Meeting
from storage.posts import Post


def check(
    session: Session, organisation_id: int | None, post_ids: Sequence[int], policy: Policy, *, now: datetime
) -> None:
    """Whether an organisation may send a request to each of these posts now; it counts as that many.

    Call it under the lock of the organisation and the posts where it must hold. Raises LiaisonError:
    "cap-open" (most, n: how many wait already), "cap-day" (most, left, at: when it counts anew), "cap-post" (most, at,
    at_body: the body that takes no more today).
    """
    if organisation_id is not None:
        waiting = session.scalar(select(func.count()).where(*_waiting(organisation_id))) or 0
        if waiting + len(post_ids) > policy.most_open:
            raise LiaisonError("cap-open", most=policy.most_open, n=waiting)
    today = local(now, policy.zone).date()
    since, reset = holds.end_of(policy, today - DAY), holds.end_of(policy, today)
    if organisation_id is not None:
        sent = _count(session, Meeting.organisation_id == organisation_id, since)
        if sent + len(post_ids) > policy.most_a_day:
            left = max(0, policy.most_a_day - sent)
            raise LiaisonError("cap-day", most=policy.most_a_day, left=left, at=reset)
    for post_id in post_ids:
        if _count(session, Meeting.post_id == post_id, since) >= policy.most_to_post:
            body_id = session.scalar(select(Post.body_id).where(Post.id == post_id))
            raise LiaisonError("cap-post", most=policy.most_to_post, at=reset, at_body=body_id)


def waiting(session: Session, actor: Actor) -> tuple[tuple[int, str, int], ...]:
    """The open requests of the organisation a person speaks for: id, number and body of each, the oldest first."""
    if not actor.organisations:
        return ()
    found = select(Meeting.id, Meeting.number, Post.body_id).join(Post, Post.id == Meeting.post_id)
    rows = session.execute(found.where(*_waiting(actor.organisations[0])).order_by(Meeting.id))
    return tuple((row.id, row.number, row.body_id) for row in rows)


def _waiting(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return Meeting.organisation_id == organisation_id, Meeting.state.in_(states.OPEN)


def _count(session: Session, whose: ColumnElement[bool], since: datetime) -> int:
    """The requests made since; one that an office passed on here is no request of the NGO's, but the office's act."""
    passed_on = select(Meeting.redirected_to_id).where(Meeting.redirected_to_id.is_not(None))
    made = select(func.count()).where(whose, Meeting.created_at >= since, Meeting.id.not_in(passed_on))
    return session.scalar(made) or 0
