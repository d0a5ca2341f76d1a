"""While somebody types, the body he is on the way to is among the first from three letters on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.bodies import Tree, shipped_tree
from liaison.search import Index
from liaison.search_typing import Typing

TREE = shipped_tree()
INDEX = Index.build(TREE)
TYPING = Typing(TREE, INDEX)


def codes(query: str, limit: int = 5) -> list[str]:
    return [TREE.entries[hit.body_id - 1].code for hit in TYPING.find(query, limit).hits]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("акт", "reg-aktobe"),
        ("ақт", "reg-aktobe"),
        ("akt", "reg-aktobe"),
        ("денс", "min-health"),
        ("министерство здр", "min-health"),
        ("управление обр", "dep-abai-education"),
        ("Ministry of Heal", "min-health"),
    ],
)
def test_a_word_cut_short_is_completed(query: str, code: str) -> None:
    assert code in codes(query)
    assert not TYPING.find(query).confident


def test_what_is_finished_is_found_as_ever() -> None:
    for query in ("Министерство здравоохранения", "акимат Актобе ", "", "?", "qzxqzx"):
        assert TYPING.find(query) == INDEX.find(query)


def test_an_empty_directory_has_nothing_to_complete() -> None:
    tree = Tree(())
    assert Typing(tree, Index.build(tree)).find("акт").hits == ()


@given(st.text(max_size=300), st.integers(1, 50))
def test_anything_may_be_typed(query: str, limit: int) -> None:
    hits = TYPING.find(query, limit).hits
    assert len(hits) <= limit
    assert len({hit.body_id for hit in hits}) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
