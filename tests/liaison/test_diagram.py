"""The page about the states says what the table says."""

import re

from liaison.states import SIDES, TRANSITIONS
from tests.liaison import diagram


def test_the_page_is_up_to_date() -> None:
    written = diagram.PATH.read_text(encoding="utf-8")
    assert written == diagram.document(), "python -m tests.liaison.diagram writes it anew"


def test_every_step_of_the_table_is_an_arrow_and_nothing_else() -> None:
    drawn = {
        (before, action, after)
        for before, after, actions in re.findall(r"^    (\w+) --> (\w+): (.+) \(.+\)$", diagram.mermaid(), re.MULTILINE)
        for action in actions.split(", ")
    }
    assert drawn == {(before, action, after) for (before, action), (_, after) in TRANSITIONS.items()}


def test_everybody_who_may_is_named() -> None:
    assert {side for who, _ in TRANSITIONS.values() for side in who} <= {*SIDES, "system"}
    assert {who for who, _ in TRANSITIONS.values()} <= set(diagram.WHO)
