"""What the bot called, in order, and what Telegram would have held against it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Json


@dataclass(eq=False)
class Call:
    """One call of a method. Times are Unix seconds of the machine; `ended` is None while it is in hand.

    `outcome`: "running", "answered", "refused" (an error was answered), "lost" (no answer reached the caller; if
    `done` is true the work was done all the same).
    """

    number: int
    method: str
    params: Json
    chat: int | None
    began: float = field(default_factory=time.time)
    ended: float | None = None
    outcome: str = "running"
    done: bool = False
    result: Any = None
    error: str | None = None

    def as_json(self) -> Json:
        """For the control interface."""
        names = ("number", "method", "params", "chat", "began", "ended", "outcome", "done", "result", "error")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Remark:
    """A violation or a refusal: what was wrong, in which call."""

    text: str
    method: str
    params: Json

    def __str__(self) -> str:
        return f"{self.method}: {self.text} in {json.dumps(self.params, ensure_ascii=False, default=str)}"

    def as_json(self) -> Json:
        """For the control interface."""
        return {"text": self.text, "method": self.method, "params": self.params}


class Log:
    """All calls, violations (a documented rule was broken) and refusals (the world said no)."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.running: set[Call] = set()
        self.violations: list[Remark] = []
        self.refusals: list[Remark] = []

    def begin(self, method: str, params: Mapping[str, Any]) -> Call:
        """Note that a call arrived; `params` as they came, files shortened to their name and size."""
        shown = {
            name: value if isinstance(value, str | int | float | list | dict) else str(value)
            for name, value in params.items()
        }
        call = Call(len(self.calls) + 1, method, shown, chat_number(shown.get("chat_id")))
        self.calls.append(call)
        self.running.add(call)
        return call

    def end(self, call: Call, outcome: str) -> None:
        """The call is over."""
        call.ended, call.outcome = time.time(), outcome
        self.running.discard(call)

    def violate(self, text: str, call: Call | None) -> None:
        """Keep a breach of a documented rule."""
        self.violations.append(_remark(text, call))

    def refuse(self, text: str, call: Call | None) -> None:
        """Keep an error that breaks no rule (blocked, not modified, too old …)."""
        self.refusals.append(_remark(text, call))


def _remark(text: str, call: Call | None) -> Remark:
    return Remark(text, call.method if call else "", call.params if call else {})


def chat_number(value: Any) -> int | None:
    """The numeric chat id in a parameter, None for a missing one or a user name."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
