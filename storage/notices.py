"""Messages owed to somebody from a time on: outbox and reminders in one table."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table


class Notice(Table):
    """One message owed, which is one Bot API call. It holds ids, not text: it is rendered when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        # Only what is still owed is ever searched, so a million sent ones cost nothing.
        Index(
            "ix_notices_owed", "due_at", sqlite_where=text("state = 'owed'"), postgresql_where=text("state = 'owed'")
        ),
        Index("ix_notices_meeting_id", "meeting_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Object, its revision, occasion, recipient: meeting:12:rev3:remind:24h:to:57
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    details: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]  # on the calendar's clock
    state: Mapped[str]  # owed, sent, dropped, failed
    reason: Mapped[str | None]  # why dropped or failed
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[int] = mapped_column(default=0)  # sends whose outcome could not be known
    not_before: Mapped[datetime | None]  # on the machine's clock: a pause after a failure
    lease_until: Mapped[datetime | None]  # on the machine's clock
    lease_owner: Mapped[str | None]
