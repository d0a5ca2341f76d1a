"""Reading a query: which words of the index each of its words may mean, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from liaison.search_index import SearchIndex
from liaison.spelling import abbreviation, fold, folds, spelled_initials, words
from liaison.spelling_layouts import retyped
from liaison.spelling_stems import russian, stems

_SHORTEST_WORD = 3
_STEM = 0.95
_STEM_SHARE = 0.4  # a stem that lost more of its word says little
_ENDINGS = "аеиоуыя"
_OTHER_LETTERS = 0.94  # an abbreviation typed without its Kazakh letters
_PREFIX = 0.8
_COMPOUND = 0.8
_LONGEST_ABBREVIATION = 8
_MOST_WORDS = 40
_MOST_GUESSES = 10  # unknown words of one query that are compared with the whole vocabulary
_KNOWN_ENOUGH = 0.6
_NEARLY_AS_LIKE = 0.02
# How surely a word that names a place speaks of the departments of the region around it.
_INSIDE = {"city": 0.9, "district": 0.8, "district_of_city": 0.7}
_PLACE_SHARE = 0.6
_MOST_PLACES = 400
_SURELY_LIKE = 0.85


@dataclass(slots=True)
class Slot:
    """One thing the query speaks of: words of the index with their likeness, and the bodies that have them."""

    matches: dict[int, float]
    weight: float
    bodies: dict[int, float] = field(default_factory=dict)
    regions: dict[int, float] = field(default_factory=dict)
    inner: dict[int, float] = field(default_factory=dict)
    guessed: bool = False  # not a word of the index as it was typed

    @property
    def known(self) -> bool:
        """Whether the word means anything here."""
        return bool(self.matches)


class Reader:
    """Turns cleaned queries into slots. Thread-safe: it only reads the index and keeps finished answers."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._lexicon = index.lexicon
        self._exactly = lru_cache(maxsize=8192)(self._look_exactly)
        self._guess = lru_cache(maxsize=8192)(self._look_nearly)

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
            found += exact if exact is not None else (self._unknown(),)
        return found

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
            if len(folded) < min(len(token), _SHORTEST_WORD):  # "ІІМ" must not be read as "им."
                continue
            for form, likeness in (
                (folded, 1.0),
                *((stem, _STEM) for stem in stems(folded) if len(stem) >= _STEM_SHARE * len(folded)),
            ):
                meaning = self._lexicon.expansions.get(form) if expand else None
                if meaning is not None and not matches:
                    return self._expand(meaning)
                for word in self._index.forms.get(form, ()):
                    same = likeness if self._index.tokens[word][0] == "#" or self._index.tokens[word] == form else _STEM
                    matches.setdefault(word, same)
        if len(token) <= _LONGEST_ABBREVIATION:
            others = ((form, _OTHER_LETTERS) for form in spelled_initials(token))
            for form, likeness in ((abbreviation(token), 1.0), *others):
                for word in self._index.forms.get(form, ()):
                    matches[word] = max(matches.get(word, 0.0), likeness)
        if not matches and len(token) == 4 and token[-1] in _ENDINGS:  # "саду", "лесу": too short to be cut in names
            for word in self._index.forms.get(fold(token[:-1]), ()):
                matches[word] = _STEM
        return (self._slot(matches),) if matches else None

    def _expand(self, meaning: str) -> tuple[Slot, ...]:
        return tuple(slot for word in words(meaning) for slot in (self._exactly(word, False) or ()))

    def _look_nearly(self, token: str) -> tuple[Slot, ...]:
        folded = fold(token)
        if len(folded) >= 6 and process.extractOne(
            folded, self._lexicon.long_noise, scorer=OSA.distance, score_cutoff=1
        ):
            return ()
        nearest, likeness = self._nearest(folded)
        if likeness >= _SURELY_LIKE:
            return nearest
        begun = self._begun(folded)
        if begun:
            return (self._slot(begun, guessed=True),)
        return self._compound(folded) or self._nearest(folded, russian(folded))[0] or (self._unknown(),)

    def _begun(self, folded: str) -> dict[int, float]:
        if len(folded) < 4:
            return {}
        return dict.fromkeys(self._index.words_with(folded), _PREFIX)

    def _nearest(self, *spellings: str) -> tuple[tuple[Slot, ...], float]:
        """Words a few slips of the finger away, the nearest ones; and how like the nearest is."""
        found = self._index.vocabulary.near(spellings)
        if not found:
            return (), 0.0
        best = max(found.values())
        near = {form: likeness for form, likeness in found.items() if likeness >= best - _NEARLY_AS_LIKE}
        matches: dict[int, float] = {}
        for form, likeness in near.items():
            for word in self._index.forms.get(form, ()):
                matches[word] = max(matches.get(word, 0.0), likeness)
        if matches:
            return (self._slot(matches, guessed=True),), best
        meaning = next(meaning for form in near if (meaning := self._lexicon.expansions.get(form)) is not None)
        return tuple(self._less(slot, best) for slot in self._expand(meaning)), best

    def _compound(self, folded: str) -> tuple[Slot, ...]:
        """ "минстрой", "спорткомитет": a known beginning or a known last word, the rest a word or its beginning."""
        for beginning, meaning in self._lexicon.beginnings.items():
            rest = folded.removeprefix(beginning)
            if rest != folded and len(rest) >= 3:
                after = self._part(rest)
                if after:
                    return (*self._expand(meaning), *after)
        for cut in range(len(folded) - 4, 3, -1):
            first, last = folded[:cut], folded[cut:]
            groups = [form for form in (last, *stems(last)) if form in self._lexicon.group_forms]
            if groups:
                before = self._part(first)
                if before:
                    return (*before, self._slot(dict.fromkeys(self._index.forms.get(groups[0], ()), _COMPOUND)))
        return ()

    def _part(self, part: str) -> tuple[Slot, ...]:
        for form in (part, *stems(part)):
            if form in self._index.forms:
                return (self._slot(dict.fromkeys(self._index.forms[form], _COMPOUND), guessed=True),)
        begun = self._index.words_with(part)
        if begun:
            return (self._slot(dict.fromkeys(begun, _COMPOUND), guessed=True),)
        for cut in range(3, len(part) - 2):
            first, second = self._index.words_with(part[:cut]), self._index.words_with(part[cut:])
            if first and second:
                return tuple(self._slot(dict.fromkeys(half, _COMPOUND), guessed=True) for half in (first, second))
        return ()

    def _less(self, slot: Slot, likeness: float) -> Slot:
        return self._slot({word: like * likeness for word, like in slot.matches.items()}, guessed=True)

    def _unknown(self) -> Slot:
        return Slot({}, self._index.rarity(4), guessed=True)

    def _slot(self, matches: dict[int, float], guessed: bool = False) -> Slot:
        slot = Slot(matches, 0.0, guessed=guessed)
        index = self._index
        if len(matches) == 1 and 1.0 in matches.values():
            slot.bodies = index.postings[next(iter(matches))]
        else:
            for word, likeness in matches.items():
                _raise(slot.bodies, index.postings[word], likeness)
        for word, likeness in matches.items():
            if word in index.region_words:
                _raise(slot.regions, index.region_words[word], likeness)
        if len(slot.bodies) <= _MOST_PLACES and not any(word in index.group_names for word in matches):
            self._note_regions(slot)
        slot.weight = index.rarity(len(slot.bodies))
        return slot

    def _note_regions(self, slot: Slot) -> None:
        """A word that names a city or a district also tells the region it lies in."""
        index = self._index
        for place, share in slot.bodies.items():
            region, inside = index.regions[place], _INSIDE.get(index.entries[place].level)
            # A lower share is the name of the region within the full name of the place.
            if region is not None and inside is not None and share >= _PLACE_SHARE:
                slot.inner[region] = max(slot.inner.get(region, 0.0), share * inside)


def _raise(target: dict[int, float], source: dict[int, float], likeness: float) -> None:
    for key, weight in source.items():
        if target.get(key, 0.0) < weight * likeness:
            target[key] = weight * likeness
