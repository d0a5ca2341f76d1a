"""What a meeting may be about, and which bodies cover it: `domain.md` section 4, kept in data/topics.csv."""

import csv
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from liaison.bodies import BodyEntry, Tree

TOPICS_FILE = Path(__file__).parent / "data" / "topics.csv"
_HEADINGS = ("id", "kk", "ru", "en", "central", "regional")
_AKIMAT = "akimat"  # in the regional column: the region's akimat itself
_FALLBACK = "internal-policy"


class TopicsFileError(ValueError):
    """The file of topics is not usable; the message names the line."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its names, codes or patterns of central bodies, suffixes of regional departments (best first)."""

    id: str
    names: tuple[tuple[str, str], ...]
    central: tuple[str, ...]
    regional: tuple[str, ...]


@cache
def all_topics() -> tuple[Topic, ...]:
    """All topics in the order of the file; `other` is the last."""
    return read_topics(TOPICS_FILE)


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Read a file of topics (UTF-8 CSV). Raises TopicsFileError naming the first wrong line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _HEADINGS:
            raise TopicsFileError(f"{path.name}, line 1: the headings must be {','.join(_HEADINGS)}")
        topics: dict[str, Topic] = {}
        for cells in reader:
            if None in cells or not all(cells.values()):
                raise TopicsFileError(f"{path.name}, line {reader.line_num}: six filled cells are needed")
            if cells["id"] in topics:
                raise TopicsFileError(f"{path.name}, line {reader.line_num}: {cells['id']!r} is there twice")
            names = tuple((lang, cells[lang]) for lang in ("kk", "ru", "en"))
            topics[cells["id"]] = Topic(
                cells["id"], names, tuple(cells["central"].split(";")), tuple(cells["regional"].split(";"))
            )
        return tuple(topics.values())


def name(topic_id: str, lang: str) -> str:
    """The topic's name in kk, ru or en. Raises KeyError for an unknown topic or language."""
    return _names()[topic_id][lang]


def topics_for(body: BodyEntry, tree: Tree) -> tuple[Topic, ...]:
    """The topics a body itself covers, in the order of the file; empty for bodies that cover none in particular.

    A ministry also covers what its committees cover, a department what its akimat gave it.
    """
    return tuple(topic for topic in all_topics() if _covers(topic, body, tree))


def bodies_for(topic_id: str, tree: Tree, region_id: int | None = None) -> tuple[BodyEntry, ...]:
    """Who covers a topic: central bodies, or those of one region, best first; in a region never empty.

    A region without the department falls back to internal policy, then to the akimat.
    Raises KeyError for an unknown topic.
    """
    topic = next((known for known in all_topics() if known.id == topic_id), None)
    if topic is None:
        raise KeyError(topic_id)
    if region_id is None:
        central = [body for body in tree.entries if body.level == "central" and body.abolished_on is None]
        return tuple(body for pattern in topic.central for body in central if fnmatchcase(body.code, pattern))
    found = [body for suffix in (*topic.regional, _FALLBACK) for body in _regional(suffix, tree, region_id)]
    return tuple(dict.fromkeys(found)) or (tree.by_id[region_id],)


def department_kind(body: BodyEntry, tree: Tree) -> str | None:
    """The kind of a region's department, such as `health`, as the topics name it; None for other bodies."""
    region = tree.region(body.id)
    if body.level != "region_department" or region is None:
        return None
    prefix = f"dep-{region.code.removeprefix('reg-')}-"
    return body.code.removeprefix(prefix) if body.code.startswith(prefix) else None


@cache
def _names() -> dict[str, dict[str, str]]:
    return {topic.id: dict(topic.names) for topic in all_topics()}


def _covers(topic: Topic, body: BodyEntry, tree: Tree) -> bool:
    if body.level == "central":
        codes = (body.code, *(committee.code for committee in tree.committees(body.id)))
        return any(fnmatchcase(code, pattern) for code in codes for pattern in topic.central)
    if body.level == "region":
        return _AKIMAT in topic.regional
    return department_kind(body, tree) in topic.regional


def _regional(suffix: str, tree: Tree, region_id: int) -> list[BodyEntry]:
    if suffix == _AKIMAT:
        return [tree.by_id[region_id]]
    return [body for body in tree.departments(region_id) if department_kind(body, tree) == suffix]
