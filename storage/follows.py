"""Who follows which body or region, and what there is to tell the followers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table


class Follow(Table):
    """A person wants to hear of a body, or of all bodies of a region (then ``body_id`` is the region's akimat)."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("person_id", "body_id", "scope"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    scope: Mapped[str]  # body, region
    created_at: Mapped[datetime]


class BodyEvent(Table):
    """Something followers of a body are told: another official. Told on one day together with all else of that day."""

    __tablename__ = "body_events"
    __table_args__ = (Index("ix_body_events_told_on_body_id", "told_on", "body_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    kind: Mapped[str]  # official
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    told_on: Mapped[date]  # the day on the country's calendar whose message tells it
