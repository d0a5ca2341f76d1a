"""Databases with the shipped directory, for a bot in this process or in another."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL

from liaison import shipped
from liaison.shipped_file import read_shipped
from storage.engine import Database
from tests.conftest import TEMPLATE
from tests.faults.undisturbed import Ending, undisturbed
from tests.journeys.conftest import START

LOADED = "uakil_faults"

FreshUrl: TypeAlias = Callable[[], str]


def _load(url: str) -> None:
    with Database.open(url, exclusive=True) as database:
        database.write_now(shipped.load_shipped, read_shipped(), now=START)


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the shipped directory, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "uakil.sqlite"
    shutil.copyfile(sqlite_template, path)
    _load(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def filled_postgres(postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> str:
    """A PostgreSQL database with the shipped directory, to be a template."""
    postgres_admin.execute(f"CREATE DATABASE {LOADED} TEMPLATE {TEMPLATE}")
    _load(postgres_server.set(database=LOADED).render_as_string(hide_password=False))
    return LOADED


@pytest.fixture
def fresh_sqlite(filled_sqlite: Path, tmp_path: Path) -> FreshUrl:
    """Makes SQLite databases with the shipped directory."""

    def make() -> str:
        path = tmp_path / f"{uuid4().hex}.sqlite"
        shutil.copyfile(filled_sqlite, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def fresh_postgres(
    filled_postgres: str, postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]"
) -> Iterator[FreshUrl]:
    """Makes PostgreSQL databases with the shipped directory; they are dropped afterwards."""
    made: list[str] = []

    def make() -> str:
        made.append(f"faults_{uuid4().hex}")
        postgres_admin.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {filled_postgres}")
        return postgres_server.set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    for name in made:
        postgres_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest) -> FreshUrl:
    """Makes databases with the shipped directory; the test runs on both kinds."""
    wanted: FreshUrl = request.getfixturevalue("fresh_sqlite" if request.param == "sqlite" else "fresh_postgres")
    return wanted


@pytest.fixture(scope="session")
async def wanted(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Ending:
    """How the main job ends when nothing goes wrong, on either database."""
    path = tmp_path_factory.mktemp("undisturbed") / "uakil.sqlite"
    shutil.copyfile(filled_sqlite, path)
    return await undisturbed(f"sqlite:///{path}")
