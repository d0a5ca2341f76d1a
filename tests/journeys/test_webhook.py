"""The whole job when Telegram brings the updates, and when answers are lost or delayed on the way."""

import socket
from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.sandbox.server import Sandbox
from handlers.people_screens import NATIVE_NAMES
from tests.journeys.conftest import World, settings_for
from tests.journeys.dialogues import HEALTH, asks, at, known


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def hooked(sandbox: Sandbox, directory_url: str) -> AsyncIterator[World]:
    """A bot that is brought its updates."""
    port = free_port()
    telegram = {"mode": "webhook", "webhook_url": f"http://127.0.0.1:{port}/hook", "secret_token": "sample_secret"}
    settings = settings_for(sandbox, directory_url, telegram=telegram, web={"port": port})
    app = App(settings, long_poll=1)
    await app.start()
    await sandbox.called("setWebhook")
    try:
        yield World(sandbox, app, settings)
    finally:
        await app.stop()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_the_main_job_by_webhook(hooked: World, language: str) -> None:
    speech = hooked.speech(language)
    official = await hooked.official_of(HEALTH, 2001, "Sample Official", NATIVE_NAMES[language])
    ngo = await known(hooked, language=language)
    number = await asks(hooked, ngo, language)
    confirm = speech.psay("button", "Confirm {time}", time=speech.slot(at(3, 9))).unescape()
    await hooked.taps(official, confirm)
    await hooked.says(official, "214")
    await hooked.rest()
    reminder = speech.psay("line", "<b>Reminder: meeting {number}</b>", number=number).striptags()
    for hours, when in ((24, at(2, 9)), (2, at(3, 7))):
        await hooked.go_to(when)
        for person in (ngo, official):
            told = await person.sees(reminder)
            assert speech.nsay("It begins in {n} hour.", "It begins in {n} hours.", hours).striptags() in told.text
            assert speech.psay("line", "Place: {place}", place="214").striptags() in told.text
    assert {call.method for call in hooked.sandbox.calls if call.method == "getUpdates"} == set()


async def test_a_reply_that_telegram_delays_becomes_a_notice(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    world.sandbox.faults.flood("sendMessage", 3, chat=1001, count=1)
    await world.says(ngo, "/help")
    assert ("place_to_show", "owed") in await world.notices()
    await world.app.idle()
    await ngo.sees("How it works")
    assert ("place_to_show", "sent") in await world.notices()


async def test_a_short_delay_is_waited_for(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    world.sandbox.faults.flood("sendMessage", 1, chat=1001, count=1)
    await world.says(ngo, "/help")
    await ngo.sees("How it works")
    assert await world.notices() == []
