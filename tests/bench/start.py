"""How long the bot takes from the start of its process to the first answered update, and what memory it needs."""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from liaison import shipped
from liaison.shipped_file import read_shipped
from storage import migrate
from storage.engine import Database
from tests.faults.books import Books
from tests.faults.life import Life
from tests.faults.main_job import BODY, STEPS, cast_of
from tests.faults.telegram_here import local_telegram
from tests.journeys.conftest import START

STARTS = 5
START_AIM = 3.0  # seconds
MEMORY_AIM = 150  # MB of a million bytes


async def report() -> None:
    """Print both figures beside their aims."""
    with TemporaryDirectory(prefix="uakil-bench-") as name:
        folder = Path(name)
        url = filled(folder)
        cold = await to_first_answer(url, folder)
        starts = [await to_first_answer(url, folder) for _ in range(STARTS)]
        # Another database: a sandbox counts its updates from the same number each time, and they were taken here.
        resident, own = await memory_after_the_main_job(filled(folder / "other"), folder)
    print(f"\nStart to the first answered update (aim under {START_AIM:.0f} s)")
    print(
        f"  first {cold:.2f} s   then {statistics.median(starts):.2f} s (median of {STARTS}, worst {max(starts):.2f} s)"
    )
    print(f"\nResident memory after the main job (aim under {MEMORY_AIM} MB)")
    print(f"  {resident:.0f} MB, of it {own:.0f} MB of its own (not shared with other processes)")


def filled(folder: Path) -> str:
    """A migrated SQLite database with the shipped directory."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'uakil.sqlite'}"
    migrate.upgrade(url)
    with Database.open(url, exclusive=True) as database:
        database.write_now(shipped.load_shipped, read_shipped(), now=START)
    return url


async def to_first_answer(url: str, folder: Path) -> float:
    """Seconds from the start of ``python -m bot run`` until a /start that waits is answered."""
    async with local_telegram() as sandbox:
        person = sandbox.person(1001, "Aigerim")
        person.start()
        async with Life(sandbox, url, folder) as life:
            began = time.perf_counter()
            await life.start()
            await sandbox.called("sendMessage", timeout=60)
            seconds = time.perf_counter() - began
            await life.stop()
    return seconds


async def memory_after_the_main_job(url: str, folder: Path) -> tuple[float, float]:
    """Megabytes the bot holds when the main job is done: resident in all, and its own."""
    with Books(url) as books:
        async with local_telegram() as sandbox:
            cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
            async with Life(sandbox, url, folder) as life:
                await life.start()
                for step in STEPS:
                    if (number := step.act(cast)) is not None:
                        await sandbox.settled(number, timeout=60)
                    await step.seen(cast)
                await sandbox.quiet()
                memory = psutil.Process(life.pid).memory_full_info()
                await life.stop()
    return memory.rss / 1e6, memory.uss / 1e6
