"""Which body a list means: by code, by its exact name or alias, else by search, and only when that is sure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from liaison.bodies import BodyEntry, Tree


@dataclass(frozen=True)
class Matched:
    """The body meant, or None with the bodies that may be meant."""

    body_id: int | None
    candidates: tuple[int, ...] = ()


# The legal form before or after a name: «ГУ "Управление …"», «… басқармасы» ММ.
LEGAL_FORM = re.compile(
    r"^(?:к?гу|ргу|гкп|нао|(?:коммунальное |республиканское )?государственное учреждение|к?мм|рмм) "
    r"| (?:к?мм|рмм|(?:коммуналдық )?мемлекеттік мекемесі)$"
)

Match = Callable[[str, int | None], Matched]


class Found(Protocol):
    """What a search gives: hits with a body_id, the best first, and whether the first is surely meant."""

    @property
    def hits(self) -> tuple[Any, ...]: ...

    @property
    def confident(self) -> bool: ...


class Finder(Protocol):
    """A search over the bodies."""

    def find(self, query: str, limit: int = 6, region_id: int | None = None) -> Found: ...


def matcher(tree: Tree, finder: Finder | None = None) -> Match:
    """A function that says which body a text from a list means, in a region if one is known."""
    names = _index(tree.entries, lambda entry: entry.names.values())
    others = _index(tree.entries, lambda entry: (entry.code, *entry.shorts.values(), *entry.aliases))
    in_region: defaultdict[int | None, set[int]] = defaultdict(set)
    for entry in tree.entries:
        in_region[entry.region_id].add(entry.id)

    def match(raw: str, region_id: int | None) -> Matched:
        folded = LEGAL_FORM.sub("", fold(raw))
        for index in (names, others):
            if hits := _nearest_to(tree, index.get(folded, ()), region_id):
                return _only(tree, hits)
        if region_id is not None and (part := _part_of(names, folded, in_region[region_id])):
            return _only(tree, part)
        if finder is None or not folded:
            return Matched(None)
        found = finder.find(raw, region_id=region_id)
        candidates = tuple(hit.body_id for hit in found.hits)
        return _only(tree, candidates[:1]) if found.confident else Matched(None, candidates)

    return match


def fold(text: str) -> str:
    """Text for comparing names: without case, ё, quotation marks, punctuation and surplus spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"[«»\"'’`“”„]", "", plain)).split())


def _index(entries: Iterable[BodyEntry], texts: Callable[[BodyEntry], Iterable[str]]) -> Mapping[str, tuple[int, ...]]:
    found: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for entry in entries:
        for text in texts(entry):
            found[fold(text)][entry.id] = None
    return {text: tuple(ids) for text, ids in found.items() if text}


def _part_of(names: Mapping[str, tuple[int, ...]], folded: str, region: set[int]) -> tuple[int, ...]:
    """Bodies of a region whose names begin (Russian) or end (Kazakh) so: its own list leaves the region's name out."""
    if " " not in folded:
        return ()
    near = (name for name in names if name.startswith(f"{folded} ") or name.endswith(f" {folded}"))
    return tuple(dict.fromkeys(hit for name in near for hit in names[name] if hit in region))


def _nearest_to(tree: Tree, hits: Iterable[int], region_id: int | None) -> tuple[int, ...]:
    """Those of the region if there are any, and those that still exist if there are any."""
    for fits in (
        lambda entry: region_id is not None and entry.region_id == region_id,
        lambda entry: entry.abolished_on is None,
    ):
        hits = tuple(hit for hit in hits if fits(tree.by_id[hit])) or tuple(hits)
    return tuple(hits)


def _only(tree: Tree, hits: tuple[int, ...]) -> Matched:
    """One living body, or what to ask about; an abolished one is answered with its successor."""
    if len(hits) != 1:
        return Matched(None, hits)
    entry = tree.by_id[hits[0]]
    if entry.abolished_on is None:
        return Matched(entry.id)
    return Matched(None, () if entry.successor_id is None else (entry.successor_id,))
