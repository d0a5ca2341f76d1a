"""A list of officials as a body publishes it: every row gives a value or a problem with its row number. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liaison import list_columns, list_text
from liaison.bodies import Tree
from liaison.list_columns import Columns
from liaison.list_matching import Match, matcher
from liaison.list_rows import Ignored, ListRow, Note, Rejected, Rows
from liaison.list_text import UnreadableList

__all__ = ["Ignored", "ListFile", "ListRow", "Note", "Rejected", "as_json", "read"]

MOST_ROWS = 10_000  # twenty times the bodies there are


@dataclass(frozen=True)
class ListFile:
    """All that a file said. With ``problems`` it cannot be used at all, and has no rows."""

    name: str
    region_id: int | None = None
    format: str = "csv"
    encoding: str | None = None
    rows: tuple[ListRow, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    problems: tuple[Note, ...] = ()

    def counted(self) -> dict[int, ListRow]:
        """The row that counts for each body: the first that names it."""
        first: dict[int, ListRow] = {}
        for row in self.rows:
            first.setdefault(row.body_id, row)
        return first


def read(data: bytes, *, name: str, tree: Tree, region_id: int | None = None, match: Match | None = None) -> ListFile:
    """Read a CSV file. Never raises for what is in it.

    ``name`` is the file's, for messages; ``region_id`` is the region whose list it is, used where a name fits several
    bodies; ``match`` says which body a text means, by default by exact names only (list_matching.matcher).
    """
    encoding = None
    try:
        text = list_text.decode(data)
        encoding = text.encoding
        table, columns = _table(text.text)
    except UnreadableList as refusal:
        return ListFile(name, region_id, encoding=encoding, problems=(Note(refusal.code, refusal.why),))
    rows = Rows(tree, match or matcher(tree), columns, region_id)
    for number, cells in enumerate(table if columns.of("person") else (), start=1):
        rows.take(number, cells)
    if problems := _problems(columns, rows):
        return ListFile(name, region_id, encoding=encoding, problems=problems)
    return ListFile(name, region_id, "csv", encoding, tuple(rows.officials), tuple(rows.rejected), tuple(rows.ignored))


def as_json(listfile: ListFile, tree: Tree, changes: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The form that `uakil import --dry-run --json` writes. Bodies and the region are given by their codes.

    ``changes`` counts bodies: same, changed, new, gone (lists.Changes.counts); without a database all are new.
    """
    nothing_known = {"same": 0, "changed": 0, "new": len(listfile.counted()), "gone": 0}
    return {
        "format": listfile.format,
        "encoding": listfile.encoding,
        "region": None if listfile.region_id is None else tree.by_id[listfile.region_id].code,
        "rows": [_row_json(row, tree) for row in listfile.rows],
        "rejected": [_rejected_json(each, tree) for each in listfile.rejected],
        "ignored": [{"source_row": each.source_row, "why": each.why, "raw": each.raw} for each in listfile.ignored],
        "file_problems": [_sentence(each) for each in listfile.problems],
        "changes": dict(nothing_known if changes is None else changes),
    }


def _table(text: str) -> tuple[list[list[str]], Columns]:
    """The rows by the delimiter under which the headings read best."""
    start = list_text.beginning(text, list_columns.SEARCHED_ROWS)
    found = {each: list_columns.find(list_text.split(start, each)) for each in list_text.DELIMITERS}
    delimiter = max(found, key=lambda each: len(found[each].places))
    table = list_text.split(text, delimiter)
    if len(table) > MOST_ROWS:
        raise UnreadableList("too-big", f"The file has {len(table)} rows; a list may have at most {MOST_ROWS}.")
    return table, found[delimiter]


def _problems(columns: Columns, rows: Rows) -> tuple[Note, ...]:
    if absent := list_columns.missing(columns, sections=rows.sections):
        return tuple(Note("missing-heading", why) for why in absent)
    if not rows.officials and not rows.rejected:
        return (Note("no-rows", "Below the headings there is no row with an official."),)
    return ()


def _row_json(row: ListRow, tree: Tree) -> dict[str, Any]:
    return {
        "source_row": row.source_row,
        "body_raw": row.body_raw,
        "body_id": tree.by_id[row.body_id].code,
        "full_name": row.full_name,
        "position": row.position,
        "phones": list(row.phones),
        "emails": list(row.emails),
        "order_no": row.order_no,
        "order_date": row.order_date.isoformat() if row.order_date else None,
        "warnings": [_sentence(each) for each in row.warnings],
    }


def _rejected_json(rejected: Rejected, tree: Tree) -> dict[str, Any]:
    return {
        "source_row": rejected.source_row,
        "code": rejected.code,
        "why": rejected.why,
        "field": rejected.field,
        "raw": rejected.raw,
        "candidates": [tree.by_id[body_id].code for body_id in rejected.candidates],
    }


def _sentence(note: Note) -> str:
    return f"{note.code}: {note.why}"
