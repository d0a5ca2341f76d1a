"""What a person sees of a chat, and waiting for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .chats import Chat, Message
from .errors import Json
from .world import World


@dataclass(frozen=True)
class Toast:
    """The answer to a tap: a short notice, or an alert to be closed. Mostly without text."""

    text: str
    alert: bool = False


class Watcher:
    """A person who looks at a chat with the bot."""

    def __init__(self, world: World, user: Json, chat: Chat) -> None:
        self.world = world
        self.user = user
        self.chat = chat
        self.toasts: list[Toast] = []
        self._seen: dict[int, set[int]] = {}
        self._heard: set[int] = set()

    @property
    def id(self) -> int:
        """The person's Telegram number."""
        return int(self.user["id"])

    @property
    def last(self) -> Message:
        """The newest message that is still there, of either side; AssertionError in an empty chat."""
        return self._first(self.chat.newest())

    @property
    def shown(self) -> Message:
        """The newest message of the bot that is still there."""
        return self._first(message for message in self.chat.newest() if message.outgoing)

    def _first(self, messages: Iterator[Message]) -> Message:
        message = next(messages, None)
        assert message is not None, f"{self.user['first_name']} has no message"
        return message

    @property
    def screen(self) -> str:
        """The bot's newest message with its buttons, as text."""
        return str(self.shown)

    @property
    def transcript(self) -> str:
        """The whole chat as text, with the toasts."""
        toasts = "".join(f"\ntoast: {toast.text}" for toast in self.toasts if toast.text)
        return f"--- {self.user['first_name']} ({self.id}) ---\n{self.chat.transcript}{toasts}"

    async def sees(
        self, what: str | re.Pattern[str], *, button: str | None = None, timeout: float = 10, chat: Chat | None = None
    ) -> Message:
        """The first state of a message of the bot (new or edited) not returned before in which `what` is found.

        `what` is a part of the text or caption, or a pattern; `button` a part of a label that must be there too. What
        comes back is a snapshot: later edits do not change it. AssertionError with the transcript after `timeout` s.
        """
        place = chat or self.chat
        seen = self._seen.setdefault(place.id, set())

        def look() -> Message | None:
            for number, message in enumerate(place.shown):
                if number not in seen and _fits(message, what, button):
                    # Whoever has seen a later state of a message is not shown an earlier one afterwards.
                    seen.update(n for n in range(number + 1) if place.shown[n].message_id == message.message_id)
                    return message
            return None

        message = await self.world.bell.until(look, timeout)
        if message is None:
            wanted = what if isinstance(what, str) else what.pattern
            talk = self.transcript if place is self.chat else place.transcript
            raise AssertionError(f"{wanted!r} was not shown within {timeout} s:\n{talk}")
        return message

    def looks_away(self, chat: Chat | None = None) -> None:
        """Take everything shown so far (in a group, if one is named) as seen: `sees` then waits for what comes."""
        place = chat or self.chat
        self._seen.setdefault(place.id, set()).update(range(len(place.shown)))
        self._heard.update(range(len(self.toasts)))

    async def sees_toast(self, what: str = "", *, timeout: float = 10) -> Toast:
        """The first toast not returned before whose text holds `what`; AssertionError after `timeout` seconds."""

        def look() -> Toast | None:
            for number, toast in enumerate(self.toasts):
                if number not in self._heard and what in toast.text:
                    self._heard.add(number)
                    return toast
            return None

        toast = await self.world.bell.until(look, timeout)
        assert toast is not None, f"no toast {what!r} within {timeout} s:\n{self.transcript}"
        return toast


def _fits(message: Message, what: str | re.Pattern[str], button: str | None) -> bool:
    text = message.text
    found = what in text if isinstance(what, str) else what.search(text) is not None
    return found and (button is None or any(button in label for label in message.buttons))
