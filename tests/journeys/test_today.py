"""/today of both sides and the morning's digest: what waits, answered line by line; silence where nothing does."""

import pytest

from storage.meetings import Meeting
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, NGO, asks, at, button, confirmed, known


async def test_the_day_and_what_waits_are_answered_line_by_line(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await confirmed(world, ngo, official)
    number = await asks(world, ngo)
    official.looks_away()
    await world.says(official, "/today")
    shown = await official.sees("Today, Tuesday 1 December (UTC+5)\nNo meetings.")
    assert f"Tomorrow, Wednesday 2 December\n09:00–09:30 {NGO}\nSampleva Aigerim; " in shown.text
    assert "Room 214" in shown.text
    assert f"Waiting for your answer: 1\n{number} {NGO}; " in shown.text
    assert "; since today" in shown.text
    first = next(label for label in shown.buttons if label.startswith("Confirm "))
    assert shown.buttons == ["09:00 UKL-26-000001", f"Open {number}", first, "My meetings"]
    await world.go_to(at(2, 8))
    await world.says(official, "/today")
    await official.sees("; 1 working day")
    await world.taps(official, first)  # the one tap; the list stays, the place is asked for below it
    await official.sees_toast("Confirmed. The NGO is being told.")
    await world.rest()
    await official.sees("Nothing waits for your answer.")
    await official.sees("Where will it be?")
    assert [row["state"] for row in await world.rows(Meeting)] == ["confirmed", "confirmed"]

    await world.says(ngo, "/today")
    own = await ngo.sees("Today, Wednesday 2 December (UTC+5)\n09:00–09:30 Ministry of Healthcare of the Republic of")
    assert "Sample Official" in own.text
    assert "Nothing waits for your answer." in own.text


async def test_the_digest_comes_at_nine_only_if_something_waits(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await world.duties()
    assert "digest" not in [kind for kind, _ in await world.notices()]
    number = await asks(world, ngo)
    await world.move(hours=1)
    await world.duties()
    official.looks_away()
    await world.go_to(at(2, 8, 59))
    assert ("digest", "sent") not in await world.notices()
    await world.go_to(at(2, 9))
    told = await official.sees("ACTION NEEDED: 1 request waits for your answer")
    assert f"{number} {NGO}" in told.text
    assert f"Open {number}" in told.buttons
    await world.duties()
    await world.taps(official, f"Open {number}", "Decline", "No time at present")
    await world.rest()
    await world.go_to(at(3, 9))
    digests = [state for kind, state in await world.notices() if kind == "digest"]
    assert digests == ["sent", "dropped"]


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_the_day_in_each_language(world: World, language: str) -> None:
    native = {"kk": "Қазақша", "ru": "Русский"}[language]
    official = await world.official_of(HEALTH, 2001, "Үлгі Айгүл (sample)", native)
    ngo = await known(world)
    number = await asks(world, ngo)
    speech = world.speech(language)
    await world.says(official, "/today")
    shown = await official.sees(
        speech.psay("title", "<b>Waiting for your answer: {n}</b>", n=1).striptags(),
        button=speech.psay("button", "Open {number}", number=number).unescape(),
    )
    assert speech.psay("line", "No meetings.") in shown.text
    await world.says(official, "/my")
    await world.taps(official, button(speech, "My day"))
    await official.sees(number)
