"""What happens in the sandbox, as a numbered stream for the page (server-sent events)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .bell import Bell
from .errors import Json

KEPT = 5000


class Feed:
    """The last events, each `{"seq", "event", "data"}`; followers wait on the bell for the next."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._events: deque[Json] = deque(maxlen=KEPT)
        self.seq = 0

    def tell(self, event: str, data: Json) -> None:
        """Add an event."""
        self.seq += 1
        self._events.append({"seq": self.seq, "event": event, "data": data})
        self._bell.ring()

    def after(self, seq: int) -> list[Json] | None:
        """Events younger than `seq`, None for none."""
        if seq >= self.seq:
            return None
        return [event for event in self._events if event["seq"] > seq] or None

    def missing(self, seq: int) -> bool:
        """Whether events after `seq` were already dropped, or `seq` is of another run."""
        return seq > self.seq or (bool(self._events) and self._events[0]["seq"] > seq + 1)

    async def next(self, seq: int, timeout: float, over: Callable[[], bool]) -> list[Json]:
        """Events younger than `seq`; waits up to `timeout` seconds for the first, unless `over()`. May be empty."""
        return await self._bell.until(lambda: self.after(seq) or ([] if over() else None), timeout) or []
