"""Guessing what an unknown word was meant to be: misspelled, only begun, or put together from several."""

import re
from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from liaison.search_index import SearchIndex
from liaison.search_slots import Slot, SlotMaker
from liaison.spelling import fold, initials
from liaison.spelling_stems import russian, stems

_PREFIX = 0.8
_SHORT_PREFIX = 0.72  # four letters begin too many words to be sure
_COMPOUND = 0.8
_NEARLY_AS_LIKE = 0.02
_SURELY_LIKE = 0.85
_DOUBLED = re.compile(r"(.)\1")
_DOUBLED_LIKE = 0.85
_SHORTEST_DOUBLED = 3  # with the mark before it
_VOWELS = frozenset("aeiou")
_SHORTEST_NOISE = 6  # letters of a word without meaning that may be misspelled


class Guesser:
    """Guesses words. ``expand`` gives the slots of the words a compound stands for."""

    def __init__(self, index: SearchIndex, slots: SlotMaker, expand: Callable[[str], tuple[Slot, ...]]) -> None:
        self._index, self._lexicon = index, index.lexicon
        self._slots, self._expand = slots, expand

    def guess(self, token: str) -> tuple[Slot, ...]:
        """What an unknown word may have been meant to be; nothing for a misspelled word of no meaning."""
        folded = fold(token)
        if len(folded) >= _SHORTEST_NOISE and process.extractOne(
            folded, self._lexicon.long_noise, scorer=OSA.distance, score_cutoff=1
        ):
            return ()
        short = self._abbreviation(token, folded)
        if short:
            return (self._slots.make(short, guessed=True),)
        # A folded "ц" may have been т and с with a letter between them that was left out.
        nearest, likeness = self._nearest(folded, *((folded.replace("c", "ts"),) if "c" in folded else ()))
        if likeness >= _SURELY_LIKE:
            return nearest
        begun = self._begun(folded)
        if begun:
            return (self._slots.make(begun, guessed=True),)
        return self._compound(folded) or self._nearest(folded, russian(folded))[0] or (self._slots.unknown(),)

    def _abbreviation(self, token: str, folded: str) -> dict[int, float]:
        """A word that cannot be spoken is an abbreviation, as one is that has a letter twice: "мтснз", "мнвво"."""
        spelled = initials(token)
        once = _DOUBLED.sub(r"\1", spelled)
        listed = self._index.forms.get(once, ()) if once != spelled and len(once) > _SHORTEST_DOUBLED else ()
        if listed:
            return dict.fromkeys(listed, _DOUBLED_LIKE)
        return {} if _VOWELS & {*folded} else self._index.abbreviations_like(spelled)

    def _begun(self, folded: str) -> dict[int, float]:
        if len(folded) < 4:
            return {}
        return dict.fromkeys(self._index.words_with(folded), _PREFIX if len(folded) > 4 else _SHORT_PREFIX)

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
            return (self._slots.make(matches, guessed=True),), best
        meaning = next(meaning for form in near if (meaning := self._lexicon.expansions.get(form)) is not None)
        return tuple(self._slots.less(slot, best) for slot in self._expand(meaning)), best

    def _compound(self, folded: str) -> tuple[Slot, ...]:
        """ "минстрой", "спорткомитет": a known beginning or a known last word, the rest a word or its beginning."""
        for beginning, meaning in self._lexicon.beginnings.items():
            rest = folded.removeprefix(beginning)
            if rest != folded and len(rest) >= 3:
                after = self._part(rest) or (self._nearest(rest)[0] if len(rest) >= _SHORTEST_NOISE else ())
                if after:
                    return (*self._expand(meaning), *after)
        for cut in range(len(folded) - 4, 3, -1):
            first, last = folded[:cut], folded[cut:]
            groups = [form for form in (last, *stems(last)) if form in self._lexicon.group_forms]
            if groups:
                before = self._part(first)
                if before:
                    return (*before, self._slots.make(dict.fromkeys(self._index.forms.get(groups[0], ()), _COMPOUND)))
        return ()

    def _part(self, part: str) -> tuple[Slot, ...]:
        if part in self._lexicon.expansions:
            return self._expand(self._lexicon.expansions[part])
        for form in (part, *stems(part)):
            if form in self._index.forms:
                return (self._slots.make(dict.fromkeys(self._index.forms[form], _COMPOUND), guessed=True),)
        begun = self._index.words_with(part)
        if begun:
            return (self._slots.make(dict.fromkeys(begun, _COMPOUND), guessed=True),)
        for cut in range(3, len(part) - 2):
            first, second = self._index.words_with(part[:cut]), self._index.words_with(part[cut:])
            if first and second:
                return tuple(self._slots.make(dict.fromkeys(half, _COMPOUND), guessed=True) for half in (first, second))
        return ()
