"""Refusals about leave, assistants and passing on as sentences: what is wrong, and what to do next."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.speech import Speech

Fields = Mapping[str, Any]


def _plain(speech: Speech, code: str) -> Markup:
    say = speech.say
    return {
        "bad-dates": say("These days cannot be taken. From today on, at most a year, for example: 1.12 – 24.12"),
        "not-bound": say("No official has joined here yet, so there is nobody to stand in for."),
        "deputy-self": say("The official and the substitute must be two people. Please choose somebody else."),
        "deputy-decided": say("This has been decided already. Here is how it stands now."),
        "leave-over": say("These days are over. Nothing was changed."),
        "redirect-back": say("This request has been there already and cannot go back. Please choose another body."),
        "nobody-there": say("Nobody receives requests there yet. Nothing was passed on; please choose another body."),
    }[code]


def _away(speech: Speech, fields: Fields) -> Markup:
    return speech.say(
        "{name} is away in these days (until {date}) and cannot stand in. Nothing was changed; please choose somebody "
        "else.",
        name=fields["name"],
        date=speech.day(fields["until"]),
    )


def _overlaps(speech: Speech, fields: Fields) -> Markup:
    return speech.say(
        "Somebody stands in already from {from} until {until}. Nothing was changed; please end that first.",
        **{"from": speech.day(fields["since"]), "until": speech.day(fields["until"])},
    )


def _stands_in(speech: Speech, fields: Fields) -> Markup:
    return speech.say(
        "In these days the official stands in for {name} (until {date}). Nothing was changed; please end that first.",
        name=fields["name"],
        date=speech.day(fields["until"]),
    )


def _most_assistants(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "There can be at most {n} assistant. Please remove one first.",
        "There can be at most {n} assistants. Please remove one first.",
        fields["most"],
    )


def _late(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "A request can be passed on within {n} working day. That is over: please answer it, offer other times or "
        "decline.",
        "A request can be passed on within {n} working days. That is over: please answer it, offer other times or "
        "decline.",
        fields["days"],
    )


SENTENCES: dict[str, Callable[[Speech, Fields], Markup]] = {
    "bad-dates": lambda speech, fields: _plain(speech, "bad-dates"),
    "not-bound": lambda speech, fields: _plain(speech, "not-bound"),
    "deputy-self": lambda speech, fields: _plain(speech, "deputy-self"),
    "deputy-decided": lambda speech, fields: _plain(speech, "deputy-decided"),
    "leave-over": lambda speech, fields: _plain(speech, "leave-over"),
    "redirect-back": lambda speech, fields: _plain(speech, "redirect-back"),
    "nobody-there": lambda speech, fields: _plain(speech, "nobody-there"),
    "deputy-away": _away,
    "leave-overlaps": _overlaps,
    "stands-in": _stands_in,
    "most-assistants": _most_assistants,
    "redirect-late": _late,
}
