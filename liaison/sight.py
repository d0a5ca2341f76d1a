"""A card as one person sees it: the card, and what this person may do or has begun there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from liaison import directory, drafts, follows, holders, reception_changes, requests
from liaison.bodies import Tree
from liaison.directory import BodyCard
from liaison.people import Actor
from liaison.policy import Policy


@dataclass(frozen=True)
class Sight:
    """A card for one person."""

    card: BodyCard
    followed: bool
    keeps: bool  # keeps the list in which the body stands
    sets_hours: bool  # may say when the official receives
    unfinished: bool  # has begun a request to another body


def of(session: Session, actor: Actor, tree: Tree, body_id: int, policy: Policy, *, now: datetime) -> Sight:
    """The card of a body with what this person may do there. Raises NotYours for an unknown body."""
    found = directory.card(session, tree, body_id, policy, now=now)
    keeps = actor.coordinates and holders.keeps(session, actor, body_id)
    draft = drafts.find(session, actor.id, requests.KIND, now=now)
    return Sight(
        card=found,
        followed=bool(follows.state(session, actor, body_id)),
        keeps=keeps,
        sets_hours=keeps or body_id in reception_changes.bodies(session, actor),
        unfinished=draft is not None and draft.data["body"] != body_id,
    )
