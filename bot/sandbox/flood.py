"""Telegram's advice on rates, as a limiter to switch on: 30 a second, 1 a second per chat, 20 a minute per group."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from .errors import Refused, too_many_requests

_COUNTED = ("send", "copy", "forward")
_UNCOUNTED = frozenset({"sendChatAction"})
_PROFILE = frozenset({"setMyName", "setMyDescription", "setMyShortDescription"})


class Flood:
    """Counts messages; off by default. Rates are attributes, so that a test can make them small.

    A private chat may get `burst` messages at once, then one every `1 / per_chat` seconds. `profile_limit`: how many
    changes of name and descriptions pass before Telegram asks to wait for a day; None for no limit.
    """

    def __init__(self) -> None:
        self.on = False
        self.overall = 30
        self.per_chat = 1.0
        self.burst = 4
        self.per_group = 20
        self.profile_limit: int | None = None
        self.grace = 0.5  # seconds after a 429 in which calls already on their way are forgiven
        self.now: Callable[[], float] = time.monotonic
        self._all: deque[float] = deque()
        self._chats: dict[int, float] = {}  # when the chat's allowance will be whole again
        self._groups: dict[int, deque[float]] = {}
        self._profile = 0
        self._refused: dict[int, tuple[float, float]] = {}

    def check(self, method: str, chat: int | None, violate: Callable[[str], None]) -> None:
        """Count a call; raises Refused 429 when it is one too many. Calling again too early is a violation."""
        if method in _PROFILE and self.profile_limit is not None:
            self._profile += 1
            if self._profile > self.profile_limit:
                raise too_many_requests(86_400)
        if not self.on or chat is None or not method.startswith(_COUNTED) or method in _UNCOUNTED:
            return
        now = self.now()
        at, until = self._refused.get(chat, (0.0, 0.0))
        if at + self.grace < now < until:
            violate(f"sent to chat {chat} {until - now:.1f} s before retry_after was over")
        if (wait := self._wait(chat, now)) > 0:
            raise self._refuse(chat, now, math.ceil(wait))
        self._count(chat, now)

    def _wait(self, chat: int, now: float) -> float:
        wait = _window(self._all, now, 1.0, self.overall)
        if chat < 0:
            return max(wait, _window(self._groups.setdefault(chat, deque()), now, 60.0, self.per_group))
        allowance = (self.burst - 1) / self.per_chat
        return max(wait, self._chats.get(chat, now) - now - allowance)

    def _count(self, chat: int, now: float) -> None:
        self._all.append(now)
        if chat < 0:
            self._groups[chat].append(now)
        else:
            self._chats[chat] = max(self._chats.get(chat, now), now) + 1 / self.per_chat

    def _refuse(self, chat: int, now: float, seconds: int) -> Refused:
        self._refused[chat] = (now, now + seconds)
        return too_many_requests(seconds)


def _window(times: deque[float], now: float, length: float, limit: int) -> float:
    """Seconds until one more fits into the sliding window; 0 if it does now."""
    while times and times[0] <= now - length:
        times.popleft()
    return times[0] + length - now if len(times) >= limit else 0.0
