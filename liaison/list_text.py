"""The bytes of a list made into rows of cells, whatever encoding and delimiter the office program chose."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_BYTES = 5 * 1024 * 1024
LONGEST_CELL = 2000  # characters; more is a quotation mark that was never closed
DELIMITERS = ",;\t|"

# What offices of the country have written single-byte Cyrillic in; KZ-1048 is Windows-1251 with the Kazakh letters.
ENCODINGS = {"cp1251": "windows-1251", "kz1048": "kz-1048", "koi8_r": "koi8-r", "cp866": "cp866", "ptcp154": "ptcp154"}

OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel or Word file (or an archive)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF text"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
)


class UnreadableList(Exception):
    """The file as a whole cannot be used: ``code`` for programs, ``why`` as a sentence."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = why


@dataclass(frozen=True)
class Text:
    """The text of a file and the encoding it was found in."""

    text: str
    encoding: str


def decode(data: bytes) -> Text:
    """Find the encoding of a file and read it. Raises UnreadableList for what is no text, empty or too large."""
    if len(data) > MOST_BYTES:
        raise UnreadableList("too-big", f"The file has {len(data) / 1024 / 1024:.1f} MB; a list may have at most 5 MB.")
    for magic, what in OTHER_FORMATS:
        if data.startswith(magic):
            raise UnreadableList("not-a-table", f"The file is {what}; save the table as CSV and send that.")
    read = _decoded(data)
    if not read.text.strip():
        raise UnreadableList("empty", "The file is empty.")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\r\t\f\v" for letter in read.text):
        raise UnreadableList("not-a-table", "The file is no text; save the table as CSV and send that.")
    return read


def split(text: str, delimiter: str) -> list[list[str]]:
    """The rows of a table. Raises UnreadableList where the quoting is broken beyond repair."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableList("broken", f"The file cannot be read as CSV: {error}.") from error


def beginning(text: str, rows: int) -> str:
    """So many lines of the text: enough to see the headings without taking the whole file apart."""
    return "".join(io.StringIO(text, newline="").readlines()[:rows])


def clean(cell: str) -> str:
    """A cell as one line of visible text. ="…", by which spreadsheets keep leading zeros, is unwrapped; a lone dash
    is an empty cell."""
    shown = "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", cell))
    shown = "".join(each for each in shown if unicodedata.category(each) not in ("Cf", "Cc"))
    line = " ".join(shown.split())
    if wrapped := re.fullmatch(r'="(.*)"', line):
        line = wrapped[1].strip()
    return "" if re.fullmatch(r"[-–—_.\s]+", line) else line


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it is exported again (CSV injection)."""
    return text.lstrip("=+-@ ")


def too_long(cells: Sequence[str]) -> bool:
    """Whether a cell swallowed the rows after it."""
    return any(len(cell) > LONGEST_CELL for cell in cells)


def _decoded(data: bytes) -> Text:
    if data.startswith(b"\xef\xbb\xbf"):
        return Text(data.decode("utf-8-sig", errors="replace"), "utf-8-sig")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Text(data.decode("utf-16", errors="replace"), "utf-16")
    if b"\0" in data[:1000]:
        return _without_mark(data)
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _damaged(data) or _single_byte(data)


def _without_mark(data: bytes) -> Text:
    """UTF-16 without a byte order mark: the zero bytes of commas and line ends stand on one side only."""
    low, high = data[::2].count(0), data[1::2].count(0)
    codec = "utf-16-le" if high > low else "utf-16-be"
    return Text(data.decode(codec, errors="replace"), codec)


def _damaged(data: bytes) -> Text | None:
    """UTF-8 with a few broken letters, as after a cut in the middle of one: better than a page of gibberish."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(each > "\x7f" for each in text)
    return Text(text, "utf-8") if broken * 20 < beyond_ascii else None


def _single_byte(data: bytes) -> Text:
    from charset_normalizer import from_bytes  # only lists need it, and the bot itself reads none

    guess = from_bytes(data, cp_isolation=list(ENCODINGS)).best()
    codec = guess.encoding if guess is not None and guess.encoding in ENCODINGS else "cp1251"
    if codec == "cp1251" and data.decode(codec, errors="replace") != data.decode("kz1048", errors="replace"):
        # The two differ only where one has Kazakh letters and the other Serbian and Macedonian ones.
        codec = "kz1048"
    return Text(data.decode(codec, errors="replace"), ENCODINGS[codec])
