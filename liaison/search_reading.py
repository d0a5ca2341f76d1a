"""Reading a query: which words of the index each of its words may mean, and how surely."""

from collections.abc import Sequence
from functools import lru_cache

from liaison.search_guessing import Guesser
from liaison.search_index import SearchIndex
from liaison.search_slots import Slot, SlotMaker
from liaison.spelling import abbreviation, fold, folds, has_double, spelled_initials, words
from liaison.spelling_layouts import retyped
from liaison.spelling_stems import stems

_SHORTEST_WORD = 3
_STEM = 0.95
_STEM_SHARE = 0.4  # a stem that lost more of its word says little
_ENDINGS = "аеиоуыя"
_OTHER_LETTERS = 0.94  # an abbreviation typed without its Kazakh letters
_LONGEST_ABBREVIATION = 8
_MOST_WORDS = 40
_MOST_GUESSES = 10  # unknown words of one query that are compared with the whole vocabulary
_KNOWN_ENOUGH = 0.6
_KEPT = 8192  # words whose meaning is kept


class Reader:
    """Turns cleaned queries into slots. Thread-safe: it only reads the index and keeps finished answers."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._lexicon = index.lexicon
        self._slots = SlotMaker(index)
        self._exactly = lru_cache(maxsize=_KEPT)(self._look_exactly)
        self._guess = lru_cache(maxsize=_KEPT)(Guesser(index, self._slots, self._expand).guess)

    def readings(self, text: str) -> list[tuple[list[str], bool]]:
        """The words of a cleaned query as typed and, if they make little sense, as retyped; likeliest first.

        With each reading: whether it is the query as typed.
        """
        typed = self._join(words(text))
        found = [(self._sense(typed), True, typed)]
        if found[0][0] < _KNOWN_ENOUGH:
            others = [self._join(words(reading)) for reading in retyped(text)]
            others.append(self._join(words(" ".join(self._chunk(chunk) for chunk in text.split()))))
            found += [(self._sense(other), False, other) for other in others if other != typed]
            found.sort(key=lambda reading: -reading[0])
        return [(tokens, as_typed) for _, as_typed, tokens in found if tokens]

    def slots(self, tokens: Sequence[str]) -> list[Slot]:
        """The slots of a reading, in order; words without meaning for the look-up have none."""
        found: list[Slot] = []
        guesses = 0
        for token in tokens[:_MOST_WORDS]:
            if self._lexicon.is_noise(token) or (len(token) == 1 and fold(token) not in self._lexicon.group_forms):
                continue
            exact = self._exactly(token)
            if exact is None and guesses < _MOST_GUESSES:
                guesses += 1
                exact = self._guess(token)
            found += exact if exact is not None else (self._slots.unknown(),)
        return found or self._listed_abbreviation(tokens)

    def _listed_abbreviation(self, tokens: Sequence[str]) -> list[Slot]:
        """A little word alone may be the short name of a body: "ME" is the Ministry of Energy."""
        listed = self._index.forms.get(abbreviation(tokens[0]), ()) if len(tokens) == 1 else ()
        matches = {word: 1.0 for word in listed if 1.0 in self._index.postings[word].values()}
        return [self._slots.make(matches)] if matches else []

    def _chunk(self, chunk: str) -> str:
        """A single word typed on another layout in a query that is otherwise right."""
        here = words(chunk)
        if len(chunk) < 4 or not here or any(len(word) > 2 and self._known(word) for word in here):
            return chunk
        for reading in retyped(chunk):
            there = words(reading)
            if there and all(len(word) > 2 and self._known(word) for word in there):
                return reading
        return chunk

    def _join(self, tokens: list[str]) -> list[str]:
        """Letters spaced out become a word, and two halves become the word that they are known as."""
        spelled: list[str] = []
        run: list[str] = []
        for token in [*tokens, ""]:
            if len(token) == 1 and token.isalpha():
                run.append(token)
                continue
            spelled += ["".join(run)] if len(run) > 2 else run
            run = []
            spelled.append(token)
        joined: list[str] = []
        for token in spelled[:-1]:
            if joined and self._is_whole(joined[-1], token):
                joined[-1] += token
            else:
                joined.append(token)
        return joined

    def _is_whole(self, first: str, second: str) -> bool:
        if len(first) < 2 or len(second) < 2 or (self._known(first) and self._known(second)):
            return False
        whole = fold(first + second)
        return whole in self._index.forms or self._lexicon.expansions.get(whole) is not None

    def _known(self, word: str) -> bool:
        return self._lexicon.is_noise(word) or self._exactly(word) is not None

    def _sense(self, tokens: list[str]) -> float:
        """The part of the letters that stand in known words."""
        letters = sum(map(len, tokens))
        return sum(len(token) for token in tokens if len(token) > 1 and self._known(token)) / letters if letters else 0

    def _look_exactly(self, token: str, expand: bool = True) -> tuple[Slot, ...] | None:
        matches: dict[int, float] = {}
        for folded in folds(token):
            if len(folded) < _SHORTEST_WORD <= len(token) and has_double(token):  # "ІІМ" must not be read as "им."
                continue
            for form, likeness in (
                (folded, 1.0),
                *((stem, _STEM) for stem in stems(folded) if len(stem) >= _STEM_SHARE * len(folded)),
            ):
                meaning = self._lexicon.expansions.get(form) if expand else None
                if meaning is not None and not matches:
                    return self._expand(meaning)
                for word in self._index.forms.get(form, ()):
                    known = self._index.tokens[word]
                    if known[0] == "#" and form != folded and form not in self._lexicon.group_stems:
                        continue
                    matches.setdefault(word, likeness if known[0] == "#" or known == form else _STEM)
        if len(token) <= _LONGEST_ABBREVIATION:
            others = ((form, _OTHER_LETTERS) for form in spelled_initials(token))
            for form, likeness in ((abbreviation(token), 1.0), *others):
                for word in self._index.forms.get(form, ()):
                    matches[word] = max(matches.get(word, 0.0), likeness)
        if not matches and len(token) == 4 and token[-1] in _ENDINGS:  # "саду", "лесу": too short to be cut in names
            for word in self._index.forms.get(fold(token[:-1]), ()):
                matches[word] = _STEM
        return (self._slots.make(matches),) if matches else None

    def _expand(self, meaning: str) -> tuple[Slot, ...]:
        return tuple(slot for word in words(meaning) for slot in (self._exactly(word, False) or ()))
