"""One plain spelling for every way a word is written: Russian, Kazakh with and without its letters, five Latin habits.

``fold`` turns a word into a skeleton of Latin letters on which all of them meet: қарағанды, караганды, Qaraǵandy,
Qarağandı and Karagandy all become ``karagandi``. S stands for ш and щ, C for ч, J for ж.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

QUERY_LIMIT = 400  # characters of a query that are looked at

_CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True),
    ё="e",
    ж="zh",
    ц="ts",
    ч="ch",
    ш="sh",
    щ="shch",
    ъ="",
    ь="",
    ю="yu",
    я="ya",
    ә="a",
    ғ="g",
    қ="k",
    ң="n",
    ө="o",
    ұ="u",
    ү="u",
    һ="h",
    і="i",
    # Letters of old Kazakh fonts and of neighbours, met in pasted lists.
    ќ="k",
    ѓ="g",
    є="a",
    ї="u",
    ґ="u",
    ў="u",
    ј="zh",
)
# The Kazakh Latin alphabets of 2018 and 2021: only letters that do not lead to the right sound by losing their accent.
_LATIN = {"ı": "i", "ý": "u", "ş": "sh", "ç": "ch", "ŋ": "n", "ə": "a", "ß": "ss", "ø": "o", "æ": "a", "ž": "zh"} | {
    "š": "sh",
    "č": "ch",
}
_LETTERS = str.maketrans(_CYRILLIC | _LATIN)
# The alphabet of 2017 put an apostrophe after the letter.
_APOSTROPHES = re.compile(r"([scyaogniu])['’ʼ´`]")
_BEFORE_APOSTROPHE = {"s": "sh", "c": "ch", "y": "u"}
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_AFTER_CONSONANT = re.compile(rf"(?<=[{_CONSONANTS}])yo|(?:^|(?<=[{_CONSONANTS}]))ye")
_SOUNDS = {
    "shch": "S",
    "shh": "S",
    "sch": "S",
    "sh": "S",
    "ch": "C",
    "dzh": "J",
    "dj": "J",
    "zh": "J",
    "kh": "h",
    "x": "h",
    "gh": "g",
    "ts": "c",
    "tz": "c",
    "ph": "f",
    "ck": "k",
    "q": "k",
    "w": "v",
}
_SOUND = re.compile("|".join(f"{letters}(?![hk])" if letters == "ts" else letters for letters in _SOUNDS))
_PAIRS = (("ch", "ч"), ("sh", "ш"), ("zh", "ж"), ("ts", "ц"), ("kh", "х"))
_VOWELS = "aeiouy"
_SINGLE_J = re.compile(rf"(?<=[{_VOWELS}])j|j(?=[^{_VOWELS}]|$)")
_DOUBLE = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ´`][^\W_]+)*['’ʼ´`]?")
_CONTRACTED = re.compile(r"\b([^\W\d]{1,3})-([^\W\d]{1,2})\b")  # р-н, мин-во
_DOTTED = re.compile(r"([^\W\d_]{3,8})\.(?=\s*\w)")  # "упр. образ. Караганда"
_HIDDEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Latin letters that look like Cyrillic ones, and back: met inside words of the other script.
_TO_CYRILLIC = str.maketrans("aceopxykmtbhiəw", "асеорхукмтвніәш")
_TO_LATIN = str.maketrans("асеорхукмтвніә", "aceopxykmtbhiə")
_LATIN_LETTER = re.compile("[a-zə]")
_ONE_LETTER = {letter: (sounds[:1] or "") for letter, sounds in _CYRILLIC.items()} | {"ш": "w", "щ": "w", "ч": "4"}
_INITIALS = str.maketrans(
    _ONE_LETTER | {"ц": "c", "ж": "j", "ю": "u", "я": "a", "й": "i", "ы": "i", "y": "i", "q": "k", "ş": "w", "ç": "4"}
)


def clean(text: str) -> str:
    """The first 400 characters in one form of Unicode, in lower case, without invisible characters."""
    text = unicodedata.normalize("NFKC", text[: 4 * QUERY_LIMIT]).translate(_HIDDEN).strip()
    return unicodedata.normalize("NFC", text[:QUERY_LIMIT].lower().replace("i̇", "i"))


def split(text: str) -> list[str]:
    """The words of a text as they are written, р-н as one."""
    return _WORD.findall(_CONTRACTED.sub(r"\1\2", text) if "-" in text else text)


def dotted(text: str) -> frozenset[str]:
    """Words of a cleaned text that may be cut short: a full stop follows, and then more text."""
    return frozenset(_DOTTED.findall(text)) if "." in text else frozenset()


def words(text: str) -> list[str]:
    """The words of a cleaned text, р-н as one; letters that look alike go to the script of the rest of their word."""
    return [_one_script(word) for word in split(text)]


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The skeleton of a cleaned word. The same for all its spellings; not meant for people's eyes."""
    return _reduce(_SINGLE_J.sub("y", _plain(word)))


def folds(word: str) -> tuple[str, ...]:
    """All skeletons a word may have: a Latin j is й for some and ж for others, so it gives two."""
    plain = _plain(word)
    return (
        tuple(dict.fromkeys((fold(word), _reduce(plain.replace("j", "y")), _reduce(plain))))
        if "j" in plain
        else (fold(word),)
    )


def abbreviation(word: str) -> str:
    """The token of an abbreviation: its own letters after an equals sign."""
    return f"={word}"


def initials(word: str) -> str:
    """The spelling of an abbreviation, letter by letter, with Kazakh letters and Latin ones made alike."""
    return "~" + unicodedata.normalize("NFD", word.translate(_INITIALS)).encode("ascii", "ignore").decode()


def has_double(word: str) -> bool:
    """Whether one sound stands twice in a row: folding makes it one."""
    return any(first == second for first, second in pairwise(initials(word)))


def spelled_initials(word: str) -> tuple[str, ...]:
    """The spellings of an abbreviation that was typed: in Latin, two letters may stand for one (MChS, TsIK)."""
    single = word
    for pair, letter in _PAIRS:
        single = single.replace(pair, letter)
    return tuple(dict.fromkeys((initials(word), initials(single))))


def _plain(word: str) -> str:
    word = _APOSTROPHES.sub(lambda found: _BEFORE_APOSTROPHE.get(found[1], found[1]), word)
    word = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(letter for letter in word if letter.isalnum())


def _reduce(word: str) -> str:
    word = _SOUND.sub(lambda found: _SOUNDS[found[0]], _AFTER_CONSONANT.sub("e", word))
    return _DOUBLE.sub(r"\1", word.replace("y", "i").replace("j", "J"))


def _one_script(word: str) -> str:
    if word.isascii() or not _LATIN_LETTER.search(word):
        return word
    cyrillic = sum("Ѐ" <= letter <= "ԯ" for letter in word)
    latin = sum("a" <= letter <= "z" or letter == "ə" for letter in word)
    if not cyrillic or not latin:
        return word
    return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
