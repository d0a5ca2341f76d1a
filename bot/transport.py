"""The way to Telegram: python-telegram-bot's requests carried by aiohttp.

Its own transport (httpx) costs five times the processor time per call. What matters besides is that a failure says
whether the request may have been carried out: NotSent and Uncertain (handlers/sending.py) instead of one NetworkError.
"""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import BadRequest, RetryAfter
from telegram.request import BaseRequest, RequestData

from handlers.sending import NotSent, Uncertain

FLOOD_PAUSE = timedelta(seconds=5)  # after a 429 that does not say how long
_MAPPED = frozenset({400, 401, 403, 404, 409})  # python-telegram-bot has an exception of its own for these
# aiohttp raises these before a byte of the request is written.
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


def bot_urls(base_url: str) -> tuple[str, str]:
    """Turns a Bot API server's root into the two prefixes the library wants, for methods and for files.

    A trailing `/` or `/bot` is tolerated, since both are seen in other programs' configurations.
    """
    root = base_url.strip().rstrip("/").removesuffix("/bot").rstrip("/")
    return f"{root}/bot", f"{root}/file/bot"


def on_loopback(base_url: str) -> bool:
    """Whether the server runs on this machine, where no proxy from the environment must come in between."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True)
class Timeouts:
    """Seconds a request may spend in each phase; None is for ever. The library's names and defaults."""

    read: float | None = 5.0
    write: float | None = 5.0
    connect: float | None = 5.0
    pool: float | None = 5.0
    media_write: float | None = 20.0


@dataclass(frozen=True)
class _Form:
    """Stands in for RequestData, whose parts are private to the library."""

    json_parameters: Mapping[str, str]
    contains_files: bool = False
    multipart_data: Mapping[str, Any] = field(default_factory=dict)


class AiohttpRequest(BaseRequest):
    """A transport with a pool of its own; give one to the bot's calls and another to getUpdates."""

    def __init__(
        self, *, connections: int = 128, timeouts: Timeouts | None = None, use_environment_proxy: bool = True
    ) -> None:
        """`connections`: more than the updates handled at once plus delivery, or calls wait for one another.

        `use_environment_proxy`: honour HTTPS_PROXY and its like; switch off for a server on this machine.
        """
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._use_environment_proxy = use_environment_proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Default seconds to wait for an answer; getUpdates adds its own long poll."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Opens the pool; harmless when open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=self._use_environment_proxy,
            )

    async def shutdown(self) -> None:
        """Closes the pool; harmless when closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, url: str, parameters: Mapping[str, str], *, read_timeout: float) -> Any:
        """Calls a method with plain form fields and returns its `result` as JSON, not as the library's objects.

        For getUpdates: the library reads a whole batch at once, and one update it cannot read would hold up all
        others for ever. Raises what any other call raises.
        """
        return await self.post(url, cast(RequestData, _Form(parameters)), read_timeout=read_timeout)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Sends one request; returns status and body, or raises what the library would not tell apart."""
        own = self._timeouts
        with_files = request_data is not None and request_data.contains_files
        timeout = _client_timeout(
            read=_or(read_timeout, own.read),
            write=_or(write_timeout, own.media_write if with_files else own.write),
            connect=_or(connect_timeout, own.connect),
            pool=_or(pool_timeout, own.pool),
            bounded=method == "POST",
        )
        status, payload, retry_header = await self._exchange(method, url, _body(request_data), timeout)
        if status >= 300:
            _raise_if_unmapped(status, payload, retry_header)
        elif method == "POST" and b'"result"' not in payload:
            raise Uncertain(f"answer {status} without a result")
        return status, payload

    async def _exchange(
        self, method: str, url: str, body: bytes | aiohttp.FormData | None, timeout: aiohttp.ClientTimeout
    ) -> tuple[int, bytes, str | None]:
        if self._session is None:
            raise NotSent("the transport is closed")
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if isinstance(body, bytes) else None
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read(), answer.headers.get("Retry-After")
        # Texts of our own: aiohttp's quote the address, and the token is part of it.
        except _NEVER_LEFT as exc:
            raise NotSent(f"no connection to Telegram: {_why(exc)}") from exc
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise Uncertain(f"no answer from Telegram: {_why(exc)}") from exc

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Reads an answer; raises Uncertain when it is no JSON object. The body is not logged: it may be personal."""
        try:
            answer = json.loads(payload)
        except ValueError as exc:
            raise Uncertain(f"answer of {len(payload)} bytes is not JSON") from exc
        if not isinstance(answer, dict):
            raise Uncertain("answer is not a JSON object")
        return answer


def _or(given: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _client_timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None, bounded: bool
) -> aiohttp.ClientTimeout:
    """aiohttp counts pool and connection together and has no write timeout: the sum of all bounds the whole call.

    A download (not `bounded`) may take as long as bytes keep coming.
    """
    acquire = None if connect is None or pool is None else pool + connect
    total = None if acquire is None or read is None or write is None else acquire + write + read
    return aiohttp.ClientTimeout(
        total=total if bounded else None, connect=acquire, sock_connect=connect, sock_read=read
    )


def _body(request_data: RequestData | None) -> bytes | aiohttp.FormData | None:
    if request_data is None:
        return None
    parameters = request_data.json_parameters
    if not request_data.contains_files:
        return urlencode(parameters).encode() if parameters else None
    # File names go as they are, in UTF-8: Telegram would show percent signs to the reader.
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mimetype) in request_data.multipart_data.items():
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mimetype)
    return form


def _raise_if_unmapped(status: int, payload: bytes, retry_header: str | None) -> None:
    """Raises for a status that the library does not tell apart from a network failure, or whose body is no answer."""
    try:
        answer: Any = json.loads(payload)
    except ValueError:
        answer = None
    readable = isinstance(answer, dict)
    description = str(answer.get("description") or status) if readable else f"answer {status} is not Telegram's"
    if status == 429:
        raise RetryAfter(_asked_pause(answer if readable else {}, retry_header))
    if status >= 500 or status < 400 or not readable:
        raise Uncertain(description)
    if status not in _MAPPED and not answer.get("parameters"):
        raise BadRequest(description)


def _asked_pause(answer: Mapping[str, Any], header: str | None) -> timedelta:
    parameters = answer.get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(asked, int | float) and asked > 0:
        return timedelta(seconds=asked)
    return timedelta(seconds=int(header)) if header and header.isascii() and header.isdigit() else FLOOD_PAUSE


def _why(exc: BaseException) -> str:
    reason = getattr(exc, "strerror", None)
    return f"{type(exc).__name__} ({reason})" if reason else type(exc).__name__
