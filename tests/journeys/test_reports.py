"""A wrong contact from the card to its end: who reports it, who looks at it, what the reporter is told."""

import asyncio

import pytest

from bot.sandbox.people import Person
from handlers.report_screens import reason
from liaison import invitations
from storage.drafts import Draft
from storage.records import AuditEntry
from storage.reports import ContactReport
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import BODY, HEALTH, button, known, newcomer, opens_card

NOT_YOURS = "This is not open to you, or it is not there any more. Nothing was changed."
FORMER, NEXT = "Үлгі Айгүл (sample)", "Үлгіова Сәуле (sample)"
NAMED = "Ministry of Healthcare of the Republic of Kazakhstan"
WAITS = "The coordinators look at it, and you will be told here what came of it."


async def coordinator(world: World, number: int, language: str = "en", region: str | None = None) -> Person:
    """A coordinator of a region or of the whole country."""
    region_id = world.body(region) if region else None
    payload = await world.db.write(invitations.invite_coordinator, region_id, invited_by=None, now=START)
    person = await newcomer(world, number, "Sample Coordinator", language)
    await world.sandbox.settled(person.start(payload))
    await world.rest()
    person.looks_away()
    return person


async def reports_phone(world: World, ngo: Person) -> None:
    """Say without words that the ministry's phone is wrong."""
    await opens_card(world, ngo)
    await world.taps(ngo, "Wrong contact", "The phone is wrong or silent", "Send without words")
    await world.rest()


async def states(world: World) -> list[tuple[str, str]]:
    return [(row["reason"], row["state"]) for row in await world.rows(ContactReport)]


@pytest.mark.parametrize(("mine", "theirs"), [("en", "ru"), ("ru", "kk"), ("kk", "en")])
async def test_reported_named_anew_and_told(world: World, mine: str, theirs: str) -> None:
    say, they = world.speech(mine), world.speech(theirs)
    await world.name_official(HEALTH, FORMER)
    keeper = await coordinator(world, 3001, theirs)
    ngo = await newcomer(world, 1001, "Aigerim", mine)
    await opens_card(world, ngo, mine)
    await world.taps(ngo, button(say, "Wrong contact"))
    asked = await ngo.sees(say.say("What is wrong here? Please choose.").unescape())
    assert FORMER in asked.text
    labels = [reason(say, code).unescape() for code in ("person", "phone", "email", "other")]
    assert asked.buttons == [*labels, button(say, "Back")]

    await world.taps(ngo, labels[0])
    consent = await ngo.sees("Sample Foundation")
    assert consent.buttons == [button(say, text) for text in ("I agree, I will write", "Send without words", "Back")]
    await world.says(ngo, "Сәуле Үлгіова <b>&_")
    await ngo.sees(say.say("Your words were not kept. Please agree first, or send without words.").unescape())
    assert [row["data"].get("words") for row in await world.rows(Draft) if row["kind"] == "report"] == [None]
    await world.taps(ngo, button(say, "I agree, I will write"))
    await world.restart()
    await world.says(ngo, "Қазір Сәуле Үлгіова <b>&_")
    await world.rest()
    when = say.date(START)
    thanks = say.say(
        "Thank you. You reported on {date}: {reason}. The coordinators look at it, and you will be told here "
        "what came of it.",
        date=when,
        reason=labels[0],
    )
    sent = await ngo.sees(thanks.unescape())
    assert sent.buttons == [button(say, "Back")]

    rang = await keeper.sees("– Қазір Сәуле Үлгіова <b>&_")
    assert they.psay("title", "<b>Wrong contact</b>\n{body}", body="").striptags() in rang.text
    assert reason(they, "person").unescape() in rang.text
    assert FORMER in rang.text and "+7 7172 00 00 00" in rang.text
    assert "Aigerim" not in rang.text  # the reporter stays unnamed
    decisions = ("Name another official", "Corrected", "The contact is right", "Open the card", "Back")
    assert rang.buttons == [button(they, text) for text in decisions]
    await world.taps(keeper, button(they, "Name another official"))
    for answer in (NEXT, "Deputy director", "8 (7172) 00-00-01"):
        await world.says(keeper, answer)
    await world.rest()

    told = await ngo.sees(
        say.say("You reported on {date}: {reason}. Thank you: the contact has been corrected.",
                date=when, reason=labels[0]).unescape()
    )  # fmt: skip
    assert NEXT in told.text and "+7 7172 00 00 01" in told.text and FORMER not in told.text
    assert told.buttons == [button(say, "Open the card")]
    await world.taps(ngo, button(say, "Open the card"))
    await ngo.sees(NEXT, button=button(say, "Wrong contact"))
    assert [kind for kind, _ in await world.notices()] == ["report", "report_answer"]
    await world.taps(keeper, button(they, "Back"))


async def test_the_contact_is_right_and_the_reporter_hears_it(world: World) -> None:
    await world.name_official(HEALTH, FORMER)
    keeper = await coordinator(world, 3001)
    ngo = await newcomer(world, 1001, "Aigerim")
    await reports_phone(world, ngo)
    rang = await keeper.sees("One person says so, on 1 Dec 2026.")
    await world.taps(keeper, "The contact is right")
    await world.rest()
    closed = await keeper.sees("You found the contact right on 1 Dec 2026.")
    assert closed.message_id == rang.message_id
    assert closed.buttons == ["Open the card", "Back"]
    told = await ngo.sees("The coordinator has checked it: the contact is right.")
    assert told.text.startswith(f"Wrong contact\n{NAMED}\n\nYou reported on 1 Dec 2026: The phone is wrong or silent.")
    assert FORMER in told.text
    written = [row["details"] for row in await world.rows(AuditEntry) if row["what"] == "report-closed"]
    assert [(one["reason"], one["outcome"]) for one in written] == [("phone", "confirmed")]


async def test_a_second_report_shows_how_the_first_stands(world: World) -> None:
    await world.name_official(HEALTH, FORMER)
    ngo = await newcomer(world, 1001, "Aigerim")
    await opens_card(world, ngo)
    await world.taps(ngo, "Wrong contact", "The e-mail comes back")
    await world.taps(ngo, "Back", "The e-mail comes back", "Send without words")  # leaving it sends nothing
    await ngo.sees(WAITS)
    await world.taps(ngo, "Back", "Wrong contact")
    again = await ngo.sees(WAITS)
    assert "The e-mail comes back" in again.text
    assert again.buttons == ["Back"]
    await world.sandbox.settled(ngo.forges(f"wr:{world.body(HEALTH)}:phone"))
    await ngo.sees_toast("You have reported this contact already. Here is how it stands.")
    assert await states(world) == [("email", "open")]


async def test_five_reports_a_day(world: World) -> None:
    ngo = await newcomer(world, 1001, "Aigerim")
    codes = [HEALTH, "dep-abai-education", "dep-aktobe-internal-policy", "com-health-medical", "dep-aktobe-education"]
    codes.append("dep-abai-internal-policy")
    await world.says(ngo, "/help")
    for code in codes[:5]:
        await world.sandbox.settled(ngo.forges(f"wc:{world.body(code)}"))
        await world.taps(ngo, "The phone is wrong or silent", "Send without words")
    refused = "You have sent 5 reports today, and that is the most for one day. The next is possible from Wednesday"
    await world.sandbox.settled(ngo.forges(f"wc:{world.body(codes[5])}"))
    shown = await ngo.sees(f"{refused} 2 December, 00:00 (UTC+5) on.")
    assert shown.buttons == ["Back"]
    await world.sandbox.settled(ngo.forges(f"wr:{world.body(codes[5])}:phone"))
    await ngo.sees_toast(refused)
    assert len(await states(world)) == 5
    await world.move(hours=14)
    await world.sandbox.settled(ngo.forges(f"wr:{world.body(codes[5])}:phone"))
    await world.taps(ngo, "Send without words")
    assert len(await states(world)) == 6


async def test_two_coordinators_tap_at_once(world: World) -> None:
    await world.name_official(HEALTH, FORMER)
    keepers = [await coordinator(world, 3001), await coordinator(world, 3002)]
    ngo = await newcomer(world, 1001, "Aigerim")
    await reports_phone(world, ngo)
    taps = []
    for keeper, label in zip(keepers, ("Corrected", "The contact is right"), strict=True):
        await keeper.sees("One person says so", button=label)
        taps.append(world.sandbox.settled(keeper.taps(label)))
    await asyncio.gather(*taps)
    await world.rest()
    (row,) = await world.rows(ContactReport)
    corrected = row["state"] == "corrected"
    first, second = keepers if corrected else reversed(keepers)
    done = "corrected it" if corrected else "found the contact right"
    await first.sees(f"You {done} on 1 Dec 2026.")
    await second.sees_toast("This has been decided already. Here is how it stands now.")
    await second.sees(f"Another coordinator {done} on 1 Dec 2026.")
    await ngo.sees("Thank you: the contact has been corrected." if corrected else "checked it: the contact is right.")
    assert [kind for kind, _ in await world.notices()].count("report_answer") == 1


async def test_forged_taps_of_others_change_nothing(world: World) -> None:
    await world.name_official(HEALTH, FORMER)
    ngo, stranger = await newcomer(world, 1001, "Aigerim"), await newcomer(world, 1002, "Sample Stranger")
    near = await coordinator(world, 3001, region="reg-aktobe")
    await reports_phone(world, ngo)
    report, body = (await world.rows(ContactReport))[0]["id"], world.body(HEALTH)
    before = (await world.everything(), await world.rows(ContactReport))
    for person in (ngo, stranger, near):
        for data in (f"rp:{report}", f"rc:{report}:corrected", f"rc:{report}:confirmed", "rp:999", "rp:x", "rc:1"):
            await world.sandbox.settled(person.forges(data))
            await person.sees_toast(NOT_YOURS)
    for data in ("desk", "rl:0", "qm:0", "qq:1", "qc:1:1", "qt:1", "qn:1", f"qa:1:{body}", "wc:999", f"wr:{body}:x"):
        await world.sandbox.settled(ngo.forges(data))
        await ngo.sees_toast(NOT_YOURS)
    assert (await world.everything(), await world.rows(ContactReport)) == before
    await world.sandbox.settled(stranger.forges(f"ws:{body}:made-up"))
    await stranger.sees_toast("That button belongs to an earlier question. Here is the present one.")
    assert (await world.everything(), await world.rows(ContactReport)) == before


async def test_cancelled_or_looked_up_instead_nothing_is_sent(world: World) -> None:
    await world.official_of(HEALTH, 2001, FORMER)
    ngo = await known(world)
    await opens_card(world, ngo)
    await world.taps(ngo, "Wrong contact", "Something else")
    asked = await ngo.sees("Please write in a line what is wrong. The coordinators read it.")
    assert asked.buttons == ["Back"]
    await world.says(ngo, "/cancel")
    await ngo.sees("The report of a wrong contact was not sent.")
    await opens_card(world, ngo)
    await world.taps(ngo, "Wrong contact", "Something else")
    ngo.looks_away()
    await world.says(ngo, BODY["en"])  # a name of a body is a query
    await ngo.sees("The report of a wrong contact was not sent.")
    await ngo.sees(FORMER, button="Wrong contact")
    assert await states(world) == []
    await world.taps(ngo, "Wrong contact", "Something else")
    ngo.sends_sticker()
    await ngo.sees("I read texts only. Please answer in words; nothing was lost.")
    await world.says(ngo, "The office has moved")
    await ngo.sees(WAITS)
    assert await states(world) == [("other", "open")]
