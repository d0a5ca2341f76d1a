"""The word lists behind the look-up: plain files in data/ that a coordinator can extend; a wrong line is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS_FOLDER = Path(__file__).parent / "data"
DEPARTMENT = "dep:"  # in subjects.tsv: a kind of department, in every region


class WordsFileError(ValueError):
    """A word list is not usable; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Words people use for a subject, and the bodies that cover it: codes, `code*` or `dep:kind`, best first."""

    targets: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordLists:
    """All lists as read: nothing is folded yet."""

    noise: frozenset[str]
    synonyms: dict[str, tuple[str, ...]]  # name of a group → its words
    expansions: dict[str, str]  # a word → the words it stands for
    beginnings: dict[str, str]  # the beginning of a compound word → the word it stands for
    subjects: tuple[Subject, ...]
    places: dict[str, tuple[str, ...]]  # code of a body → more names of its place
    askers: tuple[str, ...]  # what people call themselves: it says little about the body they look for


@cache
def shipped_words() -> WordLists:
    """The lists that come with the program."""
    return read_words(WORDS_FOLDER)


def read_words(folder: Path) -> WordLists:
    """Read the lists of a folder (UTF-8). Raises WordsFileError naming the file and the first wrong line."""
    expansions: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for where, word, meaning in _pairs(folder / "expansions.tsv"):
        kept = beginnings if word.endswith("-") else expansions
        if word.rstrip("-") in kept:
            raise WordsFileError(f"{where}: {word!r} is there twice")
        kept[word.rstrip("-")] = meaning
    subjects = tuple(
        Subject(_items(where, targets), _items(where, phrases))
        for where, targets, phrases in _pairs(folder / "subjects.tsv")
    )
    return WordLists(
        noise=frozenset(word for line in _lines(folder / "noise.txt") for word in line.lower().split()),
        synonyms=_named(folder / "synonyms.tsv"),
        expansions=expansions,
        beginnings=beginnings,
        subjects=subjects,
        places=_named(folder / "places.tsv"),
        askers=tuple(_phrases(folder / "askers.txt")),
    )


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _phrases(path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if "\t" in line or (";" in line and not line.startswith("#")):
            raise WordsFileError(
                f"{path.name}, line {number}: one phrase a line is needed, without tabs and semicolons"
            )
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _named(path: Path) -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for where, name, words in _pairs(path):
        if name in named:
            raise WordsFileError(f"{where}: {name!r} is there twice")
        named[name] = _items(where, words)
    return named


def _pairs(path: Path) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{path.name}, line {number}"
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 2 or not all(cells):
            raise WordsFileError(f"{where}: two filled cells with one tab between them are needed")
        yield where, cells[0], cells[1]


def _items(where: str, cell: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in cell.split(";"))
    if not all(items):
        raise WordsFileError(f"{where}: an empty item between two semicolons")
    return items
