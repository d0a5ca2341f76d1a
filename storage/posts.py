"""The liaison duty of a body, and the people who hold it one after the other."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Post(Table):
    """The duty itself: one for a body. Requests belong to it, whoever holds it."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), unique=True)
    # Reception windows [{"weekday": 0-6, "start": "15:00", "end": "17:00"}, …]; none: the configured working hours.
    windows: Mapped[list[Any] | None]
    # How the official receives; empty: as configured.
    slot_minutes: Mapped[int | None]  # length of a meeting
    buffer_minutes: Mapped[int | None]  # free time kept after each
    notice_days: Mapped[int | None]  # minimum notice, in calendar days
    most_per_day: Mapped[int | None]
    online_link: Mapped[str | None]  # his own room for online meetings


class PostDay(Table):
    """A day on which the weekly pattern does not hold: other hours, or none."""

    __tablename__ = "post_days"
    __table_args__ = (UniqueConstraint("post_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    day: Mapped[date]
    hours: Mapped[list[Any]]  # [{"start": "15:00", "end": "17:00"}, …]; none: no reception


class Deputy(Table):
    """Somebody who answers for a post besides its official: a substitute on certain days, or an assistant."""

    __tablename__ = "deputies"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)  # empty until he opens the link
    kind: Mapped[str]  # substitute, assistant
    state: Mapped[str]  # asked, accepted, refused, ended
    from_day: Mapped[date | None]  # of a substitute: on the country's calendar, both days included
    until_day: Mapped[date | None]
    digest: Mapped[str | None] = mapped_column(unique=True)  # of the one-use link by which he is invited
    invited_by: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Holder(Table):
    """An official named for a post from one day to another, with the source that says so."""

    __tablename__ = "holders"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    full_name: Mapped[str] = personal()
    position: Mapped[str | None] = personal()
    phones: Mapped[list[str]] = personal(default=list)  # E.164, an extension as ;ext=
    emails: Mapped[list[str]] = personal(default=list)
    order_no: Mapped[str | None]
    order_date: Mapped[date | None]
    since: Mapped[date | None]
    until: Mapped[datetime | None]  # empty: holds the post now
    # Where the naming was published and when it was read (Law 94-V art. 7: re-use with a link to the source).
    source_title: Mapped[str | None]
    source_url: Mapped[str | None]
    retrieved_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]  # official, coordinator, list
    # The Telegram account bound by a one-use invitation.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    bound_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
