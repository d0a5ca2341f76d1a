"""Light stemming on folded words: case endings of Russian and of Kazakh, tried side by side.

Not linguistics: both the directory and the question go through the same cuts, so only their agreement counts.
"""

from functools import lru_cache

_VOWELS = "aeiou"
_RUSSIAN = ("iami", "ami", "imi", "ogo", "ego", "omu", "emu", "iah", "iam", "iem") + (
    "ah",
    "ih",
    "ov",
    "ev",
    "om",
    "em",
    "im",
    "am",
)
_KAZAKH = (
    ("ndagi", "ndegi", "dagi", "degi", "tagi", "tegi")
    + ("men", "pen", "ben", "nda", "nde", "nan", "nen", "dan", "den", "tan", "ten", "nin", "din", "tin")
    + ("lar", "ler", "dar", "der", "tar", "ter")
    + ("ga", "ge", "ka", "ke", "na", "ne", "da", "de", "ta", "te", "ni", "di", "ti", "si", "in", "i")
)
_SHORTEST = 4


@lru_cache(maxsize=65536)
def stems(word: str) -> tuple[str, ...]:
    """The Russian and the Kazakh stem of a folded word, without repeats and without the word itself."""
    return tuple(dict.fromkeys(stem for stem in (russian(word), _kazakh(word)) if stem != word))


def russian(word: str) -> str:
    """The Russian stem of a folded word: without its case ending and the suffix of an adjective."""
    for ending in _RUSSIAN:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    word = _without_vowels(word)
    if word.endswith("iCesk") and len(word) >= _SHORTEST + 5:
        word = word[:-5]
    elif word.endswith("insk") and len(word) >= _SHORTEST + 4:
        word = word[:-4]
    elif word.endswith("sk") and len(word) >= _SHORTEST + 2:
        word = _without_vowels(word[:-2])
    if word.endswith("n") and len(word) > _SHORTEST and word[-2] not in _VOWELS:
        word = word[:-1]
    return word


def _without_vowels(word: str) -> str:
    while len(word) > _SHORTEST and word[-1] in _VOWELS:
        word = word[:-1]
    return word


def _kazakh(word: str) -> str:
    for cut in range(3):
        if not word.endswith(_KAZAKH):
            break
        least = _SHORTEST + (cut > 0)  # endings cut one after another leave too little of "Қарамендi"
        ending = next((end for end in _KAZAKH if word.endswith(end) and len(word) - len(end) >= least), None)
        if ending is None:
            break
        word = word.removesuffix(ending)
    return f"{word[:-1]}k" if word.endswith("g") and len(word) >= _SHORTEST else word
