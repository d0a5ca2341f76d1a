"""What one word of a query means as it is typed: words of the index with how surely it means each of them."""

from collections.abc import Sequence
from functools import lru_cache

from liaison.search_index import SearchIndex
from liaison.search_slots import Slot, SlotMaker
from liaison.spelling import abbreviation, fold, folds, has_double, initials, spelled_initials, words
from liaison.spelling_stems import stems

_SHORTEST_WORD = 3
_STEM = 0.95
_STEM_SHARE = 0.4  # a stem that lost more of its word says little
_SHORT_NAME = 5
_COINCIDENCE = 0.7  # "Семей" is a word by itself: that "семья" has the same short stem says little
_ENDINGS = "аеиоуыя"
_OTHER_LETTERS = 0.94  # an abbreviation typed without its Kazakh letters
_LESS_LIKELY = 0.8  # the same, though it is an abbreviation as typed
_LONGEST_ABBREVIATION = 8
_SHORTENED = 0.9
_NOT_SHORTENED = 0.8
KEPT = 8192  # words whose meaning is kept


class Meanings:
    """Looks words up. Thread-safe: it only reads the index and keeps finished answers."""

    def __init__(self, index: SearchIndex, slots: SlotMaker) -> None:
        self._index, self._lexicon, self._slots = index, index.lexicon, slots
        self.exactly = lru_cache(maxsize=KEPT)(self._look_exactly)
        self.shortened = lru_cache(maxsize=KEPT)(self._look_shortened)

    def expand(self, meaning: str) -> tuple[Slot, ...]:
        """The slots of the words that one word stands for."""
        return tuple(slot for word in words(meaning) for slot in (self.exactly(word, False) or ()))

    def region(self, token: str) -> tuple[Slot, ...] | None:
        """A word before "область" may be the beginning of the region's name: "тур обл"."""
        begun = self._index.words_with(fold(token)) if len(token) >= _SHORTEST_WORD else []
        regions = [word for word in begun if word in self._index.region_words]
        return (self._slots.make(dict.fromkeys(regions, _SHORTENED), guessed=True),) if regions else None

    def alone(self, tokens: Sequence[str]) -> list[Slot]:
        """A word alone may be a short name that is a little word elsewhere ("ME"), or a misspelled one ("мчм")."""
        named = [token for token in tokens if not self._lexicon.is_noise(token)] or tokens
        if len(named) != 1:
            return []
        listed = self._index.forms.get(abbreviation(named[0]), ())
        matches = dict.fromkeys(filter(self._index.is_listed, listed), 1.0)
        if matches:
            return [self._slots.make(matches)]
        near = self._index.abbreviations_like(initials(named[0]))
        return [self._slots.make(near, guessed=True)] if near else []

    def _look_shortened(self, token: str) -> tuple[Slot, ...] | None:
        """What a word cut short with a full stop may be: "образ." is rather образование than образ."""
        folded = fold(token)
        if folded in self._lexicon.group_forms or folded in self._lexicon.expansions:
            return None
        begun = dict.fromkeys(self._index.words_with(folded), _SHORTENED)
        begun |= dict.fromkeys(self._index.forms.get(folded, ()), _NOT_SHORTENED)
        return (self._slots.make(begun),) if begun else None

    def _look_exactly(self, token: str, expand: bool = True) -> tuple[Slot, ...] | None:
        """The slots of a word with a meaning; None for a word that means nothing as it is typed."""
        matches: dict[int, float] = {}
        for folded in folds(token):
            if len(folded) < _SHORTEST_WORD <= len(token) and has_double(token):  # "ІІМ" must not be read as "им."
                continue
            long_enough = (stem for stem in stems(folded) if len(stem) >= _STEM_SHARE * len(folded))
            for form in (folded, *long_enough):
                meaning = self._lexicon.expansions.get(form) if expand else None
                if meaning is not None and not matches:
                    return self.expand(meaning)
                self._note(matches, form, folded)
        self._note_abbreviations(matches, token)
        if not matches and len(token) == 4 and token[-1] in _ENDINGS:  # "саду", "лесу": too short to be cut in names
            for form in (*(fold(token[:-1] + ending) for ending in _ENDINGS), fold(token[:-1])):
                matches = matches or dict.fromkeys(self._index.forms.get(form, ()), _STEM)
        return (self._slots.make(matches),) if matches else None

    def _note(self, matches: dict[int, float], form: str, folded: str) -> None:
        """Note the words that have a form, which is the folded word itself or a stem of it."""
        whole = form == folded
        by_chance = not whole and len(folded) <= _SHORT_NAME and folded in self._index.forms
        for word in self._index.forms.get(form, ()):
            known = self._index.tokens[word]
            if known[0] == "#":
                if whole or form in self._lexicon.group_stems:
                    matches.setdefault(word, 1.0 if whole else _STEM)
            elif by_chance:
                matches.setdefault(word, _COINCIDENCE)
            else:
                matches.setdefault(word, 1.0 if whole and known == form else _STEM)

    def _note_abbreviations(self, matches: dict[int, float], token: str) -> None:
        if len(token) > _LONGEST_ABBREVIATION:
            return
        exact = abbreviation(token)
        other = _LESS_LIKELY if exact in self._index.forms else _OTHER_LETTERS
        for form, likeness in ((exact, 1.0), *((spelled, other) for spelled in spelled_initials(token))):
            for word in self._index.forms.get(form, ()):
                matches[word] = max(matches.get(word, 0.0), likeness)
