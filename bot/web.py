"""The one web endpoint: health, Telegram's webhook, and whatever pages and feeds are handed in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

LARGEST_BODY = 1024**2  # bytes; an update is a few kilobytes
READY_WITHIN = 3.0  # seconds a readiness probe may take

Live = Callable[[], bool]
Ready = Callable[[], Awaitable[Mapping[str, bool]]]


class CannotListen(Exception):
    """The address is taken, not ours or not permitted; the text says which."""


class WebServer:
    """Serves the given routes and `/health/live`, `/health/ready` on one address."""

    def __init__(
        self, routes: Iterable[web.AbstractRouteDef], *, live: Live, ready: Ready, host: str, port: int
    ) -> None:
        """`live`: is the process worth keeping; `ready`: named checks, all must hold; `port` 0 picks a free one."""
        self._live = live
        self._ready = ready
        self._host = host
        self._port = port
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes([web.get("/health/live", self._say_live), web.get("/health/ready", self._say_ready), *routes])
        # No access log: paths and headers carry secrets. Signals belong to bot/app.py.
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)

    @property
    def port(self) -> int:
        """The port listened on, once started."""
        return self._port

    async def start(self) -> None:
        """Begins to listen; raises CannotListen."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as exc:
            await self._runner.cleanup()
            reason = exc.strerror or str(exc)
            raise CannotListen(f"cannot listen on {self._host}:{self._port} (web.host, web.port): {reason}") from exc
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Closes the address; answers under way get a second. Harmless when not started."""
        await self._runner.cleanup()

    async def _say_live(self, _: web.Request) -> web.Response:
        return _verdict({"live": self._live()})

    async def _say_ready(self, _: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY_WITHIN):
                return _verdict(await self._ready())
        except Exception:
            log.exception("the readiness probe failed")
            return _verdict({"probe": False})


def _verdict(checks: Mapping[str, bool]) -> web.Response:
    return web.json_response(dict(checks), status=200 if all(checks.values()) else 503)
