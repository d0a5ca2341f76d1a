"""The answers of the request's dialogue: what each may be, and how it is kept."""

from typing import Any

from liaison import answers, contacts
from liaison.errors import LiaisonError, NotYours
from liaison.topics import all_topics

MODES = ("in_person", "online", "phone")
NAME_LENGTH = 200
AGENDA_LENGTH = 600


def _topic(value: str, data: dict[str, Any]) -> str:
    if value not in {topic.id for topic in all_topics()}:
        raise NotYours("topic", f"unknown topic {value!r}")
    return value


def _mode(value: str, data: dict[str, Any]) -> str:
    if value not in MODES:
        raise NotYours("mode", f"unknown mode {value!r}")
    if value != "phone":  # chosen anew: the number of before is not to be called any more
        data.pop("phone", None)
    return value


def _phone(value: str, data: dict[str, Any]) -> str:
    phone = contacts.read_phone(value)
    if phone is None:
        raise LiaisonError("bad-phone")
    return phone


def _own_request(value: str, data: dict[str, Any]) -> str:
    """Rather a request of one's own than joining another's; joining leaves this dialogue."""
    if value != "own":
        raise NotYours("join", f"no answer {value!r}")
    return value


# step -> what is kept of a typed or tapped value, given the answers so far. Raises LiaisonError for what is wrong.
READERS = {
    "org_name": lambda value, data: answers.line(value, most=NAME_LENGTH),
    "bin": lambda value, data: contacts.read_bin(value) if value else "",
    "own_name": lambda value, data: answers.line(value, most=NAME_LENGTH),
    "title": lambda value, data: answers.line(value, most=NAME_LENGTH),
    "topic": _topic,
    "mode": _mode,
    "phone": _phone,
    "join": _own_request,
}
