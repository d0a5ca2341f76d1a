"""Acts of people by name, as the control interface takes them."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from .chats import Chat, Message
from .errors import Json
from .world import World

# The arguments each act takes from the request.
ACTS: Mapping[str, tuple[str, ...]] = {
    "says": ("text", "reply_to", "chat"),
    "start": ("payload",),
    "follows": ("url",),
    "taps": ("label", "message", "chat"),
    "forges": ("data", "message"),
    "edits": ("text", "message"),
    "deletes": ("message",),
    "sends_contact": ("phone", "first_name", "own"),
    "sends_sticker": ("emoji",),
    "sends_document": ("name", "data", "mime", "caption"),
    "sends_photo": ("data", "caption"),
    "sends_voice": ("data", "seconds"),
    "sends_location": ("latitude", "longitude"),
    "sends_venue": ("title", "address", "latitude", "longitude"),
    "forwards": ("text", "author"),
    "blocks": (),
    "unblocks": (),
    "adds_bot": ("group",),
    "removes_bot": ("group",),
}


def perform(world: World, body: Json) -> int | None:
    """Carry out `{"person", "act", …}`; returns the update's number. ValueError, LookupError or AssertionError if it
    cannot be done."""
    person = world.people.get(int(body.get("person", 0)))
    if person is None:
        raise ValueError("no such person")
    act = str(body.get("act"))
    if act not in ACTS:
        raise ValueError(f"no such act: {act}")
    given = {name: value for name, value in body.items() if name not in ("person", "act") and value is not None}
    if "base64" in given:
        given["data"] = base64.b64decode(given.pop("base64"))
    place = person.chat
    if "chat_id" in given:
        place = world.chats[int(given.pop("chat_id"))]
        given["group" if act in ("adds_bot", "removes_bot") else "chat"] = place
    if "message_id" in given:
        given["message"] = _message(place, given.pop("message_id"))
    if "reply_to" in given:
        given["reply_to"] = _message(place, given["reply_to"])
    if unknown := set(given) - set(ACTS[act]):
        raise ValueError(f"{act} takes no {', '.join(sorted(unknown))}")
    update_id: int | None = getattr(person, act)(**given)
    return update_id


def _message(chat: Chat, message_id: int) -> Message:
    number = int(message_id)
    if not 1 <= number <= len(chat.messages):
        raise ValueError(f"no message {number}")
    return chat.messages[number - 1]
