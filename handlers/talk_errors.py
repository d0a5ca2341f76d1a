"""Refusals of words between the sides, and of joining a meeting, as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.speech import Speech

Fields = Mapping[str, Any]


def _an_hour(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "You have written {n} word about this meeting within an hour, the most there may be. The next: {when}.",
        "You have written {n} words about this meeting within an hour, the most there may be. The next: {when}.",
        int(fields["most"]),
        when=speech.when(fields["at"]),
    )


def _a_day(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "You have written {n} word about meetings today, the most for one day. The next: {when}.",
        "You have written {n} words about meetings today, the most for one day. The next: {when}.",
        int(fields["most"]),
        when=speech.when(fields["at"]),
    )


def _closed(speech: Speech, fields: Fields) -> Markup:
    return speech.say("Words about this meeting are not passed on now. Nothing was sent.")


def _not_passed_on(speech: Speech, fields: Fields) -> Markup:
    return speech.say("Your word was not delivered: the other side receives no words about this meeting at present.")


def _only_contacts(speech: Speech, fields: Fields) -> Markup:
    return speech.say("Nothing was passed on: without phone numbers, addresses and accounts nothing is left of it.")


def _join_over(speech: Speech, fields: Fields) -> Markup:
    return speech.say("The meeting has begun or is off, so nobody can join it any more.")


SENTENCES: dict[str, Callable[[Speech, Fields], Markup]] = {
    "words-an-hour": _an_hour,
    "words-a-day": _a_day,
    "talk-closed": _closed,
    "not-passed-on": _not_passed_on,
    "only-contacts": _only_contacts,
    "join-over": _join_over,
}
