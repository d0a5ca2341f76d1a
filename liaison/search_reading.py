"""Reading a query: which words of the index each of its words may mean, and how surely."""

from collections.abc import Sequence
from functools import lru_cache

from liaison.search_guessing import Guesser
from liaison.search_index import SearchIndex
from liaison.search_meaning import KEPT, Meanings
from liaison.search_slots import Slot, SlotMaker
from liaison.spelling import fold, words
from liaison.spelling_layouts import retyped

_SHORTEST_WHOLE = 8  # letters of two halves that together may be a misspelled word: "жаны озен"
_NEARLY_WHOLE = 0.9
_MOST_WORDS = 40
_MOST_GUESSES = 10  # unknown words of one query that are compared with the whole vocabulary
_KNOWN_ENOUGH = 0.6
_MUCH_LESS = 0.4  # a reading that makes only so much of the sense of another is not looked at


class Reader:
    """Turns cleaned queries into slots. Thread-safe: it only reads the index and keeps finished answers."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._lexicon = index.lexicon
        self._slots = SlotMaker(index)
        self._meanings = Meanings(index, self._slots)
        self._exactly = self._meanings.exactly
        self._guess = lru_cache(maxsize=KEPT)(Guesser(index, self._slots, self._meanings.expand).guess)

    def readings(self, text: str) -> list[tuple[list[str], bool]]:
        """The words of a cleaned query as typed and, if they make little sense, as retyped; likeliest first.

        With each reading: whether it is the query as typed.
        """
        typed = self._join(words(text), slips=True)
        found = [(self._sense(typed), True, typed)]
        if found[0][0] < _KNOWN_ENOUGH:
            others = [self._join(words(reading)) for reading in retyped(text)]
            others.append(self._join(words(" ".join(self._chunk(chunk) for chunk in text.split()))))
            found += [(self._sense(other), False, other) for other in others if other != typed]
            found.sort(key=lambda reading: -reading[0])
        least = found[0][0] * _MUCH_LESS
        return [(tokens, as_typed) for sense, as_typed, tokens in found if tokens and sense >= least]

    def slots(self, tokens: Sequence[str], dotted: frozenset[str] = frozenset()) -> list[Slot]:
        """The slots of a reading; words without meaning for the look-up have none, ``dotted`` ones are cut short."""
        tokens = tokens[:_MOST_WORDS]
        askers = self._lexicon.askers(tokens)
        found: list[Slot] = []
        single: list[Slot] = []
        phrases: list[Slot] = []
        guesses = 0
        for at, token in enumerate(tokens):
            if self._is_empty(token):
                continue
            exact = (self._meanings.shortened(token) if token in dotted else None) or self._exactly(token)
            if exact is None and self._lexicon.is_region_word(" ".join(tokens[at + 1 : at + 2])):
                exact = self._meanings.region(token)
            if exact is None and guesses < _MOST_GUESSES:
                guesses += 1
                exact = self._guess(token)
            said = exact if exact is not None else (self._slots.unknown(),)
            (phrases if askers.get(at, 0) > 1 else single if at in askers else found).extend(said)
        return self._weighed(found, single, phrases) or self._meanings.alone(tokens) or found

    def _weighed(self, found: list[Slot], single: list[Slot], phrases: list[Slot]) -> list[Slot]:
        """Who asks counts little beside what about; but "НПО" with a mere place is itself what about."""
        said = [slot for slot in found if slot.known and not self._slots.is_kind(slot)]
        if any(slot.is_topic for slot in said) or (said and any(map(self._slots.is_office, found))):
            return found + [self._slots.lighter(slot) for slot in (*single, *phrases) if slot.known]
        if said or single:
            return found + single + [self._slots.lighter(slot) for slot in phrases if slot.known]
        return found + phrases if any(slot.known for slot in (*found, *phrases)) else []

    def _is_empty(self, token: str) -> bool:
        if self._lexicon.is_noise(token):
            return True
        return len(token) == 1 and not token.isdigit() and fold(token) not in self._lexicon.group_forms

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

    def _join(self, tokens: list[str], slips: bool = False) -> list[str]:
        """Letters spaced out become a word, and two halves become the word they are known as, or nearly (``slips``)."""
        spelled: list[str] = []
        run: list[str] = []
        for token in [*tokens, ""]:
            if len(token) == 1 and token.isalpha():
                run.append(token)
                continue
            spelled += ["".join(run)] if len(run) > 2 or len(run) == len(tokens) else run
            run = []
            spelled.append(token)
        joined: list[str] = []
        for token in spelled[:-1]:
            if joined and self._is_whole(joined[-1], token, slips):
                joined[-1] += token
            else:
                joined.append(token)
        return joined

    def _is_whole(self, first: str, second: str, slips: bool) -> bool:
        if len(first) < 2 or len(second) < 2 or (self._known(first) and self._known(second)):
            return False
        whole = fold(first + second)
        if whole in self._index.forms or whole in self._lexicon.expansions:
            return True
        if not slips or len(whole) < _SHORTEST_WHOLE or self._known(first) or self._known(second):
            return False
        near = self._index.vocabulary.near((whole,))
        return max(near.values(), default=0.0) >= _NEARLY_WHOLE

    def _known(self, word: str) -> bool:
        return self._lexicon.is_noise(word) or self._exactly(word) is not None

    def _sense(self, tokens: list[str]) -> float:
        """The part of the letters that stand in known words."""
        letters = sum(map(len, tokens))
        return sum(len(token) for token in tokens if len(token) > 1 and self._known(token)) / letters if letters else 0
