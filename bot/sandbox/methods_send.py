"""Methods that put a new message into a chat."""

from __future__ import annotations

from typing import Any

from . import limits
from .calls import Arrived, Handler
from .chats import Chat, Message
from .errors import Breach, Json, bad_request
from .files import StoredFile
from .keyboards import reply_markup
from .media import document_fields, photo_fields
from .texts import formatted

_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


def send_message(arrived: Arrived) -> Json:
    """A text."""
    text, entities = formatted(arrived.params, "text", arrived.violate, arrived.world.username)
    return _send(arrived, {"text": text, **({"entities": entities} if entities else {})})


def send_document(arrived: Arrived) -> Json:
    """A file with a caption."""
    caption = captioned(arrived)
    file = arrived.world.files.receive("document", arrived.get("document"))
    return _send(arrived, {**document_fields(file), **caption}, file)


def send_photo(arrived: Arrived) -> Json:
    """A picture with a caption."""
    caption = captioned(arrived)
    file = arrived.world.files.receive("photo", arrived.get("photo"))
    return _send(arrived, {**photo_fields(file), **caption}, file)


def captioned(arrived: Arrived) -> Json:
    """The caption fields of a call, checked."""
    caption, entities = formatted(arrived.params, "caption", arrived.violate, arrived.world.username)
    fields: Json = {"caption": caption} if caption else {}
    return {**fields, "caption_entities": entities} if entities else fields


def send_contact(arrived: Arrived) -> Json:
    """A contact with a phone number."""
    if not arrived.get("first_name").strip():
        raise Breach("first name must be non-empty")
    if len((arrived.get("vcard") or "").encode()) > limits.VCARD:
        raise Breach(f"vCard is too long: at most {limits.VCARD} bytes are allowed")
    names = ("phone_number", "first_name", "last_name", "vcard")
    return _send(arrived, {"contact": {name: arrived.get(name) for name in names if arrived.get(name)}})


def send_location(arrived: Arrived) -> Json:
    """A point on the map."""
    return _send(arrived, {"location": _location(arrived)})


def send_venue(arrived: Arrived) -> Json:
    """A named place."""
    location = _location(arrived)
    venue = {"location": location, "title": arrived.get("title"), "address": arrived.get("address")}
    return _send(arrived, {"venue": venue, "location": location})


def _location(arrived: Arrived) -> Json:
    latitude, longitude = arrived.get("latitude"), arrived.get("longitude")
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise Breach("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


def send_chat_action(arrived: Arrived) -> bool:
    """ "typing…" for some seconds."""
    if arrived.get("action") not in _ACTIONS:
        raise Breach("wrong parameter action in request")
    chat = arrived.world.writable(arrived.get("chat_id"))
    arrived.world.feed.tell("action", {"chat_id": chat.id, "action": arrived.get("action")})
    return True


def copy_message(arrived: Arrived) -> Json:
    """The content of another message, without a link to it."""
    source = _source(arrived, "copy")
    content = {name: value for name, value in source.body.items() if name in _COPIED}
    if arrived.get("caption") is not None:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= captioned(arrived)
    return {"message_id": _send(arrived, content, source.file)["message_id"]}


def forward_message(arrived: Arrived) -> Json:
    """The content of another message, with its origin."""
    source = _source(arrived, "forward")
    content = {name: value for name, value in source.body.items() if name in _COPIED}
    origin = {"type": "user", "date": source.date, "sender_user": source.body["from"]}
    return _send(arrived, {**content, "forward_origin": origin}, source.file)


_COPIED = frozenset({
    "text", "entities", "caption", "caption_entities", "document", "photo", "contact", "location", "venue",
    "voice", "sticker",
})  # fmt: skip


def _source(arrived: Arrived, verb: str) -> Message:
    message = arrived.world.chat(arrived.get("from_chat_id")).find(arrived.get("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.body.get("has_protected_content"):
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


def _send(arrived: Arrived, content: Json, file: StoredFile | None = None) -> Json:
    world = arrived.world
    chat = world.writable(arrived.get("chat_id"))
    inline, keyboard = reply_markup(arrived.get("reply_markup"), arrived.violate, world.username, chat.private)
    extra = {**_reply_to(arrived, chat), **({"reply_markup": inline} if inline else {})}
    if arrived.get("protect_content"):
        extra["has_protected_content"] = True
    if keyboard:
        chat.keyboard = keyboard if "keyboard" in keyboard else None
        world.feed.tell("keyboard", {"chat_id": chat.id, "keyboard": keyboard})
    return world.add_message(chat, {**content, **extra}, sender=world.bot_user, file=file).body


def _reply_to(arrived: Arrived, chat: Chat) -> Json:
    wanted: Any = arrived.get("reply_parameters")
    if not wanted:
        return {}
    message = chat.find(int(wanted.get("message_id") or 0))
    if message is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {name: value for name, value in message.body.items() if name != "reply_to_message"}}


METHODS: dict[str, Handler] = {
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendContact": send_contact,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
