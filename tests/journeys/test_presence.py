"""An official blocks the bot and comes back: nothing that waits is lost, and nothing is told twice."""

from bot.sandbox.people import Person
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, asks, known
from tests.journeys.test_answers import coordinator


def asked(person: Person, number: str) -> int:
    """How often somebody was asked to answer a request."""
    first = f"ACTION NEEDED: please answer the request for a meeting {number}"
    return sum(first in message.text for message in person.chat.messages)


async def test_what_waits_is_handed_on_and_finds_him_on_his_return(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    keeper, ngo = await coordinator(world, 3001, "Country"), await known(world)
    first = await asks(world, ngo)
    assert (asked(official, first), asked(keeper, first)) == (1, 0)
    await world.sandbox.settled(official.blocks())
    await world.rest()
    assert (asked(official, first), asked(keeper, first)) == (1, 1)
    second = await asks(world, ngo)
    assert (asked(official, second), asked(keeper, second)) == (0, 1)
    await world.sandbox.settled(official.unblocks())
    await world.rest()
    for person in (official, keeper):
        assert [asked(person, number) for number in (first, second)] == [1, 1]
