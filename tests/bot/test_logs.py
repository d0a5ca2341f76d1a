"""The log: readable, one id a line, and never a secret."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import structlog
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot import logs
from bot.logs import Redaction
from bot.transport import AiohttpRequest
from tests.bot.raw_server import TOKEN

SECRET = "invented-webhook_secret"
PASSWORD = 'p"ä/s\\s word'


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A log to read, and everything as it was afterwards."""
    root, hooks = logging.root, (sys.excepthook, threading.excepthook)
    before, level = root.handlers[:], root.level
    names = ["httpx", "httpcore", "telegram", "telegram.Bot", "aiohttp", "aiohttp.access", "apscheduler", "asyncio"]
    levels = {name: logging.getLogger(name).level for name in names}
    yield io.StringIO()
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


def lines_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_the_token_is_nowhere_though_everything_talks(stream: io.StringIO) -> None:
    logs.configure([TOKEN, SECRET], json=True, level="DEBUG", stream=stream)
    for name in ("telegram", "telegram.Bot", "aiohttp", "aiohttp.access", "httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    address = f"http://127.0.0.1:9/bot{TOKEN}/getMe"
    log = structlog.get_logger("ours")
    for request in (AiohttpRequest(), HTTPXRequest()):
        bot = Bot(TOKEN, base_url="http://127.0.0.1:9/bot", request=request)
        try:
            await bot.initialize()
        except TelegramError:
            log.exception("no answer", address=address, nested={"deep": [address]})
        try:
            await bot.set_webhook("https://bot.example.org", secret_token=SECRET)
        except TelegramError:
            logging.getLogger("aiohttp.client").exception("no answer from %s", address)
        await bot.shutdown()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.InvalidURL, match=TOKEN) as bad:
            await session.get(f"http://127.0.0.1:9:{TOKEN}/")
    log.error("bad address", exc_info=bad.value)
    logging.getLogger("aiohttp.server").error("bad address", exc_info=bad.value, stack_info=True)
    logging.getLogger("aiohttp.server").warning("%(token)s", {"token": TOKEN})
    logging.getLogger("aiohttp.server").warning(Exception(TOKEN))
    text = stream.getvalue()
    assert len(lines_of(stream)) > 15
    assert "Calling Bot API endpoint" in text
    assert "Traceback" in text
    assert "[secret]" in text
    for part in (TOKEN, TOKEN.split(":")[1], TOKEN.replace(":", "%3A"), SECRET):
        assert part not in text


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_hidden_however_they_are_written(stream: io.StringIO, as_json: bool) -> None:
    logs.configure([PASSWORD, "", "short"], json=as_json, stream=stream)
    log = structlog.get_logger("ours")
    log.warning(f"with {PASSWORD} inside", value=PASSWORD, listed=[PASSWORD], short="a shortage")
    log.warning("address", url="postgresql://bot:p%22%C3%A4%2Fs%5Cs%20word@db/uakil", raw=PASSWORD.encode().decode())
    text = stream.getvalue()
    assert text.count("[secret]") == 5
    assert "s word" not in text
    assert "s%20word" not in text
    assert "a shortage" in text


def test_a_token_we_were_not_told_of_is_known_by_its_form() -> None:
    hide = Redaction([])
    assert hide(f"https://api.telegram.org/bot{TOKEN}/getMe") == "https://api.telegram.org/bot[secret]/getMe"
    assert hide(f"bot {TOKEN.replace(':', '%3A')}") == "bot [secret]"
    assert hide("at 12:30, 2026-11-24 07:00:00, UKL-26-000123") == "at 12:30, 2026-11-24 07:00:00, UKL-26-000123"


def test_a_line_is_json_with_time_level_name_and_what_is_bound(stream: io.StringIO) -> None:
    logs.configure([], json=True, stream=stream)
    with structlog.contextvars.bound_contextvars(update=41):
        structlog.get_logger("ours").info("қабылданды", count=2)
        logging.getLogger("theirs").warning("about %s", "it")
    structlog.get_logger("ours").debug("too small")
    ours, theirs = lines_of(stream)
    assert "қабылданды" in stream.getvalue()
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {"event": "қабылданды", "count": 2, "level": "info", "logger": "ours", "update": 41}
    assert theirs.pop("timestamp").endswith("Z")
    assert theirs == {"event": "about it", "level": "warning", "logger": "theirs", "update": 41}


def test_people_get_lines_to_read(stream: io.StringIO) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    logs.configure([], stream=terminal)
    try:
        raise ValueError("invented")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    text = terminal.getvalue()
    assert "failed" in text
    assert "ValueError: invented" in text
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(text.splitlines()[0])


def test_talkative_libraries_are_quiet(stream: io.StringIO) -> None:
    logs.configure([], json=True, level="DEBUG", stream=stream)
    for name in ("httpx", "httpcore.connection", "telegram.Bot", "telegram.ext.Application", "aiohttp.access"):
        logging.getLogger(name).info("chatter")
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances reached")
    assert stream.getvalue() == ""


def test_what_nobody_caught_is_logged_without_secrets(stream: io.StringIO) -> None:
    logs.configure([TOKEN], json=True, stream=stream)

    def fails() -> None:
        raise ValueError(TOKEN)

    try:
        fails()
    except ValueError:
        sys.excepthook(*sys.exc_info())
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"about {TOKEN}", UserWarning, stacklevel=1)
    events = [(line["level"], "ValueError: [secret]" in line.get("exception", "")) for line in lines_of(stream)]
    assert events == [("critical", True), ("critical", True), ("warning", False)]
    assert TOKEN not in stream.getvalue()


def test_a_line_that_cannot_be_made_does_not_show_its_parts(stream: io.StringIO) -> None:
    logs.configure([TOKEN], json=True, stream=stream)
    logging.getLogger("theirs").warning("%d", TOKEN)
    assert "theirs" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


async def test_tasks_keep_their_own_id(stream: io.StringIO) -> None:
    logs.configure([], json=True, stream=stream)

    async def work(number: int) -> None:
        with structlog.contextvars.bound_contextvars(notice=number):
            await asyncio.sleep(0)
            structlog.get_logger("ours").info("sent")

    await asyncio.gather(work(1), work(2))
    assert [line["notice"] for line in lines_of(stream)] == [1, 2]
