"""SIGTERM while fifty people write and as many notices fall due: a quick end, and nothing lost or done twice."""

from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path

from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from liaison.bodies import shipped_tree
from tests.faults.books import Books
from tests.faults.conftest import FreshUrl
from tests.faults.life import Life, nursery
from tests.faults.main_job import put_clock
from tests.faults.telegram_here import local_telegram
from tests.journeys.conftest import START

CROWD = 50
STOP_WITHIN = 10.0  # seconds, design 8
DUE_IN = timedelta(hours=1)
# What everybody looks for, one after the other: clear names, so that each gets a card of its own.
WANTED = ("min-health", "min-agriculture", "min-energy")


async def test_stopped_under_load(fresh_url: FreshUrl, tmp_path: Path) -> None:
    tree = shipped_tree()
    names = [tree.name(tree.by_code[code].id, "en") for code in WANTED]
    with Books(fresh_url()) as books:
        async with (
            nursery() as forked,
            local_telegram() as sandbox,
            Life(sandbox, books.url, tmp_path, forked=forked) as life,
        ):
            await stopped_and_started_again(sandbox, life, books, names)
    assert "Traceback" not in life.output


async def stopped_and_started_again(sandbox: Sandbox, life: Life, books: Books, names: list[str]) -> None:
    """Everybody writes, the bot is stopped in the middle of it, and the next life does the rest."""
    put_clock(sandbox, START)
    await life.start()
    crowd = await newcomers(sandbox)
    books.owe_places("help", [person.id for person in crowd], START.astimezone(UTC) + DUE_IN)

    sandbox.faults.slow("send*", seconds=0.1)  # as far away as Telegram is
    before = len(sandbox.calls)
    sandbox.clock.move(DUE_IN.total_seconds() + 1)
    for name in names:
        for person in crowd:
            person.says(name)
    await sends(sandbox, before, CROWD)
    code, seconds = await life.stop()
    assert (code, seconds < STOP_WITHIN) == (0, True), f"{code} after {seconds} s\n{life.output}"
    assert sandbox.inbox.waiting, "the load was over before the stop"

    await life.start()
    await sandbox.quiet(timeout=30)
    await books.at_rest(sandbox)
    for person in crowd:
        assert answers(person) == Counter([*names, "notice"]), person.transcript
    assert books.count(kind="place_to_show", state="sent") == CROWD
    assert books.count(state="failed") + books.count(state="dropped") == 0
    assert (await life.stop())[0] == 0


async def newcomers(sandbox: Sandbox) -> list[Person]:
    """People who have started the bot and chosen a language."""
    crowd = [sandbox.person(3000 + number, f"Person {number}") for number in range(CROWD)]
    await sandbox.settled(*(person.start() for person in crowd), timeout=30)
    await sandbox.settled(*(person.taps("English") for person in crowd), timeout=30)
    for person in crowd:
        await person.sees("Write what you are looking for")
    return crowd


async def sends(sandbox: Sandbox, before: int, many: int) -> None:
    """Wait until so many messages were sent after a call."""

    def look() -> bool | None:
        made = [call for call in sandbox.calls[before:] if call.method == "sendMessage" and call.done]
        return True if len(made) >= many else None

    assert await sandbox.bell.until(look, 30), f"only few were answered:\n{sandbox.transcript}"


def answers(person: Person) -> Counter[str]:
    """What a person was shown since the first screen: cards by the body's name, everything else as a notice."""
    first_lines = [message.text.split("\n")[0] for message in person.chat.shown[2:]]
    return Counter(line if "Ministry" in line else "notice" for line in first_lines)
