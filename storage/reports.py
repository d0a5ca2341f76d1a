"""What readers of a card reported as wrong."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class ContactReport(Table):
    """A contact said to be wrong, until a coordinator has looked at it."""

    __tablename__ = "contact_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("holders.id"))  # who the card named at that time
    reporter_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    reason: Mapped[str]  # person, phone, email, other
    words: Mapped[str | None] = personal()  # a line in the reporter's own words
    state: Mapped[str] = mapped_column(index=True)  # open, corrected, confirmed
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
