"""The tick: steady, never twice at once, and gone after stopping."""

import asyncio

import pytest

from bot.ticks import Ticks
from tests.bot.edge import until


async def test_it_ticks_again_and_again() -> None:
    ticked, count = asyncio.Event(), 0

    async def tick() -> None:
        nonlocal count
        count += 1
        if count == 3:
            ticked.set()

    ticks = Ticks(tick, every_seconds=0.01)
    ticks.start()
    async with asyncio.timeout(10):
        await ticked.wait()
    await ticks.stop()


async def test_a_failing_tick_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    ticked, count = asyncio.Event(), 0

    async def tick() -> None:
        nonlocal count
        count += 1
        if count == 2:
            ticked.set()
        raise ZeroDivisionError("invented")

    ticks = Ticks(tick, every_seconds=0.01)
    ticks.start()
    async with asyncio.timeout(10):
        await ticked.wait()
    await ticks.stop()
    assert "ZeroDivisionError: invented" in caplog.text


async def test_never_two_at_once_and_stopping_waits_for_the_one_under_way(caplog: pytest.LogCaptureFixture) -> None:
    begun, gate, running, finished = asyncio.Event(), asyncio.Event(), 0, 0

    async def tick() -> None:
        nonlocal running, finished
        running += 1
        assert running == 1
        begun.set()
        await gate.wait()
        running -= 1
        finished += 1

    ticks = Ticks(tick, every_seconds=0.01)
    ticks.start()
    async with asyncio.timeout(10):
        await begun.wait()
    await until(lambda: "maximum number of running instances reached" in caplog.text)  # another one was due
    stopping = asyncio.create_task(ticks.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    gate.set()
    await stopping
    assert (running, finished) == (0, 1)


async def test_stopping_does_not_wait_for_ever() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    ticks = Ticks(tick, every_seconds=0.01)
    ticks.start()
    async with asyncio.timeout(10):
        await begun.wait()
        await ticks.stop(within=0.01)
        await cancelled.wait()
    await ticks.stop()


async def test_stopping_without_a_start() -> None:
    async def tick() -> None:
        return None

    await Ticks(tick).stop()
