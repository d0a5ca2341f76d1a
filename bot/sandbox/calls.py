"""A call on its way to the method that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import Json
from .log import Call
from .world import World


@dataclass(frozen=True)
class Arrived:
    """A checked call: its parameters have the kinds of the table. `violate` keeps a breach that is not refused."""

    world: World
    call: Call
    params: Json
    violate: Callable[[str], None]

    def get(self, name: str) -> Any:
        """A parameter, None if it was not given."""
        return self.params.get(name)


Handler = Callable[[Arrived], Any]
