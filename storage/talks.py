"""A word between the sides of a meeting, passed on without phones or accounts."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Word(Table):
    """A text from one side to the other about one meeting."""

    __tablename__ = "meeting_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    side: Mapped[str]
    text: Mapped[str] = personal()
    at: Mapped[datetime]
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    reported_at: Mapped[datetime | None]


class Mute(Table):
    """A person does not want to be written to about a meeting by the other side."""

    __tablename__ = "meeting_mutes"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
