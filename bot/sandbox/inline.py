"""Inline mode: what a person types after `@bot`, what the bot answers, and the message that comes of a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import groups, limits
from .chats import Chat, Message
from .errors import Json
from .world import Query, World

if TYPE_CHECKING:
    from .people import Person


@dataclass(frozen=True)
class InlineResult:
    """A line of the list. `content`: the fields of the message that it becomes, the inline keyboard among them."""

    id: str
    kind: str
    title: str
    description: str
    thumbnail_url: str
    content: Json

    @property
    def text(self) -> str:
        """The plain text of the message that it becomes."""
        return str(self.content.get("text", ""))

    @property
    def rows(self) -> list[list[Json]]:
        """The inline keyboard of that message: rows of button objects."""
        return list(self.content.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline keyboard, in order."""
        return [str(button["text"]) for row in self.rows for button in row]

    def as_json(self) -> Json:
        """For the page."""
        names = ("id", "title", "description", "text")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Answer:
    """What the bot answered. `at`: seconds on the sandbox's clock; the answer is kept for `cache_time` seconds."""

    results: tuple[InlineResult, ...]
    button: Json | None
    next_offset: str
    cache_time: int
    personal: bool
    at: float


@dataclass(eq=False, kw_only=True)
class Asked(Query):
    """An inline query on its way; `cached`: Telegram answered it without asking the bot."""

    chat: Chat
    offset: str = ""
    answer: Answer | None = field(default=None)
    cached: bool = False


class InlineResults(list[InlineResult]):
    """The results of a query, to pick from. `button`: the one above them; `next_offset`: where more would begin."""

    def __init__(self, asked: Asked, answer: Answer) -> None:
        super().__init__(answer.results)
        self.asked = asked
        self.button = answer.button
        self.next_offset = answer.next_offset
        self.cached = asked.cached

    def as_json(self) -> Json:
        """For the page; `asked` names the list when a result is picked."""
        return {
            "asked": self.asked.query_id, "results": [result.as_json() for result in self], "button": self.button,
            "next_offset": self.next_offset, "cached": self.cached,
        }  # fmt: skip


def ask(world: World, person: Person, query: str, chat: Chat, offset: str = "") -> Asked:
    """Type `@bot query` in a chat; answered from what Telegram remembers, or by the bot later.

    ValueError for more than 256 characters, AssertionError when inline mode is off.
    """
    if len(query) > limits.INLINE_QUERY:
        raise ValueError(f"an inline query has at most {limits.INLINE_QUERY} characters")
    assert world.switches.inline_mode, "the bot has no inline mode"
    number = str(world.rng.randrange(10**17, 10**18))
    asked = Asked(number, person, None, query.strip(), chat=chat, offset=offset)
    world.queries[number] = asked
    if answer := _remembered(world, asked):
        asked.answer, asked.answered, asked.cached = answer, True, True
        return asked
    payload = {
        "id": number, "from": person.user, "query": asked.data, "offset": offset,
        "chat_type": "sender" if chat.private else "private" if chat.pair else chat.info["type"],
    }  # fmt: skip
    world.update("inline_query", payload, person.id)
    return asked


def answer(world: World, asked: Asked, given: Answer) -> None:
    """The bot's answer arrived: shown, and kept for whoever asks the same."""
    asked.answer = given
    owner = asked.person.id if given.personal else None
    if given.cache_time > 0:
        world.inline_cache[asked.data, asked.offset, owner] = given
    world.feed.tell("inline", {"person": asked.person.id, **InlineResults(asked, given).as_json()})


def _remembered(world: World, asked: Asked) -> Answer | None:
    # By text alone: Telegram does not promise to tell languages or kinds of chats apart unless the answer is personal.
    for owner in (asked.person.id, None):
        kept = world.inline_cache.get((asked.data, asked.offset, owner))
        if kept and world.clock.now() - kept.at < kept.cache_time:
            return kept
    return None


def post(world: World, asked: Asked, result: InlineResult) -> tuple[Message, list[int]]:
    """Send a result into the chat where it was asked for; the message and the updates that the bot gets of it."""
    content: Json = {**result.content, "via_bot": world.bot_user}
    asked.chat.started = asked.chat.started or asked.chat.private
    message = world.add_message(asked.chat, content, sender=asked.person.user)
    identifier: Json = {}
    if message.rows:
        message.inline_id = f"SBXIN{world.rng.randrange(10**15, 10**16)}"
        world.inline_messages[message.inline_id] = message
        identifier = {"inline_message_id": message.inline_id}
    updates = []
    if world.switches.inline_feedback:
        chosen = {"result_id": result.id, "from": asked.person.user, "query": asked.data, **identifier}
        updates.append(world.update("chosen_inline_result", chosen, asked.person.id))
    if groups.reaches_bot(world, message):
        updates.append(world.update("message", message.body, asked.chat.id))
    return message, updates
