"""How words become tokens of the index: noise dropped, groups of synonyms made one, compounds taken apart."""

from functools import lru_cache

from liaison.spelling import abbreviation, clean, fold, folds, initials, words
from liaison.spelling_stems import russian, stems
from liaison.words import WordLists

Token = str  # a folded word, "=mki" for an abbreviation, "#ministry" for a group of synonyms
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
        for name, synonyms in lists.synonyms.items():
            for synonym in synonyms:
                for word in words(clean(synonym)):
                    for form in (fold(word), *stems(fold(word))):
                        self.group_forms.setdefault(form, f"#{name}")
        self._expansions = {fold(clean(word)): meaning for word, meaning in lists.expansions.items()}
        self.expansion_forms = dict(self._expansions)
        for word, meaning in self._expansions.items():
            # Only the Russian stem: the Kazakh one of "внутренка" would swallow "внутренней".
            if russian(word) not in self.group_forms:
                self.expansion_forms.setdefault(russian(word), meaning)
        self.beginnings = {fold(clean(word)): meaning for word, meaning in lists.beginnings.items()}

    def is_noise(self, word: str) -> bool:
        """Whether a cleaned word says nothing about the body."""
        return word in self._noise or (len(word) > 3 and fold(word) in self._folded_noise)

    def meaning(self, form: str) -> str | None:
        """The words a compound stands for, given a folded word or stem."""
        return self.expansion_forms.get(form)

    def plain_words(self, text: str) -> list[str]:
        """The cleaned words of a name without the name of the country."""
        return [word for word in words(clean(text)) if not _country(word)]

    def is_place_word(self, word: str) -> bool:
        """Whether a cleaned word is "region", "city", "district" or "akimat" in any language."""
        return self.group_forms.get(fold(word)) in _PLACE_GROUPS

    def tokens(self, text: str, expand: bool = True) -> list[Token]:
        """The tokens of a name, in order. Upper case tells abbreviations from words; compounds are taken apart once."""
        shouting = {word.lower() for word in text.replace("-", " ").replace(".", " ").split() if _is_abbreviation(word)}
        found: list[Token] = []
        for word in words(clean(text)):
            if self.is_noise(word):
                continue
            found += [abbreviation(word)] if word in shouting else self._word(word, expand)
        return found

    def _word(self, word: str, expand: bool) -> list[Token]:
        folded = fold(word)
        for form in (folded, *stems(folded)):
            if form in self.group_forms:
                return [self.group_forms[form]]
            if expand and form in self.expansion_forms:
                return self.tokens(self.expansion_forms[form], expand=False)
        return [folded] if folded else []

    def forms(self, token: Token) -> tuple[str, ...]:
        """Under which spellings a token is found: itself, and its stems if it is a plain word."""
        return _forms(token)


@lru_cache(maxsize=65536)
def _forms(token: Token) -> tuple[str, ...]:
    if token[0] == "#":
        return (token,)
    if token[0] == "=":
        return (token, initials(token[1:]))
    return tuple(dict.fromkeys((*folds(token), *stems(token)))) if "j" in token else (token, *stems(token))


def _is_abbreviation(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return 2 <= len(letters) <= _LONGEST_ABBREVIATION and sum(letter.isupper() for letter in letters) >= 2


def _country(word: str) -> bool:
    return word in _COUNTRY


_COUNTRY = frozenset(
    "республики республика казахстан қазақстан республикасы республикасының рк қр republic kazakhstan".split()
) | {"the"}
