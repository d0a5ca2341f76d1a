"""Methods that change or delete a message."""

from __future__ import annotations

from typing import Any

from . import limits
from .calls import Arrived, Handler
from .chats import Message
from .errors import Breach, Json, bad_request
from .files import StoredFile
from .keyboards import inline_keyboard
from .media import document_fields, photo_fields
from .methods_send import captioned
from .texts import formatted

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_MEDIA = ("document", "photo", "voice", "sticker")
_CONTENT = frozenset(("text", "entities", "caption", "caption_entities", *_MEDIA, "contact", "location", "venue"))


def edit_text(arrived: Arrived) -> Json | bool:
    """Another text; without reply_markup the buttons go."""
    text, entities = formatted(arrived.params, "text", arrived.violate, arrived.world.username)
    message = _editable(arrived)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _change(arrived, message, {"text": text, **({"entities": entities} if entities else {})}, message.file)


def edit_caption(arrived: Arrived) -> Json | bool:
    """Another caption; without reply_markup the buttons go."""
    caption = captioned(arrived)
    message = _editable(arrived)
    media = {name: message.body[name] for name in _MEDIA if name in message.body}
    if not media:
        raise bad_request("there is no caption in the message to edit")
    return _change(arrived, message, {**media, **caption}, message.file)


def edit_media(arrived: Arrived) -> Json | bool:
    """Another document or picture with its own caption."""
    media: Json = arrived.get("media")
    kind = media.get("type")
    if kind not in ("document", "photo"):
        raise Breach("can't parse InputMedia: type must be document or photo here")
    caption = captioned(Arrived(arrived.world, arrived.call, media, arrived.violate))
    message = _editable(arrived)
    file = arrived.world.files.receive(kind, media.get("media"))
    fields = document_fields(file) if kind == "document" else photo_fields(file)
    return _change(arrived, message, {**fields, **caption}, file)


def edit_buttons(arrived: Arrived) -> Json | bool:
    """Other buttons, or none."""
    message = _editable(arrived)
    content = {name: value for name, value in message.body.items() if name in _CONTENT}
    return _change(arrived, message, content, message.file)


def _editable(arrived: Arrived) -> Message:
    if identifier := arrived.get("inline_message_id"):
        sent = arrived.world.inline_messages.get(identifier)
        if sent is None or sent.deleted:
            raise Breach("MESSAGE_ID_INVALID")
        return sent
    if arrived.get("chat_id") is None or arrived.get("message_id") is None:
        raise Breach("message identifier is not specified")
    message = arrived.world.chat(arrived.get("chat_id")).find(arrived.get("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.outgoing or "forward_origin" in message.body:
        raise bad_request("message can't be edited")
    return message


def _change(arrived: Arrived, message: Message, content: Json, file: StoredFile | None) -> Json | bool:
    keyboard = inline_keyboard(arrived.get("reply_markup"), arrived.violate, arrived.world.username)
    fresh = {**content, **({"reply_markup": keyboard} if keyboard else {})}
    current = {name: value for name, value in message.body.items() if name in _CONTENT or name == "reply_markup"}
    if fresh == current:
        raise bad_request(_SAME)
    rest = {name: value for name, value in message.body.items() if name not in current}
    if {**fresh, "reply_markup": None} != {**current, "reply_markup": None}:
        rest["edit_date"] = int(arrived.world.clock.now())
    message.body, message.edited, message.file = {**rest, **fresh}, True, file
    arrived.world.show(message, "edited")
    # Of a message sent via it a bot never learns where it stands.
    return True if arrived.get("inline_message_id") else message.body


def delete_message(arrived: Arrived) -> bool:
    """Take one message away from both sides."""
    message = arrived.world.chat(arrived.get("chat_id")).find(arrived.get("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if arrived.world.clock.now() - message.date > limits.DELETE_HOURS * 3600:
        raise bad_request("message can't be deleted for everyone")
    _delete(arrived, message)
    return True


def delete_messages(arrived: Arrived) -> bool:
    """Take several away; those that are gone already are passed over."""
    numbers: Any = arrived.get("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= limits.DELETE_AT_ONCE:
        raise Breach(
            "message identifiers are not specified" if not numbers else "too many message identifiers specified"
        )
    chat = arrived.world.chat(arrived.get("chat_id"))
    for message in filter(None, map(chat.find, map(int, numbers))):
        _delete(arrived, message)
    return True


def _delete(arrived: Arrived, message: Message) -> None:
    message.deleted = True
    arrived.world.show(message, "deleted")


METHODS: dict[str, Handler] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_buttons,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
