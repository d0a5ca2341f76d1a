"""The calendar's clock of the sandbox: the machine's time plus an offset that is kept in a file the bot reads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


class Clock:
    """Moves time for the bot and for message dates. Query ages, floods and retries stay on the machine's clock."""

    def __init__(self, path: Path, changed: Callable[[float], None]) -> None:
        self.path = path
        self._changed = changed
        self.offset = 0.0
        self._write()

    def now(self) -> float:
        """Seconds since 1970 as the sandbox's people see them."""
        return time.time() + self.offset

    def move(self, seconds: float) -> float:
        """Move time by `seconds` (negative: back); returns the new offset."""
        return self.put(self.offset + seconds)

    def put(self, offset: float) -> float:
        """Set the offset to the machine's clock, in seconds; returns it."""
        self.offset = offset
        self._write()
        self._changed(offset)
        return offset

    def _write(self) -> None:
        # Replaced in one step: the bot never reads half a number.
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.write_text(f"{self.offset!r}\n")
        os.replace(fresh, self.path)
