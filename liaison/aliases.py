"""Queries that found nothing, until a coordinator says which body each means: then it is an alias of that body."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from liaison import access, answers, directory, drafts, records
from liaison.bodies import DIRECTORY_COUNTER, Tree
from liaison.desk import must_coordinate
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.shipped_file import alias_lang
from storage.bodies import BodyName
from storage.inserts import insert_if_absent
from storage.queries import QueryMiss
from storage.records import Counter

KIND = "alias"  # of the draft
PAGE = 8
LENGTH = 100


@dataclass(frozen=True)
class MissCard:
    """A query that found nothing."""

    id: int
    text: str
    count: int
    last_at: datetime
    state: str  # open, answered, ignored
    body_id: int | None


def misses(session: Session, actor: Actor, page: int) -> tuple[tuple[MissCard, ...], int]:
    """A page of the open queries that found nothing, the most frequent first, and the number of pages."""
    must_coordinate(actor)
    still = QueryMiss.state == "open"
    number = session.scalar(select(func.count()).select_from(QueryMiss).where(still)) or 0
    pages = max(1, -(-number // PAGE))
    order = (QueryMiss.count.desc(), QueryMiss.last_at.desc(), QueryMiss.id)
    found = select(QueryMiss).where(still).order_by(*order).limit(PAGE).offset(min(page, pages - 1) * PAGE)
    return tuple(_miss(row) for row in session.scalars(found)), pages


def miss(session: Session, actor: Actor, miss_id: int) -> MissCard:
    """One query that found nothing. Raises NotYours."""
    must_coordinate(actor)
    found = session.get(QueryMiss, miss_id)
    if found is None:
        raise NotYours("miss", f"no query {miss_id}")
    return _miss(found)


def ask_body(session: Session, actor: Actor, miss_id: int, *, now: datetime) -> DraftCard:
    """[This is …]: ask for the name of the body. Raises NotYours, LiaisonError("stale") for a decided one."""
    if miss(session, actor, miss_id).state != "open":
        raise LiaisonError("stale")
    return drafts.card(drafts.open_one(session, actor.id, KIND, "name", {"miss": miss_id}, now=now), now=now)


def may_name(actor: Actor, tree: Tree, body_id: int) -> bool:
    """Whether this coordinator may give a body another name: those of his regions, or all."""
    entry = tree.by_id.get(body_id)
    if entry is None or entry.abolished_on is not None:
        return False
    return actor.admin or None in actor.regions or entry.region_id in actor.regions


def answer(session: Session, actor: Actor, miss_id: int, body_id: int, tree: Tree, *, now: datetime) -> None:
    """Make the query an alias of a body; the look-up knows it within a second.

    Raises NotYours, LiaisonError("stale") for a decided one, ("alias-taken") if another body is called that.
    """
    found = _decide(session, actor, miss_id)
    post = directory.post_of(session, body_id)
    if not (actor.admin or access.coordinates(session, actor, post.id)):
        raise NotYours("alias", f"person {actor.id} may not name body {body_id}")
    text = answers.line(found.text, most=LENGTH)
    bearers = _bearers(session, tree, text)
    if bearers - {body_id}:
        raise LiaisonError("alias-taken")
    if body_id not in bearers:
        session.add(BodyName(body_id=body_id, kind="alias", lang=alias_lang(text), text=text))
        session.execute(update(Counter).where(Counter.name == DIRECTORY_COUNTER).values(value=Counter.value + 1))
    found.state, found.body_id = "answered", body_id
    drafts.drop(session, actor.id, KIND)
    records.audit(session, actor.id, "alias-added", {"body": body_id, "text": text, "miss": miss_id}, now=now)


def ignore(session: Session, actor: Actor, miss_id: int, *, now: datetime) -> None:
    """[It means none]. Raises NotYours, LiaisonError("stale") for a decided one."""
    found = _decide(session, actor, miss_id)
    found.state = "ignored"
    drafts.drop(session, actor.id, KIND)
    records.audit(session, actor.id, "query-ignored", {"miss": miss_id, "text": found.text}, now=now)


def _decide(session: Session, actor: Actor, miss_id: int) -> QueryMiss:
    """The query for its decision. Those who change the directory queue at its counter, as a new shipped file does."""
    must_coordinate(actor)
    insert_if_absent(session, Counter, name=DIRECTORY_COUNTER, value=0)
    session.execute(select(Counter.value).where(Counter.name == DIRECTORY_COUNTER).with_for_update())
    found = session.scalars(select(QueryMiss).where(QueryMiss.id == miss_id).with_for_update()).first()
    if found is None:
        raise NotYours("miss", f"no query {miss_id}")
    if found.state != "open":
        raise LiaisonError("stale")
    return found


def _bearers(session: Session, tree: Tree, text: str) -> set[int]:
    """The bodies that bear this name already: as the picture of the directory has it, or given since it was taken."""
    borne = {
        entry.id
        for entry in tree.entries
        for name in (*entry.names.values(), *entry.shorts.values(), *entry.aliases)
        if " ".join(name.lower().split()) == text
    }
    return borne | set(session.scalars(select(BodyName.body_id).where(BodyName.text == text)))


def _miss(row: QueryMiss) -> MissCard:
    return MissCard(row.id, row.text, row.count, row.last_at, row.state, row.body_id)
