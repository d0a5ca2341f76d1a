"""Half-finished dialogues: one row for a person and a kind, so that a restart or another replica can go on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Draft(Table):
    """What a person has answered so far, and the question that stands open."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str]  # start, request, place, other_times, decline, cancel
    key: Mapped[str] = mapped_column(unique=True)  # survives in what came of it (meetings.draft_key)
    step: Mapped[str]
    data: Mapped[dict[str, Any]] = personal()
    rev: Mapped[int]  # raised by every answer; a button of an older question carries an older one
    asked_at: Mapped[datetime]  # when the open question was asked
    expires_at: Mapped[datetime]
