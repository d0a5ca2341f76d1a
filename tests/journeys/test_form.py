"""A request that says more: the head of the body, who comes along, files, other answers, several bodies; and caps."""

import re

import pytest

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from liaison.topics import name
from storage.drafts import Draft
from storage.meetings import Attachment, Meeting
from tests.journeys.conftest import World
from tests.journeys.dialogues import (
    HEALTH,
    at,
    button,
    confirmed,
    known,
    opens_card,
    to_preview,
    to_times,
)

JUSTICE = "min-justice"
LABOUR = "min-labour"
LANGUAGES = ["kk", "ru", "en"]
MEGABYTE = 1024 * 1024


async def form(world: World) -> dict[str, object]:
    """What the request's draft holds."""
    return next(dict(row["data"]) for row in await world.rows(Draft) if row["kind"] == "request")


def documents(person: Person) -> list[tuple[str, str]]:
    """The files that the bot sent to a person: what it is, and its caption."""
    found = [message for message in person.chat.messages if message.outgoing]
    return [(kind, message.text) for message in found for kind in ("document", "photo") if kind in message.body]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_plain_way_takes_no_tap_more_than_before(world: World, language: str) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    speech, ngo = world.speech(language), await known(world, language=language)
    await opens_card(world, ngo, language)
    taps = [button(speech, "Request a meeting"), name("health", language)]
    taps += [speech.psay("way to meet", "In person").unescape()]
    taps += [speech.npsay("button", "Use this time", "Use these {n} times", 3).unescape()]
    await world.taps(ngo, *taps)
    labels = [button(speech, text) for text in ("Send", "More…", "Edit", "Cancel the request", "Back")]
    assert ngo.shown.buttons == labels
    taps += labels[:1]
    await world.taps(ngo, *taps[-1:])
    assert len(taps) <= 6
    told = await official.sees("ACTION NEEDED: please answer the request for a meeting UKL-26-000001")
    for word in ("Files", "Comes along", "Also sent to", "head of the body"):
        assert word not in told.text
    assert "Show the files" not in told.buttons


@pytest.mark.parametrize("language", LANGUAGES)
async def test_with_the_head_and_who_comes_along(world: World, language: str) -> None:
    official = await world.official_of(
        HEALTH, 2001, "Sample Official", {"kk": "Қазақша", "ru": "Русский"}.get(language, "English")
    )
    speech, ngo = world.speech(language), await known(world, language=language)
    say, psay = speech.say, speech.psay
    await to_preview(world, ngo, language)
    await world.taps(ngo, button(speech, "More…"))
    await ngo.sees(
        say(
            "What else should the official know? You may also send documents or photos here, up to {n}.", n=3
        ).unescape()
    )
    await world.taps(ngo, button(speech, "With whom"), button(speech, "The head of the body"))
    arranged = say("With the head of the body; the official arranges it").unescape()
    await ngo.sees(arranged)
    await world.taps(ngo, button(speech, "More…"), button(speech, "Who comes along"))
    await ngo.sees(
        say(
            "Who comes along with you? Please write the names, each on a line of its own, at most {n}.", n=10
        ).unescape()
    )
    await world.says(ngo, "\n".join(f"Sampleva {letter}" for letter in "ABCDEFGHIJK"))
    many = speech.nsay(
        "At most {n} name can be given. Nothing was changed; please send fewer.",
        "At most {n} names can be given. Nothing was changed; please send fewer.",
        10,
    )
    again = await ngo.sees(many.unescape())
    assert button(speech, "Back") in again.buttons
    await world.says(ngo, "Үлгібаева Әсел\n<b>&_ Samplev")
    names = psay("line", "Comes along: {names}", names="Үлгібаева Әсел, <b>&_ Samplev").unescape()
    preview = await ngo.sees(names)
    assert arranged in preview.text
    await world.says(ngo, "Ambulances")  # a text under the preview is still the agenda
    await ngo.sees(psay("line", "Agenda: {agenda}", agenda="Ambulances").unescape())
    await world.taps(ngo, button(speech, "Send"))
    await world.rest()
    told = await official.sees("UKL-26-000001")
    mine = await ngo.sees(psay("line", "Agenda: {agenda}", agenda="Ambulances").unescape())
    for card in (told, mine):
        assert arranged in card.text
        assert names in card.text
    (row,) = await world.rows(Meeting)
    assert (row["with_head"], row["attendees"]) == (True, ["Үлгібаева Әсел", "<b>&_ Samplev"])


async def test_the_head_and_the_names_are_taken_back(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.taps(ngo, "More…", "With whom", "The head of the body", "More…", "Who comes along")
    await world.says(ngo, "Sampleva Dana")
    await world.taps(ngo, "More…", "With whom", "The official", "More…", "Who comes along", "Nobody comes along")
    preview = await ngo.sees("You may write what you want to discuss, up to 600 characters, or send without it.")
    assert "head of the body" not in ngo.shown.text
    assert "Comes along" not in ngo.shown.text
    await world.taps(ngo, "Send")
    told = await official.sees("ACTION NEEDED")
    assert "head of the body" not in told.text
    assert preview.message_id < ngo.shown.message_id


async def test_files_come_with_the_request_and_are_shown_to_those_who_may_see_it(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    stranger = await known(world, 1002, "Dana", organisation="Sample rival")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.sandbox.settled(ngo.sends_document("Note <b>.pdf", b"note"))
    await ngo.sees("Files: Note <b>.pdf")
    await world.sandbox.settled(ngo.sends_photo(b"ramp", caption="The ramp of the clinic"))
    preview = await ngo.sees("Files: Note <b>.pdf, photo 2")
    assert "Agenda: The ramp of the clinic" in preview.text
    await world.sandbox.settled(ngo.sends_document("Note again.pdf", b"note"))  # the same file once more
    assert "Files: Note <b>.pdf, photo 2\n" in ngo.shown.text
    await world.sandbox.settled(ngo.sends_document("Plan.docx", b"plan", caption="Look here"))
    await ngo.sees("The words under the file are not kept; write them here as the agenda.")
    await world.taps(ngo, "Send")
    await world.rest()

    told = await official.sees("ACTION NEEDED")
    assert "Files: 3" in told.text
    await world.taps(official, "Show the files")
    assert documents(official) == [
        ("document", "UKL-26-000001: Note <b>.pdf"),
        ("photo", "UKL-26-000001: photo 2"),
        ("document", "UKL-26-000001: Plan.docx"),
    ]
    assert official.shown.document == b"plan"
    await world.taps(ngo, "Show the files")
    assert len(documents(ngo)) == 3

    before = await world.everything()
    await world.sandbox.settled(stranger.forges("fs:1"))
    await stranger.sees_toast("This is not open to you")
    assert documents(stranger) == []
    assert await world.everything() == before

    kept = await world.rows(Attachment)
    world.sandbox.files.lose(kept[0]["file_id"])
    await world.taps(official, "Show the files")
    gone = await official.sees("Telegram does not have this file any more: Note <b>.pdf. Please ask the NGO for it.")
    assert gone.buttons == ["Back to the meeting"]
    assert len(documents(official)) == 5
    await world.taps(official, "Back to the meeting")
    await official.sees("Waiting for the official's answer")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_file_that_is_not_taken_says_what_is_wrong_and_loses_nothing(world: World, language: str) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    speech, ngo = world.speech(language), await known(world, language=language)
    say = speech.say
    await to_preview(world, ngo, language)
    await world.sandbox.settled(ngo.sends_document("note.pdf", b"note"))
    types = "pdf, doc, docx, xls, xlsx, ppt, pptx, odt, ods, txt, jpg, jpeg, png"
    wrong = say("A file of this type is not taken. These are: {types}. Nothing else was lost.", types=types)
    large = say("This file is too large: at most {most} MB. Nothing else was lost; please send a smaller one.", most=20)
    words = say("Here I take texts, documents and photos only. Nothing was lost.")
    kept = speech.psay("line", "Files: {names}", names="note.pdf").unescape()
    for update, sentence in (
        (ngo.sends_document("note.exe", b"x"), wrong),
        (ngo.sends_document("large.pdf", bytes(20 * MEGABYTE + 1)), large),
        (ngo.sends_voice(), words),
        (ngo.sends_sticker(), words),
    ):
        await world.sandbox.settled(update)
        told = await ngo.sees(sentence.unescape())
        assert kept in told.text
        assert button(speech, "Send") in told.buttons
    await world.sandbox.settled(ngo.sends_document("just.pdf", bytes(20 * MEGABYTE)))
    assert len((await form(world))["files"]) == 2  # type: ignore[arg-type]


async def test_an_album_fills_the_places_and_one_file_makes_room_for_another(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_preview(world, ngo)
    sent = [ngo.sends_photo(f"photo {n}".encode(), album="one") for n in range(4)]
    await world.sandbox.settled(*sent)
    full = await ngo.sees("At most 3 files can be added, so this one was not. Nothing was lost;")
    assert "Files: photo 1, photo 2, photo 3\n" in full.text
    await world.taps(ngo, "More…", "Files")
    pane = await ngo.sees("Send documents or photos here, up to 3, at most 20 MB each: pdf, doc, docx")
    assert pane.buttons == [
        "Take away: photo 1",
        "Take away: photo 2",
        "Take away: photo 3",
        "Cancel the request",
        "Back",
    ]
    await world.taps(ngo, "Take away: photo 2")
    assert ngo.shown.buttons[:2] == ["Take away: photo 1", "Take away: photo 2"]
    await world.sandbox.settled(ngo.sends_document("A very long name of a document about ambulances.odt", b"x"))
    label = await ngo.sees("Send documents", button="Take away: A very long name of a…")
    await world.taps(ngo, "Back", "Back", "Send")
    assert [row["kind"] for row in await world.rows(Attachment)] == ["photo", "photo", "document"]
    assert len(label.buttons) == 5


async def test_a_file_elsewhere_is_refused_politely(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await world.sandbox.settled(ngo.sends_document("note.pdf", b"note"))
    await ngo.sees("I read texts only. Write a body, a place or a topic.")
    await to_times(world, ngo)
    await world.sandbox.settled(ngo.sends_document("note.pdf", b"note"))
    await ngo.sees("I read texts only.")
    assert await world.rows(Attachment) == []


async def test_any_earlier_answer_is_changed_from_the_preview(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.says(ngo, "Ambulances")
    await world.taps(ngo, "Edit")
    pane = await ngo.sees("What would you like to change? The rest stays as it is.")
    assert pane.buttons == ["The topic", "The way to meet", "The times", "Cancel the request", "Back"]
    await world.taps(ngo, "The topic", "Healthy life, drug prevention")
    await ngo.sees(re.compile(r"Topic: Healthy life, drug prevention\nHow: In person\n[^\n]*\nAgenda: Ambulances"))
    await world.taps(ngo, "Edit", "The way to meet", "By phone")
    await ngo.sees("Which number should the official call?")
    await world.taps(ngo, "Back")
    assert "How: In person" in ngo.shown.text
    await world.taps(ngo, "Edit", "The way to meet", "By phone")
    await world.says(ngo, "8 701 000 00 01")
    await ngo.sees("Number to call: +7 701 000 0001")
    await world.taps(ngo, "Edit", "The times", "Chosen: Wed 2 Dec 09:00", "Use these 2 times")
    preview = await ngo.sees(re.compile(r"Times: Wednesday 2 December, 14:30 \(UTC\+5\); Thursday"))
    assert "Agenda: Ambulances" in preview.text
    await world.taps(ngo, "Send")
    told = await official.sees("ACTION NEEDED")
    assert "Topic: Healthy life, drug prevention\nHow: By phone" in told.text


async def test_one_request_to_three_bodies(world: World) -> None:
    officials = {
        code: await world.official_of(code, 2001 + n, f"Sample {n}") for n, code in enumerate((HEALTH, JUSTICE, LABOUR))
    }
    tree, ngo = world.app.services.directory().tree, await known(world)
    await to_preview(world, ngo)
    await world.taps(ngo, "More…", "Also to other bodies")
    pane = await ngo.sees("Bodies: 1 of 5")
    assert "Each offers its own free times, and each sees whom else you asked." in pane.text
    await world.says(ngo, "Ministry of Justice")
    await world.taps(ngo, "Add: Ministry of Justice")
    pane = await ngo.sees("Bodies: 2 of 5")
    assert (
        "Also to: Ministry of Justice of the Republic of Kazakhstan – Wed 2 Dec 09:30; Wed 2 Dec 15:00; Thu"
        in pane.text
    )
    assert "Chosen: Ministry of Justice" in pane.buttons

    await world.says(ngo, "Ministry of Education")
    lonely = next(label for label in ngo.shown.buttons if label.startswith("Add: Ministry of "))
    await world.taps(ngo, lonely)
    told = await ngo.sees(
        "Nobody can receive a request to this body yet: neither its official nor a coordinator has joined."
    )
    assert "Bodies: 2 of 5" in told.text
    await world.says(ngo, "xyzzy qwrtplk")
    await ngo.sees("Nothing was found by these words. Please write the name in another way.")
    await world.says(ngo, tree.name(world.body(LABOUR), "en"))
    labour = next(label for label in ngo.shown.buttons if label.startswith("Add: Ministry of Labour"))
    await world.taps(ngo, labour)
    await ngo.sees("Bodies: 3 of 5")
    await world.taps(ngo, "Done")
    preview = await ngo.sees("This is a request to meet, not an official appeal.")
    assert preview.text.count("Also to: ") == 2

    taps = len(ngo.chat.messages)
    await world.taps(ngo, "Send")
    await world.rest()
    await ngo.sees("Your 3 requests are sent. You will be told here when an official answers.")
    summary = await ngo.sees("One request to several bodies")
    assert summary.buttons == ["Open UKL-26-000001", "Open UKL-26-000002", "Open UKL-26-000003", "My meetings"]
    assert len(ngo.chat.messages) == taps + 1  # the preview became the first of both
    for n, (code, official) in enumerate(officials.items(), start=1):
        body = tree.name(world.body(code), "en")
        assert f"UKL-26-00000{n} – {body}\nWaiting for the official's answer – not confirmed yet" in summary.text
        asked = await official.sees(f"ACTION NEEDED: please answer the request for a meeting UKL-26-00000{n}")
        others = [other for other in officials if other != code]
        line = next(line for line in asked.text.split("\n") if line.startswith("Also sent to: "))
        assert all(tree.name(world.body(other), "en") in line for other in others)
        assert "All sent together" not in asked.buttons
    times = [re.findall(r"Confirm (.*)", "\n".join(official.shown.buttons)) for official in officials.values()]
    assert [len(one) for one in times] == [3, 3, 3]
    assert len({time for one in times for time in one}) == 9

    await world.taps(ngo, "Open UKL-26-000002", "Withdraw the request", "Yes, withdraw")
    await world.rest()
    await officials[JUSTICE].sees("The NGO withdrew request UKL-26-000002")
    assert [row["state"] for row in await world.rows(Meeting)] == ["requested", "withdrawn", "requested"]
    await world.taps(ngo, "All sent together")
    shown = await ngo.sees("One request to several bodies")
    assert shown.text.count("Withdrawn by the NGO") == 1
    assert shown.text.count("Waiting for the official's answer") == 2
    before = await world.everything()
    await world.sandbox.settled(officials[HEALTH].forges("bt:1"))
    await officials[HEALTH].sees_toast("This is not open to you")
    assert await world.everything() == before


@pytest.mark.parametrize("language", LANGUAGES)
async def test_suggestions_are_of_the_same_topic(world: World, language: str) -> None:
    speech = world.speech(language)
    tree = world.app.services.directory().tree
    for n, code in enumerate((HEALTH, "dep-abai-health", "dep-akmola-health", "dep-abai-internal-policy")):
        await world.official_of(code, 2001 + n, f"Sample {n}")
    ngo = await known(world, language=language)
    await world.says(ngo, tree.name(world.body("dep-abai-health"), language))
    await world.taps(ngo, button(speech, "Request a meeting"), name("health", language))
    await world.taps(ngo, speech.psay("way to meet", "Online").unescape())
    await world.taps(ngo, speech.npsay("button", "Use this time", "Use these {n} times", 3).unescape())
    await world.taps(ngo, button(speech, "More…"), button(speech, "Also to other bodies"))
    pane = await ngo.sees(speech.psay("line", "Bodies: {n} of {most}", n=1, most=5).unescape())
    prefix = speech.psay("button", "Add: {body}", body="").strip()
    offered = [label for label in pane.buttons if label.startswith(prefix)]
    assert len(offered) == 2  # those of its region and kind that somebody receives for
    await world.taps(ngo, offered[0], offered[1])
    done = await ngo.sees(speech.psay("line", "Bodies: {n} of {most}", n=3, most=5).unescape())
    assert [label for label in done.buttons if label.startswith(prefix)] == []


async def test_everything_stays_over_a_restart(world: World) -> None:
    for n, code in enumerate((HEALTH, JUSTICE)):
        await world.official_of(code, 2001 + n, f"Sample {n}")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.taps(ngo, "More…", "With whom", "The head of the body", "More…", "Also to other bodies")
    await world.restart()
    await world.says(ngo, "Ministry of Justice")
    await world.restart()
    await world.taps(ngo, "Add: Ministry of Justice")
    await world.stop_bot()
    ngo.sends_document("note.pdf", b"note")  # while nobody is there; it is dealt with later
    await world.start_bot()
    await world.taps(ngo, "Done", "More…", "Who comes along")
    await world.says(ngo, "Sampleva Dana")
    before = await form(world)
    await world.restart()
    assert await form(world) == before
    await world.taps(ngo, "Send")
    await world.rest()
    rows = await world.rows(Meeting)
    assert [(row["with_head"], row["attendees"]) for row in rows] == [(True, ["Sampleva Dana"])] * 2
    assert [row["name"] for row in await world.rows(Attachment)] == ["note.pdf"] * 2
    await ngo.sees("Your 2 requests are sent.")


@pytest.mark.parametrize("world", [{"requests": {"undo": "0s", "most_a_day": 1}}], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_cap_of_a_day_names_the_number_and_the_reset(world: World, language: str) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    speech, ngo = world.speech(language), await known(world, language=language)
    await to_preview(world, ngo, language)
    await world.taps(ngo, button(speech, "Send"))
    await opens_card(world, ngo, language)
    await world.taps(ngo, button(speech, "Request a meeting"))
    used_up = speech.nsay(
        "Your organisation has sent {n} request today, and that is the most for one day. Nothing more was sent. "
        "The next is possible from {when} on.",
        "Your organisation has sent {n} requests today, and that is the most for one day. Nothing more was sent. "
        "The next is possible from {when} on.",
        1,
        when=speech.when(at(2, 0)),
    )
    told = await ngo.sees(used_up.unescape())
    assert button(speech, "Request a meeting") in told.buttons  # the card itself, to go on from
    await world.go_to(at(2, 0))
    await world.taps(ngo, button(speech, "Request a meeting"))
    await ngo.sees(speech.say("What is the meeting about?").unescape())


@pytest.mark.parametrize("world", [{"requests": {"undo": "0s", "most_open": 2}}], indirect=True)
async def test_the_cap_of_open_requests_leads_to_them(world: World) -> None:
    for n, code in enumerate((HEALTH, JUSTICE)):
        await world.official_of(code, 2001 + n, f"Sample {n}")
    ngo = await known(world)
    await to_preview(world, ngo)
    await world.taps(ngo, "Send")
    await to_preview(world, ngo)
    await world.taps(ngo, "More…", "Also to other bodies")
    await world.says(ngo, "Ministry of Justice")
    await world.taps(ngo, "Add: Ministry of Justice", "Done", "Send")  # a batch counts as that many
    full = await ngo.sees("Your organisation has 1 request that waits for an answer; at most 2 may wait at a time.")
    assert full.buttons == ["Open UKL-26-000001", "My meetings"]
    assert len(await world.rows(Meeting)) == 1
    await world.taps(ngo, "Open UKL-26-000001", "Withdraw the request", "Yes, withdraw")
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting", "Send")  # the draft is where it was
    await ngo.sees("Your 2 requests are sent.")
    await opens_card(world, ngo)
    await world.taps(ngo, "Request a meeting")
    full = await ngo.sees("Your organisation has 2 requests that wait for an answer; at most 2 may wait at a time.")
    assert full.buttons == ["Open UKL-26-000002", "Open UKL-26-000003", "My meetings"]


@pytest.mark.parametrize("world", [{"requests": {"undo": "0s", "most_to_post": 1}}], indirect=True)
async def test_the_cap_of_a_post_names_the_body(world: World) -> None:
    for n, code in enumerate((HEALTH, JUSTICE)):
        await world.official_of(code, 2001 + n, f"Sample {n}")
    ngo = await known(world)
    rival = await known(world, 1002, "Dana", organisation="Sample rival")
    await world.says(ngo, "Ministry of Justice")
    await world.taps(ngo, "Request a meeting")
    await world.taps(ngo, ngo.shown.buttons[0], "Online", "Use these 3 times", "More…", "Also to other bodies")
    await world.says(ngo, "Ministry of Healthcare")
    await world.taps(ngo, "Add: Ministry of Healthcare", "Done")
    await to_preview(world, rival)
    await world.taps(rival, "Send")
    await world.taps(ngo, "Send")
    told = await ngo.sees(
        "Ministry of Healthcare of the Republic of Kazakhstan\n"
        "This body has received 1 request today, and that is the most for one day. Nothing was sent. "
        "The next is possible from Wednesday 2 December, 00:00 (UTC+5) on."
    )
    assert "Send" in told.buttons
    await opens_card(world, rival)
    await world.taps(rival, "Request a meeting")
    await rival.sees("This body has received 1 request today")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_official_sees_his_day_around_the_times(world: World, language: str) -> None:
    speech = world.speech(language)
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    first = await known(world)
    await confirmed(world, first, official)  # Wednesday 2 December, 09:00
    native = {"kk": "Қазақша", "ru": "Русский", "en": "English"}[language]
    await world.says(official, "/language")
    await world.taps(official, native)
    official.looks_away()
    rival = await known(world, 1002, "Dana", organisation="Sample rival")
    await opens_card(world, rival)
    await world.taps(
        rival, "Request a meeting", "Healthy life, drug prevention", "In person", "Use these 3 times", "Send"
    )
    await world.rest()
    head = speech.say("The office's day around these times ({offset}):", offset="UTC+5").unescape()
    asked = await official.sees(head)
    meeting = speech.psay("line", "{span} meeting {number}", span="09:00–09:30", number="UKL-26-000001").unescape()
    wednesday = speech.psay("line", "{day}: {meetings}; free {free}", day=speech.short_day(at(2, 9)), meetings=meeting,
                            free="09:30–13:00, 14:30–18:30").unescape()  # fmt: skip
    thursday = speech.psay("line", "{day}: no meetings yet, free {free}", day=speech.short_day(at(3, 9)),
                           free="09:00–13:00, 14:30–18:30").unescape()  # fmt: skip
    assert f"{head}\n{wednesday}\n{thursday}" in asked.text
    assert not any(head in message.text for message in rival.chat.messages)
    await world.sandbox.settled(official.forges("m:2", asked))
    again = await official.sees(f"{head}\n{wednesday}\n{thursday}")
    assert isinstance(again, Message)
