"""How the sandbox says no."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """A call is answered with an error because of the state of the world: nobody broke a rule (`code` is HTTP's)."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def payload(self) -> Json:
        """The JSON object Telegram answers with."""
        payload: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            payload["parameters"] = {"retry_after": self.retry_after}
        return payload


class Breach(Refused):
    """A call is refused because it breaks a documented limit or rule: it is kept in `Sandbox.violations`."""

    def __init__(self, description: str, *, code: int = 400) -> None:
        super().__init__(code, f"Bad Request: {description}" if code == 400 else description)


class Lost(Exception):
    """The connection is cut without an answer (a switched-on fault)."""


def bad_request(description: str) -> Refused:
    """A 400 that depends on the state of a chat or message, not on a rule."""
    return Refused(400, f"Bad Request: {description}")


def too_many_requests(seconds: int) -> Refused:
    """Telegram's 429; `seconds` is what the caller has to wait."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
