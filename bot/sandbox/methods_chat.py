"""Methods about chats, members, files, reactions and pins."""

from __future__ import annotations

from typing import Any

from .calls import Arrived, Handler
from .chats import Chat
from .errors import Breach, Json, bad_request
from .files import DOWNLOAD_LIMIT


def get_chat(arrived: Arrived) -> Json:
    """ChatFullInfo, as far as the sandbox knows it."""
    chat = arrived.world.chat(arrived.get("chat_id"))
    full: Json = {**chat.info, "accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return full


def get_chat_member(arrived: Arrived) -> Json:
    """How a person or the bot belongs to a chat."""
    world, user_id = arrived.world, arrived.get("user_id")
    chat = world.chat(arrived.get("chat_id"))
    if user_id == world.bot_user["id"]:
        return {
            "user": world.bot_user,
            **({"status": "kicked", "until_date": 0} if chat.blocked else {"status": "member"}),
        }
    person = world.people.get(user_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if user_id == chat.creator:
        return {"user": person.user, "status": "creator", "is_anonymous": False}
    inside = user_id == chat.id or user_id in chat.members
    return {"user": person.user, "status": "member" if inside else "left"}


def get_file(arrived: Arrived) -> Json:
    """Where a file can be fetched."""
    file = arrived.world.files.by_id(arrived.get("file_id"))
    if file is None:
        raise Breach("invalid file_id")
    if len(file.data) > DOWNLOAD_LIMIT:
        raise Breach("file is too big")
    return {**file.as_json(), "file_path": file.path}


def set_reaction(arrived: Arrived) -> bool:
    """An emoji under a message; bots may set one."""
    reaction: Any = arrived.get("reaction") or []
    if len(reaction) > 1:
        raise Breach("REACTIONS_TOO_MANY")
    message = arrived.world.writable(arrived.get("chat_id")).find(arrived.get("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    arrived.world.feed.tell(
        "reaction", {"chat_id": message.chat.id, "message_id": message.message_id, "reaction": reaction}
    )
    return True


def pin(arrived: Arrived) -> bool:
    """Pin a message on top of the chat."""
    chat = arrived.world.writable(arrived.get("chat_id"))
    if chat.find(arrived.get("message_id")) is None:
        raise bad_request("message to pin not found")
    chat.pinned = [
        *(number for number in chat.pinned if number != arrived.get("message_id")),
        arrived.get("message_id"),
    ]
    return _told(arrived, chat)


def unpin(arrived: Arrived) -> bool:
    """Unpin one message, the latest when none is named."""
    chat = arrived.world.writable(arrived.get("chat_id"))
    number = arrived.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return _told(arrived, chat)


def unpin_all(arrived: Arrived) -> bool:
    """Unpin everything."""
    chat = arrived.world.writable(arrived.get("chat_id"))
    chat.pinned.clear()
    return _told(arrived, chat)


def _told(arrived: Arrived, chat: Chat) -> bool:
    arrived.world.feed.tell("pinned", {"chat_id": chat.id, "pinned": chat.pinned})
    return True


METHODS: dict[str, Handler] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getFile": get_file,
    "setMessageReaction": set_reaction,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
}
