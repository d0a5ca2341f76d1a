"""Meetings from the request on: offered times, what is attached, and the history of every step."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Meeting(Table):
    """A request for a meeting and what became of it. It belongs to the post, not to who holds it.

    Columns added later have defaults in the database too, for the previous release that may still be writing.
    """

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
    with_head: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # with the head of the body, arranged by the official
    attendees: Mapped[list[Any] | None] = personal()  # who comes along, by name
    batch: Mapped[str | None] = mapped_column(index=True)  # shared by the requests sent to several bodies at once
    state: Mapped[str]
    round: Mapped[int] = mapped_column(
        default=1, server_default="1"
    )  # which offer of times counts; raised by every new one
    held_until: Mapped[datetime | None]  # until then nobody else is offered the times of this request
    undo_until: Mapped[datetime | None]  # until then the last answer can be taken back by whoever gave it
    redirected_to_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    rev: Mapped[int]  # raised by every change; part of each notice's key, and the SEQUENCE of the .ics
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    place: Mapped[str | None]
    pin: Mapped[dict[str, Any] | None]  # {"lat": …, "lon": …}, in degrees
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Slot(Table):
    """A time offered for a meeting."""

    __tablename__ = "slots"
    # An id is never given twice: a button of an earlier offer must not mean a time of a later one.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    round: Mapped[int] = mapped_column(default=1, server_default="1")  # the offer it belongs to; see Meeting.round
    offered_by: Mapped[str] = mapped_column(default="ngo", server_default="ngo")  # ngo, office
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Attachment(Table):
    """A file that came with a request. Telegram keeps it; we keep its id."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    kind: Mapped[str]  # document, photo
    file_id: Mapped[str]
    unique_id: Mapped[str]
    name: Mapped[str | None] = personal()
    size: Mapped[int | None]  # bytes


class Guest(Table):
    """Another organisation that asks to join a meeting; the first one consents."""

    __tablename__ = "meeting_guests"
    __table_args__ = (UniqueConstraint("meeting_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    state: Mapped[str]  # asked, present, refused, left
    agenda: Mapped[str | None] = personal()  # seen by the others once it is present
    created_at: Mapped[datetime]


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
