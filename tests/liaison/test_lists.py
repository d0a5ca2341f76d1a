import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import lists
from liaison.bodies import Tree, load
from liaison.errors import LiaisonError
from liaison.list_files import ListFile, read
from storage.bodies import Body, BodyName
from storage.engine import Database
from storage.people import Person
from storage.posts import Holder, Post
from storage.records import AuditEntry
from tests.liaison.owed import POLICY

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
HEAD = ("Госорган", "Ф.И.О.", "Должность", "Телефон", "Электронная почта", "№ и дата приказа")
HEALTH = ("Минздрав", "Образцова Анна", "Вице-министр", "8 (7172) 00-00-00", "a@example.kz", "№ 1 от 02.03.2026")
JUSTICE = (
    "Минюст",
    "Примеров Пример",
    "Директор департамента",
    "8 (7172) 00-00-01",
    "p@example.kz",
    "№ 2 от 02.03.2026",
)
REGION = ("Облакимат", "Тестова Тест", "Заместитель акима", "8 (7162) 00-00-00", "t@example.kz", "")
DISTRICT = ("Райакимат", "Пробов Проба", "Заместитель акима", "8 (71640) 0-00-00", "", "")


@pytest.fixture
def tree(database: Database) -> Tree:
    """Four bodies: two ministries, a region and its district; only one of them has a post yet."""

    def fill(session: Session) -> Tree:
        for code, level, name in (
            ("min-health", "central", "Минздрав"),
            ("min-justice", "central", "Минюст"),
            ("reg-akmola", "region", "Облакимат"),
            ("dist-akmola", "district", "Райакимат"),
        ):
            body = Body(code=code, level=level)
            session.add(body)
            session.flush()
            session.add(BodyName(body_id=body.id, kind="name", lang="ru", text=name))
            if level == "region":
                region = body.id
            body.region_id = None if level == "central" else region
        session.add(Post(body_id=1))
        session.flush()
        return load(session)

    return database.write_now(fill)


def listed(tree: Tree, *rows: Sequence[str], region: str | None = None) -> ListFile:
    written = io.StringIO()
    csv.writer(written).writerows([HEAD, *rows])
    region_id = tree.by_code[region].id if region else None
    return read(written.getvalue().encode(), name="list.csv", tree=tree, region_id=region_id)


def take(database: Database, tree: Tree, file: ListFile, now: datetime = NOW, **options: Any) -> lists.Applied:
    said = {"source_title": "Список", "source_url": "https://example.kz/list", "policy": POLICY, **options}
    return database.write_now(lists.apply, tree, file, now=now, **said)


def holders(database: Database, *, present: bool = True) -> list[tuple[str, str, list[str]]]:
    def rows(session: Session) -> list[tuple[str, str, list[str]]]:
        found = select(Body.code, Holder.full_name, Holder.phones).join(Post, Post.body_id == Body.id)
        found = found.join(Holder, Holder.post_id == Post.id).where(Holder.until.is_(None) == present)
        return [(code, name, phones) for code, name, phones in session.execute(found.order_by(Holder.id))]

    return database.read_now(rows)


def holder(database: Database, name: str) -> Holder:
    def one(session: Session) -> Holder:
        found = session.scalars(select(Holder).where(Holder.full_name == name)).one()
        session.expunge(found)
        return found

    return database.read_now(one)


def test_a_first_list_fills_the_posts(database: Database, tree: Tree) -> None:
    applied = take(database, tree, listed(tree, HEALTH, JUSTICE))
    assert (applied.changes.counts(), applied.ended) == ({"same": 0, "changed": 0, "new": 2, "gone": 0}, 0)
    assert holders(database) == [
        ("min-health", "Образцова Анна", ["+77172000000"]),
        ("min-justice", "Примеров Пример", ["+77172000001"]),
    ]


def test_a_holder_keeps_where_he_was_published(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH))
    found = holder(database, "Образцова Анна")
    assert (found.position, found.emails, found.order_no) == ("Вице-министр", ["a@example.kz"], "1")
    assert (found.order_date, found.since, found.until) == (date(2026, 3, 2), date(2026, 3, 2), None)
    assert (found.source_title, found.source_url) == ("Список", "https://example.kz/list")
    assert (found.retrieved_at, found.verified_at, found.verified_by, found.created_at) == (NOW, NOW, "list", NOW)


def test_the_same_list_again_only_verifies(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH, JUSTICE))
    before = holders(database)
    applied = take(database, tree, listed(tree, HEALTH, JUSTICE), LATER, source_title="Новый список")
    assert applied.changes.counts() == {"same": 2, "changed": 0, "new": 0, "gone": 0}
    assert holders(database) == before
    found = holder(database, "Образцова Анна")
    assert (found.source_title, found.verified_at, found.created_at) == ("Новый список", LATER, NOW)


def test_the_same_person_with_another_phone_is_changed_in_place(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH))
    row = ("Минздрав", "ОБРАЗЦОВА  Анна", "Вице-министр", "8 (7172) 00-00-09", "", "")
    applied = take(database, tree, listed(tree, row), LATER)
    (change,) = applied.changes.changed
    assert (change.fields, applied.ended) == (("phones",), 0)
    found = holder(database, "Образцова Анна")
    assert (found.phones, found.emails, found.order_no) == (["+77172000009"], ["a@example.kz"], "1")
    assert (found.verified_at, found.until) == (LATER, None)


def test_another_person_ends_the_time_of_the_former_one(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH))

    def bind(session: Session) -> None:
        person = Person(telegram_id=1, created_at=NOW)
        session.add(person)
        session.flush()
        session.scalars(select(Holder)).one().person_id = person.id

    database.write_now(bind)
    applied = take(database, tree, listed(tree, ("Минздрав", "Сменова Смена", "Вице-министр", "", "", "")), LATER)
    (change,) = applied.changes.changed
    assert (change.fields, applied.ended) == (("full_name",), 1)
    assert holders(database) == [("min-health", "Сменова Смена", [])]
    assert holder(database, "Образцова Анна").until == LATER
    assert holder(database, "Сменова Смена").person_id is None


def test_who_is_not_in_the_list_stays_until_it_is_said_to_be_complete(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH, REGION, DISTRICT))
    only_region = listed(tree, REGION, region="reg-akmola")
    applied = take(database, tree, only_region, LATER)
    assert [tree.by_id[each.body_id].code for each in applied.changes.gone] == ["dist-akmola"]
    assert (applied.ended, len(holders(database))) == (0, 3)
    assert take(database, tree, only_region, LATER, whole_region=True).ended == 1
    assert [code for code, *_ in holders(database)] == ["min-health", "reg-akmola"]
    assert holders(database, present=False) == [("dist-akmola", "Пробов Проба", ["+77164000000"])]


def test_a_rejected_row_does_not_make_its_body_gone(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH, JUSTICE))
    changes = database.read_now(lists.compare, tree, listed(tree, HEALTH, ("Минюст", "?", "", "", "", "")))
    assert changes.counts() == {"same": 1, "changed": 0, "new": 0, "gone": 0}


def test_the_first_of_two_rows_of_a_body_counts(database: Database, tree: Tree) -> None:
    file = listed(tree, HEALTH, ("Минздрав", "Вторая Вера", "Вице-министр", "", "", ""))
    assert take(database, tree, file).changes.counts()["new"] == 1
    assert [name for _, name, _ in holders(database)] == ["Образцова Анна"]


def test_comparing_changes_nothing(database: Database, tree: Tree) -> None:
    assert database.read_now(lists.compare, tree, listed(tree, HEALTH, JUSTICE)).counts()["new"] == 2
    assert holders(database) == []


def test_what_was_done_is_written_down_without_names(database: Database, tree: Tree) -> None:
    take(database, tree, listed(tree, HEALTH))
    applied = take(
        database, tree, listed(tree, ("Минздрав", "Сменова Смена", "", "", "", ""), ("Минтест", "А Б")), LATER
    )

    def entry(session: Session) -> tuple[datetime, int | None, str, dict[str, Any]]:
        found = session.get_one(AuditEntry, applied.audit_id)
        return found.at, found.person_id, found.what, found.details

    assert database.read_now(entry) == (
        LATER,
        None,
        "list-applied",
        {
            "file": "list.csv",
            "region": None,
            "source_title": "Список",
            "source_url": "https://example.kz/list",
            "same": 0,
            "rejected": 1,
            "changed": ["min-health"],
            "new": [],
            "gone": [],
        },
    )


def test_a_file_with_problems_is_not_taken_over(database: Database, tree: Tree) -> None:
    with pytest.raises(LiaisonError) as refusal:
        take(database, tree, read(b"", name="list.csv", tree=tree))
    assert (refusal.value.code, refusal.value.fields) == ("list-unusable", {"problems": ["empty"]})
