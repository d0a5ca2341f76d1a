"""How words become tokens of the index: noise dropped, groups of synonyms made one, compounds taken apart."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from liaison.spelling import abbreviation, clean, fold, folds, initials, split, words
from liaison.spelling_stems import russian, stems
from liaison.words import WordLists

Token = str  # a folded word, "=мки" for an abbreviation, "#ministry" for a group of synonyms
_LONGEST_ABBREVIATION = 8
_PLACE_GROUPS = ("#region", "#city", "#district", "#akimat")


class Lexicon:
    """The word lists, folded. Pure; shared by the index and the reading of a query."""

    def __init__(self, lists: WordLists) -> None:
        # Short noise is compared letter by letter: folded, "и" would swallow the abbreviation ИИ.
        self._noise = frozenset(word for word in lists.noise if len(word) <= 3)
        self._folded_noise = frozenset(fold(word) for word in lists.noise if len(word) > 3)
        self.long_noise = tuple(sorted(word for word in self._folded_noise if len(word) >= 6))
        self.groups = frozenset(f"#{name}" for name in lists.synonyms)
        self.group_forms: dict[str, str] = {}
        self.group_stems: set[str] = set()
        for name, synonyms in lists.synonyms.items():
            for word in map(fold, words(clean(" ".join(synonyms)))):
                # The stem of another word may be a whole synonym by chance ("минводы", "минво"), so only stems meet.
                self.group_stems |= {*stems(word), *({word} if russian(word) == word else ())}
                for form in (word, *stems(word)):
                    self.group_forms.setdefault(form, f"#{name}")
        self.expansions = {fold(clean(word)): meaning for word, meaning in lists.expansions.items()}
        for word, meaning in tuple(self.expansions.items()):
            # Only the Russian stem: the Kazakh one of "внутренка" would swallow "внутренней".
            if russian(word) not in self.group_forms:
                self.expansions.setdefault(russian(word), meaning)
        self.beginnings = {fold(clean(word)): meaning for word, meaning in lists.beginnings.items()}
        self._askers = tuple(tuple(_stem_set(word) for word in words(clean(phrase))) for phrase in lists.askers)
        self._asker_forms = frozenset(form for phrase in self._askers for form in phrase[0])

    def is_noise(self, word: str) -> bool:
        """Whether a cleaned word says nothing about the body."""
        return word in self._noise or (len(word) > 3 and fold(word) in self._folded_noise)

    def is_place_word(self, word: str) -> bool:
        """Whether a cleaned word is "region", "city", "district" or "akimat" in any language."""
        return self.group_forms.get(fold(word)) in _PLACE_GROUPS

    def is_region_word(self, word: str) -> bool:
        """Whether a cleaned word is "region" in any language."""
        return self.group_forms.get(fold(word)) == "#region"

    def askers(self, tokens: Sequence[str]) -> dict[int, int]:
        """Where in a query the asker describes himself: places of these words, with how many words describe him."""
        found: dict[int, int] = {}
        stemmed = [_stem_set(token) for token in tokens]
        if all(self._asker_forms.isdisjoint(forms) for forms in stemmed):
            return found
        for phrase in self._askers:
            for start in range(len(stemmed) - len(phrase) + 1):
                if all(stemmed[start + at] & word for at, word in enumerate(phrase)):
                    found.update(dict.fromkeys(range(start, start + len(phrase)), len(phrase)))
        return found

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a name, in order. Upper case tells abbreviations from words; compounds are taken apart once."""
        found = [token for chunk in text.split() for token in self.tokens_in(chunk)]
        if not found and _is_abbreviation(text):  # "ME" alone is a short name, elsewhere a little word
            found.append(abbreviation(clean(text)))
        return found

    def tokens_in(self, chunk: str) -> list[Token]:
        """The tokens of a part of a name that stands between spaces."""
        spelled = split(unicodedata.normalize("NFKC", chunk))
        return [token for word in spelled for token in self._tokens_of(word)]

    def _tokens_of(self, word: str) -> list[Token]:
        found: list[Token] = []
        for cleaned in words(clean(word)):
            if self.is_noise(cleaned):
                continue
            found += [abbreviation(cleaned)] if _is_abbreviation(word) else self._plain(cleaned, expand=True)
        return found

    def _plain(self, word: str, expand: bool) -> list[Token]:
        folded = fold(word)
        for form in (folded, *stems(folded)):
            if form in self.group_forms and (form == folded or form in self.group_stems):
                return [self.group_forms[form]]
            if expand and form in self.expansions:
                return [token for part in self.expansions[form].split() for token in self._plain(part, expand=False)]
        return [folded] if folded else []


@lru_cache(maxsize=65536)
def forms_of(token: Token) -> tuple[str, ...]:
    """The spellings of a token: itself; an abbreviation also letter by letter, a word also by its stems."""
    if token[0] == "#":
        return (token,)
    if token[0] == "=":
        return (token, initials(token[1:]))
    return tuple(dict.fromkeys((*folds(token), *stems(token)))) if "j" in token else (token, *stems(token))


@lru_cache(maxsize=65536)
def _stem_set(word: str) -> frozenset[str]:
    folded = fold(word)
    return frozenset((folded, *stems(folded)))


def _is_abbreviation(word: str) -> bool:
    return 2 <= len(word) <= _LONGEST_ABBREVIATION and sum(letter.isupper() for letter in word) >= 2
