"""Meetings from the request on: offered times and the history of every step."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Meeting(Table):
    """A request for a meeting and what became of it. It belongs to the post, not to who holds it."""

    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_post_id_starts_at", "post_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)  # UKL-26-000123
    draft_key: Mapped[str] = mapped_column(unique=True)  # the draft it was sent from: sent twice is one meeting
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    requester_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    topic: Mapped[str]
    mode: Mapped[str]  # in_person, online, phone
    agenda: Mapped[str | None] = personal()
    phone: Mapped[str | None] = personal()  # the number to call, where the mode is phone
    state: Mapped[str]
    rev: Mapped[int]  # raised by every change; part of each notice's key, and the SEQUENCE of the .ics
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    place: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Slot(Table):
    """A time offered for a meeting."""

    __tablename__ = "slots"
    # An id is never given twice: a button of an earlier offer must not mean a time of a later one.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Step(Table):
    """One step in the life of a meeting: who did what, and from which state to which."""

    __tablename__ = "meeting_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    acted_as: Mapped[str]  # representative, official, coordinator, admin
    action: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    details: Mapped[dict[str, Any]] = personal()  # a reason in the person's own words
