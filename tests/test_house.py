"""Rules of the house that no linter knows: which floor imports what, who asks for the time, how files are cut."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ["bot", "handlers", "liaison", "storage"]  # from the top down
LONGEST_FILE = 300
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager", "core"}

# Which packages of others may be imported only in these places (a folder or a file).
ONLY_IN = {
    "telegram": ["handlers", "bot"],
    "apscheduler": ["bot/ticks.py"],
    "sqlalchemy": ["liaison", "storage"],
    "psycopg": ["storage"],
    "alembic": ["storage"],
}

# What asks the machine for the time. Leases and pauses count on time.monotonic, which is no calendar.
CLOCK_CALLS = re.compile(
    r"(datetime|date|dt|time)\.(now|today|utcnow|time|time_ns|localtime|gmtime|ctime|asctime|strftime)$"
)
CLOCK_NAMES = {"time": {"time", "time_ns", "localtime", "gmtime", "ctime"}}
THE_CLOCK = "bot/app.py"
SANDBOX = "bot/sandbox"


class Source(NamedTuple):
    """A file of the program and its syntax tree."""

    path: str
    tree: ast.Module
    lines: int

    def within(self, place: str) -> bool:
        """Whether the file is that file or lies in that folder."""
        return self.path == place or self.path.startswith(place + "/")


def sources(root: Path = ROOT) -> Iterator[Source]:
    for floor in FLOORS:
        for file in sorted((root / floor).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            yield Source(file.relative_to(root).as_posix(), ast.parse(text), text.count("\n"))


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Every module that the file names in an import, also inside functions, with its line."""
    package = source.path.split("/")[:-1]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield node.lineno, ".".join([*above, *filter(None, [node.module])])


def wrong_imports(source: Source) -> Iterator[str]:
    floor = source.path.split("/")[0]
    above = FLOORS[: FLOORS.index(floor)]
    for line, module in imported(source):
        top = module.split(".")[0]
        wrong = top in above or top == "tests"
        if top in ONLY_IN:
            wrong = not any(source.within(place) for place in ONLY_IN[top])
        if source.within(SANDBOX):  # stands for Telegram, so it knows nothing of us nor of our library
            wrong = top == "telegram" or (top in FLOORS and not f"{module}.".startswith("bot.sandbox."))
        if wrong:
            yield f"{source.path}:{line} imports {module}"


def clock_reads(source: Source) -> Iterator[str]:
    if source.path == THE_CLOCK or source.within(SANDBOX):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and CLOCK_CALLS.search(ast.unparse(node)):
            yield f"{source.path}:{node.lineno} asks for {ast.unparse(node)}"
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in CLOCK_NAMES.get(node.module or "", ()):
                    yield f"{source.path}:{node.lineno} asks for {node.module}.{alias.name}"


def undocumented(source: Source) -> Iterator[str]:
    if source.within("storage/migrations"):
        return
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            public = not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                yield f"{source.path}:{node.lineno} {node.name}"


def badly_named(source: Source) -> Iterator[str]:
    parts = Path(source.path).with_suffix("").parts
    yield from (f"{source.path}: {part} says nothing" for part in parts if part in FORBIDDEN_NAMES)


def too_long(source: Source) -> Iterator[str]:
    # A migration is a record of what was done; it is written once and never cut.
    if source.lines > LONGEST_FILE and not source.within("storage/migrations/versions"):
        yield f"{source.path} has {source.lines} lines"


RULES = [wrong_imports, clock_reads, undocumented, badly_named, too_long]


@pytest.mark.parametrize("rule", RULES)
def test_the_house_is_in_order(rule: Callable[[Source], Iterator[str]]) -> None:
    assert [complaint for source in sources() for complaint in rule(source)] == []


@pytest.mark.parametrize(
    ("path", "code", "complaint"),
    [
        ("liaison/x.py", "import handlers.speech", "liaison/x.py:1 imports handlers.speech"),
        ("storage/x.py", "def f():\n    from liaison import meetings", "storage/x.py:2 imports liaison"),
        ("liaison/x.py", "from telegram import Bot", "liaison/x.py:1 imports telegram"),
        ("handlers/x.py", "from sqlalchemy import select", "handlers/x.py:1 imports sqlalchemy"),
        ("liaison/x.py", "import alembic", "liaison/x.py:1 imports alembic"),
        ("bot/app.py", "import apscheduler.schedulers", "bot/app.py:1 imports apscheduler.schedulers"),
        ("bot/sandbox/x.py", "import telegram", "bot/sandbox/x.py:1 imports telegram"),
        ("bot/sandbox/x.py", "from bot.config import Settings", "bot/sandbox/x.py:1 imports bot.config"),
        ("bot/sandbox/x.py", "from ..config import Settings", "bot/sandbox/x.py:1 imports bot.config"),
    ],
)
def test_a_wrong_import_is_seen(path: str, code: str, complaint: str) -> None:
    assert list(wrong_imports(Source(path, ast.parse(code), 1))) == [complaint]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("bot/ticks.py", "import apscheduler.schedulers.asyncio"),
        ("bot/sandbox/server.py", "from bot.sandbox.chats import Chat\nfrom .chats import Chat\nimport aiohttp"),
        ("handlers/meetings.py", "from liaison import meetings\nfrom storage.engine import Database\nimport telegram"),
        ("liaison/meetings.py", "from sqlalchemy.orm import Session\nfrom liaison import states"),
    ],
)
def test_a_right_import_is_let_pass(path: str, code: str) -> None:
    assert list(wrong_imports(Source(path, ast.parse(code), 1))) == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "dt.datetime.utcnow()",
        "datetime.date.today()",
        "date.today()",
        "time.time()",
        "from time import time",
        "clock = datetime.now",
    ],
)
def test_asking_for_the_time_is_seen(code: str) -> None:
    assert len(list(clock_reads(Source("liaison/x.py", ast.parse(code), 1)))) == 1
    assert list(clock_reads(Source(THE_CLOCK, ast.parse(code), 1))) == []


@pytest.mark.parametrize(
    "code", ["time.monotonic()", "time.perf_counter()", "services.now()", "meeting.starts_at.date()"]
)
def test_other_clocks_are_let_pass(code: str) -> None:
    assert list(clock_reads(Source("liaison/x.py", ast.parse(code), 1))) == []


def test_a_missing_docstring_is_seen() -> None:
    tree = ast.parse("def shown():\n    pass\n\nclass Card:\n    pass\n\ndef _own():\n    pass")
    assert list(undocumented(Source("liaison/x.py", tree, 1))) == ["liaison/x.py:1 shown", "liaison/x.py:4 Card"]
