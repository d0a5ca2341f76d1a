"""The rows of a list one after the other: officials, what is wrong with them, and what is no official at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from liaison import list_cells, list_columns, list_text
from liaison.bodies import Tree
from liaison.contacts import emails_in, read_phones
from liaison.list_columns import Columns
from liaison.list_matching import Match, Matched

LONGEST_TEXT = 300


@dataclass(frozen=True)
class Note:
    """Something to look at: ``code`` for programs, ``why`` as a sentence."""

    code: str
    why: str


@dataclass(frozen=True)
class ListRow:
    """One official as the list names him. Row numbers are those a spreadsheet shows, from 1."""

    source_row: int
    body_raw: str
    body_id: int
    full_name: str
    position: str | None
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    order_no: str | None
    order_date: date | None
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be taken over, the cell that is to blame, and the bodies that may have been meant."""

    source_row: int
    code: str
    why: str
    field: str
    raw: str
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ignored:
    """What is no official: title, heading, numbering, section, vacant, unused-column (``why``)."""

    source_row: int
    why: str
    raw: str


class Refusal(Exception):
    """This row cannot be taken over."""

    def __init__(self, code: str, why: str, name: str, raw: str, candidates: tuple[int, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.why, self.name, self.raw, self.candidates = code, why, name, raw, candidates


@dataclass
class Rows:
    """Goes down the rows and remembers what holds for those below: a section, a merged cell, the region."""

    tree: Tree
    match: Match
    columns: Columns
    region_id: int | None
    officials: list[ListRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    sections: bool = False  # some row named a body for those below it
    _above: tuple[int, str] | None = None  # the body of the row or section above, and how it was written
    _section_region: int | None = None
    _first_rows: dict[int, int] = field(default_factory=dict)  # body -> the row that named it first

    def take(self, number: int, raw_cells: Sequence[str]) -> None:
        """Take over one row of the file; ``number`` counts from 1."""
        cells = [list_text.clean(cell) for cell in raw_cells]
        shown = " | ".join(dict.fromkeys(cell for cell in cells if cell))[:LONGEST_TEXT]
        if number == self.columns.row + 1:
            self.ignored += [Ignored(number, "unused-column", heading) for heading in self.columns.unused()]
        elif shown and not list_text.too_long(cells) and (why := self._no_official(number, cells)):
            self.ignored.append(Ignored(number, why, shown))
        elif shown:
            self._official(number, cells, shown)

    def _no_official(self, number: int, cells: list[str]) -> str | None:
        if number <= self.columns.row:
            return "title"
        if _is_numbering(cells):
            return "numbering"
        if sum(list_columns.field_of(cells[at]) == name for name, at in self.columns.each() if at < len(cells)) >= 2:
            return "heading"  # repeated at the top of each page
        if section := self._section(cells):
            self._enter(section)
            return "section"
        return "vacant" if list_cells.is_vacant(self._first(cells, "person")) else None

    def _section(self, cells: list[str]) -> str | None:
        """The text of a row that is one merged cell: it names a body or a group for the rows below."""
        numbers, own = self.columns.of("number"), self.columns.of("person", "position", "phone", "email", "code")
        filled = {at: cell for at, cell in enumerate(cells) if cell and not (at in numbers and cell[0].isdecimal())}
        alone = len(set(filled.values())) == 1 and (len(filled) > 1 or next(iter(filled)) not in own)
        return next(iter(filled.values())) if alone else None

    def _enter(self, section: str) -> None:
        matched = self.match(section, self._section_region or self.region_id).body_id
        self._above = None if matched is None else (matched, section)
        if matched is not None:
            self.sections = True
            if self.tree.by_id[matched].level == "region":
                self._section_region = matched

    def _official(self, number: int, cells: list[str], shown: str) -> None:
        try:
            if list_text.too_long(cells):
                raise Refusal("too-long", "A cell is far too long; a quotation mark may be missing.", "row", shown)
            if "\ufffd" in shown:
                raise Refusal("broken-letters", "Some letters could not be read.", "row", shown)
            self.officials.append(self._row(number, cells))
        except Refusal as no:
            self.rejected.append(Rejected(number, no.code, no.why, no.name, no.raw[:LONGEST_TEXT], no.candidates))

    def _row(self, number: int, cells: list[str]) -> ListRow:
        notes: list[Note] = []
        body_id, body_raw = self._body(cells, notes)
        self._above = body_id, body_raw
        full_name = _name(self._first(cells, "person"), body_id)
        position = _defused(self._first(cells, "position"), notes)
        phones, emails = self._contacts(cells, notes)
        order = list_cells.read_order(self._joined(cells, "order", "order_no", "order_date"))
        if position and list_cells.is_below_rank(position, self.tree.by_id[body_id].level):
            notes.append(Note("rank", f'"{position}" seems to be below the rank recommended for such a body.'))
        if (first := self._first_rows.setdefault(body_id, number)) != number:
            notes.append(Note("duplicate-body", f"Row {first} names the same body; that row counts."))
        return ListRow(
            number,
            body_raw,
            body_id,
            full_name,
            position[:LONGEST_TEXT] or None,
            phones,
            emails,
            order.number,
            order.day,
            tuple(notes),
        )

    def _body(self, cells: list[str], notes: list[Note]) -> tuple[int, str]:
        code, raw = self._first(cells, "code"), self._first(cells, "body")
        if code:
            if (entry := self.tree.by_code.get(code)) is None:
                raise Refusal("unknown-body", f'No body has the code "{code}".', "code", code)
            return entry.id, raw or code
        if not raw:
            if self._above is None:
                raise Refusal("no-body", "The row names no body.", "body", "")
            notes.append(Note("body-from-above", f'The body is taken from above: "{self._above[1]}".'))
            return self._above
        matched = self._matched(cells)
        if matched.body_id is None:
            self._above = None
            raise _unmatched(raw, matched.candidates)
        if self.region_id is not None and self.tree.by_id[matched.body_id].region_id != self.region_id:
            notes.append(Note("other-region", "The body is not one of the region whose list this is."))
        return matched.body_id, raw

    def _matched(self, cells: list[str]) -> Matched:
        """The body by the first of its names, in as many languages as the list has, that says it surely."""
        region = self._row_region(cells)
        found = [self.match(cells[at], region) for at in self.columns.of("body") if at < len(cells) and cells[at]]
        return next(
            (each for each in found if each.body_id is not None), max(found, key=lambda each: len(each.candidates))
        )

    def _row_region(self, cells: list[str]) -> int | None:
        named = self._first(cells, "region")
        matched = self.match(named, None).body_id if named else None
        return (
            (None if matched is None else self.tree.by_id[matched].region_id) or self._section_region or self.region_id
        )

    def _contacts(self, cells: list[str], notes: list[Note]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        emails, bad_emails = emails_in(self._joined(cells, "email", "contacts"))
        without_mail = " ".join(word for word in self._joined(cells, "phone", "contacts").split() if "@" not in word)
        read = read_phones(without_mail)
        notes += [Note("bad-phone", f'"{each}" cannot be read as a phone number.') for each in read.unread]
        notes += [Note("bad-email", f'"{each}" is no e-mail address.') for each in bad_emails]
        notes += [
            Note("personal-mail", f"{each} is a personal mailbox.") for each in filter(list_cells.is_personal, emails)
        ]
        if not read.phones and not emails:
            notes.append(Note("no-contact", "The row has neither a phone nor an e-mail address that can be read."))
        return read.phones, tuple(emails)

    def _first(self, cells: list[str], *fields: str) -> str:
        return next((cells[at] for at in self.columns.of(*fields) if at < len(cells) and cells[at]), "")

    def _joined(self, cells: list[str], *fields: str) -> str:
        return " ; ".join(cells[at] for at in self.columns.of(*fields) if at < len(cells) and cells[at])


def _is_numbering(cells: list[str]) -> bool:
    """Whether the row is the 1, 2, 3, … that offices put below the headings."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 2 and filled == [str(n) for n in range(1, len(filled) + 1)]


def _name(text: str, body_id: int) -> str:
    if not text:
        raise Refusal("no-name", "The row has no name of an official.", "full_name", "", (body_id,))
    if (name := list_cells.read_name(text)) is None:
        raise Refusal("bad-name", f'"{text[:80]}" is no name of a person.', "full_name", text, (body_id,))
    return name


def _defused(text: str, notes: list[Note]) -> str:
    safe = list_text.defused(text)
    if safe != text:
        notes.append(Note("formula", f'"{text[:80]}" begins as a formula does; the sign was taken away.'))
    return safe


def _unmatched(raw: str, candidates: tuple[int, ...]) -> Refusal:
    if candidates:
        return Refusal("ambiguous-body", f'"{raw[:120]}" may mean several bodies.', "body", raw, candidates)
    return Refusal("unknown-body", f'No body is known by the name "{raw[:120]}".', "body", raw)
