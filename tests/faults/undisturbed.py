"""The main job without any fault: what every disturbed one has to end like."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.app import App
from tests.faults.books import Books
from tests.faults.main_job import BODY, STEPS, Cast, Step, cast_of, shown
from tests.faults.telegram_here import local_telegram
from tests.journeys.conftest import settings_for


@dataclass
class Ending:
    """The rows of the database, and what the two people were shown."""

    rows: dict[str, list[dict[str, Any]]]
    official: list[tuple[str, ...]]
    ngo: list[tuple[str, ...]]

    def without_replies(self) -> "Ending":
        """The same without replies that had to be owed: a fault turns a reply into a notice, and numbers shift."""
        notices = [{**row, "id": None} for row in self.rows["notices"] if row["kind"] != "place_to_show"]
        return replace(self, rows={**self.rows, "notices": notices})

    def rows_against(self, wanted: "Ending") -> list[str]:
        """Rows that are here and not there (+), and the other way round (-); empty when both are the same."""
        mine = {name: [str(row) for row in table] for name, table in self.rows.items()}
        other = {name: [str(row) for row in table] for name, table in wanted.rows.items()}
        return [line for name in mine for line in _differing(name, mine[name], other[name])]

    def against(self, wanted: "Ending") -> list[str]:
        """The same, of the rows and of what people were shown."""
        lines = self.rows_against(wanted) + _differing("shown to the official", self.official, wanted.official)
        return lines + _differing("shown to the NGO", self.ngo, wanted.ngo)


def _differing(name: str, found: Sequence[Any], wanted: Sequence[Any]) -> list[str]:
    more, less = Counter(found) - Counter(wanted), Counter(wanted) - Counter(found)
    return [f"{name} + {one} ×{n}" for one, n in more.items()] + [f"{name} - {one} ×{n}" for one, n in less.items()]


async def undisturbed(url: str) -> Ending:
    """Run the main job with a bot in this process."""
    with Books(url) as books:
        async with local_telegram() as sandbox:
            cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
            app = App(settings_for(sandbox, url), long_poll=1)
            await app.start()
            try:
                for step in STEPS:
                    await take(step, cast, app)
            finally:
                await app.stop()
        return Ending(books.state(), shown(cast.official), shown(cast.ngo))


async def take(step: Step, cast: Cast, app: App) -> None:
    """Do a step with a bot in this process, and wait until nothing of it is left to do."""
    number = step.act(cast)
    if number is not None:
        await cast.sandbox.settled(number, timeout=30)
    await app.idle()
    await step.seen(cast)
    await cast.sandbox.quiet(timeout=30)
