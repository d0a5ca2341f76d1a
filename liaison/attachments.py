"""Files that come with a request: which are taken, and who may see them. Telegram keeps them; we keep their ids."""

import mimetypes
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access
from liaison.answers import INVISIBLE
from liaison.errors import LiaisonError
from liaison.people import Actor
from storage.meetings import Attachment

MOST_FILES = 3
MOST_BYTES = 20 * 1024 * 1024  # what a bot may read back from Telegram (Bot API, getFile)
# What an office can open, and what carries no program of its own kind. As the end of the name, in small letters.
TYPES = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "txt", "jpg", "jpeg", "png")
NAME_LENGTH = 120  # a longer name is cut before its end


@dataclass(frozen=True)
class File:
    """A file as Telegram names it."""

    kind: str  # document, photo
    file_id: str
    unique_id: str
    name: str | None  # photos have none
    size: int | None  # bytes; Telegram may leave it out


def take(file: File, mime_type: str | None, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The files of a draft with one more; the same file again is kept once.

    Raises LiaisonError("file-type", "file-size" or "most-files").
    """
    if any(known["unique_id"] == file.unique_id for known in before):
        return list(before)
    name = _name(file.name)
    if file.kind != "photo" and _type_of(name, mime_type) not in TYPES:
        raise LiaisonError("file-type")
    if file.size is not None and file.size > MOST_BYTES:
        raise LiaisonError("file-size", most=MOST_BYTES // 1024**2)
    if len(before) >= MOST_FILES:
        raise LiaisonError("most-files", most=MOST_FILES)
    return [*before, {**asdict(file), "name": name}]


def of(session: Session, actor: Actor, meeting_id: int, *, now: datetime) -> tuple[str, tuple[File, ...]]:
    """The number of a meeting and its files, for whoever may see the meeting. Raises NotYours."""
    meeting, _ = access.meeting(session, actor, meeting_id)
    rows = session.scalars(select(Attachment).where(Attachment.meeting_id == meeting.id).order_by(Attachment.id))
    return meeting.number, tuple(File(row.kind, row.file_id, row.unique_id, row.name, row.size) for row in rows)


def _name(name: str | None) -> str | None:
    """A name without invisible characters (a mark of direction can hide a program behind .txt), cut where too long."""
    if name is None:
        return None
    clean = " ".join(INVISIBLE.sub("", name).split())
    if len(clean) <= NAME_LENGTH:
        return clean
    stem, _, end = clean.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(end) - 2]}….{end}"


def _type_of(name: str | None, mime_type: str | None) -> str:
    if name and "." in name:
        return name.rpartition(".")[2].lower()
    return (mimetypes.guess_extension(mime_type or "") or "").removeprefix(".")
