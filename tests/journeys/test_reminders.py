"""Both are reminded, each in his own language; nobody is reminded of what was cancelled or has begun."""

from collections import Counter

from bot.sandbox.people import Person
from handlers.speech import Speech
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, asks, at, button, known


async def meet_on_thursday(world: World) -> tuple[Person, Person]:
    """A meeting confirmed for Thursday 3 December, 09:00, two days ahead: the NGO's person and the official."""
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await asks(world, ngo)
    await world.taps(official, "Confirm Thu 3 Dec 09:00")
    await world.says(official, "Room 214")
    await world.rest()
    ngo.looks_away()
    official.looks_away()
    return ngo, official


def reminder(speech: Speech) -> str:
    """The first line of a reminder."""
    return str(speech.psay("line", "<b>Reminder: meeting {number}</b>", number="UKL-26-000001").striptags())


async def test_each_side_is_reminded_in_its_own_language(world: World) -> None:
    ngo, official = await meet_on_thursday(world)
    await world.says(ngo, "/language")
    await world.taps(ngo, "Қазақша")
    await world.says(official, "/language")
    await world.taps(official, "Русский")
    kk, ru = world.speech("kk"), world.speech("ru")
    for hours, when in ((24, at(2, 9)), (2, at(3, 7))):
        await world.go_to(when)
        for person, speech in ((ngo, kk), (official, ru)):
            told = await person.sees(reminder(speech))
            assert speech.nsay("It begins in {n} hour.", "It begins in {n} hours.", hours).striptags() in told.text
            assert speech.psay("line", "Place: {place}", place="Room 214").striptags() in told.text
            assert speech.when(at(3, 9)) in told.text
            assert button(speech, "Cancel the meeting") in told.buttons


async def test_cancelling_takes_two_taps_from_the_reminder_and_withdraws_the_other_one(world: World) -> None:
    ngo, official = await meet_on_thursday(world)
    await world.go_to(at(2, 9))
    await ngo.sees("Reminder: meeting UKL-26-000001")
    await official.sees("Reminder: meeting UKL-26-000001")
    await world.taps(ngo, "Cancel the meeting", "Illness")
    await world.rest()
    told = await official.sees("Meeting UKL-26-000001 is cancelled")
    assert "Reason: Illness" in told.text
    calendar = (told.document or b"").decode()
    assert "METHOD:CANCEL" in calendar
    assert "STATUS:CANCELLED" in calendar
    assert "UID:UKL-26-000001@uakil" in calendar
    await world.go_to(at(3, 8))
    assert Counter(await world.notices())["remind", "owed"] == 0
    assert "Reminder" not in ngo.shown.text
    assert "Reminder" not in official.shown.text


async def test_after_downtime_a_reminder_comes_late_and_says_so(world: World) -> None:
    ngo, official = await meet_on_thursday(world)
    await world.stop_bot()
    world.sandbox.clock.put(at(3, 7, 30).timestamp() - world.sandbox.clock.now() + world.sandbox.clock.offset)
    await world.start_bot()
    await world.app.idle()
    for person in (ngo, official):
        told = await person.sees("Reminder: meeting UKL-26-000001")
        assert "This reminder comes late, after an outage." in told.text
    # Dropped: four planned before the place was named, and both of 24 hours, due as well by now: one is enough.
    assert Counter(await world.notices())["remind", "dropped"] == 4 + 2


async def test_after_a_longer_downtime_nobody_is_reminded_of_what_has_begun(world: World) -> None:
    ngo, _ = await meet_on_thursday(world)
    await world.stop_bot()
    world.sandbox.clock.put(at(3, 9, 10).timestamp() - world.sandbox.clock.now() + world.sandbox.clock.offset)
    await world.start_bot()
    await world.app.idle()
    counted = Counter(await world.notices())
    assert counted["remind", "dropped"] == 4 + 4
    assert counted["remind", "sent"] == 0
    await world.says(ngo, "/my")
    await ngo.sees("The meeting has begun or is over")
