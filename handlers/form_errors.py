"""Refusals of the request's form and its caps as sentences: what is wrong, that nothing was lost, what to do next."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.speech import Speech
from liaison.attachments import TYPES

Fields = Mapping[str, Any]


def _file_type(speech: Speech, fields: Fields) -> Markup:
    return speech.say(
        "A file of this type is not taken. These are: {types}. Nothing else was lost.", types=", ".join(TYPES)
    )


def _file_size(speech: Speech, fields: Fields) -> Markup:
    return speech.say(
        "This file is too large: at most {most} MB. Nothing else was lost; please send a smaller one.",
        most=fields["most"],
    )


def _most_files(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "At most {n} file can be added, so this one was not. Nothing was lost; you may take another away first.",
        "At most {n} files can be added, so this one was not. Nothing was lost; you may take another away first.",
        fields["most"],
    )


def _most_names(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "At most {n} name can be given. Nothing was changed; please send fewer.",
        "At most {n} names can be given. Nothing was changed; please send fewer.",
        fields["most"],
    )


def _most_bodies(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "One request can go to at most {n} body. Take one away first.",
        "One request can go to at most {n} bodies. Take one away first.",
        fields["most"],
    )


def _nobody_also(speech: Speech, fields: Fields) -> Markup:
    return speech.say(
        "Nobody can receive a request to this body yet: neither its official nor a coordinator has joined. "
        "Nothing was sent to it."
    )


def _no_time_also(speech: Speech, fields: Fields) -> Markup:
    return speech.say("This body has no free time in the days that can be offered. Nothing was sent to it.")


def _cap_open(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "Your organisation may have {n} request waiting for an answer at a time. Nothing was sent.",
        "Your organisation may have {n} requests waiting for an answer at a time. Nothing was sent.",
        fields["most"],
    )


def _cap_day(speech: Speech, fields: Fields) -> Markup:
    when, left = speech.when(fields["at"]), fields["left"]
    if left:
        return speech.nsay(
            "Your organisation may send {n} request a day, and today {left} is left. Nothing was sent. "
            "It is counted anew from {when} on.",
            "Your organisation may send {n} requests a day, and today {left} are left. Nothing was sent. "
            "It is counted anew from {when} on.",
            fields["most"],
            left=left,
            when=when,
        )
    return speech.nsay(
        "Your organisation has sent {n} request today, and that is the most for one day. Nothing more was sent. "
        "The next is possible from {when} on.",
        "Your organisation has sent {n} requests today, and that is the most for one day. Nothing more was sent. "
        "The next is possible from {when} on.",
        fields["most"],
        when=when,
    )


def _cap_post(speech: Speech, fields: Fields) -> Markup:
    return speech.nsay(
        "This body has received {n} request today, and that is the most for one day. Nothing was sent. "
        "The next is possible from {when} on.",
        "This body has received {n} requests today, and that is the most for one day. Nothing was sent. "
        "The next is possible from {when} on.",
        fields["most"],
        when=speech.when(fields["at"]),
    )


SENTENCES: dict[str, Callable[[Speech, Fields], Markup]] = {
    "file-type": _file_type,
    "file-size": _file_size,
    "most-files": _most_files,
    "most-names": _most_names,
    "most-bodies": _most_bodies,
    "nobody-also": _nobody_also,
    "no-time-also": _no_time_also,
    "cap-open": _cap_open,
    "cap-day": _cap_day,
    "cap-post": _cap_post,
}
