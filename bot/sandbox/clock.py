"""The calendar's clock of the sandbox: the machine's time plus an offset that is kept in a file the bot reads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


class Clock:
    """Moves time for the bot and for message dates. Query ages, floods and retries stay on the machine's clock."""

    def __init__(self, path: Path | None, changed: Callable[[float], None]) -> None:
        self._path = path
        self._changed = changed
        self.offset = 0.0
        self._write()

    @property
    def path(self) -> Path:
        """The file with the offset; one that was not named exists while the sandbox is started."""
        assert self._path is not None, "the sandbox is not started"
        return self._path

    @property
    def homeless(self) -> bool:
        """Whether no file was named."""
        return self._path is None

    def keep_in(self, path: Path | None) -> None:
        """Write the offset to this file from now on (None: to none)."""
        self._path = path
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
        if self._path is None:
            return
        # Replaced in one step: the bot never reads half a number.
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.write_text(f"{self.offset!r}\n")
        os.replace(fresh, self._path)
