"""Comparing a later shipped file with the directory: what it may change without undoing what people edited."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaison.shipped_file import LANGS, ShippedRow, alias_lang

GONE = "gone"  # in Body.shipped: the date on which this body was marked as abolished because the file lost it
COLUMNS = ("level", "kato", "website")
REFERENCES = (("parent", "parent_id"), ("region", "region_id"))


@dataclass(slots=True)
class Known:
    """A body as the database has it now."""

    id: int
    code: str
    columns: dict[str, Any]
    shipped: dict[str, Any] | None
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Changes:
    """What is to be written, collected first so that each table is touched once."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    new_names: list[dict[str, Any]] = field(default_factory=list)
    texts: list[tuple[int, str, str, str]] = field(default_factory=list)
    gone_names: list[tuple[int, str, str]] = field(default_factory=list)


def as_shipped(row: ShippedRow) -> dict[str, Any]:
    """A row as it is kept in Body.shipped."""
    return {
        "level": row.level,
        "parent": row.parent,
        "region": row.region,
        "kato": row.kato,
        "website": row.website,
        "names": row.names,
        "shorts": row.shorts,
        "aliases": list(row.aliases),
    }


def reference(row: ShippedRow, name: str, ids: dict[str, int]) -> int | None:
    """The id of the parent or the region that a row names by code."""
    code = getattr(row, name)
    return None if code is None else ids[code]


def follow(body: Known, row: ShippedRow, ids: dict[str, int], changes: Changes) -> bool:
    """Compare a body with its new row; note what the file may change. Returns whether anything people see changed."""
    before, after = dict(body.shipped or {}), as_shipped(row)
    if before == after:
        return False
    new: dict[str, Any] = {}
    for name in COLUMNS:
        if before.get(name) != after[name] and body.columns[name] == before.get(name):
            new[name] = after[name]
    for name, column in REFERENCES:
        was = None if before.get(name) is None else ids.get(before[name])
        if before.get(name) != after[name] and body.columns[column] == was:
            new[column] = reference(row, name, ids)
    if GONE in before and body.columns["abolished_on"] == date.fromisoformat(before[GONE]):
        new["abolished_on"] = None
    new = {name: value for name, value in new.items() if body.columns[name] != value}
    renamed = _follow_names(body, before, after, changes) | _follow_aliases(body, before, after, changes)
    changes.bodies.append({"id": body.id, "shipped": after, **new})
    return bool(new) or renamed


def _follow_names(body: Known, before: dict[str, Any], after: dict[str, Any], changes: Changes) -> bool:
    changed = False
    for kind, texts in (("name", "names"), ("short", "shorts")):
        for lang in LANGS:
            old, new = before.get(texts, {}).get(lang), after[texts].get(lang)
            current = body.names.get((kind, lang))
            if old == new or current != old:
                continue
            changed = True
            if new is None:
                changes.gone_names.append((body.id, kind, old))
            elif current is None:
                changes.new_names.append({"body_id": body.id, "kind": kind, "lang": lang, "text": new})
            else:
                changes.texts.append((body.id, kind, lang, new))
    return changed


def _follow_aliases(body: Known, before: dict[str, Any], after: dict[str, Any], changes: Changes) -> bool:
    old, new = set(before.get("aliases", ())), after["aliases"]
    come = [text for text in new if text not in old and text not in body.aliases]
    gone = sorted((old - set(new)) & body.aliases)
    changes.new_names += [
        {"body_id": body.id, "kind": "alias", "lang": alias_lang(text), "text": text} for text in come
    ]
    changes.gone_names += [(body.id, "alias", text) for text in gone]
    return bool(come or gone)


def abolish(known: dict[str, Known], shipped: set[str], today: date, changes: Changes) -> int:
    """Mark the bodies that the file has lost. One that a coordinator brought back afterwards stays as he left it."""
    count = 0
    for body in known.values():
        if body.shipped is None or body.code in shipped or GONE in body.shipped:
            continue
        mark: dict[str, Any] = {"id": body.id, "shipped": {**body.shipped, GONE: today.isoformat()}}
        if body.columns["abolished_on"] is None:
            mark["abolished_on"] = today
            count += 1
        changes.bodies.append(mark)
    return count
