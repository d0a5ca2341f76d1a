"""Opening a database: addresses, settings of the connections, the lock, and sentences when it is not there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.engine import Database, DatabaseInUse, DatabaseUnavailable
from storage.pools import database_url as parse

RUNNING_BOT = """
import sys
from storage.engine import Database
database = Database.open(sys.argv[1], exclusive=True)
print("open", flush=True)
sys.stdin.read()
"""


def pragma(session: Session, name: str) -> object:
    return session.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("sqlite:///var/uakil.sqlite", "sqlite+pysqlite:///var/uakil.sqlite"),
        ("postgres://bot@db/uakil", "postgresql+psycopg://bot@db/uakil"),
        ("postgresql://bot:secret@db/uakil", "postgresql+psycopg://bot:secret@db/uakil"),
        ("postgresql+psycopg://db/uakil?sslmode=require", "postgresql+psycopg://db/uakil?sslmode=require"),
    ],
)
def test_addresses_get_their_driver(given: str, read: str) -> None:
    assert parse(given).render_as_string(hide_password=False) == read


@pytest.mark.parametrize("given", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_a_database_in_memory_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="must be a file that outlives the program"):
        Database.open(given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("mysql://db/uakil", "must be sqlite:///FILE or postgresql.psycopg://…, not mysql://"),
        ("sqlite+aiosqlite:///x", "not sqlite.aiosqlite://"),
        ("uakil.sqlite", "must look like sqlite:///FILE"),
    ],
)
def test_other_addresses_are_refused(given: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse(given)


@pytest.mark.parametrize(("exclusive", "checkpoint"), [(True, 1000), (False, 0)])
def test_sqlite_is_set_up(sqlite_url: str, exclusive: bool, checkpoint: int) -> None:
    with Database.open(sqlite_url, exclusive=exclusive) as database:
        for run in (database.write_now, database.read_now):
            assert run(pragma, "journal_mode") == "wal"
            assert run(pragma, "synchronous") == 2
            assert run(pragma, "foreign_keys") == 1
            assert run(pragma, "busy_timeout") == 1000
            assert run(pragma, "wal_autocheckpoint") == checkpoint
        assert database.write_now(pragma, "query_only") == 0
        assert database.read_now(pragma, "query_only") == 1


def test_postgres_is_set_up(postgres_url: str) -> None:
    def shown(session: Session, name: str) -> object:
        return session.execute(text(f"SHOW {name}")).scalar()

    with Database.open(postgres_url) as database:
        assert database.write_now(shown, "transaction_isolation") == "read committed"
        assert database.write_now(shown, "transaction_read_only") == "off"
        assert database.read_now(shown, "transaction_read_only") == "on"
        assert database.write_now(shown, "transaction_read_only") == "off"


def test_names_sort_and_fold_in_cyrillic(postgres_url: str) -> None:
    with Database.open(postgres_url) as database:
        assert database.read_now(lambda session: session.scalar(text("SELECT lower('ӘІҢҒҮҰҚӨҺ')"))) == "әіңғүұқөһ"


@contextmanager
def running_bot(url: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", RUNNING_BOT, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            yield process
        finally:
            process.kill()


def test_a_second_bot_is_refused_until_the_first_is_gone(sqlite_url: str, tmp_path: Path) -> None:
    with running_bot(sqlite_url) as bot:
        with pytest.raises(DatabaseInUse, match=rf"in use by a running bot \(process {bot.pid}\)") as refusal:
            Database.open(sqlite_url, exclusive=True)
        assert refusal.value.path == tmp_path / "uakil.sqlite"
        Database.open(sqlite_url).close_now()  # the command line may go on
        bot.kill()
        bot.wait()
        Database.open(sqlite_url, exclusive=True).close_now()
        Database.open(sqlite_url, exclusive=True).close_now()


def test_postgres_serves_two_bots(postgres_url: str) -> None:
    with Database.open(postgres_url, exclusive=True), Database.open(postgres_url, exclusive=True):
        pass


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"no database .*none\.sqlite yet: `uakil migrate` makes it"):
        Database.open(f"sqlite:///{tmp_path / 'none.sqlite'}", exclusive=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_folder_is_not_a_database(tmp_path: Path, exclusive: bool) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for _ in range(2):  # the lock of the first attempt is free again
        with pytest.raises(DatabaseUnavailable, match="cannot be opened; its folder must exist"):
            Database.open(f"sqlite:///{folder}", exclusive=exclusive)


def test_another_file_is_not_a_database(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG" * 500)
    with pytest.raises(DatabaseUnavailable, match=r"picture\.png is not available: the file is not an SQLite database"):
        Database.open(f"sqlite:///{picture}")


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"not available: .*No such file or directory\.") as refusal:
        Database.open(f"postgresql://bot:secret@/uakil?host={tmp_path}")
    assert "bot:***@" in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_lost_connection_is_told_and_made_anew(postgres_url: str) -> None:
    def cut(session: Session) -> None:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with Database.open(postgres_url) as database:
        with pytest.raises(DatabaseUnavailable, match=r"is not available: .*terminat"):
            database.write_now(cut)
        assert database.write_now(lambda session: session.scalar(text("SELECT 1"))) == 1


def test_a_missing_right_is_told(postgres_url: str) -> None:
    def as_somebody_else(session: Session) -> None:
        session.execute(text("SET LOCAL ROLE pg_monitor"))
        session.execute(text("SELECT * FROM counters"))

    with (
        Database.open(postgres_url) as database,
        pytest.raises(DatabaseUnavailable, match="permission denied for table counters"),
    ):
        database.read_now(as_somebody_else)
