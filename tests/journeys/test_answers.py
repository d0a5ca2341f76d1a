"""What the office's side does with a request: one tap confirms; other times, no, the place; who may and who may not."""

import re

import pytest

from bot.sandbox.people import Person
from liaison import invitations
from storage.meetings import Meeting
from storage.records import AuditEntry
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import (
    BODY,
    HEALTH,
    NGO,
    asks,
    at,
    button,
    confirmed,
    known,
    newcomer,
    opens_card,
)

NOT_YOURS = "This is not open to you, or it is not there any more. Nothing was changed."


async def invited(world: World, code: str) -> str:
    """An invitation's payload for the post of a body."""
    return str(await world.db.write(invitations.invite_official, world.body(code), invited_by=None, now=START))


async def coordinator(world: World, number: int, name: str, region: str | None = None) -> Person:
    """A coordinator of a region or of the whole country."""
    region_id = world.body(region) if region else None
    payload = await world.db.write(invitations.invite_coordinator, region_id, invited_by=None, now=START)
    person = await newcomer(world, number, name)
    await world.sandbox.settled(person.start(payload))
    person.looks_away()
    return person


async def refused(world: World) -> list[object]:
    """What the log of refused invitations says."""
    return [row["details"]["result"] for row in await world.rows(AuditEntry) if row["what"] == "invitation-refused"]


def calendar(person: Person) -> dict[str, str]:
    """The newest calendar file a person has, by the names of its properties."""
    file = next(message for message in person.chat.newest() if message.document)
    assert file.file_name is not None and file.file_name.endswith(".ics")
    text = (file.document or b"").decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in text.splitlines())


async def test_an_invitation_survives_the_question_of_the_language(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Айгүл (sample)")
    payload = await invited(world, HEALTH)
    official = world.person(2001, "Sample Official")
    await world.sandbox.settled(official.start(payload))
    asked = await official.sees("Тілді таңдаңыз.\nВыберите язык.\nChoose your language.")
    assert asked.buttons == ["Қазақша", "Русский", "English"]
    await world.restart()
    await world.taps(official, "English")
    bound = await official.sees("You are bound as the official of Ministry of Healthcare of the Republic of Kazakhstan")
    assert "The list names: Үлгі Айгүл (sample)." in bound.text
    assert bound.buttons == ["My card", "My meetings", "Help"]

    official.looks_away()
    await world.sandbox.settled(official.start(payload))  # the same person again
    await official.sees("You are bound as the official of Ministry of Healthcare of the Republic of Kazakhstan")
    assert await refused(world) == []

    stranger = await newcomer(world, 2002, "Sample Stranger")
    before = await world.everything()
    await world.sandbox.settled(stranger.start(payload))
    await stranger.sees("This invitation is not valid or has been used by somebody else. Please ask the coordinator.")
    await world.sandbox.settled(stranger.start("i_made-up"))
    await stranger.sees("This invitation is not valid or has been used by somebody else.")
    assert await world.everything() == before
    assert await refused(world) == ["foreign", "foreign"]

    late = await invited(world, "min-justice")
    await world.move(days=15)
    await world.sandbox.settled(stranger.start(late))
    await stranger.sees("This invitation has expired. Please ask the coordinator for a new one.")
    assert await refused(world) == ["foreign", "foreign", "expired"]


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_one_tap_confirms_in_each_sides_language(world: World, language: str) -> None:
    native = {"kk": "Қазақша", "ru": "Русский"}[language]
    official = await world.official_of(HEALTH, 2001, "Үлгі Айгүл (sample)", native)
    speech, english = world.speech(language), world.speech("en")
    official.looks_away()
    ngo = await known(world)
    number = await asks(world, ngo)
    asked = speech.say("<b>ACTION NEEDED: please answer the request for a meeting {number}</b>", number=number)
    request = await official.sees(asked.striptags())
    body = world.app.services.directory().tree.name(world.body(HEALTH), language)
    assert speech.psay("line", "Body: {body}", body=body) in request.text
    assert speech.psay("line", "Organisation: {name}", name=NGO).unescape() in request.text
    first = speech.psay("button", "Confirm {time}", time=speech.slot(at(2, 9))).unescape()
    assert request.buttons[0] == first
    answers = [button(speech, label) for label in ("Other times", "Decline", "My meetings")]
    assert [label for label in request.buttons if label in answers] == answers

    await world.taps(official, first)  # the one tap
    await official.sees_toast(speech.say("Confirmed. The NGO is being told.").unescape())
    await world.rest()
    where = "Where will it be? Please write the address and the room, or send a pin on the map (attach, location)."
    await official.sees(speech.say(where).unescape())
    for person, said in ((official, speech), (ngo, english)):
        told = await person.sees(said.psay("line", "Confirmed: meeting {number}", number=number).unescape())
        assert said.psay("line", "When: <b>{when}</b>", when=said.when(at(2, 9))).striptags() in told.text
        assert said.say("Place: to follow. Phone of the office: {phone}", phone="+7 7172 00 00 00") in told.text
        assert calendar(person)["DTSTART"] == "20261202T040000Z"
    await world.says(official, "Мәңгілік Ел даңғ., 8, 214-бөл. <b>&_")
    await world.rest()
    for person, said in ((official, speech), (ngo, english)):
        placed = await person.sees(said.say("The place of meeting {number} is named", number=number).unescape())
        assert (
            said.psay("line", "Place: {place}", place="Мәңгілік Ел даңғ., 8, 214-бөл. <b>&_").unescape() in placed.text
        )


async def test_two_taps_at_once_have_one_winner(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Айгүл (sample)")
    first = await coordinator(world, 3001, "First")
    second = await coordinator(world, 3002, "Second")
    ngo = await known(world)
    number = await asks(world, ngo)
    for person in (first, second):
        request = await person.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")
        assert "The official of this body has not joined yet, so the request comes to you." in request.text
    taps = (first.taps("Confirm Wed 2 Dec 09:00"), second.taps("Confirm Wed 2 Dec 14:30"))
    await world.sandbox.settled(*taps)
    await world.rest()
    (meeting,) = await world.rows(Meeting)
    winner, loser = (first, second) if meeting["starts_at"] == at(2, 9) else (second, first)
    assert (meeting["state"], meeting["rev"]) == ("confirmed", 2)
    await winner.sees_toast("Confirmed. The NGO is being told.")
    await winner.sees("Where will it be?")
    await loser.sees_toast("This has been decided already. Here is how it stands now.")
    assert f"{number}. Confirmed" in loser.shown.text
    assert sum("Confirmed: meeting" in message.text for message in ngo.chat.messages) == 1


async def test_stale_forged_and_foreign_buttons_change_nothing_and_say_so(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    other = await world.official_of("min-justice", 2002, "Sample Second")
    ngo = await known(world)
    await asks(world, ngo)
    request = await official.sees("ACTION NEEDED")
    confirm = [row["callback_data"] for rows in request.rows for row in rows][:3]
    meeting_id = confirm[0].split(":")[1]

    before = await world.everything()
    forged = [
        *confirm,
        f"m:{meeting_id}:d",
        f"md:{meeting_id}:no_time",
        f"mo:{meeting_id}:busy",
        f"mx:{meeting_id}:ill",
    ]
    forged += [f"pc:{meeting_id}", f"mw:{meeting_id}", f"nt:{meeting_id}", f"sn:{meeting_id}", f"pk:{meeting_id}"]
    forged += [
        "zz",
        "mc:1",
        "mc:x:y",
        "mc:99:1",
        "m:",
        f"m:{'9' * 40}",
        "b:99999",
        f"b:{'9' * 40}",
        "h:1.99999",
        "w:r:-1",
    ]
    forged += ["w:g:1:z:0", "ti:1:y", "t:77", "l:de", f"iv:{world.body(HEALTH)}", "pl:1:x", "d:holder:x", "d:", ":"]
    for data in forged:
        await world.sandbox.settled(other.forges(data, other.shown))
    assert await world.everything() == before
    said = {toast.text for toast in other.toasts if toast.text}
    assert said == {NOT_YOURS}
    assert "went wrong" not in other.transcript
    for data in (confirm[0], f"md:{meeting_id}:no_time", f"m:{meeting_id}:o", f"mo:{meeting_id}:busy"):
        await world.sandbox.settled(ngo.forges(data, ngo.shown))  # the NGO cannot answer for the office
    rows = await world.rows(Meeting)
    assert [(row["state"], row["rev"]) for row in rows] == [("requested", 1)]

    await world.taps(official, "Confirm Wed 2 Dec 09:00", "Skip for now")
    await world.rest()
    before = await world.everything()
    for data in (*confirm, f"md:{meeting_id}:no_time", f"mo:{meeting_id}:busy"):
        official.looks_away()
        await world.sandbox.settled(official.forges(data))  # a button of the message as it was
        await official.sees_toast("This has been decided already. Here is how it stands now.")
        assert "UKL-26-000001. Confirmed" in official.shown.text
    assert await world.everything() == before


async def test_other_times_with_words_then_new_times_then_confirmed(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await asks(world, ngo)
    old = await official.sees("ACTION NEEDED")
    await world.taps(official, "Other times", "Let the NGO choose")
    why = await official.sees("Why do these times not suit you?")
    assert why.buttons == ["Away on these days", "Busy at these hours", "Too soon, later please", "Back"]
    await world.taps(official, "Back", "Other times", "Let the NGO choose", "Away on these days")
    await official.sees("Which days and hours would suit you?", button="Send without words")
    await world.says(official, "After 10 December, in the mornings & <b>early</b>")
    asked = await official.sees(f"{number}. The official asks for other times – not confirmed yet")
    assert "Reason: Away on these days. After 10 December, in the mornings & <b>early</b>" in asked.text
    await world.rest()

    told = await ngo.sees(f"ACTION NEEDED: the official asks for other times, request {number}")
    assert "Reason: Away on these days. After 10 December, in the mornings & <b>early</b>" in told.text
    assert told.buttons == ["Choose new times", "Withdraw the request", "My meetings"]
    await world.taps(ngo, "Choose new times")
    await ngo.sees("These are the nearest possible times")
    await world.taps(ngo, "Other days", "Fri 11 Dec", "09:00", "Use this time")
    await ngo.sees("Times: Friday 11 December, 09:00 (UTC+5)")
    await world.taps(ngo, "Send")
    await ngo.sees(f"Your request {number} is sent.")
    await world.rest()

    again = await official.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")
    assert again.buttons[:1] == ["Confirm Fri 11 Dec 09:00"]
    stale = old.button("Confirm Wed 2 Dec 09:00")
    assert stale is not None
    await world.sandbox.settled(official.forges(stale["callback_data"], old))
    await official.sees_toast("This has been decided already.")
    await world.taps(official, "Confirm Fri 11 Dec 09:00", "Skip for now")
    await world.rest()
    await ngo.sees(f"Confirmed: meeting {number}")
    (meeting,) = await world.rows(Meeting)
    assert (meeting["starts_at"], meeting["number"]) == (at(11, 9), number)


async def test_declined_with_a_ready_reason_or_in_ones_own_words(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await asks(world, ngo)
    await world.taps(official, "Decline")
    why = await official.sees(f"Decline request {number}? Please choose a reason; the NGO will read it.")
    assert why.buttons == ["No time at present", "Better in writing", "Another reason…", "Back"]
    await world.taps(official, "No time at present")
    await official.sees(f"{number}. Declined")
    await world.rest()
    told = await ngo.sees(f"Request {number} was declined")
    assert "Reason: No time at present" in told.text
    assert told.buttons == ["Back to the card", "My meetings"]
    await world.taps(ngo, "Back to the card")
    await ngo.sees("Sample Official", button="Request a meeting")

    number = await asks(world, ngo)
    await world.taps(official, "Decline", "Another reason…")
    await official.sees("Please write the reason; the NGO will read it.")
    await world.says(official, "x" * 601)
    await official.sees("That is too long: at most 600 characters.")
    await world.says(official, "Please ask the <i>department</i> of your region & _me_")
    await world.rest()
    told = await ngo.sees(f"Request {number} was declined")
    assert "Reason: Please ask the <i>department</i> of your region & _me_" in told.text


async def test_the_place_is_typed_offered_again_skipped_and_changed(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await asks(world, ngo)
    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.rest()
    asked = await official.sees("Where will it be? Please write the address and the room, or send a pin")
    assert asked.buttons == ["Skip for now"]
    await world.taps(official, "Skip for now")
    first = {}
    for person in (ngo, official):
        told = await person.sees(f"Confirmed: meeting {number}")
        assert "Place: to follow. Phone of the office: +7 7172 00 00 00" in told.text
        first[person.id] = calendar(person)
        assert first[person.id]["METHOD"] == "PUBLISH"
        assert "LOCATION" not in first[person.id]

    await world.taps(official, "Name the place")
    await official.sees("Where will it be?", button="Skip for now")
    await world.says(official, "Mangilik El 8, room 214")
    kept = await official.sees("Thank you. Both sides are being told.")
    assert kept.buttons == ["Change the place", "My meetings"]
    await world.rest()
    for person in (ngo, official):
        await person.sees(f"The place of meeting {number} is named")
        again = calendar(person)
        assert again["UID"] == first[person.id]["UID"]
        assert int(again["SEQUENCE"]) > int(first[person.id]["SEQUENCE"])
        assert again["LOCATION"] == "Mangilik El 8\\, room 214"
        assert sum("The place of meeting" in message.text for message in person.chat.messages) == 1
    await world.taps(official, "Change the place")
    await world.says(official, "Mangilik El 8, room 214")  # the same again tells nobody
    await world.rest()
    assert sum("The place of meeting" in message.text for message in ngo.chat.messages) == 1

    for person in (ngo, official):
        person.looks_away()
    number = await asks(world, ngo)
    await world.taps(official, "Confirm Wed 2 Dec 09:30")
    await world.rest()
    await official.sees("Where will it be?", button="As last time: Mangilik El 8, room 214")
    await world.taps(official, "As last time")
    await world.rest()
    placed = await ngo.sees(f"The place of meeting {number} is named")
    assert "Place: Mangilik El 8, room 214" in placed.text


async def test_a_place_typed_after_the_meeting_was_cancelled_says_so_and_lets_go(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await asks(world, ngo)
    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.rest()
    await world.taps(ngo, "Cancel the meeting", "The question is settled")
    await world.rest()
    official.looks_away()
    await world.says(official, "Mangilik El 8, room 214")
    assert f"{number}. Cancelled by the NGO" in official.shown.text
    assert "This has been decided already." in official.shown.text
    await world.says(official, BODY["en"])
    await official.sees("Ministry of Healthcare of the Republic of Kazakhstan", button="Contact card")


async def test_coordinators_answer_until_the_official_joins_and_takes_over(world: World) -> None:
    region, department = "reg-aktobe", "dep-aktobe-education"
    await world.name_official(department, "Үлгі Айгүл (sample)")
    await world.name_official(HEALTH, "Үлгі Әсел (sample)")
    country = await coordinator(world, 3001, "Country")
    near = await coordinator(world, 3002, "Near", region)
    ngo = await known(world)
    number = await asks(world, ngo)
    await country.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")

    await world.says(ngo, "Department of Education of Aktobe Region")
    await world.taps(ngo, "Request a meeting", "Education", "In person", "Use these 3 times", "Send")
    await world.rest()
    asked = await near.sees("ACTION NEEDED: please answer the request for a meeting UKL-26-000002")
    assert "Үлгі Айгүл (sample)" in asked.text  # whom to ask, and how
    assert "+7 7172 00 00 00" in asked.text
    assert "UKL-26-000002" not in country.transcript
    assert number not in near.transcript
    await world.sandbox.settled(near.forges("m:1"))  # not his region
    await near.sees_toast(NOT_YOURS)

    await world.says(near, "/my")
    await near.sees("UKL-26-000002")
    await world.sandbox.settled(near.taps("Confirm Thu 3 Dec 09:30", asked))
    await near.sees("Where will it be?")
    await world.says(near, "Room 5")
    await world.rest()
    await ngo.sees("The place of meeting UKL-26-000002 is named")
    await near.sees("The place of meeting UKL-26-000002 is named")

    ngo.looks_away()
    await world.says(ngo, "Department of Education of Aktobe Region")
    await world.taps(ngo, "Request a meeting", "Education", "In person", "Use these 3 times", "Send")
    await world.rest()
    waiting = await near.sees("ACTION NEEDED: please answer the request for a meeting UKL-26-000003")
    official = world.person(2001, "Sample Official")
    await world.sandbox.settled(official.start(await invited(world, department)))
    await world.taps(official, "English")
    await world.rest()
    taken = await official.sees("ACTION NEEDED: please answer the request for a meeting UKL-26-000003")
    assert "has not joined yet" not in taken.text
    await world.taps(official, taken.buttons[0])
    await world.rest()
    await ngo.sees("Confirmed: meeting UKL-26-000003")
    late = waiting.button(waiting.buttons[0])
    assert late is not None
    await world.sandbox.settled(near.forges(late["callback_data"], waiting))
    await near.sees_toast("This has been decided already.")
    await world.says(official, "/my")
    mine = await official.sees("Your requests and meetings")
    assert "UKL-26-000002" in mine.text and "UKL-26-000003" in mine.text


@pytest.mark.parametrize("world", [{"access": {"admins": [4001]}}], indirect=True)
async def test_without_coordinators_an_administrator_who_pressed_start_answers(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Әсел (sample)")
    stranger = await newcomer(world, 1009, "Stranger")
    assert "Request a meeting" not in (await opens_card(world, stranger)).buttons
    admin = await newcomer(world, 4001, "Admin")
    ngo = await known(world)
    number = await asks(world, ngo)
    request = await admin.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")
    await world.taps(admin, request.buttons[0])
    await world.rest()
    await ngo.sees(f"Confirmed: meeting {number}")


async def test_a_request_goes_on_to_coordinators_when_the_official_blocks_the_bot(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    helper = await coordinator(world, 3001, "Country")
    ngo = await known(world)
    await world.sandbox.settled(official.blocks())
    number = await asks(world, ngo)
    await helper.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")
    # Blocked without our being told: the send is refused, and the request goes to who is left.
    await world.sandbox.settled(official.start())
    official.chat.blocked = True
    number = await asks(world, ngo)
    await world.rest()
    await helper.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")


async def test_the_former_official_loses_access_when_another_is_named(world: World) -> None:
    await world.name_official(HEALTH, "Үлгі Әсел (sample)")
    payload = await invited(world, HEALTH)
    former = await newcomer(world, 2001, "Former")
    await world.sandbox.settled(former.start(payload))
    keeper = await coordinator(world, 3001, "Country")
    ngo = await known(world)
    number = await asks(world, ngo)
    request = await former.sees(f"ACTION NEEDED: please answer the request for a meeting {number}")
    await opens_card(world, keeper)
    await world.taps(keeper, "Name an official")
    for words in ("Үлгі Айгүл (sample)", "Deputy director", "+7 7172 00 00 01"):
        await world.says(keeper, words)
    await keeper.sees("The official is named. You can now invite them.")
    await world.rest()
    before = await world.everything()
    await world.sandbox.settled(former.taps(request.buttons[0], request))
    await former.sees_toast(NOT_YOURS)
    assert await world.everything() == before
    former.looks_away()
    await world.sandbox.settled(former.start(payload))
    assert not re.search("You are bound", former.shown.text)


async def test_cancelled_by_the_office_or_the_ngo_the_other_side_gets_the_calendar_file(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await confirmed(world, ngo, official)
    await world.taps(official, "Cancel the meeting")
    why = await official.sees("Cancel the meeting on Wednesday 2 December, 09:00 (UTC+5)?")
    assert why.buttons == ["Illness", "The question is settled", "No time at present", "Another reason…", "Keep it"]
    await world.taps(official, "Keep it", "Cancel the meeting", "Another reason…")
    await world.says(official, "Called away to <b>Astana</b>")
    await world.rest()
    told = await ngo.sees(f"Meeting {number} is cancelled")
    assert "Cancelled by the office." in told.text
    assert "Reason: Called away to <b>Astana</b>" in told.text
    assert calendar(ngo)["METHOD"] == "CANCEL"
    assert calendar(ngo)["STATUS"] == "CANCELLED"

    number = await asks(world, ngo)
    await world.taps(ngo, "Withdraw the request")
    await ngo.sees(f"Withdraw request {number}? The official will be told.")
    await world.taps(ngo, "Keep it", "Withdraw the request", "Yes, withdraw")
    await world.rest()
    await official.sees(f"The NGO withdrew request {number}")
