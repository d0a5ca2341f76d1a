"""An NGO finds an official: by name in any language, among several, by browsing; and what it finds where nobody is."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import invitations
from storage.bodies import Body
from storage.posts import Holder, Post
from storage.queries import QueryChoice
from storage.records import Counter
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import BODY, FULL, HEALTH, TIES, button, newcomer

DOORS = ["Central bodies", "Regions", "What is it about?", "Back"]


async def test_a_clear_name_shows_the_card_at_once(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Айгүл (sample)")
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "Ministry of Healthcare")
    card = await ngo.sees("Ministry of Healthcare of the Republic of Kazakhstan")
    assert "Үлгі Айгүл (sample)" in card.text
    assert "Deputy head of department" in card.text
    assert "+7 7172 00 00 00" in card.text
    assert "sample@sample.example" in card.text
    assert "Hours: working days, 09:00–13:00, 14:30–18:30 (UTC+5)" in card.text
    assert "Published: Sample list" in card.text
    assert "Verified on 1 Dec 2026 by the published list." in card.text
    # Nobody would receive a request, so none can be sent, and the card says why.
    assert "A request cannot be sent from here yet" in card.text
    assert card.buttons == ["Contact card", "Copy e-mail", *TIES, "Bodies below it", "Back"]
    assert (card.button("Copy e-mail") or {})["copy_text"] == {"text": "sample@sample.example"}

    await world.taps(ngo, "Contact card")
    contact = ngo.shown.contact
    assert contact is not None
    assert (contact["phone_number"], contact["first_name"]) == ("+77172000000", "Үлгі Айгүл (sample)")
    vcard = contact["vcard"].replace("\r\n ", "")
    assert vcard.startswith("BEGIN:VCARD\r\nVERSION:4.0")
    assert "FN:Үлгі Айгүл (sample)" in vcard
    assert "sample@sample.example" in vcard


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_a_name_is_found_in_ones_own_language_and_the_card_speaks_it(world: World, language: str) -> None:
    await world.official_of(HEALTH, 2001, "Үлгі Айгүл (sample)")
    speech = world.speech(language)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    await world.says(ngo, BODY[language])
    card = await ngo.sees("Үлгі Айгүл (sample)")
    assert world.app.services.directory().tree.name(world.body(HEALTH), language) in card.text
    assert speech.psay("line", "Phone: {number}", number="+7 7172 00 00 00") in card.text
    assert speech.say("Verified on {date} by the official.", date=speech.date(START)) in card.text
    assert card.buttons == [button(speech, label) for label in FULL]


async def test_several_hits_are_offered_and_the_way_back_leads_to_them(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "управление образования")
    choice = await ngo.sees("Which one do you mean?")
    assert choice.text == "управление образования\nWhich one do you mean?"
    bodies = choice.buttons[:-5]
    assert 2 <= len(bodies) <= 6
    assert choice.buttons[-5:] == ["Choose my region", *DOORS]
    await world.taps(ngo, bodies[1])
    await ngo.sees(bodies[1])
    await world.taps(ngo, "Back")
    again = await ngo.sees("Which one do you mean?")
    assert again.buttons == choice.buttons
    assert again.message_id == choice.message_id  # walking edits one message


async def test_what_people_chose_comes_first_among_equals_and_nobody_is_named(world: World) -> None:
    first, second = await world.newcomer(1001, "Aigerim"), await world.newcomer(1002, "Bolat")
    await world.says(first, "управление образования")
    bodies = (await first.sees("Which one do you mean?")).buttons[:-5]
    for _ in range(2):
        await world.says(first, "Управление  образования")
        await first.sees("Which one do you mean?")
        await world.taps(first, bodies[3])
        await first.sees(bodies[3])
    chosen = [(row["text"], row["count"]) for row in await world.rows(QueryChoice)]
    assert chosen == [("управление образования", 2)]
    await world.says(second, "управление образования")
    again = (await second.sees("Which one do you mean?")).buttons[:-5]
    assert again == [bodies[3], *(body for body in bodies if body != bodies[3])]


async def test_nothing_found_shows_the_nearest_names_or_the_way_to_browse(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "qwxzqwxz vwqxz")
    nothing = await ngo.sees("I found no state body for that.")
    assert nothing.buttons == DOORS
    assert nothing.text.endswith("These words, without your name, go to the coordinators, who extend the list.")

    index = world.app.services.directory().index
    garbled = ("hlth mnstry qzx", "aktbe zzz qqq akmt", "xx policy yy zz ww", "mnstr of hltcre", "qostany wwwqq eduxx")
    distant = next(words for words in garbled if 0 < max([0.0, *(hit.score for hit in index.find(words).hits)]) < 0.6)
    await world.says(ngo, distant)
    several = len(index.find(distant, limit=6).hits) > 1
    nearest = await ngo.sees(f"Perhaps you mean {'one of these' if several else 'this one'}, or you browse")
    assert nearest.buttons[-4:] == DOORS
    await world.taps(ngo, nearest.buttons[0])
    tree, best = world.app.services.directory().tree, index.find(distant).hits[0]
    await ngo.sees(tree.name(best.body_id, "en"))


async def test_browsing_leads_from_level_to_region_to_body_in_three_taps(world: World) -> None:
    await world.official_of("dep-abai-education", 2001, "Үлгі Айгүл (sample)")
    ngo = await world.newcomer(1001, "Aigerim")
    await world.taps(ngo, "Regions", "Abai Region")
    listed = await ngo.sees("What are you looking for?")
    assert listed.buttons[-3:] == ["Cities", "Districts", "Back"]
    await world.taps(ngo, "Department of Education")
    card = await ngo.sees("Үлгі Айгүл (sample)")
    assert card.buttons == [*FULL[:-2], "Akimat of Abai Region", "Back"]
    await world.taps(ngo, "Back")
    assert (await ngo.sees("What are you looking for?")).buttons == listed.buttons
    await world.taps(ngo, "Districts")
    await ngo.sees("Page 1 of 2", button="Next page")
    await world.taps(ngo, "Next page")
    await ngo.sees("Page 2 of 2", button="Previous page")
    await world.taps(ngo, "Back", "Back", "Back", "Central bodies", "MoH: Healthcare")
    below = await ngo.sees("and what belongs to it")
    assert below.buttons[0] == "Ministry of Healthcare"
    assert len(below.buttons) == 5  # the ministry, its three committees, the way back


async def test_a_vacant_body_shows_the_next_rung_and_why(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "Department of Education of Aktobe Region")
    card = await ngo.sees("No official is named here at present. Next is the body above it: Akimat of Aktobe Region.")
    assert card.buttons == [*TIES, "Akimat of Aktobe Region", "Back"]

    await world.name_official("dep-aktobe-internal-policy", "Үлгі Айгүл (sample)")
    await world.says(ngo, "Department of Education of Aktobe Region")
    card = await ngo.sees("Next is the region's department for internal policy, which works with NGOs")
    assert "Үлгі Айгүл (sample)" in card.text
    assert "+7 7172 00 00 00" in card.text
    await world.taps(ngo, "Department of Internal Policy of Aktobe Region")
    await ngo.sees("Verified on 1 Dec 2026 by the published list.")
    await world.taps(ngo, "Back")
    await ngo.sees("Department of Education of Aktobe Region\n")


async def test_an_abolished_body_names_its_successor(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Үлгі Айгүл (sample)")
    await world.db.write(_abolish, "com-health-medical", HEALTH)
    await world.restart()
    ngo = await world.newcomer(1001, "Aigerim")
    tree = world.app.services.directory().tree
    name = tree.name(world.body("com-health-medical"), "en")
    await world.sandbox.settled(ngo.start(f"b_{world.body('com-health-medical')}"))
    card = await ngo.sees("Since 1 Nov 2026 this is: Ministry of Healthcare of the Republic of Kazakhstan.")
    assert name in card.text
    assert card.buttons == ["Ministry of Healthcare", "Back"]
    await world.taps(ngo, "Ministry of Healthcare")
    await ngo.sees("Үлгі Айгүл (sample)", button="Request a meeting")


def _abolish(session: Session, code: str, successor: str) -> None:
    to = session.scalars(select(Body.id).where(Body.code == successor)).one()
    changed: dict[str, Any] = {"abolished_on": date(2026, 11, 1), "successor_id": to}
    session.execute(update(Body).where(Body.code == code).values(changed))
    session.execute(update(Counter).where(Counter.name == "directory").values(value=Counter.value + 1))


async def test_anything_typed_gets_a_sentence_and_a_way_on(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    words = ["<b>&_", "🙂🙂🙂", "a & b < c > d", "\u202eАстана", "x" * 4096, "Министерство " * 315, "...", "0"]
    for typed in words:
        await world.says(ngo, typed)
        assert ngo.last.outgoing
        assert ngo.shown.buttons
    assert "went wrong" not in ngo.transcript


async def test_names_with_markup_are_shown_as_they_are(world: World) -> None:
    await world.name_official(HEALTH, "<b>&_ Үлгі </b>")
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, BODY["en"])
    await ngo.sees("<b>&_ Үлгі </b>")
    await world.taps(ngo, "Contact card")
    assert ngo.shown.contact is not None
    assert ngo.shown.contact["first_name"] == "<b>&_ Үлгі </b>"


async def test_a_coordinator_names_the_official_on_the_card_and_invites_him(world: World) -> None:
    coordinator = await world.newcomer(3001, "Sample Coordinator")
    payload = await world.db.write(invitations.invite_coordinator, None, invited_by=None, now=START)
    await world.sandbox.settled(coordinator.start(payload))
    await coordinator.sees("You are now a coordinator for the whole country.")
    await world.says(coordinator, BODY["en"])
    card = await coordinator.sees("No official is named here at present.")
    assert "Name an official" in card.buttons
    assert "Invite the official" not in card.buttons

    await world.taps(coordinator, "Name an official")
    await coordinator.sees("Surname, first name and patronymic of the official?")
    await world.says(coordinator, "Үлгі Айгүл (sample)")
    await world.says(coordinator, "Deputy director")
    await coordinator.sees("Work phone and e-mail, in one message?")
    await world.says(coordinator, "tomorrow")
    await coordinator.sees("I found neither a phone number nor an e-mail address in it.")
    await world.says(coordinator, "8 (7172) 00-00-01, sample@sample.example")
    named = await coordinator.sees("The official is named. You can now invite them.")
    assert "Verified on 1 Dec 2026 by the coordinator." in named.text
    assert named.buttons == [*FULL[:-1], "Reception hours", "Name an official", "Invite the official", "Back"]

    await world.taps(coordinator, "Invite the official")
    made = await coordinator.sees("It works once and for 14 days.")
    link = made.text[made.text.index("https://t.me/") :].split()[0]
    official = world.person(2001, "Sample Official")
    await world.sandbox.settled(official.follows(link))
    await world.taps(official, "English")
    bound = await official.sees("You are bound as the official of Ministry of Healthcare of the Republic of Kazakhstan")
    assert "The list names: Үлгі Айгүл (sample)." in bound.text
    holders = [(row["full_name"], row["person_id"] is not None) for row in await world.rows(Holder)]
    assert holders == [("Үлгі Айгүл (sample)", True)]

    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, BODY["en"])
    card = await ngo.sees("Үлгі Айгүл (sample)")
    assert card.buttons == FULL
    before = await world.everything()
    await world.sandbox.settled(ngo.forges(f"nm:{world.body(HEALTH)}", card))
    await ngo.sees_toast("This is not open to you, or it is not there any more. Nothing was changed.")
    assert await world.everything() == before
    assert len(await world.rows(Post)) > 400
