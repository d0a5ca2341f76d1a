"""What came of a meeting: what each side says, and the points that were agreed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Outcome(Table):
    """What one side says: whether the meeting was held, and whether the question was answered."""

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("meeting_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    side: Mapped[str]  # ngo, office
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    held: Mapped[str]  # held, moved, not_held
    why: Mapped[str | None]  # not held: they, we, by_phone
    answered: Mapped[str | None]  # yes, partly, no, not_expected
    at: Mapped[datetime]


class Promise(Table):
    """A point agreed at a meeting. It counts once the other side has confirmed it."""

    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    text: Mapped[str] = personal()
    due_on: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[str]  # proposed, agreed, refused, done, dropped
    proposed_by: Mapped[str]  # ngo, office
    doer: Mapped[str] = mapped_column(default="office", server_default="office")  # who promises it: ngo, office
    silent: Mapped[bool] = mapped_column(default=False)  # agreed by the other side's silence
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
