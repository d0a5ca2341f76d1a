"""The card of a body: who is named for it, or who comes next and why, and whether a request can reach anybody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from liaison import cards, reach, reception, stand_ins
from liaison.bodies import Tree
from liaison.errors import NotYours
from liaison.policy import Policy
from liaison.reception import Reception
from liaison.stand_ins import StandIn
from storage.bodies import Body
from storage.meetings import Meeting, Step
from storage.posts import Holder, Post

# The unit of the line ministry for civil society (domain notes §1.1): the last rung for bodies without a parent.
CIVIL_SOCIETY_UNIT = "com-culture-info-civil-society"

Reason = Literal["parent", "internal-policy", "region", "civil-society"]


@dataclass(frozen=True)
class Rung:
    """Where to turn instead, and why there."""

    body_id: int
    reason: Reason
    holder: cards.HolderCard | None


@dataclass(frozen=True)
class BodyCard:
    """A body with its official, or with the next rung where nobody is named."""

    body_id: int
    website: str | None
    abolished_on: date | None
    successor_id: int | None
    holder: cards.HolderCard | None
    reception: Reception  # when the official receives
    rung: Rung | None
    reachable: bool  # somebody would receive a request
    answered_at: datetime | None  # when this official last answered an NGO
    stand_in: StandIn | None  # who stands in for the official today


def card(session: Session, tree: Tree, body_id: int, policy: Policy, *, now: datetime) -> BodyCard:
    """The card of a body. Raises NotYours for an unknown one (a forged or outdated button)."""
    row = session.execute(select(Body, Post).join(Post, Post.body_id == Body.id).where(Body.id == body_id)).first()
    if row is None:
        raise NotYours("body", f"no body {body_id}")
    body, post = row
    holder, today = cards.holder(session, post.id), now.astimezone(policy.zone).date()
    return BodyCard(
        body_id=body.id,
        website=body.website,
        abolished_on=body.abolished_on,
        successor_id=body.successor_id,
        holder=holder,
        reception=reception.of(session, post, policy, now),
        rung=None if holder else next_rung(session, tree, body_id),
        reachable=body.abolished_on is None and bool(reach.receivers(session, post.id, policy, now=now)),
        answered_at=_answered_at(session, post.id) if holder and holder.bound else None,
        stand_in=stand_ins.on(stand_ins.of(session, post.id, since=today), today),
    )


def post_of(session: Session, body_id: int) -> Post:
    """The post of a body. Raises NotYours if there is none or the body is abolished."""
    post = session.scalar(
        select(Post).join(Body, Body.id == Post.body_id).where(Body.id == body_id, Body.abolished_on.is_(None))
    )
    if post is None:
        raise NotYours("body", f"body {body_id} has no post")
    return post


def next_rung(session: Session, tree: Tree, body_id: int) -> Rung | None:
    """The nearest body that has an official: parent, the region's internal-policy department, the region's akimat, the
    committee for civil society. Where none of them has one, the first of them, so that nobody stands before nothing."""
    rungs = [(other, reason) for other, reason in _above(tree, body_id) if other != body_id]
    for other, reason in rungs:
        if (found := cards.holder(session, post_of(session, other).id)) is not None:
            return Rung(other, reason, found)
    return Rung(rungs[0][0], rungs[0][1], None) if rungs else None


def _answered_at(session: Session, post_id: int) -> datetime | None:
    """When the present official last answered an NGO himself."""
    present = select(Holder.person_id).where(Holder.post_id == post_id, Holder.until.is_(None))
    answers = select(func.max(Step.at)).join(Meeting, Meeting.id == Step.meeting_id)
    return session.scalar(
        answers.where(Meeting.post_id == post_id, Step.acted_as == "official", Step.actor_id.in_(present))
    )


def _above(tree: Tree, body_id: int) -> list[tuple[int, Reason]]:
    entry = tree.by_id[body_id]
    found: list[tuple[int, Reason]] = []
    if entry.parent_id is not None:
        found.append((entry.parent_id, "parent"))
    if entry.region_id is not None:
        code = tree.by_id[entry.region_id].code.removeprefix("reg-")
        if (policy_unit := tree.by_code.get(f"dep-{code}-internal-policy")) is not None:
            found.append((policy_unit.id, "internal-policy"))
        found.append((entry.region_id, "region"))
    if (unit := tree.by_code.get(CIVIL_SOCIETY_UNIT)) is not None:
        found.append((unit.id, "civil-society"))
    return [(other, reason) for other, reason in found if tree.by_id[other].abolished_on is None]
