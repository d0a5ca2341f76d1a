"""Uakil outside the private chat: cards shared from any chat's input line, links, QR pictures, groups, /find."""

import io
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from bot.sandbox.chats import Chat, Message
from bot.sandbox.people import Person
from handlers import inline
from liaison import people
from storage.bodies import Body
from storage.people import Person as PersonRow
from storage.records import AuditEntry
from tests.journeys.conftest import World
from tests.journeys.dialogues import BODY, HEALTH, button, newcomer

OFFICIAL = "Үлгі Айгүл (sample)"
LANGUAGES = ["kk", "ru", "en"]


def name(world: World, code: str, language: str) -> str:
    """The full name of a body."""
    return world.app.services.directory().tree.name(world.body(code), language)


def link(world: World, code: str) -> str:
    """The link to a body's card."""
    return f"https://t.me/{world.sandbox.username}?start=b_{world.body(code)}"


def payload(url: str) -> str:
    """What a link hands to the bot."""
    return parse_qs(urlsplit(url).query)["start"][0]


def urls(message: Message) -> list[str | None]:
    """Where the buttons of a message lead; None for one that calls the bot."""
    return [one.get("url") for row in message.rows for one in row]


async def group_of(world: World, *members: Person, privacy: bool = True) -> Chat:
    """A group with the bot in it, its greeting read."""
    world.sandbox.switches.put("privacy_mode", privacy)
    group = await world.sandbox.group("Sample coalition", *members)
    for member in members:
        member.looks_away(group)
    return group


# ---------------------------------------------------------------------------------------------------------- inline


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_card_is_shared_into_another_chat_and_its_link_opens_the_whole_card(
    world: World, language: str
) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    speech = world.speech(language)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    friend = world.person(1002, "Sample Friend")
    results = await ngo.asks_inline(BODY[language], chat=friend)
    first = results[0]
    assert (first.id, first.title) == (f"b_{world.body(HEALTH)}", name(world, HEALTH, language))
    assert first.description == f"{OFFICIAL}\n{speech.psay('level', 'Central state body')}"
    assert results.button is None

    shared = await ngo.picks(results, 0)
    assert shared.text.startswith(f"{name(world, HEALTH, language)}\n\n{OFFICIAL}\nDeputy head of department\n")
    assert speech.psay("line", "Phone: {number}", number="+7 7172 00 00 00") in shared.text
    assert speech.psay("line", "E-mail: {email}", email="sample@sample.example") in shared.text
    assert speech.psay("line", "Published: {source}", source="Sample list") in shared.text
    assert shared.buttons == [button(speech, "Open in Uakil")]
    assert urls(shared) == [link(world, HEALTH)]

    await friend.taps_in(shared.chat, shared, button(speech, "Open in Uakil"))
    await world.taps(friend, "English")
    card = await friend.sees(OFFICIAL)
    assert card.text.startswith(name(world, HEALTH, "en"))
    assert button(world.speech("en"), "Back") == card.buttons[-1]


async def test_a_body_without_an_official_says_so_and_a_region_tells_where_it_is(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    results = await ngo.asks_inline("Department of Education of Aktobe Region")
    assert results[0].title == "Department of Education of Aktobe Region"
    assert results[0].description == "No official is named here at present.\nAktobe Region"
    assert results[0].text == (
        "Department of Education of Aktobe Region\n\n"
        "No official is named here at present. The whole card tells who comes next."
    )


@pytest.mark.parametrize(("code", "language"), [("kk", "kk"), ("ru", "ru"), ("en-US", "en"), ("uz", "kk"), ("", "kk")])
async def test_a_stranger_is_answered_in_the_language_of_his_telegram_and_not_written_down(
    world: World, code: str, language: str
) -> None:
    stranger = world.sandbox.person(1001, "Sample Stranger", language_code=code)
    results = await stranger.asks_inline(BODY["ru"], chat=world.person(1002, "Sample Friend"))
    assert results[0].title == name(world, HEALTH, language)
    await stranger.picks(results, 0)
    assert await world.rows(PersonRow) == []


async def test_no_more_than_fifty_come_and_they_come_in_pages(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    found: list[str] = []
    offset, pages = "", 0
    while pages == 0 or offset:
        results = await ngo.asks_inline("акимат района", offset=offset)
        assert 0 < len(results) <= inline.PAGE
        found += [one.id for one in results]
        offset, pages = results.next_offset, pages + 1
    assert pages == 3
    assert len(found) == len(set(found)) == inline.MOST
    beyond = await ngo.asks_inline("акимат района", offset=str(inline.MOST))
    assert (list(beyond), beyond.next_offset, beyond.button) == ([], "", None)
    assert (await ngo.asks_inline("акимат района", offset="no number"))[0].id == found[0]


async def test_an_answer_is_kept_for_five_minutes_and_for_one_person(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    other = await world.newcomer(1002, "Sample Other", "Русский")
    first = await ngo.asks_inline(BODY["en"])
    assert [first.cached, (await ngo.asks_inline(BODY["en"])).cached] == [False, True]
    others = await other.asks_inline(BODY["en"])
    assert (others.cached, others[0].title) == (False, name(world, HEALTH, "ru"))
    await world.move(seconds=301)
    assert not (await ngo.asks_inline(BODY["en"])).cached


async def test_an_empty_query_offers_the_own_region_and_the_way_in(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    start = await ngo.asks_inline("")
    assert list(start) == []
    assert start.button == {"text": "Find a body", "start_parameter": "find"}
    await world.sandbox.settled(ngo.start("find"))
    asked = await ngo.sees("What are you looking for?")
    assert asked.buttons[:2] == ["Central bodies", "Regions"]

    actor = await world.db.read(people.identify, 1001, world.app.services.policy, now=world.app.services.now())
    assert actor is not None
    await world.db.write(people.choose_region, actor, world.body("reg-aktobe"))
    await world.move(seconds=301)
    start = await ngo.asks_inline("")
    assert [one.title for one in start] == ["Akimat of Aktobe Region"]
    # The region also decides between bodies that fit equally well.
    results = await ngo.asks_inline("department of education")
    regional = [one.title for one in results if "Department of Education" in one.title]
    assert regional[0] == "Department of Education of Aktobe Region"


async def test_nothing_found_leads_into_the_private_chat(world: World) -> None:
    stranger = world.sandbox.person(1001, "Sample Stranger", language_code="en")
    results = await stranger.asks_inline("qwxzqwxz vwqxz")
    assert list(results) == []
    assert results.button == {"text": "Nothing fits: ask in the chat", "start_parameter": "find"}
    await world.sandbox.settled(stranger.start("find"))
    await world.taps(stranger, "English")
    await stranger.sees("What are you looking for?")


async def test_any_query_is_answered_and_a_forged_one_harms_nothing(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    hostile = ["<b>&_", "x" * 256, "b_" + "9" * 200, "b_0", "b_-1", "b_٣", "\u202eАстана", "🙂" * 128, "...", "{x} %s"]
    for query in hostile:
        assert len(await ngo.asks_inline(query)) <= inline.PAGE
    # No client can send these: more than Telegram takes, and to a query that Telegram knows nothing of.
    for query in ("b_" + "9" * 10_000, "министерство " * 1_000, "\x00"):
        for offset in ("-1", "9" * 5_000, "٣", ""):
            forged = {"id": "1", "from": ngo.user, "query": query, "offset": offset}
            await world.sandbox.settled(world.sandbox.update("inline_query", forged, ngo.id))
    assert (await ngo.asks_inline("министерство здравоохранения"))[0].title == name(world, HEALTH, "en")
    assert "went wrong" not in ngo.transcript


async def test_an_abolished_body_names_its_successor_also_in_a_shared_card(world: World) -> None:
    code = "com-health-medical"
    await world.db.write(_abolish, world.body(code), world.body(HEALTH))
    await world.restart()
    ngo = await world.newcomer(1001, "Aigerim")
    results = await ngo.asks_inline(f"b_{world.body(code)}")
    assert results[0].text == (
        f"{name(world, code, 'en')}\n\nSince 1 Nov 2026 this is: Ministry of Healthcare of the Republic of Kazakhstan."
    )


def _abolish(session: Session, body_id: int, successor_id: int) -> None:
    body = session.get_one(Body, body_id)
    body.abolished_on, body.successor_id = date(2026, 11, 1), successor_id


async def test_a_query_that_is_too_old_by_now_is_let_go(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    world.sandbox.faults.refuse("answerInlineQuery", 400, old, count=1)
    forged = {"id": "1", "from": ngo.user, "query": "health", "offset": ""}
    await world.sandbox.settled(world.sandbox.update("inline_query", forged, ngo.id))
    assert (await ngo.asks_inline(BODY["en"]))[0].title == name(world, HEALTH, "en")
    assert "went wrong" not in ngo.transcript


async def test_a_card_shared_into_the_chat_with_the_bot_itself_is_shown_whole(world: World) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    ngo = await world.newcomer(1001, "Aigerim")
    await ngo.picks(await ngo.asks_inline(BODY["en"]), 0)
    card = await ngo.sees(OFFICIAL)
    assert card.buttons[-1] == "Back"


# ------------------------------------------------------------------------------------------------- links and sharing


@pytest.mark.parametrize("wrong", ["b_99999", "b_999999999999", "b_", "b_x", "xyz"])
async def test_an_outdated_link_says_so_and_shows_the_doors(world: World, wrong: str) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await world.sandbox.settled(ngo.start(wrong))
    shown = await ngo.sees("This link is out of date: what it led to is not there any more.")
    assert shown.buttons[:2] == ["Central bodies", "Regions"]
    stranger = world.person(1002, "Sample Stranger")
    await world.sandbox.settled(stranger.start(wrong))
    await world.taps(stranger, "English")
    await stranger.sees("This link is out of date")
    assert await world.rows(AuditEntry) == []  # an old link is nobody's fault


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_share_screen_shares_exactly_this_body(world: World, language: str) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    speech = world.speech(language)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    friend = world.person(1002, "Sample Friend")
    await world.says(ngo, BODY[language])
    await world.taps(ngo, button(speech, "Share"))
    shown = await ngo.sees(link(world, HEALTH))
    labels = ["Share in a chat", "Copy the link", "QR picture", "Back"]
    assert shown.buttons == [button(speech, label) for label in labels]
    copied = shown.button(button(speech, "Copy the link"))
    assert copied is not None and copied["copy_text"] == {"text": link(world, HEALTH)}
    switch = shown.button(button(speech, "Share in a chat"))
    assert switch is not None
    results = await ngo.asks_inline(switch["switch_inline_query"], chat=friend)
    assert [one.title for one in results] == [name(world, HEALTH, language)]
    assert urls(await ngo.picks(results, 0)) == [link(world, HEALTH)]
    await world.taps(ngo, button(speech, "Back"))
    await ngo.sees(OFFICIAL)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_qr_picture_is_read_as_the_link_and_the_link_opens_the_card(world: World, language: str) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    speech = world.speech(language)
    ngo = await newcomer(world, 1001, "Aigerim", language)
    await world.says(ngo, BODY[language])
    await world.taps(ngo, button(speech, "Share"))
    ngo.looks_away()
    await world.taps(ngo, button(speech, "QR picture"))
    sent = await ngo.sees(link(world, HEALTH))
    assert sent.text.startswith(f"{name(world, HEALTH, language)}\n")
    assert sent.document is not None and sent.file_name is not None
    assert sent.file_name.startswith(name(world, HEALTH, language)[:20])
    assert sent.file_name.endswith(".png")
    assert sent.buttons == [button(speech, "Back")]

    picture = Image.open(io.BytesIO(sent.document))
    assert picture.format == "PNG"
    side = picture.size[0] / picture.info["dpi"][0] * 2.54
    assert 7 < side < 10  # centimetres on paper
    read = zxingcpp.read_barcodes(picture)
    assert [(one.text, one.format) for one in read] == [(link(world, HEALTH), zxingcpp.BarcodeFormat.QRCode)]
    assert zxingcpp.read_barcodes(_soiled(picture))[0].text == link(world, HEALTH)
    assert zxingcpp.read_barcodes(picture.resize((150, 150)).rotate(10, fillcolor=1))[0].text == link(world, HEALTH)

    passer_by = world.person(1002, "Sample Passer-by")
    await world.sandbox.settled(passer_by.follows(read[0].text))
    await world.taps(passer_by, "English")
    await passer_by.sees(OFFICIAL)


def _soiled(picture: Image.Image) -> Image.Image:
    """A picture with a stain of a fifth of its side, away from the finder patterns."""
    side = picture.size[0]
    stained = picture.convert("L")
    stained.paste(0, (side * 6 // 10, side * 6 // 10, side * 8 // 10, side * 8 // 10))
    return stained


async def test_a_forged_tap_for_a_qr_picture_is_refused(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    for data in ("qr:99999", "qr:x", "qr", "sh:99999", "sh:x", "sh"):
        await world.sandbox.settled(ngo.forges(data))
        await ngo.sees_toast("This is not open to you, or it is not there any more.")
    assert not any(message.document for message in ngo.chat.messages)


# ------------------------------------------------------------------------------------------------------------ /find


async def test_find_looks_up_and_asks_where_nothing_is_named(world: World) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, f"/find {BODY['en']}")
    await ngo.sees(OFFICIAL)
    await world.says(ngo, "/find")
    await ngo.sees("What are you looking for? Write a name, a place or a topic")
    newcomer_ = world.person(1002, "Sample Newcomer")
    await world.says(newcomer_, "/find минздрав")
    await world.taps(newcomer_, "English")
    await newcomer_.sees(OFFICIAL)


# ----------------------------------------------------------------------------------------------------------- groups


async def test_the_bot_greets_a_group_once_in_the_state_language(world: World) -> None:
    creator = world.person(1001, "Sample Creator")
    group = await world.sandbox.group("Sample coalition", creator)
    greeting = await creator.sees_in(group, f"/find@{world.sandbox.username}")
    assert greeting.text.startswith("Мен мемлекеттік органның")
    assert [payload(url or "") for url in urls(greeting)] == ["find"]
    assert len([message for message in group.messages if message.outgoing]) == 1
    await world.sandbox.settled(creator.removes_bot(group))
    await world.sandbox.settled(creator.adds_bot(group))
    assert len([message for message in group.messages if message.outgoing]) == 2
    assert await world.rows(PersonRow) == []


async def test_a_command_a_mention_and_a_reply_are_answered_and_nobody_is_written_down(world: World) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    creator, asker = world.person(1001, "Sample Creator"), world.person(1002, "Sample Asker")
    group = await group_of(world, creator, asker, privacy=False)
    bot = world.sandbox.username
    for text in (f"/find {BODY['kk']}", f"/find@{bot} {BODY['kk']}", f"@{bot} {BODY['kk']}", f"{BODY['kk']} @{bot}?"):
        asked = await asker.writes_in(group, text)
        answer = await asker.sees_in(group, OFFICIAL)
        assert answer.text.startswith(f"{name(world, HEALTH, 'ru')}\n\n{OFFICIAL}\n")  # his Telegram's language
        assert answer.body["reply_to_message"]["message_id"] == asked.message_id
        assert urls(answer) == [link(world, HEALTH)]
    await asker.writes_in(group, BODY["ru"], reply_to=answer)
    await asker.sees_in(group, OFFICIAL)
    await asker.taps_in(group, answer, answer.buttons[0])
    await world.taps(asker, "English")
    await asker.sees(OFFICIAL)
    assert [row["telegram_id"] for row in await world.rows(PersonRow)] == [1002]  # who pressed START, nobody else


@pytest.mark.parametrize(("code", "language"), [("ru-RU", "ru"), ("en", "en"), ("de", "kk")])
async def test_a_stranger_in_a_group_is_answered_in_the_language_of_his_telegram(
    world: World, code: str, language: str
) -> None:
    await world.name_official(HEALTH, OFFICIAL)
    creator = world.person(1001, "Sample Creator")
    stranger = world.sandbox.person(1002, "Sample Stranger", language_code=code)
    group = await group_of(world, creator, stranger)
    await stranger.writes_in(group, f"/find@{world.sandbox.username} {BODY['kk']}")
    answer = await stranger.sees_in(group, OFFICIAL)
    assert answer.text.startswith(f"{name(world, HEALTH, language)}\n")
    await stranger.writes_in(group, f"/my@{world.sandbox.username}")
    private = world.speech(language).say("I answer that in the private chat only: others would read it here.")
    await stranger.sees_in(group, private)
    assert await world.rows(PersonRow) == []


async def test_several_hits_are_links_and_nothing_found_leads_to_the_private_chat(world: World) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    group = await group_of(world, asker)
    await asker.writes_in(group, f"/find@{world.sandbox.username} Актобе")
    choice = await asker.sees_in(group, "Which one do you mean?")
    assert 2 <= len(choice.buttons) <= 6
    assert all(payload(url or "").startswith("b_") for url in urls(choice))
    await asker.writes_in(group, f"/find@{world.sandbox.username} qwxzqwxz vwqxz")
    nothing = await asker.sees_in(group, "I found no state body for that.")
    assert nothing.buttons == ["Open the private chat"]
    assert urls(nothing) == [f"https://t.me/{world.sandbox.username}?start=find"]
    await asker.writes_in(group, f"/find@{world.sandbox.username}")
    await asker.sees_in(group, "Write /find@")


@pytest.mark.parametrize("privacy", [True, False])
async def test_everything_else_in_a_group_is_silence(world: World, privacy: bool) -> None:
    asker, other = await world.newcomer(1001, "Aigerim"), world.person(1002, "Sample Other")
    group = await group_of(world, asker, other, privacy=privacy)
    said = await asker.writes_in(group, BODY["en"])
    await other.writes_in(group, "министерство", reply_to=said)
    for text in (
        "/find@other_sample_bot health",
        "@other_sample_bot health",
        "/nonsense",
        "I told you: @nobody",
        "...",
    ):
        await asker.writes_in(group, text)
    shared = await asker.picks(await asker.asks_inline(BODY["en"], chat=group), 0)
    await other.writes_in(group, "Thank you!", reply_to=shared)
    await world.rest()
    assert [message.text for message in group.messages if message.outgoing][1:] == []
    assert [row["telegram_id"] for row in await world.rows(PersonRow)] == [1001]


@pytest.mark.parametrize(
    ("command", "leads_to"),
    [("my", "my"), ("language", "language"), ("privacy", "privacy"), ("cancel", "find")],
)
async def test_what_is_personal_is_told_in_the_private_chat_only(world: World, command: str, leads_to: str) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    group = await group_of(world, asker)
    await asker.writes_in(group, f"/{command}@{world.sandbox.username}")
    told = await asker.sees_in(group, "I answer that in the private chat only: others would read it here.")
    assert [payload(url or "") for url in urls(told)] == [leads_to]
    asker.looks_away()
    await asker.taps_in(group, told, "Open the private chat")
    assert asker.shown.buttons


@pytest.mark.parametrize("command", ["start", "help"])
async def test_start_and_help_say_how_to_ask_in_a_group(world: World, command: str) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    group = await group_of(world, asker)
    await asker.writes_in(group, f"/{command}@{world.sandbox.username}")
    await asker.sees_in(group, "I show the official whom a state body has named for work with NGOs.")


async def test_a_callback_from_a_group_or_a_shared_card_is_refused_with_a_sentence(world: World) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    stranger = world.person(1002, "Sample Stranger")
    group = await group_of(world, asker, stranger)
    await asker.writes_in(group, f"/find@{world.sandbox.username} {BODY['en']}")
    answer = await asker.sees_in(group, name(world, HEALTH, "en"))
    shared = await asker.picks(await asker.asks_inline(BODY["en"], chat=stranger), 0)
    before = await world.everything()
    refusal = world.speech("kk").say("Buttons work in the private chat with the bot.").unescape()
    for message in (answer, shared):
        for person in (asker, stranger):
            for data in ("my", f"b:{world.body(HEALTH)}", f"rq:{world.body(HEALTH)}", "l:ru"):
                await world.sandbox.settled(person.forges(data, message))
                await person.sees_toast(refusal)
    assert await world.everything() == before


async def test_a_group_that_cannot_be_written_to_is_left_alone(world: World) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    group = await group_of(world, asker)
    bot = world.sandbox.username
    await world.sandbox.settled(asker.removes_bot(group))
    # What was asked before the removal may be dealt with after it.
    late: dict[str, Any] = {
        "message_id": 900, "date": 0, "chat": group.info, "from": asker.user, "text": f"/find@{bot} health",
        "entities": [{"type": "bot_command", "offset": 0, "length": len(f"/find@{bot}")}],
    }  # fmt: skip
    moved = {**late, "text": "", "migrate_to_chat_id": -1002000000001, "entities": []}
    for message in (late, moved):
        await world.sandbox.settled(world.sandbox.update("message", message, group.id))
    assert "went wrong" not in asker.transcript
    await world.says(asker, BODY["en"])
    await asker.sees(name(world, HEALTH, "en"))


@pytest.mark.parametrize("trouble", ["rights", "kicked", "gateway", "long pause"])
async def test_an_answer_that_a_group_does_not_get_is_not_owed(world: World, trouble: str) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    group = await group_of(world, asker)
    faults, one = world.sandbox.faults, {"chat": group.id, "count": 1}
    {
        "rights": lambda: faults.refuse(
            "sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat", **one
        ),
        "kicked": lambda: faults.refuse(
            "sendMessage", 403, "Forbidden: bot was kicked from the supergroup chat", **one
        ),
        "gateway": lambda: faults.gateway("sendMessage", **one),
        "long pause": lambda: faults.flood("sendMessage", retry_after=30, **one),
    }[trouble]()
    said = len([message for message in group.messages if message.outgoing])
    await asker.writes_in(group, f"/find@{world.sandbox.username} {BODY['en']}")
    await world.rest()
    assert len([message for message in group.messages if message.outgoing]) == said
    assert await world.notices() == []
    assert "went wrong" not in asker.transcript


async def test_a_group_is_answered_after_a_short_pause(world: World) -> None:
    asker = await world.newcomer(1001, "Aigerim")
    group = await group_of(world, asker)
    world.sandbox.faults.flood("sendMessage", retry_after=1, chat=group.id, count=1)
    await asker.writes_in(group, f"/find@{world.sandbox.username} {BODY['en']}")
    await asker.sees_in(group, name(world, HEALTH, "en"))


async def test_the_menu_of_a_group_holds_what_a_group_may_ask(world: World) -> None:
    for _ in ("private chats", "everywhere else"):
        await world.sandbox.called("setMyCommands", language_code="en")
    menus = world.sandbox.profile.commands
    shared = {language: menu for (scope, language), menu in menus.items() if scope == ("default", 0, 0)}
    assert set(shared) == {"", *LANGUAGES}
    for menu in shared.values():
        assert [one["command"] for one in menu] == ["start", "find", "help"]
