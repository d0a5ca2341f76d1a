"""Chats and the messages in them, as both sides see them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

from .errors import Json
from .files import StoredFile
from .unparse import to_html


@dataclass(eq=False)
class Message:
    """A message. `body` is the Bot API object as last sent or edited; the rest is what the sandbox knows besides."""

    chat: Chat
    body: Json
    outgoing: bool  # sent by the bot
    file: StoredFile | None = None
    edited: bool = False
    deleted: bool = False
    meant: bool = False  # in a group: for the bot
    inline_id: str | None = None  # what the bot knows a message by that was sent via it

    @property
    def message_id(self) -> int:
        """Its number in the chat."""
        return int(self.body["message_id"])

    @property
    def text(self) -> str:
        """The plain text or caption; empty for neither."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """The entities of text or caption, those Telegram finds by itself included."""
        return list(self.body.get("entities") or self.body.get("caption_entities") or [])

    @property
    def html(self) -> str:
        """Text or caption with its formatting as HTML."""
        return to_html(self.text, self.entities)

    @property
    def rows(self) -> list[list[Json]]:
        """The inline keyboard: rows of button objects."""
        return list(self.body.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline keyboard, in order."""
        return [str(button["text"]) for row in self.rows for button in row]

    @property
    def document(self) -> bytes | None:
        """The bytes of the document, photo, voice or sticker."""
        return self.file.data if self.file else None

    @property
    def file_name(self) -> str | None:
        """The name of the document."""
        return self.file.name if self.file else None

    @property
    def contact(self) -> Json | None:
        """The contact object, if it is one."""
        return self.body.get("contact")

    @property
    def date(self) -> int:
        """When it was sent, Unix seconds on the sandbox's clock."""
        return int(self.body["date"])

    def url(self, label: str) -> str:
        """Where the button of this label leads; AssertionError if there is none that leads anywhere."""
        button = self.button(label)
        assert button and "url" in button, f"no link {label!r} under {self.text!r}: {self.buttons}"
        return str(button["url"])

    def button(self, label: str) -> Json | None:
        """The button object of this label or callback data; a part of a label is enough when only one has it."""
        buttons = [button for row in self.rows for button in row]
        for button in buttons:
            if label in (button["text"], button.get("callback_data")):
                return button
        parts = [button for button in buttons if label in button["text"]]
        if len(parts) > 1:
            raise AssertionError(f"{label!r} fits several buttons: {[button['text'] for button in parts]}")
        return parts[0] if parts else None

    def snapshot(self) -> Message:
        """A copy that later edits leave alone."""
        return replace(self, body=deepcopy(self.body))

    def as_json(self) -> Json:
        """For the page: the Bot API object with `outgoing`, `edited`, `deleted`, `html` and `file` beside it."""
        extra: Json = {"outgoing": self.outgoing, "edited": self.edited, "deleted": self.deleted, "html": self.html}
        if self.file:
            extra["file"] = {
                "id": self.file.file_id,
                "name": self.file.name,
                "mime": self.file.mime,
                "size": len(self.file.data),
            }
        return {**self.body, "sandbox": extra}

    def __str__(self) -> str:
        """One entry of a transcript."""
        kinds = ("document", "photo", "contact", "location", "venue", "voice", "sticker")
        what = next((f"[{kind} {self.file_name or ''}]".replace(" ]", "]") for kind in kinds if kind in self.body), "")
        marks = "".join(f" ({mark})" for mark, on in (("edited", self.edited), ("deleted", self.deleted)) if on)
        name = "person" if self.chat.private else self.body["from"]["first_name"]
        via = " via bot" if "via_bot" in self.body else ""
        lines = [f"{'bot' if self.outgoing else name}{via} #{self.message_id}{marks}: {what}{self.text}"]
        lines += ["    " + " ".join(f"[{button['text']}]" for button in row) for row in self.rows]
        return "\n".join(lines)


@dataclass(eq=False)
class Chat:
    """A private chat with the bot, a group, or (`pair`) a private chat of two people, which no bot can see."""

    id: int
    info: Json  # the Bot API object
    messages: list[Message] = field(default_factory=list)
    shown: list[Message] = field(default_factory=list)  # every state the bot showed: new and edited messages, in order
    members: set[int] = field(default_factory=set)
    creator: int = 0
    pair: bool = False
    bot_spoke_last: bool = False  # in a group: no other bot after it
    keyboard: Json | None = None  # the reply keyboard in force
    pinned: list[int] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    last_id: int = 0

    @property
    def private(self) -> bool:
        """Whether it is a person's chat with the bot."""
        return bool(self.info["type"] == "private") and not self.pair

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it."""
        return self.started and not self.blocked and not self.pair

    def next_id(self) -> int:
        """A fresh message number."""
        self.last_id += 1
        return self.last_id

    def find(self, message_id: int) -> Message | None:
        """The message of this number unless it was deleted."""
        # Numbers are dense from 1 and messages are never taken out of the list, so the number is the place.
        if not 1 <= message_id <= len(self.messages):
            return None
        message = self.messages[message_id - 1]
        return None if message.deleted else message

    def newest(self) -> Iterator[Message]:
        """Messages that are still there, the newest first."""
        return (message for message in reversed(self.messages) if not message.deleted)

    @property
    def transcript(self) -> str:
        """The whole chat as text."""
        return "\n".join(map(str, self.messages)) or "(nothing was said)"

    def as_json(self) -> Json:
        """For the page."""
        return {
            "chat": self.info, "started": self.started, "blocked": self.blocked, "keyboard": self.keyboard,
            "pinned": self.pinned, "members": sorted(self.members), "has_bot": self.has_bot,
            "messages": [message.as_json() for message in self.messages],
        }  # fmt: skip
