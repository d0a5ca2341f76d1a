"""Three people press and type anything in any order; whatever they do gets an answer and a way on."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from liaison import invitations
from storage.meetings import Meeting, Step
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import BODY, HEALTH, NGO, asks, known

ACTS = 300
COMMANDS = ("/start", "/my", "/help", "/language", "/privacy", "/cancel", "/start b_1", "/start i_x", "/what")
TEXTS = (
    *BODY.values(),
    NGO,
    "120340012345",
    "8 701 000 00 00",
    "Room 214",
    "health",
    "<b>&_ </b>\u202e🙂",
    "ә" * 4096,
    "?",
    "Министерство юстиции",
)


class Monkey:
    """Somebody without a plan, but with a fixed seed."""

    def __init__(self, world: World, people: list[Person], seed: int) -> None:
        self.world = world
        self.people = people
        self.dice = random.Random(seed)

    async def act(self) -> None:
        """One act of one person; often a tap, mostly on the newest message, so that dialogues get somewhere."""
        person = self.dice.choice(self.people)
        lot = self.dice.random()
        if lot < 0.76 and (tap := self._tap(person)):
            await self.world.sandbox.settled(tap())
        elif lot < 0.89:
            await self.world.says(person, self.dice.choice(TEXTS))
        elif lot < 0.95:
            await self.world.says(person, self.dice.choice(COMMANDS))
        elif lot < 0.98:
            sends = (person.sends_sticker, person.sends_contact, person.sends_voice, person.sends_photo)
            await self.world.sandbox.settled(self.dice.choice(sends)())
        else:
            await self.world.move(hours=self.dice.choice((1, 5, 20)))

    def _tap(self, person: Person) -> Callable[[], int] | None:
        messages = [message for message in person.chat.messages if message.outgoing and message.rows]
        if not messages:
            return None
        message = messages[-1] if self.dice.random() < 0.8 else self.dice.choice(messages)
        data = _data_of(message) or ["start"]
        weights = [1 if _leads_away(one) else 6 for one in data]
        chosen = self.dice.choices(data, weights)[0]
        return lambda: person.forges(chosen, message)


def _data_of(message: Message) -> list[str]:
    return [str(button["callback_data"]) for row in message.rows for button in row if "callback_data" in button]


def _leads_away(data: str) -> bool:
    """Back, out, to the doors: taken less often, so that dialogues come to their end."""
    return data.endswith((":back", ":leave")) or data.partition(":")[0] in ("start", "my", "help", "w", "l", "b", "bk")


@pytest.mark.parametrize("directory_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_anything_in_any_order(world: World, seed: int) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    await world.name_official("min-justice", "Үлгі Әсел (sample)")
    keeper = await world.newcomer(3001, "Sample Coordinator")
    payload = await world.db.write(invitations.invite_coordinator, None, invited_by=None, now=START)
    await world.sandbox.settled(keeper.start(payload))
    ngo = await known(world)
    await asks(world, ngo)
    monkey = Monkey(world, [ngo, official, keeper], seed)
    for _ in range(ACTS):
        await monkey.act()
    await world.rest()

    english = "Something went wrong"
    wrong = [world.speech(language).say(_APOLOGY, number="").unescape()[:20] for language in ("kk", "ru", "en")]
    assert wrong[-1] == english
    for person in monkey.people:
        shown = [message for message in person.chat.shown if message.outgoing]
        assert [message.text for message in shown if message.text.startswith(tuple(wrong))] == []
        assert [str(message) for message in shown if not message.rows] == []
        assert person.last.outgoing  # the last word is the bot's
    assert "failed" not in {state for _, state in await world.notices()}
    # What came of it is what the table of states allows.
    meetings, steps = await world.rows(Meeting), await world.rows(Step)
    assert meetings
    for meeting in meetings:
        mine = [step for step in steps if step["meeting_id"] == meeting["id"]]
        assert [step["to_state"] for step in mine][-1] == meeting["state"]
        assert meeting["rev"] == len(mine)
        assert all(before["to_state"] == after["from_state"] for before, after in pairwise(mine))


_APOLOGY = (
    "Something went wrong on our side. Nothing of yours was lost; please try once more. "
    "Number for the operator: {number}"
)
