"""Design 8 as a table: what the server does, and what became of the call."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.transport import AiohttpRequest, Timeouts, bot_urls, on_loopback
from handlers.sending import NotSent, Outcome, Uncertain, Verdict, classify
from tests.bot.raw_server import TOKEN, Behaviour, http, raw_server, read_request, refusal, reset

SENT_MESSAGE = '{"ok":true,"result":{"message_id":1,"date":1790000000,"chat":{"id":7,"type":"private"}}}'
PATIENT = Timeouts(read=30, write=30, connect=30, pool=30)  # where the outcome must not hang on this machine's speed
SHORT_READ = Timeouts(read=0.1, write=30, connect=30, pool=30)
SHORT_CONNECT = Timeouts(read=30, write=30, connect=0.2, pool=30)
SHORT_IN_ALL = Timeouts(read=0.2, write=0.1, connect=0.5, pool=0.5, media_write=0.1)


def answers(literally: bytes) -> Behaviour:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(literally)
        await writer.drain()

    return behave


async def keeps_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    await asyncio.Event().wait()


async def resets_before_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def resets_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    reset(writer)


async def closes_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def breaks_off_in_the_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(http("200 OK", SENT_MESSAGE)[:-20])
    await writer.drain()


async def stalls_in_the_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(http("200 OK", SENT_MESSAGE)[:-20])
    await asyncio.Event().wait()


async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Never silent for long enough to be a read timeout, never done."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)  # the server's pace, shorter than a read timeout


def bot_at(root: str, timeouts: Timeouts = PATIENT, connections: int = 8) -> Bot:
    base, files = bot_urls(root)
    requests = [AiohttpRequest(connections=connections, timeouts=timeouts) for _ in range(2)]
    return Bot(TOKEN, base_url=base, base_file_url=files, request=requests[0], get_updates_request=requests[1])


async def verdict_of(
    root: str, send: Callable[[Bot], Awaitable[Any]] | None = None, timeouts: Timeouts = PATIENT
) -> Verdict:
    bot = bot_at(root, timeouts)
    request = bot.request
    await request.initialize()
    try:
        await (send(bot) if send else bot.send_message(7, "text"))
    except TelegramError as exc:
        verdict = classify(exc)
    else:
        verdict = Verdict(Outcome.SENT, None, "")
    finally:
        await request.shutdown()
    assert TOKEN not in verdict.text
    return verdict


HTML = "<html><body><h1>Bad Gateway</h1></body></html>"
HTML_TYPE = "Content-Type: text/html"


@pytest.mark.parametrize(
    ("server", "outcome", "retry_after"),
    [
        pytest.param(answers(http("200 OK", SENT_MESSAGE)), Outcome.SENT, None, id="200"),
        pytest.param(answers(http("200 OK", "garbage")), Outcome.UNCERTAIN, None, id="200 garbage"),
        pytest.param(answers(http("200 OK", '"result"')), Outcome.UNCERTAIN, None, id="200 not an object"),
        pytest.param(answers(http("200 OK", b"\xff\xfe\x00")), Outcome.UNCERTAIN, None, id="200 bytes"),
        pytest.param(answers(http("200 OK", "")), Outcome.UNCERTAIN, None, id="200 empty"),
        pytest.param(answers(http("200 OK", '{"ok":true}')), Outcome.UNCERTAIN, None, id="200 without a result"),
        pytest.param(answers(b"SSH-2.0-server\r\n"), Outcome.UNCERTAIN, None, id="not HTTP"),
        pytest.param(
            answers(http("302 Found", "", "Location: http://127.0.0.1:9/")), Outcome.UNCERTAIN, None, id="302"
        ),
        pytest.param(answers(refusal(400, "Bad Request: text is empty")), Outcome.REFUSED, None, id="400"),
        pytest.param(answers(refusal(400, "Bad Request: chat not found")), Outcome.BLOCKED, None, id="400 no chat"),
        pytest.param(
            answers(refusal(400, "Bad Request: message is not modified: the same")), Outcome.SENT, None, id="unmodified"
        ),
        pytest.param(
            answers(refusal(400, "Bad Request: upgraded", migrate_to_chat_id=-100)), Outcome.REFUSED, None, id="moved"
        ),
        pytest.param(answers(refusal(401, "Unauthorized")), Outcome.NOT_SENT, None, id="401"),
        pytest.param(answers(refusal(403, "Forbidden: bot was blocked")), Outcome.BLOCKED, None, id="403"),
        pytest.param(answers(http("403 Forbidden", HTML, HTML_TYPE)), Outcome.UNCERTAIN, None, id="403 of a proxy"),
        pytest.param(answers(refusal(404, "Not Found")), Outcome.NOT_SENT, None, id="404"),
        pytest.param(answers(refusal(409, "Conflict: other getUpdates")), Outcome.NOT_SENT, None, id="409"),
        pytest.param(answers(refusal(413, "Request Entity Too Large")), Outcome.REFUSED, None, id="413"),
        pytest.param(answers(refusal(429, "Too Many Requests", retry_after=17)), Outcome.WAIT, 17.0, id="429"),
        pytest.param(answers(refusal(429, "Too Many Requests")), Outcome.WAIT, 5.0, id="429 without a time"),
        pytest.param(
            answers(http("429 Too Many", HTML, HTML_TYPE, "Retry-After: 3")), Outcome.WAIT, 3.0, id="429 of a proxy"
        ),
        pytest.param(answers(refusal(500, "Internal Server Error")), Outcome.UNCERTAIN, None, id="500"),
        pytest.param(answers(http("502 Bad Gateway", HTML, HTML_TYPE)), Outcome.UNCERTAIN, None, id="502 HTML"),
        pytest.param(answers(refusal(504, "Gateway Timeout", retry_after=1)), Outcome.UNCERTAIN, None, id="504"),
        pytest.param(resets_before_reading, Outcome.UNCERTAIN, None, id="reset before reading"),
        pytest.param(resets_after_reading, Outcome.UNCERTAIN, None, id="reset after reading"),
        pytest.param(closes_after_reading, Outcome.UNCERTAIN, None, id="closed after reading"),
        pytest.param(breaks_off_in_the_answer, Outcome.UNCERTAIN, None, id="broken off in the answer"),
    ],
)
async def test_what_the_server_does_decides_the_outcome(
    server: Behaviour, outcome: Outcome, retry_after: float | None
) -> None:
    async with raw_server(server) as root:
        verdict = await verdict_of(root)
    assert (verdict.outcome, verdict.retry_after) == (outcome, retry_after)


@pytest.mark.parametrize(
    ("server", "timeouts"),
    [
        pytest.param(keeps_silent, SHORT_READ, id="no answer"),
        pytest.param(stalls_in_the_answer, SHORT_READ, id="half an answer"),
        pytest.param(drips, SHORT_IN_ALL, id="an answer without end"),
    ],
)
async def test_what_takes_too_long_is_uncertain(server: Behaviour, timeouts: Timeouts) -> None:
    async with raw_server(server) as root:
        verdict = await verdict_of(root, timeouts=timeouts)
    assert (verdict.outcome, verdict.retry_after) == (Outcome.UNCERTAIN, None)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def test_a_refused_connection_was_not_sent() -> None:
    verdict = await verdict_of(f"http://127.0.0.1:{closed_port()}")
    assert verdict.outcome is Outcome.NOT_SENT
    assert "ClientConnectorError" in verdict.text


async def test_an_unknown_host_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    verdict = await verdict_of("http://uakil.invalid")
    assert verdict.outcome is Outcome.NOT_SENT
    assert "ClientConnectorDNSError" in verdict.text


async def test_tls_against_a_plain_port_was_not_sent() -> None:
    async def speaks_no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with raw_server(speaks_no_tls) as root:
        verdict = await verdict_of(root.replace("http:", "https:"))
    assert verdict.outcome is Outcome.NOT_SENT


async def test_a_tls_handshake_without_end_was_not_sent() -> None:
    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with raw_server(says_nothing) as root:
        verdict = await verdict_of(root.replace("http:", "https:"), timeouts=SHORT_CONNECT)
    assert verdict.outcome is Outcome.NOT_SENT


async def test_a_nonsense_address_was_not_sent() -> None:
    assert (await verdict_of("ftp://127.0.0.1:9")).outcome is Outcome.NOT_SENT
    assert (await verdict_of("http://")).outcome is Outcome.NOT_SENT


async def test_no_free_connection_was_not_sent() -> None:
    arrived = asyncio.Event()

    async def takes_its_time(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        arrived.set()
        await asyncio.Event().wait()

    async with raw_server(takes_its_time) as root:
        bot = bot_at(root, connections=1)
        await bot.request.initialize()
        first = asyncio.create_task(bot.send_message(7, "first"))
        await arrived.wait()
        with pytest.raises(NotSent):
            await bot.send_message(7, "second", pool_timeout=0.05, connect_timeout=0.05)
        first.cancel()
        await asyncio.wait({first})
        await bot.request.shutdown()


async def test_a_body_that_nobody_reads_is_uncertain() -> None:
    async def reads_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    async with raw_server(reads_nothing) as root:
        large = InputFile(b"x" * 20_000_000, "large.bin")
        verdict = await verdict_of(root, lambda bot: bot.send_document(7, large), SHORT_IN_ALL)
    assert verdict.outcome is Outcome.UNCERTAIN


async def test_a_closed_transport_sends_nothing() -> None:
    bot = bot_at("http://127.0.0.1:9")
    with pytest.raises(NotSent, match="closed"):
        await bot.send_message(7, "text")


async def test_the_caller_may_give_timeouts_of_his_own() -> None:
    async with raw_server(keeps_silent) as root:
        bot = bot_at(root)
        await bot.request.initialize()
        with pytest.raises(Uncertain):
            await bot.send_message(7, "text", read_timeout=0.05)
        await bot.request.shutdown()


async def test_what_goes_over_the_wire() -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(http("200 OK", SENT_MESSAGE))

    async with raw_server(listens) as root:
        await verdict_of(root, lambda bot: bot.send_message(7, "ә & <b>"))
        document = InputFile(b"BEGIN:VCALENDAR", "кездесу.ics")
        await verdict_of(root, lambda bot: bot.send_document(7, document, caption="ң"))
        await verdict_of(root, lambda bot: bot.delete_webhook())
    (head, body), (file_head, file_body), (bare_head, bare_body) = seen
    assert head.startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())
    assert b"application/x-www-form-urlencoded" in head
    assert body == b"chat_id=7&text=%D3%99+%26+%3Cb%3E"
    assert b"multipart/form-data" in file_head
    assert 'filename="кездесу.ics"'.encode() in file_body
    assert b"Content-Type: text/calendar" in file_body
    assert b"\r\n\r\nBEGIN:VCALENDAR\r\n" in file_body
    assert "\r\n\r\nң\r\n".encode() in file_body
    assert bare_head.startswith(f"POST /bot{TOKEN}/deleteWebhook".encode())
    assert bare_body == b""


async def test_files_are_fetched_by_their_address() -> None:
    async with raw_server(answers(http("200 OK", b"\x00\xffbytes"))) as root:
        request = AiohttpRequest()
        await request.initialize()
        assert await request.retrieve(f"{root}/file/bot{TOKEN}/documents/list.csv") == b"\x00\xffbytes"
        await request.shutdown()


async def test_a_transport_opens_again_after_closing() -> None:
    async with raw_server(answers(http("200 OK", SENT_MESSAGE))) as root:
        bot = bot_at(root)
        for _ in range(2):
            await bot.request.initialize()
            await bot.request.initialize()
            assert (await bot.send_message(7, "text")).message_id == 1
            await bot.request.shutdown()
            await bot.request.shutdown()


def test_errors_without_a_wire() -> None:
    named = {
        BadRequest("Message can't be edited"): Outcome.REFUSED,
        Forbidden("Forbidden: user is deactivated"): Outcome.BLOCKED,
        ChatMigrated(-100): Outcome.REFUSED,
        Conflict("other"): Outcome.NOT_SENT,
        InvalidToken(): Outcome.NOT_SENT,
        TimedOut(): Outcome.UNCERTAIN,
        NetworkError("anything"): Outcome.UNCERTAIN,
        TelegramError("Invalid server response"): Outcome.UNCERTAIN,
        KeyError("result"): Outcome.UNCERTAIN,
        TimeoutError(): Outcome.UNCERTAIN,
        NotSent("no"): Outcome.NOT_SENT,
        Uncertain("perhaps"): Outcome.UNCERTAIN,
    }
    assert {exc: classify(exc).outcome for exc in named} == named
    assert classify(TimeoutError()).text == "TimeoutError"
    assert classify(RetryAfter(2)) == Verdict(Outcome.WAIT, 2.0, "Flood control exceeded. Retry in 0:00:02")


@pytest.mark.parametrize("root", ["https://api.example.org", "https://api.example.org/", "https://api.example.org/bot"])
def test_the_servers_root_is_completed(root: str) -> None:
    prefixes = ("https://api.example.org/bot", "https://api.example.org/file/bot")
    assert bot_urls(root) == prefixes
    assert bot_urls(f" {root}/ ") == prefixes


def test_a_path_before_the_methods_is_kept() -> None:
    assert bot_urls("http://10.0.0.1:8081/api/bot") == (
        "http://10.0.0.1:8081/api/bot",
        "http://10.0.0.1:8081/api/file/bot",
    )


def test_which_servers_are_on_this_machine() -> None:
    assert [on_loopback(f"http://{host}:8081") for host in ("127.0.0.1", "localhost", "[::1]")] == [True] * 3
    assert [on_loopback(f"https://{host}") for host in ("api.telegram.org", "10.0.0.1")] == [False] * 2


def test_tls_errors_are_connection_errors() -> None:
    """aiohttp raises them before a byte of the request is written."""
    assert issubclass(aiohttp.ClientConnectorSSLError, aiohttp.ClientConnectorError)
    assert issubclass(aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorError)
    assert issubclass(aiohttp.ClientConnectorSSLError, ssl.SSLError)
