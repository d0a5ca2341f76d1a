"""What became of a call to Telegram: the one place that reads its errors.

A message owed to somebody may be repeated, never lost; so the question after a failure is not "what went wrong" but
"may it have arrived, and is it any use to try again". Delivery, replies and the transport all answer it with the words
defined here.
"""

import datetime
import os
from dataclasses import dataclass
from enum import StrEnum

from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

# Without this the library warns at every RetryAfter that the attribute will become a timedelta; classify() reads both.
os.environ.setdefault("PTB_TIMEDELTA", "1")

# Bot API descriptions (lower case) of a chat in which nobody can be reached, though the status is 400 and not 403.
_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user_is_blocked", "user is deactivated")


class NotSent(NetworkError):
    """The request certainly did not reach Telegram: name, connection, TLS or a free connection was wanting."""

    __slots__ = ()


class Uncertain(NetworkError):
    """The request left, and what Telegram did with it is not known: timeout, reset, 5xx, an unreadable answer."""

    __slots__ = ()


class Outcome(StrEnum):
    """What became of a call."""

    SENT = "sent"  # done, or already as wished ("message is not modified")
    NOT_SENT = "not_sent"  # certainly not done, and not because of what was sent: try again, nothing can be doubled
    REFUSED = "refused"  # Telegram will not take this very call; the same again is of no use
    BLOCKED = "blocked"  # the person cannot be reached: blocked the bot, never started it, is gone
    WAIT = "wait"  # certainly not done: flood control, try again after `retry_after` seconds
    UNCERTAIN = "uncertain"  # may have been done: try again after a pause, count it, give up after a few


@dataclass(frozen=True)
class Verdict:
    """An outcome with its pause in seconds (for WAIT alone) and Telegram's own words, for the log and the operators."""

    outcome: Outcome
    retry_after: float | None
    text: str


def classify(exc: Exception) -> Verdict:
    """Says what became of the call that raised `exc`; anything it does not know is uncertain, so nothing gets lost.

    A refused token (401, 404) and a conflict (409) tell about the bot, not about the message: the message was
    certainly not sent and is still owed.
    """
    text = str(exc) or type(exc).__name__
    if isinstance(exc, RetryAfter):
        return Verdict(Outcome.WAIT, pause_of(exc), text)
    return Verdict(_outcome(exc, text.lower()), None, text)


def pause_of(exc: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    asked = exc.retry_after
    return asked.total_seconds() if isinstance(asked, datetime.timedelta) else float(asked)


def _outcome(exc: Exception, text: str) -> Outcome:
    if isinstance(exc, BadRequest):
        if "message is not modified" in text:
            return Outcome.SENT
        return Outcome.BLOCKED if any(words in text for words in _NOBODY_THERE) else Outcome.REFUSED
    if isinstance(exc, Forbidden):
        return Outcome.BLOCKED
    if isinstance(exc, NotSent | InvalidToken | Conflict):
        return Outcome.NOT_SENT
    if isinstance(exc, TelegramError) and not isinstance(exc, NetworkError):
        # ChatMigrated and other refusals with a description. The plain class stands for an answer it could not read.
        return Outcome.UNCERTAIN if type(exc) is TelegramError else Outcome.REFUSED
    return Outcome.UNCERTAIN
