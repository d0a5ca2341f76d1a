"""Which updates are in hand, and up to where they may be confirmed to Telegram."""

from collections.abc import Iterable
from enum import Enum


class _State(Enum):
    IN_HAND = 1
    GIVEN_BACK = 2  # not processed; the next fetch brings it again
    DONE = 3  # settled, but an earlier one is not, so it cannot be confirmed yet


class Window:
    """The updates from the first unconfirmed one on, in the order they came.

    getUpdates confirms everything below its offset; so the offset is the first update that is not settled, what lies
    behind it comes again with every fetch, and is told apart here. Numbers are never compared by size for being new:
    Telegram restarts them at random after a quiet week.
    """

    def __init__(self) -> None:
        self._states: dict[int, _State] = {}
        self._after_last: int | None = None
        self._settled_since_asked: set[int] = set()

    @property
    def offset(self) -> int | None:
        """What the next getUpdates may confirm up to; None before the first update."""
        return next(iter(self._states), self._after_last)

    def ask(self) -> int | None:
        """The offset for a fetch that begins now; what gets settled meanwhile may still be in its answer."""
        self._settled_since_asked.clear()
        return self.offset

    def take(self, fetched: Iterable[int], *, all_there: bool) -> list[int]:
        """Says which of the fetched updates are to be handled now.

        `all_there`: the fetch was not cut off at its limit. An update that was given back and does not come again is
        gone (expired, or taken by another poller), and must not hold the offset for ever.
        """
        came = list(fetched)
        fresh = [number for number in came if self._is_wanted(number)]
        for number in self._gone(set(came), all_there=all_there):
            self._states[number] = _State.DONE
        self._states.update(dict.fromkeys(fresh, _State.IN_HAND))
        self._forget_settled()
        return fresh

    def settle(self, number: int) -> None:
        """The update is processed."""
        self._states[number] = _State.DONE
        self._forget_settled()

    def give_back(self, number: int) -> None:
        """The update was not processed and is wanted again."""
        self._states[number] = _State.GIVEN_BACK

    def forget_offset(self) -> None:
        """After a long silence, with nothing in hand: the next number may be a lower one."""
        if not self._states:
            self._after_last = None

    def _is_wanted(self, number: int) -> bool:
        known = self._states.get(number)
        return known is _State.GIVEN_BACK or (known is None and number not in self._settled_since_asked)

    def _gone(self, came: set[int], *, all_there: bool) -> list[int]:
        given_back = [number for number, state in self._states.items() if state is _State.GIVEN_BACK]
        # Cut off at the limit, the fetch still began at the offset: only that one can be missed.
        return [number for number in given_back if number not in came and (all_there or number == self.offset)]

    def _forget_settled(self) -> None:
        while self._states and self._states[first := next(iter(self._states))] is _State.DONE:
            del self._states[first]
            self._settled_since_asked.add(first)
            self._after_last = first + 1
