"""An NGO asks for a meeting: the first time and later, questions answered rightly and wrongly, left and taken up."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.sandbox.people import Person
from liaison.topics import name
from storage.drafts import Draft
from storage.meetings import Meeting
from storage.people import Organisation
from storage.people import Person as PersonRow
from storage.posts import Post
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import (
    BODY,
    FULL,
    HEALTH,
    NGO,
    asks,
    at,
    button,
    confirmed,
    known,
    newcomer,
    opens_card,
    to_preview,
    to_times,
)

BIN = "120340012345"
WRONG_BINS = {
    "1203400I2340": "A BIN has digits only.",
    "12034001234": "A BIN has 12 digits.",
    "900101300123": "This looks like an IIN, the number of a person.",
    "121340012345": "its third and fourth digits are no month",
    "120370012345": "This is not the BIN of an organisation.",
    "120340012341": "A digit of this BIN is mistaken.",
}


def shown_times(ngo: Person) -> list[str]:
    """The times on the screen, with their ticks."""
    return [label for label in ngo.shown.buttons if label.startswith(("Chosen: ", "Add: "))]


async def about(world: World, telegram_id: int) -> dict[str, Any]:
    """What is kept about a person."""
    return next(row for row in await world.rows(PersonRow) if row["telegram_id"] == telegram_id)


async def test_the_first_request_asks_for_consent_before_anything_personal(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await newcomer(world, 1001, "Aigerim")
    await opens_card(world, ngo)

    await world.taps(ngo, "Request a meeting")  # 1
    consent = await ngo.sees("First, your consent. To arrange meetings, Sample Foundation keeps your name")
    assert "whose servers are abroad" in consent.text
    await world.says(ngo, "Sampleva Aigerim")  # a text is no consent, but a query
    drafts = [row["data"] for row in await world.rows(Draft) if row["kind"] == "request"]
    assert drafts == [{"body": world.body(HEALTH)}]
    person = await about(world, 1001)
    assert (person["name"], person["phone"], person["consent_version"]) == (None, None, None)
    assert await world.rows(Organisation) == []

    await world.taps(ngo, "I agree")  # 2
    person = await about(world, 1001)
    assert person["consent_version"] is not None
    assert START.timestamp() <= person["consent_at"].timestamp() < START.timestamp() + 60
    await ngo.sees("What is your organisation called?")
    await world.says(ngo, NGO)
    await ngo.sees("Its BIN (12 digits)?", button="Without a BIN")
    for wrong, sentence in WRONG_BINS.items():
        await world.says(ngo, wrong)
        still = await ngo.sees(sentence)
        assert "Its BIN (12 digits)?" in still.text
        assert "or go on without it" in still.text
    await world.says(ngo, f"БИН {BIN[:6]} {BIN[6:]}")
    await ngo.sees("Your surname and first name?")
    await world.says(ngo, "Sampleva Aigerim")
    await ngo.sees("Your role in the organisation?")
    await world.says(ngo, "director")

    topics = await ngo.sees("What is the meeting about?")
    assert topics.buttons[:2] == ["Health", "Healthy life, drug prevention"]
    assert topics.buttons[2:] == ["Other topics", "Cancel the request", "Back"]
    await world.taps(ngo, "Health", "In person", "Use these 3 times")  # 3, 4, 5
    preview = await ngo.sees("This is a request to meet, not an official appeal.")
    assert "Topic: Health\nHow: In person\nTimes: Wednesday 2 December, 09:00 (UTC+5); Wed" in preview.text
    await world.says(ngo, "Ambulances in villages.\n<b>&_ 🙂")
    preview = await ngo.sees("Agenda: Ambulances in villages.\n<b>&_ 🙂")
    assert preview.buttons == ["Send", "More…", "Edit", "Cancel the request", "Back"]
    await world.taps(ngo, "Send")  # 6: of the eight that a first request may take
    await ngo.sees("Your request UKL-26-000001 is sent.")
    await ngo.sees("Waiting for the official's answer – not confirmed yet")
    (organisation,) = await world.rows(Organisation)
    assert (organisation["name"], organisation["bin"], organisation["verified_at"]) == (NGO, BIN, None)
    assert (await about(world, 1001))["name"] == "Sampleva Aigerim"

    told = await official.sees("ACTION NEEDED: please answer the request for a meeting UKL-26-000001")
    assert f"Organisation: {NGO} (BIN {BIN})" in told.text
    assert "Representative: Sampleva Aigerim, director" in told.text
    assert "Agenda: Ambulances in villages.\n<b>&_ 🙂" in told.text


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_the_first_request_in_ones_own_language_takes_eight_taps_at_most(world: World, language: str) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    speech = world.speech(language)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    await opens_card(world, ngo, language)
    taps = [button(speech, "Request a meeting"), button(speech, "I agree")]
    await world.taps(ngo, *taps)
    consent = speech.say("What is your organisation called? Please write its name.").unescape()
    await ngo.sees(consent)
    await world.says(ngo, "Үлгі «Үміт» ҚҚ")
    await world.says(ngo, "Бұл БСН емес")
    await ngo.sees(
        speech.say(
            "A BIN has digits only. Please check it (perhaps the letter O for a zero), or go on without it."
        ).unescape()
    )
    await world.taps(ngo, button(speech, "Without a BIN"))
    await world.says(ngo, "Үлгібаева Әсел")
    await world.says(ngo, "төрайым")
    more = [name("health", language), speech.psay("way to meet", "In person").unescape()]
    more += [speech.npsay("button", "Use this time", "Use these {n} times", 3).unescape(), button(speech, "Send")]
    await world.taps(ngo, *more)
    assert len(taps) + 1 + len(more) <= 8
    await ngo.sees(speech.say("<b>Your request {number} is sent.</b> You will be told here when the official answers.",
                              number="UKL-26-000001").striptags())  # fmt: skip


async def test_a_known_representative_needs_five_taps(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting", "Health", "Online", "Use these 3 times", "Send")
    await ngo.sees("Your request UKL-26-000001 is sent.")


async def test_times_are_unticked_ticked_and_taken_from_other_days(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await confirmed(world, ngo, official)  # Wednesday 2 December, 09:00 is taken from now on
    await to_times(world, ngo)
    nearest = await ngo.sees("These are the nearest possible times (UTC+5).")
    first, second, third = shown_times(ngo)
    assert (first, second) == ("Chosen: Wed 2 Dec 09:30", "Chosen: Wed 2 Dec 14:30")
    assert third.startswith("Chosen: Thu 3 Dec ")
    await world.taps(ngo, first, second)
    assert shown_times(ngo) == [first.replace("Chosen", "Add"), second.replace("Chosen", "Add"), third]
    assert "Use this time" in ngo.shown.buttons
    await world.taps(ngo, third)
    assert not any("Use" in label for label in ngo.shown.buttons)
    await world.taps(ngo, second.replace("Chosen", "Add"))
    assert "Use this time" in ngo.shown.buttons

    await world.taps(ngo, "Other days")
    days = await ngo.sees("Choose a day.")
    offered = [*days.buttons[:8]]
    await world.taps(ngo, "Next page")
    offered += (await ngo.sees("Choose a day.", button="Previous page")).buttons[:8]
    assert offered[:5] == ["Wed 2 Dec", "Thu 3 Dec", "Fri 4 Dec", "Mon 7 Dec", "Tue 8 Dec"]
    assert "Tue 15 Dec" in offered and "Thu 17 Dec" in offered
    assert "Wed 16 Dec" not in offered  # Independence Day
    assert not any(day.startswith(("Sat", "Sun")) for day in offered)
    assert "Tue 1 Dec" not in offered  # a day's notice at least

    await world.taps(ngo, "Previous page", "Wed 2 Dec")
    hours = await ngo.sees("Wednesday 2 December: choose a time (UTC+5).")
    free = [label for label in hours.buttons if ":" in label]
    assert "09:00" not in free  # the meeting that is confirmed
    assert free[:3] == ["09:30", "10:00", "10:30"]
    assert "13:00" not in free and "14:00" not in free  # lunch
    await world.taps(ngo, "Next page")
    later = [label for label in ngo.shown.buttons if ":" in label]
    assert (free + later)[-1] == "18:00"
    await world.taps(ngo, "18:00")
    assert shown_times(ngo) == ["Chosen: Wed 2 Dec 18:00"]
    await world.taps(ngo, "Other days", "Fri 4 Dec", "09:00", "Other days", "Fri 4 Dec", "09:30")
    await world.taps(ngo, "Other days", "Fri 4 Dec", "10:00")
    await ngo.sees_toast("At most 3 times can be chosen. Take one away first.")
    await world.taps(ngo, "Back", "Use these 3 times", "Send")
    sent = await ngo.sees("Times offered:")
    assert "Fri" in sent.text and "18:00" in sent.text
    assert nearest.message_id != sent.message_id


async def test_an_officials_own_windows_are_what_is_offered(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    await world.db.write(_windows, world.body(HEALTH), [{"weekday": 3, "start": "15:00", "end": "16:00"}])
    ngo = await known(world)
    card = await opens_card(world, ngo)
    assert "Reception: Thu 15:00–16:00 (UTC+5)" in card.text
    await world.taps(ngo, "Request a meeting", "Health", "Online")
    assert shown_times(ngo) == ["Chosen: Thu 3 Dec 15:00", "Chosen: Thu 10 Dec 15:00", "Chosen: Thu 17 Dec 15:00"]
    await world.taps(ngo, "Other days")
    assert all(label.startswith("Thu ") for label in ngo.shown.buttons[:8])
    await world.taps(ngo, "Thu 3 Dec")
    assert [label for label in ngo.shown.buttons if ":" in label] == ["15:00", "15:30"]


def _windows(session: Session, body_id: int, windows: list[dict[str, object]]) -> None:
    session.execute(update(Post).where(Post.body_id == body_id).values(windows=windows))


async def test_a_call_asks_for_the_number_typed_or_shared(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_times(world, ngo, mode="phone")
    await ngo.sees("Which number should the official call?")
    await world.says(ngo, "call me maybe")
    again = await ngo.sees("I cannot read this as a phone number.")
    assert "Which number should the official call?" in again.text
    await world.sandbox.settled(ngo.sends_sticker())
    again = await ngo.sees("I read texts only. Please answer in words; nothing was lost.")
    assert "Which number should the official call?" in again.text
    await world.sandbox.settled(ngo.sends_contact("+77010000000"))
    await ngo.sees("These are the nearest possible times")
    await world.taps(ngo, "Use these 3 times")
    await ngo.sees("Number to call: +7 701 000 0000")
    await world.taps(ngo, "Send")
    await world.rest()
    await official.sees("Number to call: +7 701 000 0000")
    await asks(world, ngo, mode="phone", phone="8 701 000 00 01")
    await official.sees("Number to call: +7 701 000 0001")


async def test_a_sticker_or_too_long_a_text_leaves_the_question_open(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await newcomer(world, 1001, "Aigerim")
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting", "I agree")
    acts: list[Callable[[], int]] = [
        ngo.sends_sticker,
        ngo.sends_voice,
        ngo.sends_photo,
        ngo.sends_location,
        ngo.sends_contact,
    ]
    for act in acts:
        ngo.looks_away()
        await world.sandbox.settled(act())
        still = await ngo.sees("I read texts only. Please answer in words; nothing was lost.")
        assert "What is your organisation called?" in still.text
    for length in (201, 4096):
        await world.says(ngo, "ә" * length)
        still = await ngo.sees("That is too long: at most 200 characters. Nothing was lost")
        assert "What is your organisation called?" in still.text
    await world.says(ngo, "x")
    await ngo.sees("That is too short.")
    await world.says(ngo, "<b>&_ «Үміт» \u202eqq")
    await ngo.sees("Its BIN (12 digits)?")
    await world.taps(ngo, "Without a BIN")
    await world.says(ngo, "<i>&amp;</i> Aigerim 🙂")
    await world.says(ngo, "<b>&_")
    await world.taps(ngo, "Health", "In person", "Use these 3 times")
    await world.says(ngo, "&" * 601)
    still = await ngo.sees("That is too long: at most 600 characters.")
    assert "This is a request to meet" in still.text
    await world.says(ngo, "<" * 600)
    await world.taps(ngo, "Send")
    sent = await ngo.sees("Waiting for the official's answer")
    assert "Organisation: <b>&_ «Үміт» qq" in sent.text
    assert "Representative: <i>&amp;</i> Aigerim 🙂, <b>&_" in sent.text
    assert "<" * 600 in sent.text


async def test_a_text_that_names_a_body_is_asked_about(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await newcomer(world, 1001, "Aigerim")
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting", "I agree")

    await world.says(ngo, "Министерство юстиции")
    asked = await ngo.sees("“Министерство юстиции” is also the name of a state body. What do you mean?")
    assert asked.buttons == ["Search for it", "It is my answer"]
    await world.taps(ngo, "Search for it")
    card = await ngo.sees("Ministry of Justice of the Republic of Kazakhstan")
    assert "Continue my request" in card.buttons
    await world.taps(ngo, "Continue my request")
    await ngo.sees("What is your organisation called?")

    await world.says(ngo, "Министерство юстиции")
    await world.taps(ngo, "It is my answer")
    await ngo.sees("Its BIN (12 digits)?")
    drafts = [row["data"] for row in await world.rows(Draft) if row["kind"] == "request"]
    assert drafts == [{"body": world.body(HEALTH), "consent": "yes", "org_name": "Министерство юстиции"}]


async def test_another_answer_in_place_of_the_one_asked_about(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await newcomer(world, 1001, "Aigerim")
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting", "I agree")
    await world.says(ngo, "Министерство юстиции")
    await ngo.sees("What do you mean?")
    await world.says(ngo, NGO)
    await ngo.sees("Its BIN (12 digits)?")


async def test_the_draft_survives_a_restart_and_stale_buttons_show_the_present_question(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting")
    topics = await ngo.sees("What is the meeting about?")
    await world.taps(ngo, "Health")
    modes = await ngo.sees("How would you like to meet?")
    await world.restart()
    await world.taps(ngo, "In person")
    await ngo.sees("These are the nearest possible times")

    before = await world.everything()
    for old, label in ((topics, "Healthy life, drug prevention"), (topics, "Back"), (modes, "Online")):
        ngo.looks_away()
        data = old.button(label)
        assert data is not None
        await world.sandbox.settled(ngo.forges(data["callback_data"]))
        await ngo.sees_toast("That button belongs to an earlier question. Here is the present one.")
        assert "These are the nearest possible times" in ngo.shown.text
    assert await world.everything() == before

    await world.stop_bot()
    ngo.taps("Use these 3 times")  # while nobody is there; it is dealt with later
    await world.start_bot()
    await ngo.sees("This is a request to meet")
    await world.taps(ngo, "Back")
    await ngo.sees("These are the nearest possible times")
    await world.taps(ngo, "Back", "Back")
    await ngo.sees("What is the meeting about?")


async def test_cancel_says_what_was_dropped_in_every_state(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await world.says(ngo, "/cancel")
    nothing = await ngo.sees("There was nothing to cancel.")
    assert nothing.buttons == ["Central bodies", "Regions", "What is it about?", "My meetings", "Help"]
    await to_preview(world, ngo)
    await world.says(ngo, "/cancel")
    await ngo.sees("The request you were writing was dropped; nothing was sent.")
    assert [row["kind"] for row in await world.rows(Draft) if row["kind"] != "start"] == []
    assert await world.rows(Meeting) == []
    await world.taps(ngo, "Send")  # the button of the dropped preview
    await ngo.sees_toast("That button belongs to an earlier question.")
    assert await world.rows(Meeting) == []


async def test_an_unfinished_request_is_offered_again_under_other_cards(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    await world.official_of("min-justice", 2002, "Sample Second")
    ngo = await known(world)
    await to_times(world, ngo)
    await world.move(hours=2)  # a question of two hours ago does not take a text as its answer
    await world.says(ngo, "Ministry of Justice")
    card = await ngo.sees("Sample Second")
    alone = [label for label in FULL if label != "Bodies below it"]
    assert card.buttons == [alone[0], "Continue my request", *alone[1:]]
    await world.taps(ngo, "Continue my request")
    question = await ngo.sees("These are the nearest possible times")
    assert "Request to: Ministry of Healthcare" in question.text
    await world.move(days=8)
    await world.says(ngo, "Ministry of Justice")
    card = await ngo.sees("Sample Second")
    assert card.buttons == alone


async def test_where_nobody_can_be_reached_there_is_no_request_button(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await opens_card(world, ngo)
    old = ngo.shown
    await world.sandbox.settled(official.blocks())
    await world.says(ngo, BODY["en"])
    card = await ngo.sees("A request cannot be sent from here yet: neither this official nor a coordinator has joined.")
    assert card.buttons == FULL[1:]
    await world.sandbox.settled(ngo.forges(f"rq:{world.body(HEALTH)}", old))
    await ngo.sees_toast("A request cannot be sent yet: neither this official nor a coordinator can be reached here.")
    assert "Ministry of Healthcare" in ngo.shown.text
    await world.sandbox.settled(official.start())
    await world.says(ngo, BODY["en"])
    await ngo.sees("Sample Official", button="Request a meeting")


async def test_send_tapped_twice_is_one_request(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.sandbox.settled(ngo.taps("Send"), ngo.taps("Send"))
    await world.rest()
    await ngo.sees("Your request UKL-26-000001 is sent.")
    assert [row["number"] for row in await world.rows(Meeting)] == ["UKL-26-000001"]
    assert sum("ACTION NEEDED" in message.text for message in official.chat.messages) == 1

    repeated = world.sandbox.faults.repeat_updates("callback_query", count=1)
    await to_preview(world, ngo)
    await world.taps(ngo, "Send")
    await world.rest()
    assert repeated.hits == 1
    assert [row["number"] for row in await world.rows(Meeting)] == ["UKL-26-000001", "UKL-26-000002"]


async def test_a_known_bin_makes_a_separate_organisation_until_a_member_lets_in(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    first = await known(world, 1001, "Aigerim", bin_number=BIN)
    await asks(world, first)
    second = await known(world, 1002, "Dana", organisation="Umit again", bin_number=BIN)
    third = await known(world, 1003, "Erlan", organisation="Umit too", bin_number=BIN)
    assert [(row["bin"], row["verified_at"]) for row in await world.rows(Organisation)] == [(BIN, None)] * 3
    await asks(world, second)
    await world.says(second, "/my")
    listed = await second.sees("Your requests and meetings")
    assert "UKL-26-000002" in listed.text
    assert "UKL-26-000001" not in listed.text  # only one's own until let in

    asked = await first.sees(f"Sampleva Dana (director) says that they speak for {NGO} and gave its BIN.")
    assert asked.buttons == ["Let in", "Do not let in", "Back"]
    other = await first.sees("Sampleva Erlan (director) says")
    before = await world.everything()
    forged = asked.button("Let in")
    assert forged is not None
    await world.sandbox.settled(second.forges(forged["callback_data"]))
    await second.sees_toast("This is not open to you")
    assert await world.everything() == before

    await world.sandbox.settled(first.taps("Let in", asked))
    await first.sees(f"Sampleva Dana now speaks for {NGO}.")
    await world.sandbox.settled(first.taps("Do not let in", other))
    await first.sees(f"Sampleva Erlan was not let into {NGO}.")
    await world.rest()
    await second.sees(f"You now speak for {NGO}. Its requests are in /my.")
    await third.sees(f"The representatives of {NGO} did not let you in. Your own requests stay as they are.")
    await world.says(second, "/my")
    listed = await second.sees("UKL-26-000001")
    assert "UKL-26-000002" in listed.text
    await world.says(third, "/my")
    await third.sees("You have no open requests or coming meetings.")


async def test_times_that_are_gone_when_sending_are_chosen_anew(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    rival = await known(world, 1002, "Dana", organisation="Sample rival")
    await to_times(world, rival)
    await world.taps(rival, "Chosen: Wed 2 Dec 14:30", "Chosen: Thu 3 Dec 09:00", "Use this time")
    await rival.sees("Times: Wednesday 2 December, 09:00 (UTC+5)")
    await confirmed(world, ngo, official)
    await world.taps(rival, "Send")
    await rival.sees("None of the chosen times is free any more. Nothing was sent; please choose other times.")
    assert len(await world.rows(Meeting)) == 1
    assert "These are the nearest possible times" in rival.shown.text
    assert "Chosen: Wed 2 Dec 09:00" not in rival.shown.buttons
    await world.taps(rival, "Use these 3 times", "Send")
    await rival.sees("Your request UKL-26-000002 is sent.")


async def test_a_draft_of_yesterday_does_not_get_round_the_minimum_notice(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.go_to(at(2, 8, 30))  # Wednesday: today's 09:00 would come without a day's notice
    await world.taps(ngo, "Send")
    sent = await ngo.sees("Times offered:")
    assert "Wednesday 2 December" not in sent.text
    assert "Thursday 3 December, 09:00" in sent.text
