"""``kill -9`` between every two steps of the main job, and during every step: the same end, nothing lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.faults import Fault
from tests.faults.books import Books
from tests.faults.conftest import FreshUrl
from tests.faults.life import Life, Nursery, nursery
from tests.faults.main_job import BODY, NOTICES, STEPS, Cast, Step, cast_of, shown
from tests.faults.telegram_here import local_telegram
from tests.faults.undisturbed import Ending

NUMBER = "UKL-26-000001"


@dataclass
class Stage:
    """The people, the bot that is killed again and again, and its database."""

    cast: Cast
    life: Life
    books: Books

    async def finish(self, step: Step, number: int | None) -> None:
        """Wait until nothing of a step is left to do."""
        if number is not None:
            await self.cast.sandbox.settled(number, timeout=30)
        await step.seen(self.cast)
        await self.cast.sandbox.quiet()
        await self.books.at_rest(self.cast.sandbox)

    def ending(self) -> Ending:
        """What is there when the main job is done."""
        return Ending(self.books.state(), shown(self.cast.official), shown(self.cast.ngo))


@asynccontextmanager
async def stage(url: str, folder: Path, forked: Nursery | None) -> AsyncIterator[Stage]:
    """Everything set up, and no bot running yet."""
    with Books(url) as books:
        async with local_telegram() as sandbox, Life(sandbox, url, folder, forked=forked) as life:
            yield Stage(cast_of(sandbox, books.invite_official(BODY, "Sample Official")), life, books)
    assert "Traceback" not in life.output


async def test_killed_between_every_two_steps_on_sqlite(fresh_sqlite: FreshUrl, tmp_path: Path, wanted: Ending) -> None:
    """Each life is ``python -m bot run``."""
    await killed_between(fresh_sqlite(), tmp_path, None, wanted)


async def test_killed_between_every_two_steps_on_postgresql(
    fresh_postgres: FreshUrl, tmp_path: Path, wanted: Ending
) -> None:
    async with nursery() as forked:
        await killed_between(fresh_postgres(), tmp_path, forked, wanted)


async def killed_between(url: str, folder: Path, forked: Nursery | None, wanted: Ending) -> None:
    """Every step falls into a time in which no bot runs, and is served by the next life."""
    async with stage(url, folder, forked) as on:
        for step in STEPS:
            number = step.act(on.cast)
            await on.life.start()
            await on.finish(step, number)
            await on.life.kill()
        # The people saw the very same messages: nothing was lost, and nothing was repeated.
        assert not (differing := on.ending().against(wanted)), "\n".join(differing)


async def test_killed_during_every_step(fresh_url: FreshUrl, tmp_path: Path, wanted: Ending) -> None:
    """The bot dies when Telegram has done what it asked for and has not answered yet."""
    async with nursery() as forked, stage(fresh_url(), tmp_path, forked) as on:
        for step in STEPS:
            await on.life.start()
            number = await die_in_the_middle(on, step)
            on.books.let_leases_pass()
            await on.life.start()
            await on.finish(step, number)
            await on.life.kill()
        found = on.ending()
    assert not (differing := found.rows_against(wanted)), "\n".join(differing)
    for seen, due in ((found.official, wanted.official), (found.ngo, wanted.ngo)):
        assert_repeated_once_at_most(seen, due)


async def die_in_the_middle(on: Stage, step: Step) -> int | None:
    """Do a step, and kill the bot while its last message is on its way; returns the number of the step's update."""
    reader = on.cast.official if step.official_sees else on.cast.ngo
    held = asyncio.Event()
    faults = on.cast.sandbox.faults
    holding = [faults.slow(method, event=held, chat=reader.id, count=1) for method in ("send*", "edit*")]
    number = step.act(on.cast)
    await struck(on, holding)
    await on.life.kill()
    faults.clear()
    return number


async def struck(on: Stage, faults: list[Fault]) -> None:
    """Wait until one of these faults has struck."""

    def look() -> bool | None:
        return True if any(fault.hits for fault in faults) else None

    sandbox = on.cast.sandbox
    assert await sandbox.bell.until(look, 30), f"no such call came:\n{sandbox.transcript}\n{on.life.output}"


def assert_repeated_once_at_most(seen: list[tuple[str, ...]], due: list[tuple[str, ...]]) -> None:
    """A person saw all that was due, each message once or twice.

    In place of the answer to one's own tap or text there may be the present state of the meeting: the update comes
    again and was taken before.
    """
    missing, instead = set(due) - set(seen), set(seen) - set(due)
    assert all(NUMBER in screen[0] for screen in instead), "\n".join(map(str, instead))
    assert not any(screen[0].startswith(NOTICES) for screen in missing), "\n".join(map(str, missing))
    more = Counter(seen) - Counter(due)
    assert set(more.values()) <= {1}, more
    assert len(missing) <= len(more), "\n".join(map(str, missing))  # something came in its place
