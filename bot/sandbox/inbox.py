"""Updates that wait for the bot: kept until confirmed, delivered at least once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .bell import Bell
from .errors import Json, Refused

# Without allowed_updates Telegram sends every kind but these.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(eq=False)
class Waiting:
    """An update on its way. `repeats`: how often it is delivered again after it was confirmed (a fault)."""

    update: Json
    lane: int  # the chat or person whose updates keep their order
    repeats: int = 0
    delivered: bool = False
    again: bool = False  # a repetition: stays although it was confirmed, until it is delivered once more

    @property
    def update_id(self) -> int:
        """The number the bot confirms it by."""
        return int(self.update["update_id"])


class Poll:
    """One getUpdates call; a younger one ends it."""

    ended = False


class Inbox:
    """The queue of updates."""

    def __init__(self, rng: random.Random, bell: Bell) -> None:
        self._rng = rng
        self._bell = bell
        self.waiting: dict[int, Waiting] = {}
        self.allowed: list[str] = []
        self.closed = False
        self.repeat: Callable[[str], int] = lambda kind: 0
        self.shuffled: Callable[[], bool] = lambda: False
        self._poll: Poll | None = None
        self.restart_ids()

    def restart_ids(self) -> None:
        """Number further updates from another random place, as Telegram may after a week of silence."""
        self._next = self._rng.randrange(100_000_000, 900_000_000)

    def put(self, kind: str, payload: Json, lane: int) -> int:
        """Queue an update of this kind; returns its number. A kind the bot did not ask for is dropped."""
        update_id, self._next = self._next, self._next + 1
        if kind in self.allowed or (not self.allowed and kind not in _ON_REQUEST):
            self.waiting[update_id] = Waiting({"update_id": update_id, kind: payload}, lane, self.repeat(kind))
            self._bell.ring()
        return update_id

    def allow(self, kinds: list[str] | None) -> None:
        """Which kinds the bot wants; None leaves what it said last, an empty list means the default."""
        if kinds is not None:
            self.allowed = list(kinds)

    def forget(self) -> None:
        """Drop what is waiting (drop_pending_updates)."""
        self.waiting.clear()
        self._bell.ring()

    def confirm(self, update_id: int) -> None:
        """The bot has this update: it is gone, unless a fault repeats it."""
        entry = self.waiting[update_id]
        if entry.repeats:
            entry.repeats -= 1
            entry.delivered, entry.again = False, True
        else:
            del self.waiting[update_id]
        self._bell.ring()

    def confirm_below(self, offset: int) -> None:
        """Confirm what getUpdates with this offset confirms; a negative one keeps the last -offset updates."""
        if offset < 0:
            keep = list(self.waiting)[offset:]
            gone = [entry for number, entry in self.waiting.items() if number not in keep]
        else:
            gone = [entry for number, entry in self.waiting.items() if number < offset]
        for entry in gone:
            if entry.delivered or not entry.again:
                self.confirm(entry.update_id)

    def take_over(self) -> Poll:
        """A new getUpdates begins: the one before it ends with a conflict."""
        self.end_poll()
        self._poll = Poll()
        return self._poll

    def end_poll(self) -> None:
        """A webhook was set: a getUpdates under way ends with a conflict."""
        if self._poll:
            self._poll.ended = True
            self._bell.ring()

    def release(self, poll: Poll) -> None:
        """This getUpdates is over."""
        if self._poll is poll:
            self._poll = None

    async def batch(self, poll: Poll, limit: int, timeout: float) -> list[Json]:
        """Up to `limit` unconfirmed updates; waits up to `timeout` seconds for the first one."""

        def look() -> list[Json] | None:
            if poll.ended:
                raise _conflict()
            if self.closed:
                return []
            return [entry.update for entry in self.waiting.values()][:limit] or None

        found = await self._bell.until(look, timeout) or []
        for update in found:
            self.waiting[update["update_id"]].delivered = True
        if len(found) > 1 and self.shuffled():
            self._rng.shuffle(found)
        return found

    def in_lane(self, lane: int) -> list[Waiting]:
        """What waits for one chat, the oldest first (in any order while that fault is on)."""
        entries = [entry for entry in self.waiting.values() if entry.lane == lane]
        if len(entries) > 1 and self.shuffled():
            self._rng.shuffle(entries)
        return entries

    def lanes(self) -> Iterator[int]:
        """The chats that have something waiting."""
        return iter(dict.fromkeys(entry.lane for entry in self.waiting.values()))


def _conflict() -> Refused:
    return Refused(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
