"""The one door to the database: a rule runs whole, in one transaction, in a database thread."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from storage import postgres, sqlite
from storage.errors import DatabaseInUse, DatabaseUnavailable, SchemaTooNew, SchemaTooOld, StorageError
from storage.lock import BotLock
from storage.pools import Pools, database_url, explained, is_sqlite

__all__ = ["Database", "DatabaseInUse", "DatabaseUnavailable", "SchemaTooNew", "SchemaTooOld", "StorageError"]

P = ParamSpec("P")
T = TypeVar("T")
Rule = Callable[Concatenate[Session, P], T]

ATTEMPTS = 8
FIRST_PAUSE = 0.02  # seconds; doubled after each attempt, and shortened at random so that rivals part
LONGEST_PAUSE = 1.0

log = logging.getLogger(__name__)


class Database:
    """Runs rules in transactions. Open it with ``Database.open``, close it with ``close``."""

    def __init__(self, pools: Pools, lock: BotLock | None) -> None:
        self._pools = pools
        self._lock = lock
        self._writers = ThreadPoolExecutor(pools.write_threads, "database-write")
        shared = pools.reader.pool is pools.writer.pool
        self._readers = self._writers if shared else ThreadPoolExecutor(pools.read_threads, "database-read")
        self._closed = False
        self.on_owed: Callable[[], None] | None = None

    @classmethod
    def open(cls, address: str, *, exclusive: bool = False) -> Self:
        """Open a migrated database and try it.

        exclusive=True is for the running bot: on SQLite it takes the lock beside the file and moves the write-ahead
        log back; everybody else (the command line) does neither. PostgreSQL serves any number of bots.
        Raises ValueError for an address that is none of ours, DatabaseInUse, DatabaseUnavailable.
        """
        url = database_url(address)
        if not is_sqlite(url):
            return cls._tried(postgres.pools(url), None)
        path = sqlite.file_of(url)
        if not path.exists():
            raise DatabaseUnavailable(f"There is no database {path} yet: `uakil migrate` makes it.")
        return cls._tried(sqlite.pools(url, checkpoints=exclusive), BotLock(path) if exclusive else None)

    @classmethod
    def _tried(cls, pools: Pools, lock: BotLock | None) -> Self:
        database = cls(pools, lock)
        try:
            with explained(pools):
                pools.writer.connect().close()
        except BaseException:
            database.close_now()
            raise
        return database

    async def write(self, rule: Rule[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``rule(session, …)`` in one transaction and return its result after the commit.

        The rule may run more than once (conflicts are tried again, at most 8 times), so it must have no effect
        outside the session. An exception in it undoes everything. Raises DatabaseUnavailable if the database is.
        If the caller is cancelled while the rule runs, the transaction still ends in the ordinary way.
        """
        loop = asyncio.get_running_loop()
        run = partial(copy_context().run, partial(self._write, loop, rule, *args, **kwargs))
        return await loop.run_in_executor(self._writers, run)

    async def read(self, rule: Rule[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``rule(session, …)`` in a read-only transaction that is always rolled back, and return its result."""
        run = partial(copy_context().run, partial(self.read_now, rule, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    def write_now(self, rule: Rule[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as ``write``, for code without an event loop: the command line and tests."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        return self._write(loop, rule, *args, **kwargs)

    def read_now(self, rule: Rule[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as ``read``, for code without an event loop."""

        def once() -> T:
            with _session(self._pools.reader) as session:
                return rule(session, *args, **kwargs)

        return self._persist(once, writing=False)

    def _write(self, loop: asyncio.AbstractEventLoop | None, rule: Rule[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def once() -> tuple[T, bool]:
            with _session(self._pools.writer) as session:
                result = rule(session, *args, **kwargs)
                session.commit()
                return result, bool(session.info.get("owed"))

        result, owed = self._persist(once, writing=True)
        if owed and loop is not None and self.on_owed is not None:
            # The loop may have been closed while we worked. What is owed is a row; the next start finds it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self.on_owed)
        return result

    def _persist(self, once: Callable[[], T], *, writing: bool) -> T:
        attempt = 1
        while True:
            try:
                with explained(self._pools, writing=writing):
                    return once()
            except PoolTimeout as error:
                raise DatabaseUnavailable("The database is not available: all connections are busy.") from error
            except DatabaseUnavailable as error:
                cause = error.__cause__
                if attempt == ATTEMPTS or not isinstance(cause, DBAPIError) or not self._pools.retryable(cause):
                    raise
            log.info("a transaction met another one, attempt %s of %s failed", attempt, ATTEMPTS)
            time.sleep(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)))
            attempt += 1

    async def close(self) -> None:
        """Finish what was begun, close all connections, free the lock. A second call does nothing."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """The same as ``close``, for code without an event loop."""
        if self._closed:
            return
        self._closed = True
        self._writers.shutdown()
        self._readers.shutdown()
        self._pools.reader.dispose()
        self._pools.writer.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close_now()


def _session(engine: Engine) -> Session:
    return Session(engine, expire_on_commit=False)
