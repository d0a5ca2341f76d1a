"""A word between the sides of a meeting: written, answered, masked, limited, muted, reported, closed in time."""

import pytest

from bot.sandbox.people import Person
from storage.records import AuditEntry
from storage.talks import Word
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, NGO, at, button, confirmed, known
from tests.journeys.test_reports import coordinator

NOT_YOURS = "This is not open to you, or it is not there any more. Nothing was changed."
PASSED = "Your word was passed on to the other side."
NOT_DELIVERED = "Your word was not delivered: the other side receives no words about this meeting at present."


async def meeting(world: World) -> tuple[Person, Person, str]:
    """An NGO and an official who have confirmed a meeting for Wednesday, 09:00; and its number."""
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await confirmed(world, ngo, official)
    return ngo, official, number


async def opens(world: World, person: Person, number: str) -> None:
    await world.says(person, "/my")
    await world.taps(person, number)


async def writes(world: World, person: Person, number: str, text: str) -> None:
    await opens(world, person, number)
    await world.taps(person, "Write a word")
    await world.says(person, text)
    await world.rest()


async def test_a_word_and_its_answer(world: World) -> None:
    ngo, official, number = await meeting(world)
    await writes(world, ngo, number, "Which entrance? <b>&_")
    told = await official.sees(f"A word about meeting {number}")
    assert told.text == (
        f"A word about meeting {number}\n\nFrom the NGO, Tuesday 1 December, 10:00 (UTC+5):\n“Which entrance? <b>&_”"
    )
    assert told.buttons == ["Answer", "Mute", "Report", f"Open {number}"]
    assert "Aigerim" not in told.text
    kept = await ngo.sees(PASSED)
    assert "From the NGO, Tuesday 1 December, 10:00 (UTC+5):\n“Which entrance? <b>&_”" in kept.text
    await world.taps(official, "Answer")
    await world.says(official, "Entrance 3")
    await world.rest()
    answer = await ngo.sees(f"A word about meeting {number}")
    assert "From the official, Tuesday 1 December, 10:00 (UTC+5):\n“Entrance 3”" in answer.text
    assert [row["text"] for row in await world.rows(Word)] == ["Which entrance? <b>&_", "Entrance 3"]


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_each_side_reads_its_own_language(world: World, language: str) -> None:
    native = {"kk": "Қазақша", "ru": "Русский"}[language]
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await confirmed(world, ngo, official)
    await world.says(official, "/language")
    await world.taps(official, native)
    official.looks_away()
    speech = world.speech(language)
    await writes(world, ngo, number, "Which entrance?")
    told = await official.sees(speech.say("<b>A word about meeting {number}</b>", number=number).striptags())
    when = speech.when(at(1, 10))
    said = speech.psay("word", "From the NGO, {when}:\n“{text}”", when=when, text="Which entrance?")
    assert said.unescape() in told.text
    assert told.buttons == [
        *(button(speech, label) for label in ("Answer", "Mute", "Report")),
        speech.psay("button", "Open {number}", number=number),
    ]


async def test_phones_and_accounts_are_not_passed_on_and_the_author_is_told(world: World) -> None:
    ngo, official, number = await meeting(world)
    await writes(world, ngo, number, "Call 8 (701) 234-56-78, @sample_name or sample@sample.example")
    told = await official.sees(f"A word about meeting {number}")
    assert "“Call •••, ••• or •••”" in told.text
    await ngo.sees(
        "but for the phone numbers, e-mail addresses or accounts in it: in their place the other side sees •••."
    )
    await world.taps(ngo, "Write a word")
    await world.says(ngo, "+7 701 234 56 78")
    again = await ngo.sees(
        "Nothing was passed on: without phone numbers, addresses and accounts nothing is left of it."
    )
    assert "Please write a word of at most 300 characters" in again.text
    await world.says(ngo, "x" * 301)
    await ngo.sees("That is too long: at most 300 characters.")
    await world.says(ngo, "/cancel")
    await ngo.sees("The word you were writing was not passed on.")
    assert len(await world.rows(Word)) == 1


async def test_ten_an_hour(world: World) -> None:
    ngo, _, number = await meeting(world)
    for count in range(10):
        await writes(world, ngo, number, f"word {count}")
    await opens(world, ngo, number)
    await world.taps(ngo, "Write a word")
    await ngo.sees_toast(
        "You have written 10 words about this meeting within an hour, the most there may be. The next: Tuesday 1 "
        "December, 11:00 (UTC+5)."
    )
    await world.move(hours=1)
    await world.rest()
    await writes(world, ngo, number, "an hour later")
    assert len(await world.rows(Word)) == 11


async def test_muted_and_heard_again(world: World) -> None:
    ngo, official, number = await meeting(world)
    await writes(world, ngo, number, "first")
    await official.sees("“first”")
    await world.taps(official, "Mute")
    muted = await official.sees("“first”")
    assert muted.buttons == ["Hear words again", "Report", f"Open {number}"]
    await opens(world, ngo, number)
    await world.taps(ngo, "Write a word")
    await ngo.sees_toast(NOT_DELIVERED)
    await opens(world, official, number)
    card = await official.sees("You have muted the words of the other side about this meeting.")
    assert "first" not in card.text
    assert "Write a word" not in card.buttons
    await world.taps(official, "Hear words again")
    await official.sees("“first”")
    await writes(world, ngo, number, "second")
    await official.sees("“second”")


async def test_a_word_half_written_when_the_other_side_mutes(world: World) -> None:
    ngo, official, number = await meeting(world)
    await writes(world, ngo, number, "first")
    await opens(world, ngo, number)
    await world.taps(ngo, "Write a word")
    await world.taps(official, "Mute")
    await world.says(ngo, "second")
    await ngo.sees(NOT_DELIVERED)
    await world.says(ngo, "third")  # is no word any more
    assert [row["text"] for row in await world.rows(Word)] == ["first"]


async def test_reported_and_closed(world: World) -> None:
    ngo, official, number = await meeting(world)
    keeper, second = await coordinator(world, 3001), await coordinator(world, 3002)
    await writes(world, official, number, "A rude word")
    await ngo.sees("“A rude word”")
    await world.taps(ngo, "Report")
    await ngo.sees("Report this word to the coordinators of the region? They will read it.")
    await world.taps(ngo, "Yes, report it")
    await world.rest()
    reported = await ngo.sees("This word was reported to the coordinators; they read it and decide.")
    assert reported.buttons == ["Answer", "Mute", f"Open {number}"]
    for person in (keeper, second):
        rings = await person.sees(f"A word about meeting {number} was reported")
        assert "From the official, Tuesday 1 December, 10:00 (UTC+5):\n“A rude word”" in rings.text
        assert rings.buttons == ["Close the talk", "It is fine", "Coordinator's desk"]
        assert NGO not in rings.text
    await world.taps(keeper, "Close the talk")
    await keeper.sees("The talk was closed; neither side can write any more.")
    await world.rest()
    judged = await ngo.sees("Your report was looked at")
    ended = "The coordinator read the word that was reported and ended the exchange for both sides."
    assert judged.text == (
        f"Your report was looked at\n\nA word about meeting {number}\n\n"
        f"From the official, Tuesday 1 December, 10:00 (UTC+5):\n“A rude word”\n\n{ended}"
    )
    assert judged.buttons == [f"Open {number}"]
    await world.taps(second, "It is fine")
    await second.sees_toast("This has been decided already. Here is how it stands now.")
    for person in (ngo, official):
        await opens(world, person, number)
        card = await person.sees("A coordinator has ended the exchange of words about this meeting.")
        assert "Write a word" not in card.buttons
    await world.taps(ngo, "Answer")  # the button of an older message
    await ngo.sees_toast("Words about this meeting are not passed on now. Nothing was sent.")
    whats = [row["what"] for row in await world.rows(AuditEntry)]
    assert [what for what in whats if what.startswith("word")] == ["word-reported", "word-judged"]


async def test_it_ends_with_the_day_after_the_meeting(world: World) -> None:
    ngo, official, number = await meeting(world)
    await opens(world, ngo, number)
    await world.taps(ngo, "Write a word")
    await world.go_to(at(3, 23, 59))
    await world.rest()
    await world.sandbox.settled(official.forges("tw:1"))
    await world.says(official, "On the day after")
    await world.rest()
    await ngo.sees("“On the day after”")
    await world.go_to(at(4, 0))
    await world.rest()
    await world.sandbox.settled(official.forges("tw:1"))
    await official.sees_toast("Words about this meeting are not passed on now. Nothing was sent.")
    assert [row["text"] for row in await world.rows(Word)] == ["On the day after"]


async def test_forged_taps_of_a_stranger(world: World) -> None:
    ngo, _, number = await meeting(world)
    await writes(world, ngo, number, "Which entrance?")
    stranger = await known(world, 1009, "Stranger", organisation="Sample Stranger")
    before = await world.everything()
    for data in ("tw:1", "tm:1:on", "tm:1:on:1", "tr:1", "tj:1:closed", "tk:1", "to:1", "tk:1:r", "tb:x", "tw:"):
        await world.sandbox.settled(stranger.forges(data))
        await stranger.sees_toast(NOT_YOURS)
    assert await world.everything() == before
