"""SQLite: one connection that writes, a few that may only read, and what its error codes mean."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.pools import Pools

READERS = 4
# How long SQLite itself waits for another writer, in seconds. Only the command line can be one, and it is quick.
# With eight attempts it stays under the ten seconds that an update may take.
BUSY_TIMEOUT = 1.0

CONFLICTS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
SENTENCES = {
    sqlite3.SQLITE_BUSY: "another program is writing to it for too long",
    sqlite3.SQLITE_LOCKED: "another program is writing to it for too long",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; its folder must exist and this user must be allowed to write there",
    sqlite3.SQLITE_PERM: "this user is not allowed to use the file",
    sqlite3.SQLITE_READONLY: "it cannot be written; this user must be allowed to write the file and its folder",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk gave an error",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database",
}


def file_of(url: URL) -> Path:
    """The database file that an SQLite address names."""
    return Path(url.database or "").absolute()


def pools(url: URL, *, checkpoints: bool = True, foreign_keys: bool = True) -> Pools:
    """Connections to an SQLite file.

    checkpoints=False is for programs beside the running bot: two connections that move the write-ahead log back at
    the same time can damage the file (SQLite before 3.51.3). foreign_keys=False is for migrations: with them on,
    rebuilding a table deletes its children.
    """
    pragmas = [f"foreign_keys={'ON' if foreign_keys else 'OFF'}", "synchronous=FULL"]
    if not checkpoints:
        pragmas.append("wal_autocheckpoint=0")
    return Pools(
        # With the write-ahead log, which stays set in the file, readers and the writer do not wait for each other.
        # A read-then-write transaction that begins without IMMEDIATE fails or, worse, overwrites what it never saw.
        writer=_engine(url, 1, [*pragmas, "journal_mode=WAL"], "BEGIN IMMEDIATE"),
        reader=_engine(url, READERS, [*pragmas, "query_only=ON"], "BEGIN"),
        write_threads=1,
        read_threads=READERS,
        retryable=retryable,
        explain=partial(explain, file_of(url)),
    )


def _engine(url: URL, size: int, pragmas: list[str], begin: str) -> Engine:
    # isolation_level=None: sqlite3 begins nothing by itself, we do. hide_parameters: values are people's data.
    connect_args = {"isolation_level": None, "timeout": BUSY_TIMEOUT, "check_same_thread": False}
    engine = create_engine(url, pool_size=size, max_overflow=0, hide_parameters=True, connect_args=connect_args)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _code(error: DBAPIError) -> int:
    return getattr(error.orig, "sqlite_errorcode", 0)


def retryable(error: DBAPIError) -> bool:
    """Whether another connection was in the way ("database is locked")."""
    return _code(error) & 0xFF in CONFLICTS


def explain(path: Path, error: DBAPIError, writing: bool) -> str | None:
    """Say what is wrong with the file and what to do; None for errors that are not the file's."""
    if not writing and _code(error) == sqlite3.SQLITE_READONLY:
        return None  # a rule that was given to `read` tried to write: our bug
    why = SENTENCES.get(_code(error) & 0xFF)
    return f"The database {path} is not available: {why}." if why else None
