"""What follows from the outcome of a send: sent, dropped, given up, or tried again after which pause."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.sending import Outcome, Verdict
from liaison.deliveries import Claimed, Settled

SEVERAL = 3  # chats in a row that were not served: it is not about one chat any more


@dataclass(frozen=True)
class Pace:
    """How fast, how much at once, and how patiently. Telegram names no figures for failures; these are ours."""

    batch: int = 50  # notices claimed at once
    in_hand: int = 100  # claimed and not yet settled: what a kill may repeat, and what a stop has to finish
    at_once: int = 20  # sends side by side
    gather: timedelta = timedelta(milliseconds=20)  # what comes back within this time is settled together
    send: timedelta = timedelta(seconds=15)  # a send without an end is uncertain after this
    lease: timedelta = timedelta(seconds=60)  # must leave room for waiting behind others and for one send
    fresh: timedelta = timedelta(seconds=2)  # a notice that waited longer for its turn is asked again if it makes sense
    look: timedelta = timedelta(milliseconds=1500)  # the longest sleep; the tick of a second comes first
    failure: timedelta = timedelta(seconds=1)  # first pause after a failure, doubled up to ...
    longest_failure: timedelta = timedelta(seconds=60)
    doubt: timedelta = timedelta(seconds=30)  # first pause after an uncertain send, doubled each time
    doubts: int = 5  # uncertain sends until it is given up to the operators

    def after_failures(self, failures: int) -> timedelta:
        """The pause after so many failures (from 1 on): 1, 2, 4 … 60 seconds."""
        doubled: int = 2 ** min(failures - 1, 16)
        return min(self.failure * doubled, self.longest_failure)


class Pauses:
    """Chats that must not be written to for a while, and, when several in a row were not served, all of them.

    Kept in memory: the rows carry their own pauses; this is for what comes up for the same chat meanwhile.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._chats: dict[int, datetime] = {}
        self._all: datetime | None = None
        self._in_a_row: set[int] = set()
        self._rounds = 0

    @property
    def troubled(self) -> bool:
        """Several chats in a row were not served: one notice at a time is enough to see whether it is over."""
        return len(self._in_a_row) >= SEVERAL

    def left(self, now: datetime, chat: int | None = None) -> timedelta:
        """How long to wait before writing to this chat (None: to anybody); zero for not at all."""
        until = [at for at in (self._all, self._chats.get(chat or 0)) if at is not None]
        return max([timedelta(), *(at - now for at in until)])

    def unserved(self, chat: int, now: datetime, *, hold: timedelta | None = None, asked: bool = False) -> None:
        """A chat was not served. ``hold`` is how long it must wait, ``asked`` whether Telegram said so (429).

        The third chat in a row without a success between them stops all: for as long as Telegram asked, else for
        1, 2, 4 … 60 seconds, longer each time the same is found afterwards.
        """
        if hold is not None:
            self._chats = {other: at for other, at in self._chats.items() if at > now}
            self._chats[chat] = max(now + hold, self._chats.get(chat, now))
        self._in_a_row.add(chat)
        if not self.troubled:
            return
        if hold is not None and asked:
            self._all = max(now + hold, self._all or now)
        elif self._all is None or self._all <= now:
            self._rounds += 1
            self._all = now + self._pace.after_failures(self._rounds)

    def served(self) -> None:
        """Telegram took or refused a message on its merits, so whatever was wrong is over or was about one chat."""
        self._in_a_row.clear()
        self._rounds = 0


def put_back(claimed: Claimed, pause: timedelta | None = None) -> Settled:
    """Give a notice back unsent."""
    return Settled(claimed.id, "retry", pause=pause or None, tried=False)


def consequence(claimed: Claimed, verdict: Verdict, pace: Pace) -> Settled:
    """What becomes of a notice whose send ended with this verdict (other than a message)."""
    match verdict.outcome:
        case Outcome.SENT:
            return Settled(claimed.id, "sent")
        case Outcome.WAIT:
            pause = timedelta(seconds=verdict.retry_after or pace.failure.total_seconds())
            return Settled(claimed.id, "retry", reason=verdict.text, pause=pause)
        case Outcome.NOT_SENT:  # nothing can be doubled, so it is never given up
            return Settled(claimed.id, "retry", reason=verdict.text, pause=pace.after_failures(claimed.attempts))
        case Outcome.BLOCKED:
            return Settled(claimed.id, "dropped", reason="blocked", blocked=True)
        case Outcome.REFUSED:
            return Settled(claimed.id, "failed", reason=verdict.text)
        case Outcome.UNCERTAIN:
            return _doubtful(claimed, verdict, pace)


def _doubtful(claimed: Claimed, verdict: Verdict, pace: Pace) -> Settled:
    if claimed.uncertain + 1 >= pace.doubts:
        return Settled(claimed.id, "failed", reason=f"given up: {verdict.text}", uncertain=True)
    pause = pace.doubt * 2**claimed.uncertain
    return Settled(claimed.id, "retry", reason=verdict.text, pause=pause, uncertain=True)
