"""The coordinator's desk: a query that found nothing becomes a name of a body; reports wait in a list."""

import asyncio

import pytest
from sqlalchemy.orm import Session

from storage.bodies import BodyName
from storage.drafts import Draft
from storage.queries import QueryMiss
from storage.records import AuditEntry
from tests.journeys.conftest import World
from tests.journeys.dialogues import BODY, HEALTH, button, newcomer
from tests.journeys.test_reports import FORMER, coordinator, reports_phone

ODD = {"en": "turquoise glasshouse", "ru": "бирюзовая стекляшка", "kk": "көгілдір шыныүй"}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
async def test_a_query_that_finds_nothing_is_named_and_found(world: World, language: str) -> None:
    speech, odd = world.speech(language), ODD[language]
    name = world.app.services.directory().tree.name(world.body(HEALTH), language)
    keeper = await coordinator(world, 3001, language)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    for typed in (odd, odd.upper(), f"  {odd} "):
        await world.says(ngo, typed)
        await ngo.sees(speech.say("These words, without your name, go to the coordinators, who extend the list."))
    assert [(row["text"], row["count"]) for row in await world.rows(QueryMiss)] == [(odd, 3)]

    await world.says(keeper, "/my")
    await world.taps(keeper, button(speech, "Coordinator's desk"))
    counts = speech.psay("button", "Not found: {n}", n=1).unescape()
    await keeper.sees(speech.psay("title", "<b>Coordinator's desk</b>").striptags(), button=counts)
    await world.taps(keeper, counts, f"{odd} – 3")
    await keeper.sees(speech.say("Nothing was found. Which body does it mean?").unescape())
    await world.taps(keeper, button(speech, "This is…"))
    asked = speech.say("Which body does <i>{text}</i> mean? Please write its name.", text=odd).striptags()
    await keeper.sees(asked)
    await world.restart()
    await world.says(keeper, "qwxzqwxz vwqxz")
    await keeper.sees(asked)
    await world.says(keeper, BODY[language])
    offered = await keeper.sees(odd)
    assert 1 < len(offered.buttons) <= 7
    version = world.app.services.directory().tree.version
    await world.taps(keeper, offered.buttons[0])
    named = await keeper.sees(speech.say("These words now lead to: {body}.", body=name).unescape())
    assert named.buttons == [button(speech, "Open the card"), button(speech, "Back")]
    await world.taps(keeper, button(speech, "Back"))
    await keeper.sees(speech.say("Everything that people looked for was found.").unescape())

    async with asyncio.timeout(10):  # a tick notices it within a second and builds the index beside the loop
        while world.app.services.directory().tree.version == version:  # noqa: ASYNC110 -- a tick rings no bell
            await asyncio.sleep(0.01)
    ngo.looks_away()
    await world.says(ngo, odd)
    await ngo.sees(name)
    assert [row["text"] for row in await world.rows(BodyName) if row["text"] == odd] == [odd]
    assert [row["what"] for row in await world.rows(AuditEntry)][-1] == "alias-added"
    assert "alias" not in [row["kind"] for row in await world.rows(Draft)]
    assert len(await world.rows(QueryMiss)) == 1


async def test_personal_words_do_not_reach_the_desk(world: World) -> None:
    ngo = await newcomer(world, 1001, "Aigerim")
    for typed in ("qwxzqwxz 87010000000", "vwqxz@sample.example", "qwxz vwqx zqwx xzqw zzxq qqxz xxwz zzwq vvxq"):
        await world.says(ngo, typed)
    assert await world.rows(QueryMiss) == []


async def test_it_may_mean_none_and_is_decided_once(world: World) -> None:
    first, second = await coordinator(world, 3001), await coordinator(world, 3002)
    ngo = await newcomer(world, 1001, "Aigerim")
    await world.says(ngo, ODD["en"])
    for keeper in (first, second):
        await world.says(keeper, "/my")
        await world.taps(keeper, "Coordinator's desk", "Not found: 1", f"{ODD['en']} – 1")
        await keeper.sees("Looked for once, on 1 Dec 2026.", button="It means no body")
    await world.taps(second, "This is…")
    await world.taps(first, "It means no body")
    await first.sees("It is marked: it means no body.")
    second.looks_away()
    await world.says(second, BODY["en"])
    decided = await second.sees("It is marked: it means no body.")
    assert decided.buttons == ["Back"]
    await world.says(second, BODY["en"])  # the question is over: this is a query
    await second.sees("Ministry of Healthcare of the Republic of Kazakhstan", button="Name an official")
    await world.taps(first, "Back")
    await first.sees("Everything that people looked for was found.")
    assert [row["text"] for row in await world.rows(BodyName) if row["text"] == ODD["en"]] == []


async def test_a_regional_coordinator_names_bodies_of_his_region_alone(world: World) -> None:
    keeper = await coordinator(world, 3001, region="reg-aktobe")
    ngo = await newcomer(world, 1001, "Aigerim")
    await world.says(ngo, ODD["en"])
    await world.says(keeper, "/my")
    await world.taps(keeper, "Coordinator's desk", "Not found: 1", f"{ODD['en']} – 1", "This is…")
    await world.says(keeper, BODY["en"])
    tree = world.app.services.directory().tree
    if (shown := keeper.shown).buttons != ["Back"]:
        rows = shown.body["reply_markup"]["inline_keyboard"][:-1]
        ids = [int(one["callback_data"].split(":")[2]) for (one,) in rows]
        assert {tree.by_id[body_id].region_id for body_id in ids} == {world.body("reg-aktobe")}
    await world.says(keeper, "Department of Education of Aktobe Region")
    offered = await keeper.sees("It will be found by these words at once.", button="Education")
    await world.sandbox.settled(keeper.forges(f"qa:1:{world.body(HEALTH)}", offered))
    await keeper.sees_toast("This is not open to you, or it is not there any more. Nothing was changed.")
    await world.taps(keeper, offered.buttons[0])
    await keeper.sees("These words now lead to: Department of Education of Aktobe Region.")


async def test_a_name_of_another_body_is_refused(world: World) -> None:
    keeper = await coordinator(world, 3001)
    ngo = await newcomer(world, 1001, "Aigerim")
    await world.says(ngo, ODD["en"])
    await world.db.write(_name, world.body("min-education"), ODD["en"])
    await world.says(keeper, "/my")
    await world.taps(keeper, "Coordinator's desk", "Not found: 1", f"{ODD['en']} – 1", "This is…")
    await world.says(keeper, BODY["en"])
    offered = await keeper.sees("It will be found by these words at once.")
    await world.taps(keeper, offered.buttons[0])
    await keeper.sees_toast("Another body is already found by these words. Nothing was changed.")
    assert [row["state"] for row in await world.rows(QueryMiss)] == ["open"]


async def test_reports_wait_in_a_list_the_oldest_first(world: World) -> None:
    await world.name_official(HEALTH, FORMER)
    ngo = await newcomer(world, 1001, "Aigerim")
    await reports_phone(world, ngo)
    other = await newcomer(world, 1002, "Sample")
    await world.sandbox.settled(other.forges(f"wc:{world.body('dep-aktobe-education')}"))
    await world.taps(other, "The e-mail comes back", "Send without words")
    keeper = await coordinator(world, 3001)
    near = await coordinator(world, 3002, region="reg-aktobe")
    lists = {}
    for person, number in ((keeper, 2), (near, 1)):
        await world.says(person, "/my")
        await world.taps(person, "Coordinator's desk", f"Wrong contacts: {number}")
        lists[person] = (await person.sees("Reported contacts, the oldest first")).buttons
    assert lists[keeper] == [
        "Ministry of Healthcare: The phone is wrong or silent",
        "Department of Education of Aktobe…: The e-mail comes back",
        "Back",
    ]
    assert lists[near] == lists[keeper][1:]
    await world.taps(keeper, lists[keeper][0], "Corrected")
    await keeper.sees("You corrected it on 1 Dec 2026.")
    await world.rest()
    await ngo.sees("Thank you: the contact has been corrected.")
    await world.taps(keeper, "Back")
    assert (await keeper.sees("Reported contacts, the oldest first")).buttons == lists[near]


async def test_only_coordinators_have_a_desk(world: World) -> None:
    ngo = await newcomer(world, 1001, "Aigerim")
    await world.says(ngo, "/my")
    mine = await ngo.sees("You have no open requests or coming meetings.")
    assert "Coordinator's desk" not in mine.buttons


def _name(session: Session, body_id: int, text: str) -> None:
    session.add(BodyName(body_id=body_id, kind="alias", lang="en", text=text))
