"""The one statement whose spelling differs between SQLite and PostgreSQL in SQLAlchemy."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.schema import Table


def insert_if_absent(session: Session, table: type[Table], **values: Any) -> bool:
    """Insert a row unless a unique key forbids it; tell whether it was inserted."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    primary_key = inspect(table).primary_key
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing().returning(*primary_key)
    return session.execute(statement).first() is not None
