"""The look-up: any text in, the bodies it may mean out, and whether the first one may be shown without asking."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from liaison.bodies import Tree
from liaison.search_build import Builder
from liaison.search_ranking import TIE, Ranked, Ranking
from liaison.search_reading import Reader
from liaison.spelling import clean, dotted
from liaison.words import WordLists, shipped_words

_RETYPED = 0.97  # a reading on another layout must be better than the text as typed
_LEAST = 0.3  # below it a body is not even near


@dataclass(frozen=True, slots=True)
class Hit:
    """A body with how well it answers, from 0 to 1."""

    body_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first. ``confident``: the first is meant, its card can be shown without asking."""

    hits: tuple[Hit, ...]
    confident: bool


NOTHING = Found((), False)


class Index:
    """The directory made ready for questions. Pure, in memory, safe to use from several threads."""

    def __init__(self, tree: Tree, lists: WordLists) -> None:
        self._index = Builder(tree, lists).build()
        self._reader = Reader(self._index)
        self._ranking = Ranking(self._index)

    @classmethod
    def build(cls, tree: Tree, lists: WordLists | None = None) -> "Index":
        """Make the index of a directory. Raises WordsFileError if a word list has a wrong line."""
        return cls(tree, lists or shipped_words())

    def find(
        self, query: str, limit: int = 6, region_id: int | None = None, prefer: Mapping[int, int] | None = None
    ) -> Found:
        """The bodies a text may mean, at most so many. Only its first 400 characters count.

        ``region_id`` is where the person works: it decides between bodies that answer equally well.
        ``prefer`` tells how often people chose a body (by id) after this query: it orders what is still equal then,
        and makes nothing more certain.
        """
        region = None if region_id is None else self._index.place_of.get(region_id)
        best: Ranked | None = None
        text = clean(query)
        cut_short = dotted(text)
        for tokens, as_typed in self._reader.readings(text):
            ranked = self._ranking.rank(self._reader.slots(tokens, cut_short), region)
            worth = ranked.best * (1.0 if as_typed else _RETYPED)
            if best is None or worth > best.best * 1.0001:
                best = ranked
        return NOTHING if best is None else self._answer(best, limit, prefer or {})

    def _answer(self, ranked: Ranked, limit: int, prefer: Mapping[int, int]) -> Found:
        entries = self._index.entries
        near = ((entries[place].id, score) for place, score in ranked.bodies if score >= _LEAST)
        best = islice(_preferred(near, prefer) if prefer else near, limit)
        hits = tuple(Hit(body_id, round(min(score, 1.0), 4)) for body_id, score in best)
        return Found(hits, ranked.confident and bool(hits))


def _preferred(near: Iterable[tuple[int, float]], prefer: Mapping[int, int]) -> Iterator[tuple[int, float]]:
    """Bodies with their scores; those that answer equally well in the order of people's choices."""
    equals: list[tuple[int, float]] = []
    for body in near:
        if equals and equals[0][1] - body[1] >= TIE:
            yield from sorted(equals, key=lambda equal: -prefer.get(equal[0], 0))
            equals = []
        equals.append(body)
    yield from sorted(equals, key=lambda equal: -prefer.get(equal[0], 0))
