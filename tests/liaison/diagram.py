"""docs/meeting-states.md, written from the table of states: ``python -m tests.liaison.diagram`` writes it anew."""

from collections import defaultdict
from pathlib import Path

from liaison.states import AFTER_END, BEFORE_BEGIN, JUDGE, NGO, OFFICE, OVER, SYSTEM, TRANSITIONS, UNDOABLE, Side

PATH = Path(__file__).parents[2] / "docs" / "meeting-states.md"
HEAD = """# The states of a meeting

Generated from `liaison/states.py` by `python -m tests.liaison.diagram`; a test fails when the two differ.

A meeting is a request from its first moment on. Each step is compare-and-set on the state and the revision, writes one
row of history and raises the revision, which is part of every notice's key and the SEQUENCE of the calendar file.

"""
WHO = {
    OFFICE: "the office",
    NGO: "the NGO",
    NGO | OFFICE: "either side",
    JUDGE: "coordinator, system",
    SYSTEM: "system",
}
MEANS = {
    "confirm": "takes one of the NGO's times",
    "propose": "offers times of its own",
    "other_times": "asks for other times",
    "decline": "says no, with a reason",
    "redirect": "passes it on to the right body",
    "withdraw": "takes the request back",
    "expire": "its times have passed and nobody waits any more",
    "accept": "takes one of the office's times",
    "new_times": "chooses other times",
    "place": "names the place",
    "move": "asks for another time",
    "offer_move": "offers other times",
    "cancel": "calls it off, with a reason",
    "hold": "it took place",
    "miss": "it did not take place",
}


def mermaid() -> str:
    """The table as a state diagram; the actions of one side between two states share an arrow."""
    arrows: defaultdict[tuple[str, str, frozenset[Side]], list[str]] = defaultdict(list)
    for (before, action), (who, after) in TRANSITIONS.items():
        arrows[before, after, who].append(action)
    lines = ["stateDiagram-v2", "    [*] --> requested: request (the NGO)"]
    for (start, end, who), actions in arrows.items():
        lines.append(f"    {start} --> {end}: {', '.join(actions)} ({WHO[who]})")
    return "\n".join([*lines, *(f"    {over} --> [*]" for over in OVER)])


def table() -> str:
    """The table as Markdown, one row for each state and action."""
    rows = ["| state | action | who may | state afterwards | what it is |", "| --- | --- | --- | --- | --- |"]
    for (before, action), (who, after) in TRANSITIONS.items():
        rows.append(f"| {before} | `{action}` | {WHO[who]} | {after} | {MEANS[action]} |")
    return "\n".join(rows)


def document() -> str:
    """The whole page."""
    return "\n".join(
        [
            f"{HEAD}```mermaid\n{mermaid()}\n```\n",
            f"{table()}\n",
            f"The office is any of: {_listed(OFFICE)}. The NGO is its representative; a guest may look and leave.\n",
            f"Within a minute (`requests.undo`) whoever took it takes back: {_coded(UNDOABLE)}. The other side is told "
            "only after it.\n",
            f"Pointless once the meeting has begun: {_coded(BEFORE_BEGIN)}. Open only after its end: "
            f"{_coded(AFTER_END)}.\n",
        ]
    )


def _listed(sides: frozenset[Side]) -> str:
    return ", ".join(sorted(sides))


def _coded(actions: frozenset[str]) -> str:
    return ", ".join(f"`{action}`" for action in sorted(actions))


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
