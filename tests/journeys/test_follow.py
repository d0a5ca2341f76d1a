"""An NGO follows a body and a region, is told once in the morning of what changed there, and stops following."""

from typing import Any

import pytest

from bot.sandbox.people import Person
from handlers.speech import Speech
from liaison import follows, holders, invitations, people
from liaison.people import Actor
from storage.follows import Follow
from storage.notices import Notice
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import HEALTH, at, button, newcomer

REGION, DEPARTMENT = "reg-aktobe", "dep-aktobe-education"


async def coordinator(world: World, number: int = 3001) -> Person:
    """A coordinator of the whole country."""
    keeper = await world.newcomer(number, "Sample Coordinator")
    payload = await world.db.write(invitations.invite_coordinator, None, invited_by=None, now=START)
    await world.sandbox.settled(keeper.start(payload))
    return keeper


async def opens(world: World, person: Person, code: str) -> None:
    await world.sandbox.settled(person.start(f"b_{world.body(code)}"))


async def names(world: World, keeper: Person, code: str, full_name: str) -> None:
    """The coordinator names an official in the chat."""
    await opens(world, keeper, code)
    await world.taps(keeper, "Name an official")
    for answer in (full_name, "Deputy director", "8 (7172) 00-00-01"):
        await world.says(keeper, answer)
    await keeper.sees("The official is named.")


async def actor_of(world: World, person: Person) -> Actor:
    """The person as the rules see him."""
    actor = await world.db.read(people.identify, person.id, world.app.services.policy, now=world.app.services.now())
    assert actor is not None
    return actor


def title(speech: Speech) -> str:
    return speech.say("<b>What changed at the bodies you follow</b>").striptags()


def news_of(person: Person, speech: Speech) -> list[str]:
    """The messages of news in a chat, as they were sent."""
    return [message.text for message in person.chat.messages if message.text.startswith(title(speech))]


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
async def test_one_message_in_the_morning_tells_all_and_after_unfollowing_none(world: World, language: str) -> None:
    keeper = await coordinator(world)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    speech, tree = world.speech(language), world.app.services.directory().tree
    ministry, department = (tree.name(world.body(code), language) for code in (HEALTH, DEPARTMENT))

    await opens(world, ngo, HEALTH)
    await world.taps(ngo, button(speech, "Follow"))
    await ngo.sees_toast(
        speech.say("You follow this body now. You will be told when its official changes. All you follow: /my")
    )
    await ngo.sees(ministry, button=button(speech, "Unfollow"))
    await opens(world, ngo, REGION)
    await world.taps(ngo, button(speech, "Follow"))
    asked = await ngo.sees(tree.name(world.body(REGION), language), button=button(speech, "The whole region"))
    whole, alone, back = (button(speech, one) for one in ("The whole region", "Only the akimat", "Back"))
    assert asked.buttons == [alone, whole, back]
    await world.taps(ngo, whole)
    await ngo.sees(tree.name(world.body(REGION), language), button=button(speech, "Unfollow"))

    await names(world, keeper, HEALTH, "Үлгі Айгүл (sample)")
    await names(world, keeper, DEPARTMENT, "Үлгі Ерлан (sample)")
    await names(world, keeper, HEALTH, "Үлгі Әсел <b>&_")
    await world.go_to(at(2, 9, 59))
    assert news_of(ngo, speech) == []
    await world.go_to(at(2, 10))
    told = await ngo.sees(title(speech))
    now = [
        f"{body}\n{speech.say('The official is now {name}.', name=name).unescape()}"
        for body, name in ((ministry, "Үлгі Әсел <b>&_"), (department, "Үлгі Ерлан (sample)"))
    ]
    assert told.text == "\n\n".join((title(speech), *now))
    assert len(told.buttons) == 3
    assert told.buttons[-1] == button(speech, "What I follow")
    await world.taps(ngo, told.buttons[1])
    await ngo.sees("Үлгі Ерлан (sample)")
    await world.taps(ngo, back)
    assert ngo.shown.text == told.text

    await world.taps(ngo, button(speech, "What I follow"))
    listed = ngo.shown
    assert f"1. {ministry}" in listed.text
    both = speech.psay("line", "{body} and the whole region", body=tree.name(world.body(REGION), language))
    assert f"2. {both}" in listed.text
    # What happens now would be told tomorrow; who stops following before is not told.
    await names(world, keeper, DEPARTMENT, "Үлгі Нұрлан (sample)")
    for n in (2, 1):
        await world.taps(ngo, speech.psay("button", "Unfollow {n}", n=n).unescape())
        await ngo.sees_toast(speech.say("You do not follow it any more."))
    hint = speech.say("You follow no body yet. Tap “Follow” on a card: you will be told when its official changes.")
    assert ngo.shown.text == hint
    await names(world, keeper, HEALTH, "Үлгі Мұрат (sample)")
    ngo.looks_away()
    await world.go_to(at(3, 10, 30))
    kinds = [(row["kind"], row["state"], row["reason"]) for row in await world.rows(Notice)]
    assert kinds == [("news", "sent", None), ("news", "dropped", "nothing to tell")]
    assert ngo.shown.text == hint


async def test_a_region_wholly_or_its_akimat_alone(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await opens(world, ngo, REGION)
    await world.taps(ngo, "Follow", "Only the akimat", "Unfollow")
    asked = await ngo.sees("You follow only the akimat.")
    assert asked.buttons == ["The whole region", "Unfollow", "Back"]
    await world.taps(ngo, "The whole region", "Unfollow")
    asked = await ngo.sees("You follow the whole region: the akimat, its departments")
    assert asked.buttons == ["Only the akimat", "Unfollow", "Back"]
    assert [row["scope"] for row in await world.rows(Follow)] == ["region"]
    await world.taps(ngo, "Unfollow")
    await ngo.sees_toast("You do not follow it any more.")
    assert await world.rows(Follow) == []
    assert "Follow" in ngo.shown.buttons


async def test_what_i_follow_is_reached_from_my_and_has_pages(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "/my")
    await world.taps(ngo, "What I follow")
    assert (await ngo.sees("You follow no body yet.")).buttons == ["Back"]
    actor = await actor_of(world, ngo)
    tree = world.app.services.directory().tree
    followed = [one.id for one in tree.districts(world.body(REGION), lang="en")[:9]]
    for body in followed:
        await world.db.write(follows.follow, actor, body, now=START)
    await world.says(ngo, "/my")
    await world.taps(ngo, "What I follow")
    page = await ngo.sees("Page 1 of 2")
    assert page.text.startswith("What you follow\nWhat changed is told at 10:00 (UTC+5), in one message a day at most.")
    assert len(page.buttons) == 2 * 8 + 2
    assert all(len(label) <= 30 for label in page.buttons)
    await world.taps(ngo, page.buttons[0])
    await ngo.sees(tree.name(followed[0], "en"))
    await world.taps(ngo, "Back", "Next page")
    page = await ngo.sees("Page 2 of 2")
    assert f"9. {tree.name(followed[8], 'en')}" in page.text
    await world.taps(ngo, "Unfollow 9")
    assert len(ngo.shown.buttons) == 2 * 8 + 1  # one page is left, and shown
    stale = page.button("Unfollow 9") or {}
    await world.sandbox.settled(ngo.forges(stale["callback_data"]))  # a button that has had its effect
    assert len(await world.rows(Follow)) == 8
    await world.taps(ngo, "Back")
    await ngo.sees("You have no open requests", button="What I follow")


async def test_forged_buttons_and_the_most_that_one_may_follow(world: World) -> None:
    ngo, other = await world.newcomer(1001, "Aigerim"), await world.newcomer(1002, "Dana")
    await opens(world, other, HEALTH)
    await world.taps(other, "Follow")
    (row,) = await world.rows(Follow)
    await opens(world, ngo, HEALTH)
    body, region = world.body(HEALTH), world.body(REGION)
    forged = [f"fu:{row['id']}:0", f"ff:{body}:region", f"ff:{region}:all", "fo:999999", "fo:x", "fo", f"fq:{body}"]
    before = await world.everything()
    for data in (*forged, "fw:x", "nw:x", "nw:2026-13-01"):
        ngo.looks_away()
        await world.sandbox.settled(ngo.forges(data))
        await ngo.sees_toast("This is not open to you, or it is not there any more. Nothing was changed.")
    assert await world.everything() == before
    assert await world.rows(Follow) == [row]
    for day in ("2026-12-01", "2026-10-01", "0001-01-01", "9999-12-31"):  # no news: what one follows
        await opens(world, ngo, HEALTH)
        await world.sandbox.settled(ngo.forges(f"nw:{day}"))
        await ngo.sees("You follow no body yet.")

    actor = await actor_of(world, ngo)
    others = [one.id for one in world.app.services.directory().tree.entries if one.id != body][: follows.MOST]
    for one in others:
        await world.db.write(follows.follow, actor, one, now=START)
    await opens(world, ngo, HEALTH)
    await world.taps(ngo, "Follow")
    await ngo.sees_toast("You can follow at most 50 entries. Nothing was changed; take one off your list first: /my")
    assert len(await world.rows(Follow)) == follows.MOST + 1


async def test_much_news_is_cut_and_counted(world: World) -> None:
    keeper, ngo = await coordinator(world), await world.newcomer(1001, "Aigerim")
    await opens(world, ngo, REGION)
    await world.taps(ngo, "Follow", "The whole region")
    tree = world.app.services.directory().tree
    codes = [one.code for one in tree.entries if one.region_id == world.body(REGION)][:20]
    given: dict[str, Any] = {"position": "Head", "contact": "8 (7172) 00-00-01", "policy": world.app.services.policy}
    actor = await actor_of(world, keeper)
    for code in codes:
        given |= {"full_name": f"Sample <b>&_ {code}", "now": world.app.services.now()}
        await world.db.write(holders.name_official, actor, world.body(code), **given)
    await world.go_to(at(2, 10))
    told = await ngo.sees("What changed at the bodies you follow")
    assert told.text.count("The official is now Sample <b>&_ ") == 15
    assert told.text.endswith("And 5 more.")
    assert len(told.buttons) == 8 + 1
