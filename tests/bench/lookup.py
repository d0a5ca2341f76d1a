"""The look-up beside what a person would otherwise reach for: quality by kind of query, time, memory."""

import csv
import gc
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean

import psutil
from rapidfuzz import fuzz, process

from liaison.bodies import Tree, shipped_tree
from liaison.search import Index
from tests.bench.directories import generated_tree

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "liaison" / "queries.tsv"
DEVELOPMENT = ROOT.parent / "shared" / "data" / "queries_dev.tsv"
SPARSE = 60  # of so many queries one is put to the slow peers at that size
MANY = 20_000
LIMIT = 6

Finder = Callable[[str], list[int]]  # a query → ids of bodies, best first
_PLAIN = str.maketrans("әғқңөұүһіё", "агкноуухие")


@dataclass(frozen=True, slots=True)
class Query:
    """A query with the codes of the bodies that answer it; none: nothing should be found."""

    text: str
    accepted: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well a finder did: shares of queries and the mean reciprocal rank."""

    first: float
    third: float
    rank: float


def read_queries(path: Path) -> tuple[Query, ...]:
    """Read a file of queries (tab-separated with headings query, accept, kind)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Query(row["query"], frozenset(filter(None, row["accept"].split(";"))), row["kind"]) for row in rows
        )


def report() -> None:
    """Print quality, time and memory of the look-up and of its peers."""
    tree = shipped_tree()
    finders = dict(_finders(tree))
    for title, path in (("development queries", DEVELOPMENT), ("own queries", OWN)):
        if path.exists():
            _print_quality(title, read_queries(path), tree, finders)
    _print_speed(read_queries(OWN))


def score(queries: Sequence[Query], tree: Tree, find: Finder) -> Score:
    """Ask all queries that have an answer. Needs at least one."""
    ranks = []
    for query in queries:
        codes = [tree.by_id[body].code for body in find(query.text)]
        ranks.append(next((place for place, code in enumerate(codes, start=1) if code in query.accepted), 0))
    return Score(
        mean(rank == 1 for rank in ranks),
        mean(0 < rank <= 3 for rank in ranks),
        mean(1 / rank if rank else 0.0 for rank in ranks),
    )


def _finders(tree: Tree) -> Iterator[tuple[str, Finder]]:
    index = Index.build(tree)
    yield "ours", lambda query: [hit.body_id for hit in index.find(query, LIMIT).hits]
    names = [(_fold(name), entry.id) for entry in tree.entries for name in _names(tree, entry.id)]
    yield "substring", lambda query: _with_part(names, _fold(query))
    yield "fts5 trigram", _trigrams(names)
    texts = [name for name, _ in names]
    yield (
        "wratio",
        lambda query: _first(
            names[place][1] for _, _, place in process.extract(_fold(query), texts, scorer=fuzz.WRatio, limit=40)
        ),
    )


def _with_part(names: Sequence[tuple[str, int]], part: str) -> list[int]:
    return _first(body for name, body in names if part in name)


def _trigrams(names: Sequence[tuple[str, int]]) -> Finder:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE names USING fts5(name, body UNINDEXED, tokenize='trigram')")
    database.executemany("INSERT INTO names VALUES (?, ?)", names)

    def find(query: str) -> list[int]:
        folded = _fold(query)
        parts = dict.fromkeys(folded[at : at + 3] for at in range(len(folded) - 2))
        if not parts:
            return []
        asked = " OR ".join('"' + part.replace('"', '""') + '"' for part in parts)
        rows = database.execute("SELECT body FROM names WHERE names MATCH ? ORDER BY rank LIMIT 40", (asked,))
        return _first(body for (body,) in rows)

    return find


def _names(tree: Tree, body_id: int) -> Iterator[str]:
    entry = tree.by_id[body_id]
    yield from (*entry.names.values(), *entry.shorts.values(), *entry.aliases)


def _fold(text: str) -> str:
    return text.lower().translate(_PLAIN).strip()


def _first(bodies: Iterator[int]) -> list[int]:
    return list(dict.fromkeys(bodies))[:LIMIT]


def _print_quality(title: str, queries: Sequence[Query], tree: Tree, finders: dict[str, Finder]) -> None:
    finders = {name: cache(find) for name, find in finders.items()}  # each query counts twice: for its kind and for all
    kinds: defaultdict[str, list[Query]] = defaultdict(list)
    for query in queries:
        if query.accepted:
            kinds[query.kind].append(query)
            kinds["all"].append(query)
    print(f"\nLook-up, {title}: first hit, among the first three, mean reciprocal rank")
    print(f"{'kind':12} {'n':>4}  " + "  ".join(f"{name:^16}" for name in finders))
    for kind in sorted(kinds, key=lambda kind: (kind == "all", kind)):
        cells = [score(kinds[kind], tree, find) for find in finders.values()]
        line = "  ".join(f"{cell.first:4.0%} {cell.third:4.0%} {cell.rank:5.2f} " for cell in cells)
        print(f"{kind:12} {len(kinds[kind]):4}  {line}")
    _print_confidence(queries, tree, Index.build(tree))


def _print_confidence(queries: Sequence[Query], tree: Tree, index: Index) -> None:
    right = sure = 0
    silent = []
    for query in queries:
        found = index.find(query.text, LIMIT)
        if not query.accepted:
            silent.append(not found.confident)
        elif found.confident:
            sure += 1
            right += tree.by_id[found.hits[0].body_id].code in query.accepted
    print(
        f"shown without asking: {sure}, of them right {right / max(sure, 1):.1%}; nonsense not sure: {mean(silent):.0%}"
    )


def _print_speed(queries: Sequence[Query]) -> None:
    print("\nLook-up, time of a query in ms (p50, p99), of building, and memory; in brackets: times ours")
    print(f"{'bodies':>7} {'finder':14} {'p50':>8} {'p99':>8}  {'ratio p50':>10}")
    for tree in (shipped_tree(), generated_tree(MANY)):
        gc.collect()
        before = psutil.Process().memory_info().rss
        started, worked = time.perf_counter(), time.process_time()
        index = Index.build(tree)
        took, worked = time.perf_counter() - started, time.process_time() - worked
        grown = psutil.Process().memory_info().rss - before
        ours = 0.0
        for name, find in _finders(tree):
            few = queries if len(tree.entries) < MANY else queries[:: 1 if name == "ours" else SPARSE]
            times = sorted(_timed(find, query.text) for query in few)
            middle, late = times[len(times) // 2], times[int(len(times) * 0.99)]
            ours = ours or middle
            print(f"{len(tree.entries):7} {name:14} {middle:8.2f} {late:8.2f}  {middle / ours:9.1f}x")
        print(
            f"{len(tree.entries):7} built in {took:.2f} s ({worked:.2f} s of the processor), "
            f"the index takes {grown / 2**20:.0f} MB"
        )
        del index


def _timed(find: Finder, query: str) -> float:
    started = time.perf_counter()
    find(query)
    return (time.perf_counter() - started) * 1000
