"""One request to several bodies: who else may be asked, each with its own free times, all sent or none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, directory, drafts, meetings, reach, request_times
from liaison.bodies import Tree
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.meetings import Wish
from liaison.people import Actor
from liaison.policy import Policy
from liaison.request_times import KIND, MOST_TIMES
from liaison.slots import Span, nearest
from liaison.topics import bodies_for, department_kind
from storage.meetings import Meeting
from storage.posts import Post

MOST_BODIES = 5  # the first one among them
SUGGESTED = 8


@dataclass(frozen=True)
class Sibling:
    """One of the requests that were sent together."""

    meeting_id: int
    number: str
    body_id: int


def add(
    session: Session, actor: Actor, key: str, rev: int, body_id: int, policy: Policy, *, now: datetime
) -> DraftCard:
    """Send the request to this body too.

    Raises LiaisonError("most-bodies", most=5), ("nobody-also") where nobody can receive it, ("no-time-also") where
    nothing is free; NotYours for a body that is not there.
    """
    draft = drafts.lock(session, actor.id, KIND, key, rev, "preview")
    if "meeting" in draft.data:
        raise NotYours("body", "a request that was sent goes to one body")
    also = _others(draft.data)
    if body_id != draft.data["body"] and body_id not in also:
        if len(also) + 1 >= MOST_BODIES:
            raise LiaisonError("most-bodies", most=MOST_BODIES)
        also.append(body_id)
        _checked(session, actor, body_id, policy, now)
        _plan(session, actor, {**draft.data, "also": also}, policy, now)
    return drafts.keep(session, draft, {"also": also}, now)


def remove(session: Session, actor: Actor, key: str, rev: int, body_id: int, *, now: datetime) -> DraftCard:
    """Do not send the request to this body."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "preview")
    return drafts.keep(session, draft, {"also": [one for one in _others(draft.data) if one != body_id]}, now)


def keep_found(session: Session, actor: Actor, key: str, found: Sequence[int], *, now: datetime) -> DraftCard:
    """Keep what a typed name may mean, to be added by a tap."""
    draft = drafts.lock(session, actor.id, KIND, key, None, "preview")
    return drafts.keep(session, draft, {"found": list(found)}, now)


def suggested(
    session: Session, actor: Actor, tree: Tree, data: dict[str, Any], policy: Policy, *, now: datetime
) -> tuple[int, ...]:
    """Other bodies that may be asked the same, the nearest first: those of the topic, then the same department
    elsewhere. Only such that somebody can receive for and that are not chosen yet."""
    chosen = {data["body"], *_others(data)}
    near = dict.fromkeys(body_id for body_id in _alike(actor, tree, data) if body_id not in chosen)
    reachable = (body_id for body_id in near if _received(session, body_id, policy, now))
    return tuple(islice(reachable, SUGGESTED))


def times(
    session: Session, actor: Actor, data: dict[str, Any], policy: Policy, *, now: datetime
) -> tuple[tuple[int, tuple[Span, ...]], ...]:
    """The other bodies of a draft, each with the times it would be offered now; none where nothing is free."""
    return tuple(_each(session, actor, data, policy, now))


def send(session: Session, actor: Actor, wish: Wish, data: dict[str, Any], policy: Policy, *, now: datetime) -> int:
    """Make a request to every body of a draft, all in this transaction; the id of the first.

    Each offers its own free times; those already held for this organisation are not offered twice. The caller holds
    the locks of ``lock``. Raises LiaisonError("nobody-also" or "no-time-also", at_body=…); nothing is sent then.
    """
    also = _others(data)
    wish = replace(wish, batch=wish.draft_key if also else None)
    first = meetings.request(session, actor, wish, policy, now=now)
    for number, body_id in enumerate(also, start=1):
        _checked(session, actor, body_id, policy, now)
        free = nearest(
            *request_times.offers(session, actor, {"body": body_id}, policy, now), after=now, count=MOST_TIMES
        )
        if not free:
            raise LiaisonError("no-time-also", at_body=body_id)
        other = replace(wish, draft_key=f"{wish.draft_key}:{number}", body_id=body_id, times=free)
        meetings.request(session, actor, other, policy, now=now)
    return first


def lock(session: Session, organisation_id: int, data: dict[str, Any]) -> list[int]:
    """Hold the times of the organisation and of all posts of a draft, in one order everywhere; the posts.

    Raises LiaisonError("nobody-also", at_body=…) for a body that is gone.
    """
    others = [_post_id(session, body_id) for body_id in _others(data)]
    posts = sorted([directory.post_of(session, data["body"]).id, *others])
    for post_id in posts:
        access.lock_times(session, organisation_id, post_id)
    return posts


def siblings(session: Session, actor: Actor, meeting_id: int) -> tuple[Sibling, ...]:
    """All requests that were sent together with this one, itself among them, for the side that sent them.

    Raises NotYours; what became of the others is no business of an office's.
    """
    meeting, _ = access.meeting(session, actor, meeting_id)
    if "representative" not in access.sides_of(session, actor, meeting):
        raise NotYours("batch", f"person {actor.id} did not send meeting {meeting_id}")
    together = Meeting.id == meeting.id if meeting.batch is None else Meeting.batch == meeting.batch
    found = select(Meeting.id, Meeting.number, Post.body_id).join(Post, Post.id == Meeting.post_id)
    return tuple(Sibling(*row) for row in session.execute(found.where(together).order_by(Meeting.id)))


def _others(data: dict[str, Any]) -> list[int]:
    return list(data.get("also", ()))


def _post_id(session: Session, body_id: int) -> int:
    """The post of a body that was ticked; abolished since then, it is as one that nobody receives for."""
    try:
        return directory.post_of(session, body_id).id
    except NotYours as gone:
        raise LiaisonError("nobody-also", at_body=body_id) from gone


def _checked(session: Session, actor: Actor, body_id: int, policy: Policy, now: datetime) -> None:
    if not _received(session, body_id, policy, now):
        raise LiaisonError("nobody-also", at_body=body_id)


def _received(session: Session, body_id: int, policy: Policy, now: datetime) -> bool:
    return bool(reach.receivers(session, directory.post_of(session, body_id).id, policy, now=now))


def _plan(session: Session, actor: Actor, data: dict[str, Any], policy: Policy, now: datetime) -> None:
    for body_id, free in _each(session, actor, data, policy, now):
        if not free:
            raise LiaisonError("no-time-also", at_body=body_id)


def _each(
    session: Session, actor: Actor, data: dict[str, Any], policy: Policy, now: datetime
) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """As ``send`` will find them: what one body is offered is not offered to the next."""
    received, _ = request_times.offers(session, actor, data, policy, now)
    offered = [request_times.span_of(stamp, received) for stamp in data["times"]]
    for body_id in _others(data):
        try:
            there, busy = request_times.offers(session, actor, {"body": body_id}, policy, now)
        except NotYours:  # abolished since it was ticked: it can be taken away again
            yield body_id, ()
            continue
        busy = replace(busy, organisation=(*busy.organisation, *offered))
        free = nearest(there, busy, after=now, count=MOST_TIMES)
        offered += free
        yield body_id, free


def _alike(actor: Actor, tree: Tree, data: dict[str, Any]) -> Iterable[int]:
    entry, topic = tree.by_id[data["body"]], data["topic"]
    yield from (body.id for body in bodies_for(topic, tree, entry.region_id))
    if entry.region_id is None and actor.region_id is not None:
        yield from (body.id for body in bodies_for(topic, tree, actor.region_id))
    if (kind := department_kind(entry, tree)) is not None:
        below = (body for region in tree.regions() for body in tree.departments(region.id))
        yield from (body.id for body in below if department_kind(body, tree) == kind)
