"""Processor time per answered update, against echo bots that only send back what they get.

``python -m tests.bench.updates default|ours ADDRESS TOKEN`` is such an echo bot: the library alone, with its own
transport or with ours.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.transport import AiohttpRequest, bot_urls
from tests.bench.start import filled
from tests.faults.books import Books
from tests.faults.life import ROOT, Life
from tests.faults.main_job import BODY, STEPS, cast_of
from tests.faults.telegram_here import local_telegram

PEOPLE = 25
ROUNDS = 12
WARM = 2  # rounds that do not count
QUERY = "Ministry of Healthcare"

Act = Callable[[Person], int]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time, and of the wall's, for one answered update."""

    processor: float
    wall: float


async def report() -> None:
    """Print the table."""
    costs: dict[str, Cost] = {}
    for transport in ("default", "ours"):
        costs[f"echo, {transport} transport"] = await echo_cost(transport)
    costs |= await bot_costs()
    bare = costs["echo, default transport"].processor
    print(
        f"\nProcessor time per answered update ({PEOPLE} people at once, {ROUNDS} updates each, long polling, SQLite)"
    )
    print(f"  {'':28}{'ms':>7}{'× echo':>9}{'updates/s':>12}")
    for name, cost in costs.items():
        print(f"  {name:28}{cost.processor:7.2f}{cost.processor / bare:9.2f}{1000 / cost.wall:12.0f}")


async def echo_cost(transport: str) -> Cost:
    """What an echo bot spends on a text."""
    async with local_telegram() as sandbox:
        arguments = (sys.executable, "-m", "tests.bench.updates", transport, sandbox.url, sandbox.token)
        process = await asyncio.create_subprocess_exec(*arguments, cwd=ROOT)
        try:
            crowd = [sandbox.person(3000 + number, f"Person {number}") for number in range(PEOPLE)]
            await sandbox.settled(*(person.start() for person in crowd), timeout=60)
            return await measured(sandbox, process.pid, crowd, cycle([lambda person: person.says(QUERY)]))
        finally:
            process.terminate()
            await process.wait()


async def bot_costs() -> dict[str, Cost]:
    """What our bot spends on a look-up, a tap on a card and a step of a request."""
    async with crowd_at_the_bot() as (sandbox, life, crowd, bodies):
        look_up = await measured(sandbox, life.pid, crowd, cycle([lambda person: person.says(QUERY)]))
        cards = cycle([_forges(f"b:{body}") for body in bodies])
        card = await measured(sandbox, life.pid, crowd, cards)
        await begin_requests(sandbox, crowd)
        steps: Iterator[Act] = cycle([lambda person: person.taps("Health"), lambda person: person.taps("Back")])
        step = await measured(sandbox, life.pid, crowd, steps)
    return {"look-up by text": look_up, "tap that shows a card": card, "step of a request": step}


@asynccontextmanager
async def crowd_at_the_bot() -> AsyncIterator[tuple[Sandbox, Life, list[Person], tuple[int, int]]]:
    """The bot, people who have chosen a language, and two bodies, the second with an official."""
    with TemporaryDirectory(prefix="uakil-bench-") as name:
        folder = Path(name)
        with Books(filled(folder)) as books:
            async with local_telegram() as sandbox:
                cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
                async with Life(sandbox, books.url, folder, log__level="warning") as life:
                    await life.start()
                    for step in STEPS[:2]:
                        await sandbox.settled(step.act(cast) or 0, timeout=60)
                    crowd = [sandbox.person(3000 + number, f"Person {number}") for number in range(PEOPLE)]
                    await sandbox.settled(*(person.start() for person in crowd), timeout=60)
                    await sandbox.settled(*(person.taps("English") for person in crowd), timeout=60)
                    yield sandbox, life, crowd, (books.body("min-energy"), books.body(BODY))
                    await life.stop()


async def begin_requests(sandbox: Sandbox, crowd: list[Person]) -> None:
    """Bring everybody to the question for the topic."""
    acts: tuple[Act, ...] = (
        lambda person: person.says(QUERY),
        lambda person: person.taps("Request a meeting"),
        lambda person: person.taps("I agree"),
        lambda person: person.says("Sample NGO"),
        lambda person: person.taps("Without a BIN"),
        lambda person: person.says("Sampleva Aigerim"),
        lambda person: person.says("director"),
    )
    for act in acts:
        await sandbox.settled(*(act(person) for person in crowd), timeout=60)


async def measured(sandbox: Sandbox, pid: int, crowd: list[Person], acts: Iterator[Act]) -> Cost:
    """Let everybody do the same at once, round by round, each round when the one before is answered."""
    process = psutil.Process(pid)
    spent = began = 0.0
    clock = asyncio.get_running_loop().time
    for number in range(WARM + ROUNDS):
        if number == WARM:
            spent, began = _spent(process), clock()
        act, before = next(acts), len(sandbox.calls)
        await sandbox.settled(*(act(person) for person in crowd), timeout=60)
        await answered(sandbox, before, len(crowd))
    updates = ROUNDS * len(crowd)
    return Cost(1000 * (_spent(process) - spent) / updates, 1000 * (clock() - began) / updates)


async def answered(sandbox: Sandbox, before: int, many: int) -> None:
    """Wait until so many messages were sent or edited: the library confirms an update before it is handled."""

    def look() -> bool | None:
        made = [call for call in sandbox.calls[before:] if call.done and call.method.startswith(("send", "edit"))]
        return True if len(made) >= many else None

    assert await sandbox.bell.until(look, 60), sandbox.transcript


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _forges(data: str) -> Act:
    return lambda person: person.forges(data)


def echo(transport: str, address: str, token: str) -> None:
    """Run an echo bot until it is told to stop."""
    base_url, base_file_url = bot_urls(address)
    builder: Any = ApplicationBuilder().token(token).base_url(base_url).base_file_url(base_file_url)
    if transport == "ours":
        builder = builder.request(AiohttpRequest(use_environment_proxy=False))
        builder = builder.get_updates_request(AiohttpRequest(use_environment_proxy=False))
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, _send_back))
    application.run_polling(drop_pending_updates=False)


async def _send_back(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.effective_message is not None:
        await update.effective_message.reply_text(update.effective_message.text or "")


if __name__ == "__main__":
    echo(*sys.argv[1:])
