"""The people of the sandbox: each does what a person can do in a messenger. Every act returns its update's number."""

from __future__ import annotations

import re

from . import groups, inline
from .chats import Chat, Message
from .detect import detect
from .errors import Json
from .files import StoredFile
from .inline import InlineResults
from .links import PAYLOAD, start_payload
from .media import document_fields, photo_fields
from .watching import Toast, Watcher
from .world import Query

__all__ = ["Person", "Toast"]

TEXT_LIMIT = 4096


class Person(Watcher):
    """A person with a private chat with the bot. Acts take `chat=` for a group."""

    def says(self, text: str, *, reply_to: Message | None = None, chat: Chat | None = None) -> int:
        """Send a text of at most 4096 characters (a messenger would cut a longer one in pieces)."""
        if not 0 < len(text) <= TEXT_LIMIT:
            raise ValueError("a message has 1 to 4096 characters")
        entities = detect(text, [])
        content: Json = {"text": text, **({"entities": entities} if entities else {})}
        return self._send(content, chat=chat, reply_to=reply_to)

    def start(self, payload: str | None = None) -> int:
        """Press START, or open the link t.me/<bot>?start=<payload>; ends a block."""
        if payload and not PAYLOAD.match(payload):
            raise ValueError("a deep link carries 1 to 64 of A-Z, a-z, 0-9, _ and -")
        if self.chat.blocked:
            self.unblocks()
        return self.says(f"/start {payload}" if payload else "/start")

    def taps(self, label: str, message: Message | None = None, *, chat: Chat | None = None) -> int:
        """Press a button by its label or callback data; of several messages the newest that has it.

        A part of the label is enough if it fits one button of that message. A button of the reply keyboard sends its
        text or the contact; a link to the bot starts it. AssertionError if there is no such button.
        """
        place = chat or self.chat
        for candidate in [self._present(message)] if message else place.newest():
            if button := candidate.button(label):
                return self._press(candidate, button)
        button = _reply_button(place, label)
        assert button is not None, f"no button {label!r}:\n{self.transcript}"
        if button.get("request_contact"):
            return self.sends_contact()
        return self.says(button["text"], chat=chat)

    def follows(self, url: str) -> int:
        """Open a t.me link to the bot; AssertionError for another address."""
        payload = start_payload(url, self.world.username)
        assert payload is not None, f"{url} does not lead to the bot"
        return self.start(payload or None)

    def forges(self, data: str, message: Message | None = None) -> int:
        """Send callback data of one's own making, as a modified client can (by default on the newest message)."""
        return self._tap(message or self.shown, data)

    def edits(self, text: str, message: Message | None = None) -> int:
        """Change one's own text (by default the newest)."""
        own = message or next(m for m in self.chat.newest() if not m.outgoing and "text" in m.body)
        own = self._present(own)
        own.body = {**own.body, "text": text, "entities": detect(text, []), "edit_date": int(self.world.clock.now())}
        own.edited = True
        self.world.show(own, "edited")
        return self._tell("edited_message", own)

    def deletes(self, message: Message) -> None:
        """Take a message out of the chat on both sides; the bot is not told."""
        present = self._present(message)
        present.deleted = True
        self.world.show(present, "deleted")

    def sends_contact(self, phone: str = "+77010000000", *, first_name: str | None = None, own: bool = True) -> int:
        """Share a contact: one's own number, or (`own=False`) somebody else's."""
        contact: Json = {"phone_number": phone, "first_name": first_name or self.user["first_name"]}
        return self._send({"contact": {**contact, "user_id": self.id} if own else contact})

    def sends_sticker(self, emoji: str = "🙂") -> int:
        """Send a sticker."""
        file = self.world.files.keep("sticker", "sticker.webp", b"sticker", "image/webp")
        kind: Json = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send({"sticker": {**file.as_json(), **kind, "emoji": emoji}}, file)

    def sends_document(
        self, name: str, data: bytes, *, mime: str | None = None, caption: str = "", album: str = ""
    ) -> int:
        """Send a file; those sent together as an album have its id in common, and are a message each."""
        file = self.world.files.keep("document", name, data, mime)
        return self._send({**document_fields(file), **_beside(caption, album)}, file)

    def sends_photo(self, data: bytes = b"photo", *, caption: str = "", album: str = "") -> int:
        """Send a picture, alone or in an album."""
        file = self.world.files.keep("photo", "photo.jpg", data, "image/jpeg")
        return self._send({**photo_fields(file), **_beside(caption, album)}, file)

    def sends_voice(self, data: bytes = b"voice", *, seconds: int = 3) -> int:
        """Send a voice message."""
        file = self.world.files.keep("voice", "voice.ogg", data, "audio/ogg")
        return self._send({"voice": {**file.as_json(), "duration": seconds, "mime_type": file.mime}}, file)

    def sends_location(self, latitude: float = 43.238, longitude: float = 76.945) -> int:
        """Share a place."""
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def sends_venue(self, title: str, address: str = "", *, latitude: float = 43.238, longitude: float = 76.945) -> int:
        """Share a named place; Telegram tells its point twice."""
        place: Json = {"latitude": latitude, "longitude": longitude}
        return self._send({"venue": {"location": place, "title": title, "address": address}, "location": place})

    def forwards(self, text: str, *, author: str = "Somebody") -> int:
        """Forward another person's text to the bot."""
        origin: Json = {"type": "hidden_user", "date": int(self.world.clock.now()), "sender_user_name": author}
        return self._send({"text": text, "entities": detect(text, []), "forward_origin": origin})

    def blocks(self) -> int:
        """Block the bot."""
        return self._member("member", "kicked")

    def unblocks(self) -> int:
        """Let the bot write again."""
        return self._member("kicked", "member")

    async def asks_inline(
        self, query: str, *, chat: Chat | Person | None = None, offset: str = "", timeout: float = 10
    ) -> InlineResults:
        """Type `@bot query` in the chat with the bot, in a group, or in the chat with another person.

        Waits for the list; AssertionError when there is none after `timeout` seconds.
        """
        asked = inline.ask(self.world, self, query, self.place(chat), offset)
        answer = await self.world.bell.until(lambda: asked.answer, timeout)
        assert answer is not None, f"@bot {query!r} was not answered within {timeout} s:\n{self.world.transcript}"
        return inline.InlineResults(asked, answer)

    async def picks(self, results: InlineResults, which: int = 0) -> Message:
        """Send one of the results into the chat where they were asked for; waits until the bot has taken note."""
        message, updates = inline.post(self.world, results.asked, results[which])
        await self.world.settled(*updates)
        return message

    async def writes_in(self, group: Chat, text: str, *, reply_to: Message | None = None) -> Message:
        """Send a text to a group; waits until the bot has dealt with it, if it is told of it at all."""
        update = self.says(text, reply_to=reply_to, chat=group)
        message = group.messages[-1]
        await self.world.settled(update)
        return message

    async def sees_in(
        self, group: Chat, what: str | re.Pattern[str], *, button: str | None = None, timeout: float = 10
    ) -> Message:
        """`sees` for a group, or for the chat with another person."""
        return await self.sees(what, button=button, timeout=timeout, chat=group)

    async def taps_in(self, group: Chat, message: Message | None, label: str) -> None:
        """`taps` for a group, by default on the newest message that has the button; waits until the bot is done."""
        await self.world.settled(self.taps(label, message, chat=group))

    def adds_bot(self, group: Chat) -> int:
        """Put the bot into a group."""
        return groups.add_bot(self.world, group, self)[-1]

    def removes_bot(self, group: Chat) -> int:
        """Take the bot out of a group."""
        return groups.remove_bot(self.world, group, self)

    def place(self, chat: Chat | Person | None) -> Chat:
        """The chat that is meant; AssertionError if the person is not in there."""
        place = self.world.between(self, chat) if isinstance(chat, Person) else chat or self.chat
        assert place is self.chat or self.id in place.members, f"{self.user['first_name']} is not in that chat"
        return place

    def _send(
        self,
        content: Json,
        file: StoredFile | None = None,
        *,
        chat: Chat | None = None,
        reply_to: Message | None = None,
    ) -> int:
        place = self.place(chat)
        if place is self.chat:
            if place.blocked:
                raise AssertionError(f"{self.user['first_name']} has blocked the bot")
            place.started = True
        if reply_to:
            quoted = {name: value for name, value in reply_to.body.items() if name != "reply_to_message"}
            content = {**content, "reply_to_message": quoted}
        message = self.world.add_message(place, content, sender=self.user, file=file)
        return self._tell("message", message)

    def _tell(self, kind: str, message: Message) -> int:
        """Tell the bot of a message; 0 when it stands in a group and is not for the bot."""
        told = groups.reaches_bot(self.world, message)
        return self.world.update(kind, message.body, message.chat.id) if told else 0

    def _press(self, message: Message, button: Json) -> int:
        if "callback_data" in button:
            return self._tap(message, button["callback_data"])
        if "url" in button:
            return self.follows(button["url"])
        raise AssertionError(f"pressing {button} tells the bot nothing")

    def _tap(self, message: Message, data: str) -> int:
        present = message.chat.find(message.message_id)
        query = Query(str(self.world.rng.randrange(10**17, 10**18)), self, present or message, data)
        self.world.queries[query.query_id] = query
        gone: Json = {"chat": message.chat.info, "message_id": message.message_id, "date": 0}
        # Of a message sent via it a bot learns neither chat nor number.
        sent: Json = {"inline_message_id": message.inline_id}
        payload: Json = {
            "id": query.query_id, "from": self.user,
            **(sent if message.inline_id else {"message": present.body if present else gone}),
            "chat_instance": str(7_000_000_000 + abs(message.chat.id)), "data": data,
        }  # fmt: skip
        return self.world.update("callback_query", payload, message.chat.id)

    def _present(self, message: Message) -> Message:
        """The message itself for a snapshot of it."""
        present = message.chat.find(message.message_id)
        assert present is not None, f"message {message.message_id} was deleted:\n{self.transcript}"
        return present

    def _member(self, old: str, new: str) -> int:
        self.chat.blocked = new == "kicked"
        self.world.feed.tell("person", {"person": self.id, "blocked": self.chat.blocked})
        return groups.membership(self.world, self.chat, self, old, new)


def _beside(caption: str, album: str) -> Json:
    return {name: text for name, text in (("caption", caption), ("media_group_id", album)) if text}


def _reply_button(chat: Chat, label: str) -> Json | None:
    rows = (chat.keyboard or {}).get("keyboard", [])
    buttons = [{"text": item} if isinstance(item, str) else item for row in rows for item in row]
    return next((button for button in buttons if button["text"] == label), None)
