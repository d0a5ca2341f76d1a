"""What the table definitions promise: aware times, and a mark on every column about a living person."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from storage.engine import Database
from storage.records import Duty
from storage.tables import Table

# Everything held about a living person. A new column of that kind belongs here and gets personal().
PERSONAL = {
    "contact_reports.words",
    "attachments.name",
    "drafts.data",
    "holders.emails",
    "holders.full_name",
    "holders.phones",
    "holders.position",
    "meeting_steps.details",
    "meeting_guests.agenda",
    "meeting_words.text",
    "meetings.agenda",
    "meetings.attendees",
    "meetings.phone",
    "memberships.title",
    "persons.name",
    "promises.text",
    "persons.phone",
    "persons.telegram_id",
}

# Names that speak of a person wherever they stand.
TELLING = {"name", "full_name", "phone", "phones", "email", "emails", "telegram_id", "position", "agenda"}
# …but not there: an organisation's name, and the keys of our own records.
IMPERSONAL = {"organisations.name", "duties.name", "counters.name", "facts.name"}


def test_personal_columns_are_marked() -> None:
    columns = [column for table in Table.metadata.tables.values() for column in table.columns]
    assert {str(column) for column in columns if column.info.get("personal")} == PERSONAL
    assert {str(column) for column in columns if column.name in TELLING} - IMPERSONAL <= PERSONAL


def test_every_constraint_has_a_name() -> None:
    for table in Table.metadata.tables.values():
        assert [constraint for constraint in table.constraints if constraint.name is None] == []


def set_duty(session: Session, at: datetime) -> None:
    session.merge(Duty(name="clean-up", next_due=at))


def duty(session: Session) -> datetime:
    return session.scalars(select(Duty.next_due)).one()


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a naive time may not be stored"):
        database.write_now(set_duty, datetime(2026, 3, 2, 10))  # noqa: DTZ001


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5)), timezone(timedelta(hours=-11, minutes=-30))])
def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database, zone: timezone) -> None:
    at = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=zone)
    database.write_now(set_duty, at)
    found = database.read_now(duty)
    assert found == at
    assert found.utcoffset() == timedelta(0)


def test_times_are_compared_as_moments(database: Database) -> None:
    almaty = timezone(timedelta(hours=5))
    database.write_now(set_duty, datetime(2026, 3, 2, 4, tzinfo=almaty))  # 1 March, 23:00 UTC
    due = select(Duty.name).where(Duty.next_due < datetime(2026, 3, 2, 0, tzinfo=UTC))
    assert database.read_now(lambda session: session.scalars(due).all()) == ["clean-up"]
