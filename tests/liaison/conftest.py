"""Rules are tested by the thousand, so their PostgreSQL database is made once and emptied after each test."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL

from storage.tables import Table
from tests.conftest import TEMPLATE

EMPTY = "TRUNCATE {} RESTART IDENTITY".format(", ".join(f'"{name}"' for name in Table.metadata.tables))


@pytest.fixture(scope="session")
def kept_postgres(postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> Iterator[URL]:
    """A migrated PostgreSQL database for all rule tests of this process."""
    name = f"rules_{uuid4().hex}"
    postgres_admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield postgres_server.set(database=name)
    postgres_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(kept_postgres: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> Iterator[str]:
    """The kept database without rows, its ids beginning anew; whoever is still connected afterwards is cut off."""
    yield kept_postgres.render_as_string(hide_password=False)
    postgres_admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (kept_postgres.database,)
    )
    with psycopg.connect(_dsn(kept_postgres), autocommit=True) as connection:
        connection.execute(EMPTY)


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
