"""What may be told about bodies outside the private chat, to anybody, in one reading: nothing is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import cards, links, people
from liaison.bodies import Tree
from liaison.cards import HolderCard
from liaison.people import Actor
from liaison.policy import Policy
from liaison.search import Found, Hit, Index
from liaison.search_typing import Typing
from storage.posts import Holder, Post

NOBODY = 0  # no person has this id


@dataclass(frozen=True)
class Brief:
    """A body with who is named for it now."""

    body_id: int
    holder: HolderCard | None


@dataclass(frozen=True)
class Answer:
    """What was found for somebody, the best first."""

    asker: Actor
    found: Found  # all hits
    briefs: tuple[Brief, ...]  # of the hits that were asked for


def stranger(telegram_id: int) -> Actor:
    """Somebody who never wrote to the bot in private: he is answered, and not written down."""
    return Actor(
        id=NOBODY,
        telegram_id=telegram_id,
        language=None,
        name=None,
        phone=None,
        consented=False,
        reachable=False,
        admin=False,
        regions=(),
        posts=(),
        organisations=(),
    )


def asker(session: Session, telegram_id: int, policy: Policy, *, now: datetime) -> Actor:
    """Who asks; a stranger where he is not known."""
    return people.identify(session, telegram_id, policy, now=now) or stranger(telegram_id)


def answer(
    session: Session,
    tree: Tree,
    index: Index | Typing,
    telegram_id: int,
    query: str,
    policy: Policy,
    *,
    first: int = 0,
    most: int,
    limit: int | None = None,
    now: datetime,
) -> Answer:
    """Look a text up for somebody, known or not, and read ``most`` briefs from the hit number ``first`` on.

    An empty text gives the akimat of the region he works in, ``b_ID`` exactly that body. ``limit``: hits looked for
    at most; by default as many as are read.
    """
    who = asker(session, telegram_id, policy, now=now)
    found = _find(tree, index, query, who.region_id, limit or most)
    ids = [hit.body_id for hit in found.hits[first : first + most]]
    return Answer(who, found, of(session, ids))


def of(session: Session, ids: Sequence[int]) -> tuple[Brief, ...]:
    """The briefs of bodies, in the order asked for, in one query."""
    rows = session.execute(
        select(Post.body_id, Holder)
        .join(Holder, Holder.post_id == Post.id)
        .where(Post.body_id.in_(ids), Holder.until.is_(None))
        .order_by(Holder.id)  # of two at once (a list may say so) the one named last
    )
    holders = {body_id: cards.held(holder) for body_id, holder in rows}
    return tuple(Brief(body_id, holders.get(body_id)) for body_id in ids)


def _find(tree: Tree, index: Index | Typing, query: str, region_id: int | None, limit: int) -> Found:
    if not query.strip():
        home = (Hit(region_id, 1.0),) if region_id is not None and region_id in tree.by_id else ()
        return Found(home, False)
    body_id = links.body_in(query.strip(), tree)
    if body_id is not None:
        return Found((Hit(body_id, 1.0),), True)
    return index.find(query, limit=limit, region_id=region_id)
