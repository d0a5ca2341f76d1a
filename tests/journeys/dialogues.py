"""Pieces of dialogue that several journeys share, in the language of whoever speaks."""

from datetime import datetime

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from handlers.people_screens import NATIVE_NAMES
from handlers.speech import Speech
from liaison.topics import name
from tests.journeys.conftest import ALMATY, World

HEALTH = "min-health"
BODY = {
    "en": "Ministry of Healthcare",
    "ru": "Министерство здравоохранения",
    "kk": "Денсаулық сақтау министрлігі",
}
# The buttons of a card on which nothing depends, and of the ministry's whole card with its official.
TIES = ["Follow", "Share", "Wrong contact"]
FULL = ["Request a meeting", "Contact card", "Copy e-mail", *TIES, "Bodies below it", "Back"]
NGO = "Sample NGO «Umit»"
MODES = {"in_person": "In person", "online": "Online", "phone": "By phone"}


def button(speech: Speech, text: str) -> str:
    """The label of a button, as a person reads it."""
    return speech.psay("button", text).unescape()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in December 2026 on the country's clock."""
    return datetime(2026, 12, day, hour, minute, tzinfo=ALMATY)


async def newcomer(world: World, number: int, name: str, language: str = "en") -> Person:
    """Somebody who pressed START and chose a language."""
    return await world.newcomer(number, name, NATIVE_NAMES[language])


async def known(
    world: World,
    number: int = 1001,
    name: str = "Aigerim",
    language: str = "en",
    *,
    organisation: str = NGO,
    bin_number: str | None = None,
) -> Person:
    """A representative who has agreed and told who he is, through a first request that he gave up."""
    speech = world.speech(language)
    ngo = await newcomer(world, number, name, language)
    await opens_card(world, ngo, language)
    await world.taps(ngo, button(speech, "Request a meeting"), button(speech, "I agree"))
    await world.says(ngo, organisation)
    if bin_number:
        await world.says(ngo, bin_number)
    else:
        await world.taps(ngo, button(speech, "Without a BIN"))
    await world.says(ngo, f"Sampleva {name}")
    await world.says(ngo, "director")
    await ngo.sees(speech.say("What is the meeting about?").unescape())
    await world.taps(ngo, button(speech, "Cancel the request"))
    ngo.looks_away()
    return ngo


async def opens_card(world: World, ngo: Person, language: str = "en") -> Message:
    """Look the ministry up by its name."""
    await world.says(ngo, BODY[language])
    return await ngo.sees(world.app.services.directory().tree.name(world.body(HEALTH), language))


async def to_times(
    world: World, ngo: Person, language: str = "en", *, mode: str = "in_person", phone: str | None = None
) -> None:
    """From the card up to the question of times; the person is known already."""
    speech = world.speech(language)
    await opens_card(world, ngo, language)
    await world.taps(ngo, button(speech, "Request a meeting"), name("health", language))
    if (own := button(speech, "My own request")) in ngo.shown.buttons:  # another NGO has asked about the same
        await world.taps(ngo, own)
    await world.taps(ngo, speech.psay("way to meet", MODES[mode]).unescape())
    if phone:
        await world.says(ngo, phone)


async def to_preview(
    world: World, ngo: Person, language: str = "en", *, mode: str = "in_person", phone: str | None = None
) -> None:
    """From the card up to the preview, with the three nearest times."""
    speech = world.speech(language)
    await to_times(world, ngo, language, mode=mode, phone=phone)
    await world.taps(ngo, speech.npsay("button", "Use this time", "Use these {n} times", 3).unescape())


async def asks(
    world: World, ngo: Person, language: str = "en", *, mode: str = "in_person", phone: str | None = None
) -> str:
    """A request to the ministry with the three nearest times; its number."""
    await to_preview(world, ngo, language, mode=mode, phone=phone)
    await world.taps(ngo, button(world.speech(language), "Send"))
    await world.rest()
    sent = await ngo.sees("UKL-26-")
    ngo.looks_away()
    return sent.text[sent.text.index("UKL-26-") :][:13]


async def confirmed(world: World, ngo: Person, official: Person, place: str | None = "Room 214") -> str:
    """A request that the official has confirmed for Wednesday 2 December, 09:00; both speak English."""
    number = await asks(world, ngo)
    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.rest()
    if place is None:
        await world.taps(official, "Skip for now")
    else:
        await world.says(official, place)
    await world.rest()
    for person in (ngo, official):
        person.looks_away()
    return number
