"""What the two kinds of databases have in common: where they are, their connections, and how their errors are read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.errors import DatabaseUnavailable

# The name in the address, and the driver that is meant by it. SQLAlchemy changes its own defaults from time to time.
DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


@dataclass(frozen=True)
class Pools:
    """The connections of one database. With PostgreSQL reader and writer share one pool."""

    writer: Engine
    reader: Engine
    write_threads: int
    read_threads: int
    retryable: Callable[[DBAPIError], bool]  # a conflict with another transaction: the same again may go well
    explain: Callable[[DBAPIError, bool], str | None]  # a sentence, or None where the error is our own bug


def database_url(text: str) -> URL:
    """Read the address of a database and name its driver. Raises ValueError with a sentence if it is none of ours."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("The database address must look like sqlite:///FILE or postgresql+psycopg://…") from None
    if url.drivername not in DRIVERS:
        raise ValueError(f"The database must be sqlite:///FILE or postgresql+psycopg://…, not {url.drivername}://…")
    url = url.set(drivername=DRIVERS[url.drivername])
    if is_sqlite(url):
        name = url.database or ""
        if name in ("", ":memory:") or name.startswith("file:"):
            raise ValueError("The database must be a file that outlives the program: sqlite:///FILE")
    return url


def is_sqlite(url: URL) -> bool:
    """Whether the address is one of an SQLite file; else it is PostgreSQL."""
    return url.get_backend_name() == "sqlite"


@contextmanager
def explained(pools: Pools, *, writing: bool = True) -> Iterator[None]:
    """Turn an error that is the database's fault, not ours, into DatabaseUnavailable with a sentence."""
    try:
        yield
    except DBAPIError as error:
        sentence = pools.explain(error, writing)
        if sentence is None:
            raise
        raise DatabaseUnavailable(sentence) from error
