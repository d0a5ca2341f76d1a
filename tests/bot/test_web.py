"""The web endpoint: health, and what is handed in."""

import asyncio
import socket
from collections.abc import Mapping

import aiohttp
import pytest
import structlog
from aiohttp import web

from bot import web as endpoint
from bot.web import CannotListen, Live, Ready, WebServer


async def all_well() -> Mapping[str, bool]:
    return {"database": True, "telegram": True}


async def database_away() -> Mapping[str, bool]:
    return {"database": False, "telegram": True}


async def fails() -> Mapping[str, bool]:
    raise OSError("invented")


async def hangs() -> Mapping[str, bool]:
    await asyncio.Event().wait()
    return {}


@pytest.mark.parametrize(
    ("path", "live", "ready", "status", "says"),
    [
        ("/health/live", True, all_well, 200, {"live": True}),
        ("/health/live", False, all_well, 503, {"live": False}),
        ("/health/live", True, database_away, 200, {"live": True}),
        ("/health/ready", True, all_well, 200, {"database": True, "telegram": True}),
        ("/health/ready", True, database_away, 503, {"database": False, "telegram": True}),
        ("/health/ready", True, fails, 503, {"probe": False}),
        ("/health/ready", True, hangs, 503, {"probe": False}),
    ],
)
async def test_health(
    monkeypatch: pytest.MonkeyPatch, path: str, live: bool, ready: Ready, status: int, says: dict[str, bool]
) -> None:
    monkeypatch.setattr(endpoint, "READY_WITHIN", 0.02)
    server = WebServer([], live=lambda: live, ready=ready, host="127.0.0.1", port=0)
    await server.start()
    with structlog.testing.capture_logs() as lines:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}{path}") as answer:
            assert (answer.status, await answer.json()) == (status, says)
    await server.stop()
    assert bool(lines) == ("probe" in says)


async def test_routes_handed_in_are_served_and_nothing_else() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="a page")

    live: Live = lambda: True  # noqa: E731
    server = WebServer([web.get("/page", page)], live=live, ready=all_well, host="127.0.0.1", port=0)
    await server.start()
    root = f"http://127.0.0.1:{server.port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{root}/page") as answer:
            assert (answer.status, await answer.text()) == (200, "a page")
        async with session.get(f"{root}/other") as answer:
            assert answer.status == 404
    await server.stop()
    await server.stop()


async def test_a_taken_address_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = WebServer([], live=lambda: True, ready=all_well, host="127.0.0.1", port=port)
        with pytest.raises(CannotListen, match=rf"cannot listen on 127\.0\.0\.1:{port} \(web\.host, web\.port\): "):
            await server.start()


async def test_stopping_without_a_start() -> None:
    await WebServer([], live=lambda: True, ready=all_well, host="127.0.0.1", port=0).stop()
