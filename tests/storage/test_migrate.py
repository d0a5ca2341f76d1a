"""Revisions of the tables: up and down on a filled database, equal to the models, refused where they do not fit."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, event, func, insert, select, text

from storage import migrate
from storage.engine import Database, DatabaseInUse, DatabaseUnavailable, SchemaTooNew, SchemaTooOld
from storage.pools import database_url as parse
from storage.tables import Table as Model

ROWS = 3

# A revision as the next release might bring it: on SQLite it rebuilds tables that have children.
NEXT = '''"""One more column on tables with children."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    for table in ("bodies", "persons", "posts", "meetings"):
        with op.batch_alter_table(table, recreate="auto") as batch:
            batch.add_column(sa.Column("remark", sa.String()))
            batch.create_check_constraint("remark", "remark <> ''")
    {extra}


def downgrade() -> None:
    for table in ("bodies", "persons", "posts", "meetings"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{{table}}_remark"), type_="check")
            batch.drop_column("remark")
'''


def revisions() -> list[str]:
    """All revisions, oldest first."""
    walk = ScriptDirectory.from_config(migrate._config()).walk_revisions()
    return [script.revision for script in walk][::-1]


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The revisions of the program in a folder of their own, to which others can be added."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "SCRIPTS", folder)
    return folder


def add_revision(scripts: Path, extra: str = "pass") -> str:
    before = migrate.head()
    revision = f"{int(before) + 1:04}"
    (scripts / "versions" / f"{revision}_next.py").write_text(
        NEXT.format(revision=revision, before=before, extra=extra), encoding="utf-8"
    )
    return revision


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, on which SQLite lets tables be rebuilt; commits at the end."""
    engine = create_engine(parse(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they are in the database, parents first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def sample(column: Column[Any], number: int) -> object:
    """A value for a row; every reference points at the row of the same number, be it the row itself."""
    if column.foreign_keys:
        return number
    kind: type = column.type.python_type
    values: dict[type, object] = {
        int: number,
        bool: True,
        str: f"{column.name} {number}",
        date: date(2026, 3, number),
        datetime: datetime(2026, 3, number, tzinfo=UTC),
        object: {"number": number},  # JSON
    }
    return values[kind]


def fill(url: str) -> None:
    """Put rows with a value in every column into every table."""
    with connected(url) as connection:
        for table in tables_of(connection):
            rows = [{c.name: sample(c, number) for c in table.columns} for number in range(1, ROWS + 1)]
            connection.execute(insert(table), rows)


def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    with connected(url) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables_of(connection)
        }


def move(url: str, revision: str) -> None:
    """Go up or down to a revision the way `upgrade` does it."""
    with connected(url) as connection:
        going_up = revision != "base" and (migrate_at(connection) or "") < revision
        (command.upgrade if going_up else command.downgrade)(migrate._config(connection), revision)


def migrate_at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def differences(url: str) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "target_metadata": Model.metadata}
    with connected(url) as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Model.metadata))


def test_revisions_are_numbered_without_a_gap() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_the_models_match_the_migrations(database_url: str) -> None:
    assert differences(database_url) == []


@pytest.mark.parametrize("with_next", [False, True], ids=["shipped", "with a table rebuilt"])
def test_stairway(empty_database_url: str, scripts: Path, with_next: bool) -> None:
    url = empty_database_url
    if with_next:
        add_revision(scripts)
    for before, revision in pairwise(["base", *revisions()]):
        move(url, "base")
        move(url, before)
        fill(url)
        filled = counts(url)
        assert set(filled.values()) <= {ROWS}
        move(url, revision)
        up = counts(url)
        assert {name: up[name] for name in filled} == filled
        move(url, before)
        assert counts(url) == filled
        move(url, revision)
        assert counts(url) == up
    assert migrate.current(url) == migrate.head()


def test_the_first_revision_goes_down_from_a_filled_database(database_url: str) -> None:
    fill(database_url)
    assert set(counts(database_url)) == set(Model.metadata.tables)
    move(database_url, "base")
    assert counts(database_url) == {}
    move(database_url, "0001")
    assert set(counts(database_url).values()) == {0}


def test_an_upgrade_keeps_every_row_and_a_copy(sqlite_url: str, scripts: Path, tmp_path: Path) -> None:
    fill(sqlite_url)
    before = counts(sqlite_url)
    revision = add_revision(scripts)
    assert migrate.upgrade(sqlite_url) == revision
    assert counts(sqlite_url) == before
    copy = tmp_path / f"uakil.sqlite.before-{revision}"
    assert counts(f"sqlite:///{copy}") == before
    assert migrate.current(f"sqlite:///{copy}") == f"{int(revision) - 1:04}"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.part")) == []


def test_an_upgrade_of_postgres_keeps_every_row(postgres_url: str, scripts: Path) -> None:
    fill(postgres_url)
    before = counts(postgres_url)
    revision = add_revision(scripts)
    assert migrate.upgrade(postgres_url) == revision
    assert counts(postgres_url) == before


def test_a_first_upgrade_makes_no_copy(empty_sqlite_url: str, tmp_path: Path) -> None:
    assert migrate.current(empty_sqlite_url) is None
    assert migrate.upgrade(empty_sqlite_url) == migrate.head()
    assert migrate.upgrade(empty_sqlite_url) == migrate.head()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["uakil.sqlite", "uakil.sqlite.lock"]
    assert (tmp_path / "uakil.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_failed_upgrade_changes_nothing(database_url: str, scripts: Path) -> None:
    fill(database_url)
    before = counts(database_url)
    add_revision(scripts, extra="raise RuntimeError('half done')")
    with pytest.raises(RuntimeError, match="half done"):
        migrate.upgrade(database_url)
    assert counts(database_url) == before
    assert migrate.current(database_url) == f"{int(migrate.head()) - 1:04}"


def test_an_upgrade_that_breaks_references_is_undone(sqlite_url: str, scripts: Path) -> None:
    fill(sqlite_url)
    before = counts(sqlite_url)
    add_revision(scripts, extra="op.execute('DELETE FROM posts WHERE id = 1')")
    with pytest.raises(
        DatabaseUnavailable, match="without their parent row in deputies, holders, invitations, meetings, post_days"
    ):
        migrate.upgrade(sqlite_url)
    assert counts(sqlite_url) == before


def test_no_upgrade_under_a_running_bot(sqlite_url: str, scripts: Path) -> None:
    with Database.open(sqlite_url, exclusive=True):
        assert migrate.upgrade(sqlite_url) == migrate.head()  # there is nothing to do
        add_revision(scripts)
        with pytest.raises(DatabaseInUse):
            migrate.upgrade(sqlite_url)
    assert migrate.upgrade(sqlite_url) == migrate.head()


def test_another_programs_file_is_left_alone(empty_sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "uakil.sqlite")) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(DatabaseUnavailable, match="belongs to another program: it has a table songs"):
        migrate.upgrade(empty_sqlite_url)
    assert list(counts(empty_sqlite_url)) == ["songs"]


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        migrate.upgrade(f"sqlite:///{tmp_path}")


def test_two_upgrades_of_postgres_at_once(empty_postgres_url: str) -> None:
    start, done = Barrier(2), []

    def one() -> None:
        start.wait(10)
        done.append(migrate.upgrade(empty_postgres_url))

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [migrate.head()] * 2


def test_run_brings_sqlite_up_to_date_and_only_checks_postgres(empty_sqlite_url: str, empty_postgres_url: str) -> None:
    migrate.prepare(empty_sqlite_url)
    assert migrate.current(empty_sqlite_url) == migrate.head()
    with pytest.raises(SchemaTooOld, match="not there yet: run `uakil migrate`"):
        migrate.prepare(empty_postgres_url)
    assert migrate.current(empty_postgres_url) is None
    migrate.upgrade(empty_postgres_url)
    migrate.prepare(empty_postgres_url)


def test_an_older_schema_is_refused(database_url: str, scripts: Path) -> None:
    revision = add_revision(scripts)
    older = f"{int(revision) - 1:04}"
    with pytest.raises(SchemaTooOld, match=f"at revision {older}, this program needs {revision}: run `uakil migrate`"):
        migrate.check_usable(database_url)


@pytest.mark.parametrize("foreign", ["ahead by two", "e5f1c0ffee00"])
def test_one_step_newer_is_accepted_and_no_more(database_url: str, foreign: str) -> None:
    def stamp(revision: str) -> None:
        with connected(database_url) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})

    newer = f"{int(migrate.head()) + 1:04}"
    stamp(newer)
    migrate.check_usable(database_url)
    migrate.prepare(database_url)
    assert migrate.upgrade(database_url) == newer
    stamp(f"{int(migrate.head()) + 2:04}" if foreign == "ahead by two" else foreign)
    for refuse in (migrate.check_usable, migrate.prepare, migrate.upgrade):
        with pytest.raises(SchemaTooNew, match="start the newer release of the program"):
            refuse(database_url)


def test_the_next_revision_can_be_drafted(sqlite_url: str, scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with connected(sqlite_url) as connection:
        connection.execute(text("DROP TABLE duties"))
        connection.execute(text("DROP INDEX ix_holders_post_id"))
    number = f"{int(migrate.head()) + 1:04}"
    migrate.draft(sqlite_url, "duties again")
    assert number in capsys.readouterr().out
    written = (scripts / "versions" / f"{number}_duties_again.py").read_text(encoding="utf-8")
    assert "sa.Column('next_due', sa.DateTime(timezone=True), nullable=False)" in written
    assert migrate.upgrade(sqlite_url) == number
    assert differences(sqlite_url) == []
