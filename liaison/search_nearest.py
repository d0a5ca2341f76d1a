"""The nearest words to a misspelled one, in a vocabulary of hundreds or of hundreds of thousands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

_MOST_LIKE = 12
_SHORTEST = 4  # letters of a word that may be misspelled
_SHORTEST_STEM = 5  # shorter stems have too many neighbours
_FEW = 25_000  # so many words are all compared
_ANCHOR = 3  # in a larger vocabulary the first or the last three letters must be right
_FIRST_LETTER = 0.1


class Vocabulary:
    """Words by length, and in a large vocabulary also by their first and last letters."""

    def __init__(self, words: Iterable[str]) -> None:
        known = [word for word in words if len(word) >= _SHORTEST and not word[0].isdigit()]
        self._anchored = len(known) > _FEW
        self._words: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for word in known:
            for key in self._keys(word, len(word)):
                self._words[key].append(word)

    def near(self, spellings: Sequence[str]) -> dict[str, float]:
        """Words a few slips of the finger away from any of the spellings, with their likeness (1: the same).

        The first spelling is the word itself, others are its stems.
        """
        found: dict[str, float] = {}
        for asked in dict.fromkeys(spellings):
            slips = _slips(len(asked))
            if not slips or (asked != spellings[0] and len(asked) < _SHORTEST_STEM):
                continue
            for words in self._candidates(asked, slips):
                for word, distance, _ in process.extract(
                    asked, words, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_LIKE
                ):
                    found[word] = max(found.get(word, 0.0), _likeness(asked, word, distance))
        return found

    def _candidates(self, asked: str, slips: int) -> Iterator[list[str]]:
        for size in range(len(asked) - slips, len(asked) + slips + 1):
            for key in self._keys(asked, size):
                yield self._words.get(key, [])

    def _keys(self, word: str, size: int) -> tuple[tuple[int, str], ...]:
        if not self._anchored:
            return ((size, ""),)
        return ((size, word[:_ANCHOR]), (size, f"-{word[-_ANCHOR:]}"))


def _slips(length: int) -> int:
    """How many slips a word of so many letters may have."""
    return 0 if length < _SHORTEST else 1 if length < 7 else 2 if length < 11 else 3


def _likeness(asked: str, word: str, slips: float) -> float:
    """How like two words are: fewer slips in a longer word are better; people rarely get the first letter wrong."""
    likeness = 1 - (0.7 if len(asked) > _SHORTEST else 1.1) * slips / len(asked)
    return likeness if asked[0] == word[0] else likeness - _FIRST_LETTER
