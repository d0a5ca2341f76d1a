"""Faults to switch on: refusals, broken gateways, cut connections, slowness, repeated and shuffled updates."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import count as numbers
from typing import Any

from .errors import Json

# "repeat" and "reorder" concern updates: their pattern is a kind of update ("message", "callback_query", "*").
ACTS = ("refuse", "gateway", "error", "drop", "lose", "slow", "repeat", "reorder")


@dataclass(eq=False)
class Fault:
    """A switched-on fault; `off()` ends it. `left`: how often it still strikes, None without end; `hits`: so far."""

    number: int
    act: str
    pattern: str
    chat: int | None = None
    probability: float = 1.0
    left: int | None = None
    code: int = 400
    description: str = ""
    retry_after: int | None = None
    seconds: float = 0.0
    event: asyncio.Event | None = None
    hits: int = 0

    def off(self) -> None:
        """Strike no more."""
        self.left = 0

    def as_json(self) -> Json:
        """For the control interface."""
        names = (
            "number",
            "act",
            "pattern",
            "chat",
            "probability",
            "left",
            "code",
            "description",
            "retry_after",
            "seconds",
            "hits",
        )
        return {name: getattr(self, name) for name in names}

    async def wait(self) -> None:
        """Hold the answer back until the event is set, or for so many seconds."""
        if self.event:
            await self.event.wait()
        else:
            await asyncio.sleep(self.seconds)


@dataclass
class Faults:
    """The switches. Methods are named by a pattern: "sendMessage", "send*", "*". All are deterministic with a seed."""

    rng: random.Random
    switched: list[Fault] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: numbers(1))

    def add(
        self, act: str, method: str = "*", *, chat: int | None = None, probability: float = 1.0,
        count: int | None = None, code: int = 400, description: str = "", retry_after: int | None = None,
        seconds: float = 0.0, event: asyncio.Event | None = None,
    ) -> Fault:  # fmt: skip
        """Switch a fault on; see the named methods below for what the acts mean. Raises ValueError for another act."""
        if act not in ACTS:
            raise ValueError(f"no such fault: {act}")
        fault = Fault(next(self._numbers), act, method, chat, probability, count, code, description, retry_after,
                      seconds, event)  # fmt: skip
        self.switched.append(fault)
        return fault

    def flood(self, method: str = "*", retry_after: int = 1, **switches: Any) -> Fault:
        """Answer 429 and ask to wait `retry_after` seconds."""
        return self.add("refuse", method, code=429, retry_after=retry_after, **switches)

    def refuse(self, method: str, code: int, description: str, **switches: Any) -> Fault:
        """Answer an error of any code, with the whole description."""
        return self.add("refuse", method, code=code, description=description, **switches)

    def error(self, method: str = "*", **switches: Any) -> Fault:
        """Answer 500 as Telegram does; nothing is done."""
        return self.add("error", method, **switches)

    def gateway(self, method: str = "*", **switches: Any) -> Fault:
        """Answer 502 with a page of HTML; nothing is done."""
        return self.add("gateway", method, **switches)

    def drop(self, method: str = "*", **switches: Any) -> Fault:
        """Reset the connection before the call is taken."""
        return self.add("drop", method, **switches)

    def lose(self, method: str = "*", **switches: Any) -> Fault:
        """Do the work, then reset the connection: the answer is lost."""
        return self.add("lose", method, **switches)

    def slow(self, method: str = "*", seconds: float = 0.0, event: asyncio.Event | None = None, **more: Any) -> Fault:
        """Do the work, then hold the answer back for `seconds` or until `event` is set."""
        return self.add("slow", method, seconds=seconds, event=event, **more)

    def repeat_updates(self, kind: str = "*", **switches: Any) -> Fault:
        """Deliver updates of this kind once more after they were confirmed."""
        return self.add("repeat", kind, **switches)

    def reorder_updates(self, **switches: Any) -> Fault:
        """Shuffle the updates of a batch (by webhook: those of a chat)."""
        return self.add("reorder", "*", **switches)

    def clear(self) -> None:
        """Switch everything off; held answers go out."""
        for fault in self.switched:
            fault.off()
            if fault.event:
                fault.event.set()
        self.switched.clear()

    def strike(self, method: str, chat: int | None, *acts: str) -> Fault | None:
        """The first fault of these acts that strikes now, counted."""
        for fault in self.switched:
            wanted = fault.act in acts and fnmatchcase(method, fault.pattern) and fault.chat in (None, chat)
            if wanted and fault.left != 0 and (fault.probability >= 1 or self.rng.random() < fault.probability):
                fault.hits += 1
                fault.left = None if fault.left is None else fault.left - 1
                return fault
        return None
