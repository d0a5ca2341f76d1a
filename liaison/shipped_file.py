"""The file of state bodies that comes with the program: read whole, every mistake named with its line."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LANGS = ("kk", "ru", "en")
LEVELS = ("central", "region", "region_department", "city", "district", "district_of_city")
SHIPPED_FILE = Path(__file__).parent / "data" / "bodies.csv"
HEADINGS = (
    "id",
    "level",
    "parent_id",
    "region_id",
    "kato",
    *(f"name_{lang}" for lang in LANGS),
    *(f"short_{lang}" for lang in LANGS),
    "aliases",
    "website",
)
_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


class ShippedFileError(ValueError):
    """The shipped file is not usable. ``line`` is the line in the file (headings: 1), ``why`` one sentence."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"bodies.csv, line {line}: {why}")
        self.line = line
        self.why = why


@dataclass(frozen=True, slots=True)
class ShippedRow:
    """One body as the file has it; references are codes, ``names`` and ``shorts`` hold only the languages given."""

    code: str
    level: str
    parent: str | None
    region: str | None
    kato: str | None
    names: dict[str, str]
    shorts: dict[str, str]
    aliases: tuple[str, ...]
    website: str | None
    line: int = 0


def read_shipped(path: Path = SHIPPED_FILE) -> tuple[ShippedRow, ...]:
    """Read the file of bodies (UTF-8, RFC 4180). Raises ShippedFileError naming the first wrong line."""
    return parse_shipped(path.read_text(encoding="utf-8-sig"))


def parse_shipped(text: str) -> tuple[ShippedRow, ...]:
    """Turn the text of the file into rows. Raises ShippedFileError naming the first wrong line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    headings = next(reader, [])
    missing = [heading for heading in HEADINGS if heading not in headings]
    if missing:
        raise ShippedFileError(1, f"the heading {missing[0]!r} is missing")
    rows: list[ShippedRow] = []
    try:
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(headings):
                raise ShippedFileError(reader.line_num, f"{len(cells)} cells where {len(headings)} are needed")
            rows.append(_row(dict(zip(headings, map(str.strip, cells), strict=True)), reader.line_num))
    except csv.Error as problem:
        raise ShippedFileError(reader.line_num, str(problem)) from problem
    _check_references(rows)
    return tuple(rows)


def alias_lang(alias: str) -> str:
    """Guess the language of an alias from its letters: kk for Kazakh ones, en for Latin ones, ru for the rest."""
    if any(letter in _KAZAKH for letter in alias):
        return "kk"
    return "ru" if any("а" <= letter <= "я" for letter in alias.lower()) else "en"


def _row(cells: dict[str, str], line: int) -> ShippedRow:
    if not cells["id"]:
        raise ShippedFileError(line, "the id is empty")
    if cells["level"] not in LEVELS:
        raise ShippedFileError(line, f"the level {cells['level']!r} is none of {', '.join(LEVELS)}")
    names = {lang: cells[f"name_{lang}"] for lang in LANGS}
    if not all(names.values()):
        raise ShippedFileError(line, "a name is empty; kk, ru and en are needed")
    return ShippedRow(
        code=cells["id"],
        level=cells["level"],
        parent=cells["parent_id"] or None,
        region=cells["region_id"] or None,
        kato=cells["kato"] or None,
        names=names,
        shorts={lang: cells[f"short_{lang}"] for lang in LANGS if cells[f"short_{lang}"]},
        aliases=_unique(cells["aliases"].split(";")),
        website=cells["website"] or None,
        line=line,
    )


def _unique(aliases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, aliases))))


def _check_references(rows: Sequence[ShippedRow]) -> None:
    known = {row.code for row in rows}
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            raise ShippedFileError(row.line, f"the id {row.code!r} is there twice")
        seen.add(row.code)
        for column, code in (("parent_id", row.parent), ("region_id", row.region)):
            if code is not None and code not in known:
                raise ShippedFileError(row.line, f"{column} names {code!r}, which is not in the file")
    _check_circles(rows)


def _check_circles(rows: Sequence[ShippedRow]) -> None:
    parents = {row.code: row.parent for row in rows}
    for row in rows:
        above = {row.code}
        code = row.parent
        while code is not None:
            if code in above:
                raise ShippedFileError(row.line, f"{row.code!r} stands above itself")
            above.add(code)
            code = parents[code]
