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
from .switches import Switches
from .webhook import Webhook

if TYPE_CHECKING:
    from .inline import Answer
    from .people import Person

_PAIRS = 5_000_000_000_000  # numbers of chats that no bot can see


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
        self.pairs: dict[frozenset[int], Chat] = {}
        self.inline_cache: dict[tuple[str, str, int | None], Answer] = {}  # query, offset, whose
        self.inline_messages: dict[str, Message] = {}
        self.switches = Switches(changed=lambda switches: self.feed.tell("switches", switches))
        self.closing = False
        self.query_age = 60.0  # seconds after which a tap can no longer be answered
        self.execute: Callable[[str, Json], Awaitable[Any]] | None = None
        self.bot_user: Json = {
            "id": int(token.partition(":")[0]), "is_bot": True, "first_name": name, "username": username,
        }  # fmt: skip

    @property
    def username(self) -> str:
        """The bot's user name, without @."""
        return str(self.bot_user["username"])

    @property
    def me(self) -> Json:
        """What getMe answers."""
        rest = {"can_join_groups": True, "can_connect_to_business": False, "has_main_web_app": False}
        return {**self.bot_user, **rest, **self.switches.shown}

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
            chat = self.chats[int(text)]
            if chat.private or chat.started:  # of a group in which it never was a bot knows nothing
                return chat
        for chat in self.chats.values():
            if text.startswith("@") and chat.info.get("username") == text[1:]:
                return chat
        raise bad_request("chat not found")

    def writable(self, chat_id: int | str) -> Chat:
        """The chat if the bot may write there; raises Refused 403 as Telegram does."""
        chat = self.chat(chat_id)
        if chat.blocked:
            group = f"bot was kicked from the {chat.info['type']} chat"
            blocked = "bot was blocked by the user" if chat.private else group
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
        outgoing = sender["id"] == self.bot_user["id"]
        chat.bot_spoke_last = chat.bot_spoke_last or outgoing
        head = {"message_id": chat.next_id(), "date": int(self.clock.now()), "chat": chat.info, "from": sender}
        message = Message(chat, {**head, **content}, outgoing, file)
        chat.messages.append(message)
        self.show(message, "message")
        return message

    def show(self, message: Message, event: str) -> None:
        """A message appeared, changed ("edited") or went ("deleted"): tell the page and those who wait for it."""
        said = message.outgoing or ("via_bot" in message.body and event == "edited")
        if said and event != "deleted":
            message.chat.shown.append(message.snapshot())
        self.feed.tell(event, {"chat_id": message.chat.id, "message": message.as_json()})

    def between(self, one: Person, other: Person) -> Chat:
        """The private chat of two people; made on first use."""
        both = frozenset((one.id, other.id))
        if both not in self.pairs:
            number = _PAIRS + len(self.pairs)
            chat = Chat(number, {"id": number, "type": "private"}, members=set(both), pair=True)
            self.pairs[both] = chat
        return self.pairs[both]

    async def settled(self, *update_ids: int, timeout: float = 10) -> None:
        """Wait until the bot has confirmed these updates; AssertionError with all chats after `timeout` seconds."""

        def look() -> bool | None:
            return True if not any(number in self.inbox.waiting for number in update_ids) else None

        assert await self.bell.until(look, timeout), (
            f"{update_ids} not confirmed within {timeout} s:\n{self.transcript}"
        )

    @property
    def transcript(self) -> str:
        """All chats as text."""
        shared = [chat for chat in (*self.chats.values(), *self.pairs.values()) if not chat.private]
        talks = [f"--- {chat.info.get('title', 'two people')} ({chat.id}) ---\n{chat.transcript}" for chat in shared]
        return "\n".join([*(person.transcript for person in self.people.values()), *talks])

    def unanswered(self) -> list[Query]:
        """Taps the bot never answered: each leaves the person with a turning wheel."""
        return [query for query in self.queries.values() if query.message and not query.answered]
