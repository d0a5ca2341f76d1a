"""Everything that goes wrong between us and Telegram, at ten per cent each, and a database that goes away."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from random import Random

import psycopg
import pytest
from sqlalchemy import make_url

from bot.app import App
from bot.sandbox.log import Call
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from handlers.retries import Pace
from tests.faults.books import Books
from tests.faults.conftest import FreshUrl
from tests.faults.main_job import BODY, NOTICES, STEPS, cast_of, shown
from tests.faults.telegram_here import local_telegram
from tests.faults.undisturbed import Ending, take
from tests.journeys.conftest import settings_for

SHARE = 0.1
CROWD = 30
# Telegram's answers that leave open what was done.
UNCERTAIN = ("Internal Server Error", "502 Bad Gateway")
# As patient as the real one, in a thousandth of the time; nothing is given up before the faults are over.
QUICK = Pace(
    failure=timedelta(milliseconds=10),
    longest_failure=timedelta(milliseconds=100),
    doubt=timedelta(milliseconds=20),
    doubts=20,
)
PAUSES = (0.02, 0.05, 0.1)


@asynccontextmanager
async def quick_bot(sandbox: Sandbox, url: str) -> AsyncIterator[App]:
    """A bot in this process."""
    app = App(settings_for(sandbox, url), long_poll=1, pace=QUICK, pauses=PAUSES)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


def switch_on_everything(sandbox: Sandbox) -> None:
    """Every kind of fault, each in one of ten calls or updates."""
    faults = sandbox.faults
    faults.flood("[se][ed]*", retry_after=1, probability=SHARE / 2)
    for method in ("[sead][ednp]*", "getUpdates"):  # send, edit, answer, delete; not the profile, which has a day
        faults.error(method, probability=SHARE)
        faults.gateway(method, probability=SHARE)
        faults.drop(method, probability=SHARE)
        faults.lose(method, probability=SHARE)
        faults.slow(method, seconds=0.05, probability=SHARE)
    faults.repeat_updates(probability=SHARE)
    faults.reorder_updates(probability=SHARE)


@pytest.mark.parametrize("seed", [2, 3])
async def test_the_main_job_among_faults(fresh_url: FreshUrl, wanted: Ending, seed: int) -> None:
    with Books(fresh_url()) as books:
        async with local_telegram(answers_lost=True) as sandbox:
            sandbox.faults.rng = Random(seed)
            cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
            async with quick_bot(sandbox, books.url) as app:
                switch_on_everything(sandbox)
                for step in STEPS:
                    await take(step, cast, app)
            assert_repeats_are_explained(sandbox.calls)
        found = Ending(books.state(), shown(cast.official), shown(cast.ngo))
    differing = found.without_replies().rows_against(wanted.without_replies())
    assert not differing, "\n".join(differing)


def assert_repeats_are_explained(calls: list[Call]) -> None:
    """A notice arrives once, and once more only for each of its sends whose outcome nobody could tell."""
    arrived, doubtful = Counter[tuple[int | None, str]](), Counter[tuple[int | None, str]]()
    for call in calls:
        said = str(call.params.get("text") or call.params.get("caption") or "").removeprefix("<b>")
        if call.method.startswith("send") and said.startswith(NOTICES):
            arrived[call.chat, said] += call.done
            doubtful[call.chat, said] += call.outcome == "lost" or call.error in UNCERTAIN
    assert len(arrived) == 2 * len(NOTICES) + 1  # two reminders each, but one request
    for notice, times in arrived.items():
        assert 1 <= times <= 1 + doubtful[notice], notice


async def test_updates_repeated_and_out_of_order(fresh_url: FreshUrl) -> None:
    """Many people at once: every update has its effect once, in whatever order and however often it comes."""
    with Books(fresh_url()) as books:
        async with local_telegram() as sandbox, quick_bot(sandbox, books.url) as app:
            cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
            for step in STEPS[:2]:
                await take(step, cast, app)
            await write_in_disorder(sandbox)
        rows = books.state()
    assert {row["language"] for row in rows["persons"]} == {"en"}
    requests = [row for row in rows["drafts"] if row["kind"] == "request"]
    assert [(row["step"], row["rev"], row["data"]["org_name"]) for row in requests] == [
        ("bin", 3, "Sample NGO")
    ] * CROWD
    assert rows["notices"] == []
    assert len(rows["taken_updates"]) == 2 + 5 * CROWD  # a look-up changes nothing


async def write_in_disorder(sandbox: Sandbox) -> None:
    """Many people begin a request, all at once; what they write comes shuffled, and half of it twice."""
    repeated = sandbox.faults.repeat_updates(probability=0.5)
    shuffled = sandbox.faults.reorder_updates()
    crowd = [sandbox.person(3000 + number, f"Person {number}") for number in range(CROWD)]
    acts: tuple[Callable[[Person], int], ...] = (
        lambda person: person.start(),
        lambda person: person.taps("English"),
        lambda person: person.says("Ministry of Healthcare"),
        lambda person: person.taps("Request a meeting"),
        lambda person: person.taps("I agree"),
        lambda person: person.says("Sample NGO"),
    )
    for act in acts:
        await sandbox.settled(*(act(person) for person in crowd), timeout=30)
    for person in crowd:
        await person.sees("Its BIN (12 digits)?")
    assert repeated.hits > CROWD
    assert shuffled.hits > 0


async def test_the_database_goes_away_and_comes_back(
    fresh_postgres: FreshUrl, postgres_admin: "psycopg.Connection[tuple[str]]"
) -> None:
    """What people write meanwhile is answered afterwards, and what fell due is delivered, each once."""
    confirms = next(number for number, step in enumerate(STEPS) if step.name == "confirms")
    with Books(fresh_postgres()) as books:
        async with local_telegram() as sandbox:
            cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
            async with quick_bot(sandbox, books.url) as app:
                for step in STEPS[:confirms]:
                    await take(step, cast, app)
                with away(postgres_admin, str(make_url(books.url).database)):
                    written = STEPS[confirms].act(cast) or 0, cast.ngo.says("Ministry of Energy")
                    await asked_again(sandbox)
                    assert set(written) <= set(sandbox.inbox.waiting)
                await sandbox.settled(*written, timeout=30)
                await app.idle()
                await STEPS[confirms].seen(cast)
                await cast.ngo.sees("Ministry of Energy")
                for step in STEPS[confirms + 1 :]:
                    await take(step, cast, app)
            assert_repeats_are_explained(sandbox.calls)


@contextmanager
def away(admin: "psycopg.Connection[tuple[str]]", name: str) -> Iterator[None]:
    """The database takes no connections, and those that there were are cut."""
    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    yield
    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def asked_again(sandbox: Sandbox) -> None:
    """Wait until the bot has fetched what waits three times more without confirming it."""
    before = len(sandbox.calls)

    def look() -> bool | None:
        fetches = [call for call in sandbox.calls[before:] if call.method == "getUpdates" and call.result]
        return True if len(fetches) >= 3 else None

    assert await sandbox.bell.until(look, 30), "the bot does not ask again"
