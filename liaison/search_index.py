"""The index of the look-up: who has which word, how surely, and how rare it is. Made by search_build.py."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from liaison.bodies import BodyEntry
from liaison.search_lexicon import Lexicon, Token
from liaison.search_nearest import Vocabulary

Document = tuple[int, ...]  # the words of one name, sorted
Measured = dict[int, list[tuple[Document, float, float]]]  # word → names with it: words, their weight, the name's worth
_SHORTEST_ABBREVIATION = 3  # with the mark before it; shorter ones are all alike
_NEAR_ABBREVIATION = 0.62
_MEASURED_AT_ONCE = 2_000  # bodies whose names are measured while building; the others when first met


@dataclass(slots=True)
class SearchIndex:
    """Words and bodies by number: a body's number is its place in ``entries``. Not changed once it is built."""

    lexicon: Lexicon
    entries: Sequence[BodyEntry]
    regions: Sequence[int | None]  # body → its region
    parents: Sequence[int | None]  # body → the one above it
    departments: Mapping[int, Sequence[int]]  # region → its departments
    city_regions: frozenset[int]  # regions that are cities: Astana, Almaty, Shymkent
    tokens: Sequence[Token]  # word → its token
    postings: Sequence[dict[int, float]]  # word → body → how surely
    region_words: Mapping[int, dict[int, float]]  # word → regions named by it
    documents: Sequence[Sequence[tuple[Document, float]]]  # body → its names, and subjects with their worth
    exact: Mapping[Document, Sequence[int]]  # words of a name → its bodies
    forms: Mapping[str, Sequence[int]]  # spelling → words
    weights: Sequence[float]  # word → its rarity
    group_names: Mapping[int, str]  # words that stand for a group of synonyms
    vocabulary: Vocabulary
    sorted_forms: Sequence[str]
    abbreviations: Sequence[str] = field(init=False)  # spellings of those that are listed
    place_of: Mapping[int, int] = field(init=False)  # id of a body → its number
    _measured: dict[int, Measured] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.place_of = {entry.id: place for place, entry in enumerate(self.entries)}
        self.abbreviations = [
            form for form, known in self.forms.items() if form[0] == "~" and any(map(self.is_listed, known))
        ]
        for place in range(min(len(self.entries), _MEASURED_AT_ONCE)):
            self.measured(place)

    def words_with(self, beginning: str, most: int = 60) -> list[int]:
        """Words one of whose forms begins so; at most so many forms are looked at."""
        at = bisect_left(self.sorted_forms, beginning)
        found: list[int] = []
        for form in self.sorted_forms[at : at + most]:
            if not form.startswith(beginning):
                break
            found += self.forms[form]
        return found

    def abbreviations_like(self, spelled: str) -> dict[int, float]:
        """Listed abbreviations one slip away from one spelled letter by letter: the later the slip, the likelier."""
        if len(spelled) <= _SHORTEST_ABBREVIATION:
            return {}
        near = process.extract(spelled, self.abbreviations, scorer=OSA.distance, score_cutoff=1, limit=None)
        likeness = {form: _NEAR_ABBREVIATION + 0.02 * Prefix.similarity(spelled, form) for form, _, _ in near}
        return {word: likeness[form] for form, _, _ in near for word in self.forms[form] if self.is_listed(word)}

    def is_listed(self, word: int) -> bool:
        """Whether a word stands in a name as it is, and was not made of first letters only."""
        return 1.0 in self.postings[word].values()

    def rarity(self, bodies: int) -> float:
        """The weight of a word that so many bodies have."""
        return rarity(len(self.entries), bodies)

    def measured(self, place: int) -> Measured:
        """The names of a body by their words, groups left out; worked out when first asked for."""
        found = self._measured.get(place)
        if found is None:
            found = defaultdict(list)
            for document, worth in self.documents[place]:
                name = (document, sum(self.weights[word] for word in document), worth)
                for word in {*document} - self.group_names.keys():
                    found[word].append(name)
            self._measured[place] = found
        return found


def rarity(all_bodies: int, bodies: int) -> float:
    """The weight of a word that so many of all bodies have (inverse document frequency, smoothed by two)."""
    return math.log(1 + all_bodies / (bodies + 2))
