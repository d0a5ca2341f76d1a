"""The state of the local Telegram: people, chats, queries, files, clock, log. It knows no HTTP."""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .bell import Bell
from .chats import Chat, Message
from .clock import Clock
from .errors import Json, Refused, bad_request
from .faults import Faults
from .feed import Feed
from .files import Files, StoredFile
from .flood import Flood
from .inbox import Inbox
from .log import Call, Log
from .profile import Profile
from .webhook import Webhook

if TYPE_CHECKING:
    from .people import Person


@dataclass(eq=False)
class Query:
    """A tap or an inline query that waits for the bot's answer. `asked`: seconds of the machine's steady clock."""

    query_id: str
    person: Person
    message: Message | None
    data: str
    asked: float = field(default_factory=time.monotonic)
    answered: bool = False


class World:
    """Everything the sandbox remembers; it outlives any number of bots."""

    def __init__(self, token: str, username: str, name: str, seed: int | None, clock_file: Path | None) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise ValueError("a token is digits, a colon and letters")
        self.token = token
        self.rng = random.Random(seed)
        self.bell = Bell()
        self.feed = Feed(self.bell)
        self.log = Log()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.clock = Clock(
            clock_file, lambda offset: self.feed.tell("clock", {"offset": offset, "now": self.clock.now()})
        )
        self.faults = Faults(random.Random(seed))
        self.flood = Flood()
        self.files = Files()
        self.profile = Profile(name)
        self.inbox = Inbox(self.rng, self.bell)
        self.inbox.repeat = lambda kind: 1 if self.faults.strike(kind, None, "repeat") else 0
        self.inbox.shuffled = lambda: self.faults.strike("*", None, "reorder") is not None
        self.webhook = Webhook(self, self._execute)
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Person] = {}
        self.queries: dict[str, Query] = {}
        self.inline_answers: dict[str, list[Json]] = {}
        self.closing = False
        self.query_age = 60.0  # seconds after which a tap can no longer be answered
        self.execute: Callable[[str, Json], Awaitable[Any]] | None = None
        self.me: Json = {
            "id": int(token.partition(":")[0]), "is_bot": True, "first_name": name, "username": username,
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True,
            "can_connect_to_business": False, "has_main_web_app": False,
        }  # fmt: skip

    @property
    def username(self) -> str:
        """The bot's user name, without @."""
        return str(self.me["username"])

    @property
    def bot_user(self) -> Json:
        """The bot as the sender of a message."""
        return {name: self.me[name] for name in ("id", "is_bot", "first_name", "username")}

    async def _execute(self, method: str, params: Json) -> None:
        if self.execute:
            await self.execute(method, params)

    def give_clock_a_file(self) -> None:
        """Keep the clock's offset in a temporary file if none was named."""
        if self.clock.homeless:
            self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
            self.clock.keep_in(Path(self._folder.name) / "clock")

    def take_clock_file(self) -> None:
        """Remove the temporary file of the clock."""
        if self._folder:
            self.clock.keep_in(None)
            self._folder.cleanup()
            self._folder = None

    def update(self, kind: str, payload: Json, lane: int) -> int:
        """Queue an update for the bot; returns its number."""
        update_id = self.inbox.put(kind, payload, lane)
        self.webhook.pump()
        return update_id

    def chat(self, chat_id: int | str) -> Chat:
        """The chat a call names by number or @name; raises Refused "chat not found"."""
        text = str(chat_id).strip()
        if text.lstrip("-").isdigit() and int(text) in self.chats:
            return self.chats[int(text)]
        for chat in self.chats.values():
            if text.startswith("@") and chat.info.get("username") == text[1:]:
                return chat
        raise bad_request("chat not found")

    def writable(self, chat_id: int | str) -> Chat:
        """The chat if the bot may write there; raises Refused 403 as Telegram does."""
        chat = self.chat(chat_id)
        if chat.blocked:
            blocked = "bot was blocked by the user" if chat.private else "bot was kicked from the group chat"
            raise Refused(403, f"Forbidden: {blocked}")
        if chat.private and not chat.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def violator(self, call: Call | None) -> Callable[[str], None]:
        """A function that keeps a violation of this call."""

        def violate(text: str) -> None:
            self.log.violate(text, call)
            self.feed.tell("violation", self.log.violations[-1].as_json())

        return violate

    def add_message(self, chat: Chat, content: Json, *, sender: Json, file: StoredFile | None = None) -> Message:
        """Put a new message into a chat, from the bot or from a person."""
        outgoing = sender["id"] == self.me["id"]
        head = {"message_id": chat.next_id(), "date": int(self.clock.now()), "chat": chat.info, "from": sender}
        message = Message(chat, {**head, **content}, outgoing, file)
        chat.messages.append(message)
        self.show(message, "message")
        return message

    def show(self, message: Message, event: str) -> None:
        """A message appeared, changed ("edited") or went ("deleted"): tell the page and those who wait for it."""
        if message.outgoing and event != "deleted":
            message.chat.shown.append(message.snapshot())
        self.feed.tell(event, {"chat_id": message.chat.id, "message": message.as_json()})

    def unanswered(self) -> list[Query]:
        """Taps the bot never answered: each leaves the person with a turning wheel."""
        return [query for query in self.queries.values() if query.message and not query.answered]
