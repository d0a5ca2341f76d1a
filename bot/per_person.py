"""The order in which updates are handled: each person's one after the other, persons side by side."""

import asyncio
from collections.abc import Awaitable, Hashable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_MOST_IN_HAND = 10_000  # the library's own limit comes before ours and must never be the one that bites


class PerPerson(BaseUpdateProcessor):
    """Runs at most `at_once` updates, never two of one person.

    A person's waiting updates take none of the places: somebody whose handling hangs holds up nobody else.
    """

    __slots__ = ("_lanes", "_places")

    def __init__(self, at_once: int = 64) -> None:
        """`at_once`: how many persons are served at the same time; at least 1."""
        super().__init__(_MOST_IN_HAND)
        self._places = asyncio.Semaphore(at_once)
        self._lanes: dict[Hashable, _Lane] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Awaits the person's turn, then a free place, then the handling itself."""
        who = person_of(update)
        lane = self._lanes.setdefault(who, _Lane())
        lane.inside += 1
        try:
            async with lane.turn, self._places:
                await coroutine
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[who]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""


class _Lane:
    def __init__(self) -> None:
        self.turn = asyncio.Lock()  # first come, first served
        self.inside = 0


def person_of(update: object) -> Hashable:
    """Whose turn an update takes: its sender's, else its chat's, else nobody's but its own."""
    if not isinstance(update, Update):
        return id(update)
    if update.effective_user is not None:
        return update.effective_user.id
    if update.effective_chat is not None:
        return update.effective_chat.id
    return "update", update.update_id
