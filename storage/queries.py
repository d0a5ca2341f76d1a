"""What people looked for, as counts without persons: queries that found nothing, and choices among several bodies."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table


class QueryMiss(Table):
    """A query that found nothing, until a coordinator says which body it means or that it means none."""

    __tablename__ = "query_misses"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)  # cleaned: case and spaces say nothing
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)  # open, answered, ignored
    body_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))


class QueryChoice(Table):
    """How often people who typed this chose that body, when several fitted equally well."""

    __tablename__ = "query_choices"
    __table_args__ = (UniqueConstraint("text", "body_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    count: Mapped[int]
