"""What the program keeps for itself: updates already taken, daily duties, counters and facts, the log of refusals."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table


class TakenUpdate(Table):
    """An update that has had its effect. Kept 48 hours; ids are never compared by size."""

    __tablename__ = "taken_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    taken_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str | None]  # the screen it led to: shown again when the same update comes once more


class Duty(Table):
    """Something to be done again and again, such as the daily clean-up."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_due: Mapped[datetime]


class Counter(Table):
    """A number that only rises: the directory's version, the meetings of a year."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Fact(Table):
    """Something remembered by name, such as the digest of a bot description already set."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class AuditEntry(Table):
    """Who did or tried what outside a meeting's own history: invitations, refusals, changes of the directory."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    what: Mapped[str]
    details: Mapped[dict[str, Any]]
