"""Bring the shipped directory into the database, and later versions of it, without undoing what people edited."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from liaison import news
from liaison.bodies import DIRECTORY_COUNTER
from liaison.shipped_compare import COLUMNS, REFERENCES, Changes, Known, abolish, as_shipped, follow, reference
from liaison.shipped_file import ShippedRow, alias_lang
from storage.bodies import Body, BodyName
from storage.inserts import insert_if_absent
from storage.posts import Post
from storage.records import Counter, Fact

_FACT = "shipped"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in bodies: new ones, changed ones, ones left as they were, ones marked as abolished."""

    new: int
    updated: int
    kept: int
    abolished: int


def load_shipped(session: Session, rows: Sequence[ShippedRow], *, now: datetime) -> Loaded:
    """Load the shipped rows; the same rows a second time change nothing and cost one query.

    ``now`` must carry the zone of the country: its date is the day on which a body gone from the file is abolished.
    A field follows the file only while it still has the value shipped before; aliases are compared one by one.
    """
    digest = _digest(rows)
    if _same(session, digest):
        return Loaded(0, 0, len(rows), 0)
    _take_turn(session)
    if _same(session, digest):  # another replica was faster
        return Loaded(0, 0, len(rows), 0)
    known = _known(session)
    fresh = [row for row in rows if row.code not in known]
    ids = {code: body.id for code, body in known.items()} | _insert(session, fresh)
    _insert_details(session, fresh, ids)
    changes = Changes()
    updated = sum(
        follow(known[row.code], row, ids, changes)
        for row in rows
        if row.code in known and known[row.code].shipped is not None
    )
    abolished = abolish(known, {row.code for row in rows}, now.date(), changes)
    _write(session, changes)
    news.abolished(session, [body["id"] for body in changes.bodies if body.get("abolished_on")], now=now)
    session.merge(Fact(name=_FACT, value={"digest": digest}))
    if fresh or updated or abolished:
        session.execute(update(Counter).where(Counter.name == DIRECTORY_COUNTER).values(value=Counter.value + 1))
    session.expire_all()
    return Loaded(len(fresh), updated, len(rows) - len(fresh) - updated, abolished)


def _digest(rows: Iterable[ShippedRow]) -> str:
    text = json.dumps([(row.code, as_shipped(row)) for row in rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _same(session: Session, digest: str) -> bool:
    value = session.scalar(select(Fact.value).where(Fact.name == _FACT))
    return value is not None and value.get("digest") == digest


def _take_turn(session: Session) -> None:
    """Two replicas that start together load one after the other: they queue at the counter's row."""
    insert_if_absent(session, Counter, name=DIRECTORY_COUNTER, value=0)
    session.execute(select(Counter.value).where(Counter.name == DIRECTORY_COUNTER).with_for_update())


def _known(session: Session) -> dict[str, Known]:
    columns = (Body.id, Body.code, Body.shipped, Body.abolished_on, Body.parent_id, Body.region_id)
    found: dict[int, Known] = {}
    for row in session.execute(select(*columns, *(getattr(Body, name) for name in COLUMNS))).mappings():
        current = {name: row[name] for name in (*COLUMNS, "abolished_on", "parent_id", "region_id")}
        found[row["id"]] = Known(row["id"], row["code"], current, row["shipped"])
    names = select(BodyName.body_id, BodyName.kind, BodyName.lang, BodyName.text)
    for body_id, kind, lang, text in session.execute(names):
        if kind == "alias":
            found[body_id].aliases.add(text)
        else:
            found[body_id].names[kind, lang] = text
    return {body.code: body for body in found.values()}


def _insert(session: Session, rows: Sequence[ShippedRow]) -> dict[str, int]:
    if not rows:
        return {}
    values = [
        {"code": row.code, "shipped": as_shipped(row), **{name: getattr(row, name) for name in COLUMNS}} for row in rows
    ]
    result = session.execute(insert(Body).returning(Body.code, Body.id, sort_by_parameter_order=True), values)
    return {row.code: row.id for row in result}


def _insert_details(session: Session, rows: Sequence[ShippedRow], ids: dict[str, int]) -> None:
    if not rows:
        return
    references = [
        {"id": ids[row.code], **{column: reference(row, name, ids) for name, column in REFERENCES}} for row in rows
    ]
    session.execute(update(Body), references)
    session.execute(insert(BodyName), [name for row in rows for name in _name_rows(row, ids[row.code])])
    session.execute(insert(Post), [{"body_id": ids[row.code]} for row in rows])


def _name_rows(row: ShippedRow, body_id: int) -> list[dict[str, Any]]:
    named = [("name", lang, text) for lang, text in row.names.items()]
    short = [("short", lang, text) for lang, text in row.shorts.items()]
    aliases = [("alias", alias_lang(text), text) for text in row.aliases]
    return [
        {"body_id": body_id, "kind": kind, "lang": lang, "text": text} for kind, lang, text in named + short + aliases
    ]


def _write(session: Session, changes: Changes) -> None:
    by_columns: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for values in changes.bodies:
        by_columns[tuple(sorted(values))].append(values)
    for batch in by_columns.values():
        session.execute(update(Body), batch)
    for body_id, kind, lang, text in changes.texts:
        where = (BodyName.body_id == body_id, BodyName.kind == kind, BodyName.lang == lang)
        session.execute(update(BodyName).where(*where).values(text=text))
    for body_id, kind, text in changes.gone_names:
        names = session.scalars(
            select(BodyName).where(BodyName.body_id == body_id, BodyName.kind == kind, BodyName.text == text)
        )
        for name in names:
            session.delete(name)
    if changes.new_names:
        session.execute(insert(BodyName), changes.new_names)
    session.flush()
