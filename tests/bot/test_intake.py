"""The fate of an update, whichever way it came."""

import asyncio

import structlog
from telegram import Update
from telegram.ext import Application, TypeHandler

from bot.intake import AnyContext, Intake, Settled, finish
from tests.bot.edge import Apologies, application_at
from tests.bot.raw_server import message, scripted_telegram


async def test_lines_written_while_handling_carry_the_updates_number() -> None:
    lines: list[dict[str, object]] = []

    async def handle(update: Update) -> None:
        lines.append(structlog.contextvars.get_contextvars())

    async with scripted_telegram() as telegram, application_at(telegram, handle) as (application, _):
        intake = Intake(application, Apologies())
        update = intake.read(message(41, person=1))
        assert update is not None
        assert await intake.settle(update) is Settled.HANDLED
    assert lines == [{"update": 41}]
    assert structlog.contextvars.get_contextvars() == {}


async def test_a_failing_task_in_the_background_is_logged_and_decides_nothing() -> None:
    apologies = Apologies()

    async def fails() -> None:
        raise ZeroDivisionError

    async def starts_a_task(update: Update, context: AnyContext) -> None:
        task = context.application.create_task(fails(), update=update)
        await asyncio.wait({task})

    async with scripted_telegram() as telegram, application_at(telegram) as (application, _):
        intake = Intake(application, apologies)
        application.add_handler(TypeHandler(Update, starts_a_task))
        await application.start()
        update = intake.read(message(41, person=1))
        assert update is not None
        with structlog.testing.capture_logs() as lines:
            assert await intake.settle(update) is Settled.HANDLED
        await application.stop()
    assert [line["event"] for line in lines] == ["a task in the background failed"]
    assert apologies.said == []


async def test_an_application_that_is_not_ready_is_our_bug_and_not_a_hang() -> None:
    application = Application.builder().token("1:invented").updater(None).build()
    intake = Intake(application, Apologies())
    with structlog.testing.capture_logs() as lines:
        assert await intake.settle(Update(1)) is Settled.OUR_BUG
        await intake.close(1)
    assert isinstance(lines[0]["exc_info"], RuntimeError)
    assert lines[0]["what"] == "other"


async def test_finishing_waits_only_so_long() -> None:
    done, cancelled = asyncio.Event(), list[str]()

    async def quick() -> None:
        done.set()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append("endless")
            raise

    tasks = {asyncio.create_task(quick()), asyncio.create_task(endless())}
    await finish(tasks, within=0.01)
    assert done.is_set()
    assert cancelled == ["endless"]
    await finish(set(), within=60)
