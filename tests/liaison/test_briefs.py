"""What is told of bodies to anybody, in one reading."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from liaison import bodies, briefs
from liaison.bodies import Tree
from liaison.briefs import Answer
from liaison.search import Index
from storage.engine import Database
from storage.people import Person
from storage.posts import Holder
from tests.liaison.cast import NOW, POLICY, Cast

SOMEBODY = 1001  # a Telegram number


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that any database is given meanwhile."""
    given: list[str] = []

    def note(*args: Any) -> None:
        given.append(args[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield given
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def named(cast: Cast, body_id: int, who: str, **values: Any) -> int:
    return cast.add(Holder(post_id=cast.posts[body_id], full_name=who, phones=[], created_at=NOW, **values))


def told(cast: Cast, ids: Sequence[int]) -> list[tuple[int, str | None]]:
    found = cast.database.read_now(briefs.of, ids)
    return [(one.body_id, one.holder.full_name if one.holder else None) for one in found]


def asked(cast: Cast, query: str, telegram_id: int = SOMEBODY, **values: Any) -> Answer:
    tree = cast.database.read_now(bodies.load)

    def rule(session: Session, tree: Tree) -> Answer:
        return briefs.answer(
            session, tree, Index.build(tree), telegram_id, query, POLICY, **{"most": 10, "now": cast.now, **values}
        )

    return cast.database.read_now(rule, tree)


def test_the_officials_of_many_bodies_are_read_in_one_query(cast: Cast) -> None:
    first, second, third = (cast.body(f"sample-{number}") for number in range(3))
    named(cast, first, "Former", until=NOW)
    named(cast, first, "First")
    named(cast, third, "Third")
    named(cast, third, "Third, named last")
    with statements() as given:
        assert told(cast, [third, second, first, 99_999]) == [
            (third, "Third, named last"),
            (second, None),
            (first, "First"),
            (99_999, None),
        ]
    assert len([one for one in given if one.startswith("SELECT")]) == 1
    assert told(cast, []) == []


def test_a_stranger_is_answered_and_not_written_down(cast: Cast) -> None:
    body = cast.body("sample ministry")
    answer = asked(cast, "sample ministry")
    assert (answer.asker.id, answer.asker.telegram_id, answer.asker.language) == (briefs.NOBODY, SOMEBODY, None)
    assert [one.body_id for one in answer.briefs] == [body]
    assert cast.rows(Person) == []


def test_a_known_asker_comes_with_language_and_region(cast: Cast) -> None:
    region = cast.body("sample region", "region", region_id=0)
    assert asked(cast, "").briefs == ()
    person = cast.person(SOMEBODY)
    assert asked(cast, " ").briefs == ()
    cast.database.write_now(lambda session: session.execute(update(Person).values(region_id=region)) and None)
    answer = asked(cast, "")
    assert (answer.asker.id, answer.asker.language) == (person, "en")
    assert [(one.body_id, one.holder) for one in answer.briefs] == [(region, None)]


def test_the_code_of_a_card_gives_exactly_that_body(cast: Cast) -> None:
    body, other = cast.body("sample ministry"), cast.body("sample ministry two")
    assert [one.body_id for one in asked(cast, f" b_{body} ").briefs] == [body]
    assert asked(cast, f"b_{other}").found.confident
    assert asked(cast, "b_99999").briefs == ()


def test_pages_of_the_hits(cast: Cast) -> None:
    for number in range(7):
        cast.body(f"sample akimat {'abcdefg'[number]}")
    whole = [hit.body_id for hit in asked(cast, "sample akimat").found.hits]
    assert len(whole) == 7
    second = asked(cast, "sample akimat", first=3, most=3, limit=5)
    assert [one.body_id for one in second.briefs] == whole[3:5]
    assert len(second.found.hits) == 5
    assert asked(cast, "sample akimat", first=10, most=0).briefs == ()
