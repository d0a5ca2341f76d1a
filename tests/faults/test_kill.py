"""``kill -9`` between every two steps of the main job, and during every step: the same end, nothing lost."""

import asyncio
from collections import Counter
from pathlib import Path

from bot.sandbox.faults import Fault
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from tests.faults.books import Books
from tests.faults.conftest import FreshUrl, local_telegram
from tests.faults.life import Life
from tests.faults.main_job import BODY, STEPS, Cast, Step, cast_of, shown
from tests.faults.undisturbed import Ending, undisturbed


async def take(step: Step, cast: Cast, books: Books) -> None:
    """Do a step with whatever bot runs (or will run), and wait until nothing of it is left to do."""
    number = step.act(cast)
    await finish(step, number, cast, books)


async def finish(step: Step, number: int | None, cast: Cast, books: Books) -> None:
    """Wait until nothing of a step is left to do."""
    if number is not None:
        await cast.sandbox.settled(number, timeout=30)
    await step.seen(cast)
    await cast.sandbox.quiet()
    await books.at_rest(cast.sandbox)


def ending(cast: Cast, books: Books) -> Ending:
    """What is left when the main job is done."""
    return Ending(books.state(), shown(cast.official), shown(cast.ngo))


async def test_killed_between_every_two_steps(fresh_url: FreshUrl, tmp_path: Path) -> None:
    """Every step falls into the time in which no bot runs, and is served by the next life."""
    wanted = await undisturbed(fresh_url())
    books = Books(fresh_url())
    async with local_telegram() as sandbox:
        cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
        life = Life(sandbox, books.url, tmp_path)
        for step in STEPS:
            number = step.act(cast)
            await life.start()
            await finish(step, number, cast, books)
            await life.kill()
        # The people saw the very same messages, so nothing was lost and nothing was repeated.
        assert not (differing := ending(cast, books).against(wanted)), "\n".join(differing)
        assert "Traceback" not in life.output
    books.close()


async def test_killed_during_every_step(fresh_url: FreshUrl, tmp_path: Path) -> None:
    """The bot dies while Telegram has done what it asked for and has not answered yet."""
    wanted = await undisturbed(fresh_url())
    books = Books(fresh_url())
    async with local_telegram() as sandbox:
        cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
        life = Life(sandbox, books.url, tmp_path)
        for step in STEPS:
            held = asyncio.Event()
            fault = sandbox.faults.slow("[se][ed][ni][dt]*", event=held, chat=last_reader(step, cast).id, count=1)
            await life.start()
            number = step.act(cast)
            await struck(sandbox, fault)
            await life.kill()
            held.set()
            books.let_leases_pass()
            await life.start()
            await finish(step, number, cast, books)
            await life.kill()
        assert_same_but_for_repeats(ending(cast, books), wanted, most=len(STEPS))
        assert "Traceback" not in life.output
    books.close()


def last_reader(step: Step, cast: Cast) -> Person:
    """Whoever gets the last message of a step."""
    return cast.official if step.official_sees else cast.ngo


async def struck(sandbox: Sandbox, fault: Fault) -> None:
    """Wait until a fault has struck."""

    def look() -> bool | None:
        return True if fault.hits else None

    assert await sandbox.bell.until(look, 30), f"no such call came:\n{sandbox.transcript}"


def assert_same_but_for_repeats(found: Ending, wanted: Ending, *, most: int) -> None:
    """The rows are the same; each person saw what was wanted, each of it at most twice, and nothing else."""
    assert not (differing := found.rows_against(wanted)), "\n".join(differing)
    for seen, due in ((found.official, wanted.official), (found.ngo, wanted.ngo)):
        assert set(seen) == set(due), "\n".join(map(str, set(seen) ^ set(due)))
        more = Counter(seen) - Counter(due)
        assert all(times == 1 for times in more.values()), more
        assert len(more) <= most
