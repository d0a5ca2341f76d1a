"""The tables' revisions: which one a database has, whether this program can use it, and how it is raised."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect, text

from storage import postgres, sqlite
from storage.errors import DatabaseUnavailable, SchemaTooNew, SchemaTooOld
from storage.lock import BotLock
from storage.pools import Pools, database_url, explained, is_sqlite

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).with_name("migrations")
# Any number, as long as it is always the same: two `uakil migrate` at once wait for each other.
ADVISORY_LOCK = 8245_0002


def head() -> str:
    """The revision this program is made for. Revisions are numbers in four digits, each one more than the last."""
    return max(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def current(url: str) -> str | None:
    """The revision of a database; None if it has no tables of ours or, on SQLite, is not there yet.

    Raises DatabaseUnavailable, and ValueError for an address that is none of ours.
    """
    parsed = database_url(url)
    if is_sqlite(parsed) and not sqlite.file_of(parsed).exists():
        return None
    with _opened(parsed) as pools, pools.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def check_usable(url: str) -> None:
    """Pass if the program can work with the tables as they are: its own revision, or one step newer.

    So a new release can migrate while the last replica of the old one still runs.
    Raises SchemaTooOld or SchemaTooNew, whose text says what to do; DatabaseUnavailable.
    """
    revision = current(url)
    if not _usable(revision):
        raise SchemaTooOld(f"The database's tables are {_state(revision)}: run `uakil migrate`, then start again.")


def prepare(url: str) -> None:
    """What `run` does first: an SQLite file is brought up to date at once, PostgreSQL is only checked."""
    if is_sqlite(database_url(url)):
        upgrade(url)
    else:
        check_usable(url)


def upgrade(url: str) -> str:
    """Bring a database to this program's revision and return the revision it has then.

    On SQLite a copy of a file with data is kept as FILE.before-<revision>, and no bot may run on it (DatabaseInUse).
    On failure nothing is changed. Raises SchemaTooNew, DatabaseUnavailable.
    """
    revision = current(url)
    if revision is not None and _usable(revision):
        return revision
    parsed = database_url(url)
    if is_sqlite(parsed):
        _upgrade_sqlite(url, sqlite.file_of(parsed))
    else:
        with _opened(parsed) as pools, pools.writer.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            _to_head(connection)
    return head()


def draft(url: str, message: str) -> None:
    """Write the next revision's file from what differs between the models and an up-to-date database; then read it.

    For developers: python -c "from storage import migrate; migrate.draft('sqlite:///dev.sqlite', 'meeting rooms')"
    """
    number = f"{int(head() or 0) + 1:04}"
    with _opened(database_url(url)) as pools, pools.reader.connect() as connection:
        from alembic import command  # as in _to_head

        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def _usable(revision: str | None) -> bool:
    wanted = head()
    if revision is None or revision == wanted:
        return revision == wanted
    newer = int(revision) - int(wanted) if revision.isdecimal() else 2
    if newer > 1:
        raise SchemaTooNew(f"The database's tables are {_state(revision)}: start the newer release of the program.")
    return newer == 1


def _state(revision: str | None) -> str:
    return f"at revision {revision}, this program needs {head()}" if revision else "not there yet"


def _upgrade_sqlite(url: str, path: Path) -> None:
    lock = BotLock(path)
    try:
        revision = current(url)  # again, now that nobody else can change it
        if _usable(revision):
            return
        if revision is None:
            path.touch(mode=0o600)  # what people tell the bot is nobody else's business
        else:
            _copy(path, path.with_name(f"{path.name}.before-{head()}"))
        with _opened(database_url(url), foreign_keys=False) as pools:
            if revision is None:
                _check_empty(pools, path)
            with pools.writer.begin() as connection:
                _to_head(connection)
                _check_references(connection)
    finally:
        lock.release()


def _check_empty(pools: Pools, path: Path) -> None:
    strangers = inspect(pools.reader).get_table_names()
    if strangers:
        raise DatabaseUnavailable(f"The file {path} belongs to another program: it has a table {strangers[0]}.")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise DatabaseUnavailable(f"The tables were left as they were: rows without their parent row in {tables}.")


def _copy(source: Path, target: Path) -> None:
    # SQLite's own way takes along what is still in the write-ahead log; written beside and renamed, so never by halves.
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(half)) as new:
        old.backup(new)
    half.replace(target)


@contextmanager
def _opened(url: URL, *, foreign_keys: bool = True) -> Iterator[Pools]:
    pools = sqlite.pools(url, foreign_keys=foreign_keys) if is_sqlite(url) else postgres.pools(url)
    try:
        with explained(pools):
            yield pools
    finally:
        pools.reader.dispose()
        pools.writer.dispose()


def _to_head(connection: Connection) -> None:
    from alembic import command  # imported where something is to migrate: a running bot carries 10 MB less

    command.upgrade(_config(connection), "head")


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
