"""Database: transactions, conflicts, cancellation, and what follows a commit."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from storage import engine, sqlite
from storage.engine import Database, DatabaseUnavailable
from storage.posts import Post
from storage.records import Counter


def put(session: Session, name: str, value: int) -> None:
    session.add(Counter(name=name, value=value))


def value(session: Session, name: str) -> int | None:
    return session.scalar(select(Counter.value).where(Counter.name == name))


def raise_by_one(session: Session, name: str) -> int:
    counter = session.scalars(select(Counter).where(Counter.name == name).with_for_update()).one()
    counter.value += 1
    return counter.value


async def test_concurrent_read_then_write_loses_nothing(database: Database) -> None:
    await database.write(put, "meetings", 0)

    async def many() -> list[int]:
        return [await database.write(raise_by_one, "meetings") for _ in range(40)]

    seen = await asyncio.gather(*(many() for _ in range(8)))
    assert sorted(number for numbers in seen for number in numbers) == list(range(1, 321))
    assert await database.read(value, "meetings") == 320


async def test_two_programs_on_one_file_lose_nothing(sqlite_url: str) -> None:
    with Database.open(sqlite_url, exclusive=True) as bot, Database.open(sqlite_url) as command_line:
        await bot.write(put, "meetings", 0)

        async def many(database: Database) -> list[int]:
            return [await database.write(raise_by_one, "meetings") for _ in range(20)]

        seen = await asyncio.gather(*(many(database) for database in (bot, command_line) * 2))
        assert sorted(number for numbers in seen for number in numbers) == list(range(1, 81))


def test_a_writing_rule_has_the_file_from_its_first_look(sqlite_url: str, blocker: sqlite3.Connection) -> None:
    def looks(session: Session) -> None:
        assert value(session, "meetings") is None
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            blocker.execute("BEGIN IMMEDIATE")

    blocker.execute("PRAGMA busy_timeout = 0")
    with Database.open(sqlite_url) as database:
        database.write_now(looks)
        database.read_now(value, "meetings")
        blocker.execute("BEGIN IMMEDIATE")  # a reading rule is in nobody's way


async def test_reads_go_on_while_a_rule_writes(database: Database) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        put(session, "meetings", 1)
        session.flush()
        written.set()
        go_on.wait(10)

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(written.wait, 10)
    assert await asyncio.gather(*(database.read(value, "meetings") for _ in range(6))) == [None] * 6
    go_on.set()
    await task
    assert await database.read(value, "meetings") == 1


async def test_an_exception_undoes_everything(database: Database) -> None:
    def fails(session: Session) -> None:
        put(session, "meetings", 1)
        session.flush()
        raise LookupError("no such body")

    with pytest.raises(LookupError, match="no such body"):
        await database.write(fails)
    assert await database.read(value, "meetings") is None
    await database.write(put, "meetings", 2)


def test_without_an_event_loop(database: Database) -> None:
    database.write_now(put, "meetings", value=1)
    assert database.write_now(raise_by_one, name="meetings") == 2
    assert database.read_now(value, "meetings") == 2


async def test_a_read_cannot_write(database: Database) -> None:
    def sneaks(session: Session) -> None:
        put(session, "meetings", 1)
        session.flush()

    with pytest.raises(DBAPIError, match=r"read-?only"):
        await database.read(sneaks)
    assert await database.read(value, "meetings") is None
    await database.write(put, "meetings", 1)  # the connection that was read-only writes again


async def test_a_broken_constraint_is_not_tried_again(database: Database) -> None:
    calls = []

    def twice(session: Session) -> None:
        calls.append(1)
        put(session, "meetings", 1)
        session.flush()
        session.expunge_all()
        put(session, "meetings", 2)

    with pytest.raises(IntegrityError):
        await database.write(twice)
    assert len(calls) == 1


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.write_now(lambda session: session.add(Post(body_id=7, windows=None)))


async def test_what_is_owed_is_told_once_after_the_commit(database: Database) -> None:
    told: list[tuple[int, int | None]] = []
    database.on_owed = lambda: told.append((threading.get_ident(), database.read_now(value, "meetings")))

    def owes(session: Session, number: int, fail: bool = False) -> None:
        put(session, "meetings", number)
        session.flush()
        session.info["owed"] = True
        if fail:
            raise LookupError

    with pytest.raises(LookupError):
        await database.write(owes, 1, fail=True)
    await database.write(put, "something else", 1)
    assert told == []
    await database.write(owes, 2)
    assert told == [(threading.get_ident(), 2)]


async def test_a_cancelled_caller_does_not_stop_the_transaction(database: Database) -> None:
    begun, go_on, committed = threading.Event(), threading.Event(), asyncio.Event()
    database.on_owed = committed.set

    def slow(session: Session) -> None:
        put(session, "meetings", 1)
        session.flush()
        session.info["owed"] = True
        begun.set()
        go_on.wait(10)

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await asyncio.wait_for(committed.wait(), 10)
    assert await database.read(value, "meetings") == 1
    await database.close()
    assert database._pools.writer.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_rule_still_in_the_queue_is_cancelled_with_its_caller(sqlite_url: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_session: Session) -> None:
        begun.set()
        go_on.wait(10)

    with Database.open(sqlite_url) as database:
        first = asyncio.create_task(database.write(slow))
        await asyncio.to_thread(begun.wait, 10)
        second = asyncio.create_task(database.write(put, "meetings", 1))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go_on.set()
        await first
        assert await database.read(value, "meetings") is None


async def test_close_finishes_what_was_begun(database: Database) -> None:
    tasks = [asyncio.create_task(database.write(put, f"meetings {number}", 1)) for number in range(20)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*tasks) == [None] * 20
    await database.close()


async def test_a_deadlock_is_tried_again(postgres_url: str) -> None:
    both_hold_one = threading.Barrier(2)
    attempts: dict[str, int] = {"first": 0, "second": 0}

    def crosswise(session: Session, me: str, mine: str, other: str) -> None:
        attempts[me] += 1
        session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        raise_by_one(session, mine)
        session.flush()
        if attempts[me] == 1:
            both_hold_one.wait(10)
        raise_by_one(session, other)

    with Database.open(postgres_url) as database:
        await database.write(put, "a", 0)
        await database.write(put, "b", 0)
        await asyncio.gather(
            database.write(crosswise, "first", "a", "b"),
            database.write(crosswise, "second", "b", "a"),
        )
        assert sorted(attempts.values()) == [1, 2]
        assert [await database.read(value, name) for name in ("a", "b")] == [2, 2]


class Unblocker(logging.Handler):
    """Ends the other program's transaction as soon as the first failed attempt is logged."""

    def __init__(self, blocker: sqlite3.Connection) -> None:
        super().__init__()
        self.blocker = blocker
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())
        self.blocker.rollback()


@pytest.fixture
def blocker(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program in the middle of writing to the file, for which SQLite itself does not wait."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.0)
    monkeypatch.setattr(engine, "LONGEST_PAUSE", 0.001)
    file = make_url(sqlite_url).database
    assert file is not None
    with closing(sqlite3.connect(file, check_same_thread=False)) as connection:
        yield connection


def test_a_locked_file_is_tried_again(
    sqlite_url: str, blocker: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "storage.engine")
    unblocker = Unblocker(blocker)
    engine.log.addHandler(unblocker)
    try:
        with Database.open(sqlite_url) as database:
            blocker.execute("BEGIN IMMEDIATE")
            database.write_now(put, "meetings", 1)
            assert database.read_now(value, "meetings") == 1
    finally:
        engine.log.removeHandler(unblocker)
    assert unblocker.seen == ["a transaction met another one, attempt 1 of 8 failed"]


def test_a_file_that_stays_locked_is_given_up(sqlite_url: str, blocker: sqlite3.Connection) -> None:
    with Database.open(sqlite_url) as database:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="another program is writing to it for too long"):
            database.write_now(put, "meetings", 1)
        assert database.read_now(value, "meetings") is None
