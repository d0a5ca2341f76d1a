"""What the program writes down for those who look after it: refusals, and facts it remembers by name."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage.records import AuditEntry, Fact


def audit(session: Session, person_id: int | None, what: str, details: dict[str, Any], *, now: datetime) -> None:
    """Write an entry of the log of refusals and changes."""
    session.add(AuditEntry(at=now, person_id=person_id, what=what, details=details))


def fact(session: Session, name: str) -> dict[str, Any] | None:
    """What is remembered under a name, if anything."""
    found = session.get(Fact, name)
    return None if found is None else dict(found.value)


def remember(session: Session, name: str, value: dict[str, Any]) -> None:
    """Remember something under a name, in place of what was there."""
    session.merge(Fact(name=name, value=value))
