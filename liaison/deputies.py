"""Who stands in for an official on certain days: asked, accepted or refused, ended early.

Nobody stands in on days on which he is away himself, and nobody goes away on days on which he stands in for another:
so a chain has one link, and there are no loops. A meeting on a day after the return stays with the official: its
reminders go to who answers on its own day, not on the day on which it was arranged.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from liaison import deputy_days, deputy_notices, records, standing_in
from liaison.deputy_cards import candidates, managed, see
from liaison.deputy_days import LIVE, SUBSTITUTE, Days
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.posts import Deputy


def ask(
    session: Session,
    actor: Actor,
    body_id: int,
    days: Days,
    person_id: int | None,
    digest: str | None,
    policy: Policy,
    *,
    now: datetime,
) -> int:
    """Go on leave and ask somebody to stand in: an official near by, or whoever opens the link with this digest.

    Raises NotYours, LiaisonError("bad-dates"), ("not-bound") for a post that nobody has joined, ("leave-overlaps"),
    or why this person cannot (``deputy_days.refuse_unfit``). The id of the arrangement.
    """
    post = managed(session, actor, body_id)
    deputy_days.one_at_a_time(session, post.id)
    deputy_days.refuse_dates(days, now.astimezone(policy.zone).date())
    deputy_days.refuse_leave(session, post, days)
    if person_id is not None:
        if person_id not in {one.person_id for one in candidates(session, post)}:
            raise NotYours("deputy", f"person {person_id} is no candidate for body {body_id}")
        deputy_days.refuse_unfit(session, post.id, person_id, days)
    # Who has not answered for these days yet is not asked any more.
    finish(session, session.scalars(deputy_days.live(post.id, days)).all(), policy, by=actor.id, now=now)
    row = Deputy(
        post_id=post.id,
        person_id=person_id,
        kind=SUBSTITUTE,
        state="asked",
        from_day=days[0],
        until_day=days[1],
        digest=digest,
        invited_by=actor.id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    records.audit(session, actor.id, "substitute-asked", {"deputy": row.id, "body": body_id}, now=now)
    if person_id is not None:
        deputy_notices.asked(session, row, now=now)
    return row.id


def answer(session: Session, actor: Actor, deputy_id: int, policy: Policy, *, accepts: bool, now: datetime) -> None:
    """[Accept] or refuse to stand in. Raises NotYours, LiaisonError("deputy-decided"), ("leave-over"), or why he
    cannot (``deputy_days.refuse_unfit``): he may have gone away himself meanwhile."""
    row = session.get(Deputy, deputy_id)
    if row is None or row.person_id != actor.id or row.kind != SUBSTITUTE:
        raise NotYours("deputy", f"person {actor.id} is not asked to be deputy {deputy_id}")
    deputy_days.one_at_a_time(session, row.post_id)
    session.refresh(row)
    days = deputy_days.of(row)
    if row.state != "asked":
        raise LiaisonError("deputy-decided")
    if days[1] < now.astimezone(policy.zone).date():
        raise LiaisonError("leave-over")
    if accepts:
        deputy_days.refuse_unfit(session, row.post_id, actor.id, days)
    row.state, row.decided_at = ("accepted" if accepts else "refused"), now
    session.flush()
    records.audit(session, actor.id, f"substitute-{row.state}", {"deputy": row.id}, now=now)
    deputy_notices.answered(session, row, by=actor.id, now=now)
    if accepts:
        standing_in.accepted(session, row, policy, now=now)


def end(session: Session, actor: Actor, deputy_id: int, policy: Policy, *, now: datetime) -> None:
    """End an arrangement before its time: the official, who keeps the list, or the deputy himself.

    What it gave ends at once. Raises NotYours, LiaisonError("deputy-decided").
    """
    card = see(session, actor, deputy_id)
    if not (card.mine or card.managed):
        raise NotYours("deputy", f"person {actor.id} may not end deputy {deputy_id}")
    row = session.get_one(Deputy, deputy_id)
    deputy_days.one_at_a_time(session, row.post_id)
    session.refresh(row)
    if row.state not in LIVE:
        raise LiaisonError("deputy-decided")
    if row.until_day is not None and row.until_day < now.astimezone(policy.zone).date():
        raise LiaisonError("leave-over")
    finish(session, [row], policy, by=actor.id, now=now)


def finish(session: Session, rows: Iterable[Deputy], policy: Policy, *, by: int | None, now: datetime) -> None:
    """End arrangements: whoever did not do it himself is told, and what waits goes to whoever answers then."""
    posts: set[int] = set()
    for row in rows:
        before = row.state
        row.state, row.decided_at = "ended", now
        session.flush()
        records.audit(session, by, "deputy-ended", {"deputy": row.id}, now=now)
        deputy_notices.ended(session, row, by=by, now=now)
        if before == "accepted":
            posts.add(row.post_id)
    for post_id in sorted(posts):
        standing_in.hand_on(session, post_id, policy, now=now)
