"""People's first minute, and the commands that answer in every state."""

import pytest

from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, button, known, opens_card, to_times


async def test_the_language_is_asked_once_and_what_was_wanted_comes_after_it(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Айгүл (sample)")
    ngo = world.person(1001, "Aigerim")
    await world.sandbox.settled(ngo.says("минздрав"))
    asked = await ngo.sees("Тілді таңдаңыз.")
    assert asked.buttons == ["Қазақша", "Русский", "English"]
    await world.taps(ngo, "Русский")
    await ngo.sees("Министерство здравоохранения Республики Казахстан")
    await world.says(ngo, "минздрав")
    await ngo.sees("Министерство здравоохранения Республики Казахстан")


async def test_a_link_to_a_body_opens_its_card(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Айгүл (sample)")
    ngo = world.person(1001, "Aigerim")
    await world.sandbox.settled(ngo.start(f"b_{world.body(HEALTH)}"))
    await world.taps(ngo, "English")
    await ngo.sees("Үлгі Айгүл (sample)")
    for payload in ("b_999999999999", "b_99999", "b_", "xyz", "i_unknown"):
        await world.sandbox.settled(ngo.start(payload))
        assert ngo.shown.buttons


@pytest.mark.parametrize("command", ["start", "help", "privacy", "language", "my", "cancel", "nonsense"])
async def test_every_command_answers_in_the_middle_of_a_request(world: World, command: str) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_times(world, ngo)
    before = len(ngo.chat.messages)
    await world.says(ngo, f"/{command}")
    assert len(ngo.chat.messages) == before + 2
    expected = {
        "start": "shows NGOs the official",
        "help": "How it works",
        "privacy": "Operator: Sample Foundation.",
        "language": "Choose your language.",
        "my": "You have no open requests or coming meetings.",
        "cancel": "The request you were writing was dropped; nothing was sent.",
        "nonsense": "I do not know this command.",
    }
    assert expected[command] in ngo.shown.text
    assert ngo.shown.buttons
    if command != "cancel":  # the dialogue is still there
        await opens_card(world, ngo)
        await world.taps(ngo, "Request a meeting")
        await ngo.sees("nearest possible times")


async def test_choosing_another_language_draws_the_open_question_again(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_times(world, ngo)
    await world.says(ngo, "/language")
    await world.taps(ngo, "Қазақша")
    kk = world.speech("kk")
    assert button(kk, "Other days") in ngo.shown.buttons


async def test_who_blocked_the_bot_is_not_written_to_until_he_is_back(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await world.sandbox.settled(ngo.blocks())
    calls = len(world.sandbox.calls)
    await world.move(hours=1)
    assert [call.method for call in world.sandbox.calls[calls:] if call.chat == 1001] == []
    await world.sandbox.settled(ngo.unblocks())
    await world.sandbox.settled(ngo.start())
    await ngo.sees("shows NGOs the official")
    await world.sandbox.settled(official.blocks())
    await opens_card(world, ngo)
    # Nobody answers for the post now, and the card says so.
    assert "Request a meeting" not in ngo.shown.buttons
    assert "A request cannot be sent from here yet" in ngo.shown.text


async def test_the_profile_is_set_once_and_not_again_after_a_restart(world: World) -> None:
    await world.sandbox.called("setMyShortDescription", language_code="en")
    await world.rest()
    menu = world.sandbox.profile.menu(1001, "kk")
    assert [command["command"] for command in menu] == [
        "start",
        "find",
        "my",
        "today",
        "help",
        "language",
        "cancel",
        "privacy",
    ]
    for _ in ("private chats", "everywhere else"):
        await world.sandbox.called("setMyCommands", language_code="en")
    await world.newcomer(1001, "Aigerim")  # a whole dialogue later the last text is remembered as set, too
    await world.restart()
    done = [call.method for call in world.sandbox.calls if call.method.startswith("setMy")]
    await world.newcomer(1002, "Dana")
    await world.rest()
    assert [call.method for call in world.sandbox.calls if call.method.startswith("setMy")] == done
