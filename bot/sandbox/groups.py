"""Groups: who is in them, and which of their messages a bot gets to see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .chats import Chat, Message
from .errors import Json

if TYPE_CHECKING:
    from .people import Person
    from .world import World

_SERVICE = frozenset({"new_chat_members", "left_chat_member", "group_chat_created", "supergroup_chat_created"})
_FIRST = {"supergroup": -1_001_000_000_000, "group": -1_000_000}  # the numbers below are those of groups


def create(world: World, kind: str, title: str, creator: Person, members: Iterable[Person]) -> Chat:
    """A new group ("group" or "supergroup") without the bot; the bot is not told of it."""
    number = _FIRST[kind] - 1 - sum(chat.info["type"] == kind for chat in world.chats.values())
    chat = Chat(number, {"id": number, "type": kind, "title": title}, creator=creator.id)
    chat.members = {creator.id, *(person.id for person in members)}
    world.chats[number] = chat
    world.add_message(chat, {f"{kind}_chat_created": True}, sender=creator.user)
    _tell(world, chat)
    return chat


def add_bot(world: World, chat: Chat, by: Person) -> tuple[int, int]:
    """Put the bot into a group; the numbers of both updates: its new membership and the service message."""
    assert not chat.has_bot, f"the bot is in {chat.info['title']!r} already"
    old = "kicked" if chat.blocked else "left"
    chat.started, chat.blocked, chat.bot_spoke_last = True, False, False
    joined = membership(world, chat, by, old, "member")
    message = world.add_message(chat, {"new_chat_members": [world.bot_user]}, sender=by.user)
    _tell(world, chat)
    return joined, world.update("message", message.body, chat.id)


def remove_bot(world: World, chat: Chat, by: Person) -> int:
    """Take the bot out of a group: it is told of that, and of nothing in there afterwards."""
    assert chat.has_bot, f"the bot is not in {chat.info['title']!r}"
    chat.blocked = True
    gone = membership(world, chat, by, "member", "kicked")
    world.add_message(chat, {"left_chat_member": world.bot_user}, sender=by.user)
    _tell(world, chat)
    return gone


def membership(world: World, chat: Chat, by: Person, old: str, new: str) -> int:
    """Tell the bot that its place in a chat changed; the update's number."""

    def member(status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": world.bot_user, "status": status, **until}

    payload: Json = {
        "chat": chat.info, "from": by.user, "date": int(world.clock.now()),
        "old_chat_member": member(old), "new_chat_member": member(new),
    }  # fmt: skip
    return world.update("my_chat_member", payload, chat.id)


def reaches_bot(world: World, message: Message) -> bool:
    """Whether a bot is told of a person's message (core.telegram.org/bots/features, "Privacy mode").

    In a group with privacy mode: a reply to what it said or to what was meant for it, a command addressed to it, any
    other command while it was the last bot to speak, what was sent via it, service messages. A bare mention is none
    of these, whatever @BotFather's own words promise: Telegram does not deliver it (telegraf/telegraf#545).
    """
    chat = message.chat
    if chat.private:
        return True
    if not chat.has_bot:
        return False
    message.meant = message.meant or _meant(world, message)
    return message.meant or not world.switches.privacy_mode or bool(_SERVICE & message.body.keys())


def _meant(world: World, message: Message) -> bool:
    if "via_bot" in message.body:
        return True
    replied = message.body.get("reply_to_message")
    original = message.chat.messages[replied["message_id"] - 1] if replied else None
    if original and (original.outgoing or original.meant):
        return True
    command = next((e for e in message.entities if e["type"] == "bot_command" and e["offset"] == 0), None)
    if command is None:
        return False
    _, _, addressee = message.text[: command["length"]].partition("@")
    return addressee.lower() == world.username.lower() if addressee else message.chat.bot_spoke_last


def _tell(world: World, chat: Chat) -> None:
    world.feed.tell("chat", {"chat_id": chat.id, "chat": chat.as_json()})
