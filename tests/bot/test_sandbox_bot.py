"""The sandbox driven by the Telegram library, as the bot drives it."""

import io

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InputMediaDocument,
    MenuButtonCommands,
    Update,
)
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.sandbox import Person, Sandbox


@pytest.fixture
async def person(sandbox: Sandbox) -> Person:
    person = sandbox.person(1001, "Aigerim", language_code="kk")
    person.start()
    return person


async def newest(bot: Bot, sandbox: Sandbox) -> Update:
    """The youngest update; everything before it is confirmed."""
    return (await bot.get_updates(offset=-1, timeout=5))[0]


async def test_get_me(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (123456, "uakil_sandbox_bot", True)


async def test_a_wrong_token(sandbox: Sandbox) -> None:
    bot = Bot("1:WRONG", base_url=f"{sandbox.url}/bot")

    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_a_message_comes_back_whole(bot: Bot, person: Person) -> None:
    keyboard = Keyboard([[Button("Иә", callback_data="yes"), Button("Site", url="https://gov.kz")]])

    message = await bot.send_message(1001, "<b>Сәлем</b> +7 701 000 00 00", parse_mode="HTML", reply_markup=keyboard)

    assert (message.message_id, message.chat.id, message.text) == (2, 1001, "Сәлем +7 701 000 00 00")
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [
        ("bold", 0, 5),
        ("phone_number", 6, 16),
    ]
    assert message.reply_markup == keyboard
    assert person.shown.html == "<b>Сәлем</b> +7 701 000 00 00"
    assert person.shown.buttons == ["Иә", "Site"]


async def test_a_tap_is_answered_and_the_message_changed(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    await bot.send_message(1001, "Sure?", reply_markup=Keyboard([[Button("Yes, please", callback_data="yes:1")]]))
    person.taps("Yes")
    query = (await newest(bot, sandbox)).callback_query
    assert query is not None

    assert [waiting.data for waiting in sandbox.unanswered()] == ["yes:1"]
    await query.answer("Done", show_alert=True)
    await query.edit_message_text("It is done")

    assert query.data == "yes:1"
    assert sandbox.unanswered() == []
    assert (await person.sees_toast("Done")).alert
    assert (await person.sees("It is done")).buttons == []
    assert person.shown.edited
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()
    assert sandbox.violations == []


async def test_a_tap_too_long_ago(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    await bot.send_message(1001, "Sure?", reply_markup=Keyboard([[Button("Yes", callback_data="yes")]]))
    sandbox.query_age = -1.0
    person.taps("Yes")
    query = (await newest(bot, sandbox)).callback_query
    assert query is not None

    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_a_document_there_and_back(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    message = await bot.send_document(
        1001, io.BytesIO(b"BEGIN"), filename="кездесу.ics", caption="<i>c</i>", parse_mode="HTML"
    )
    assert message.document is not None
    file = await message.document.get_file()
    again = await bot.send_document(1001, message.document.file_id)

    assert bytes(await file.download_as_bytearray()) == b"BEGIN"
    assert (message.document.file_name, message.document.mime_type, message.document.file_size) == (
        "кездесу.ics",
        "text/calendar",
        5,
    )
    assert message.caption_html == "<i>c</i>"
    assert again.document == message.document
    seen = await person.sees("c")
    assert (seen.document, seen.file_name) == (b"BEGIN", "кездесу.ics")


async def test_captions_and_media_are_edited(bot: Bot, person: Person) -> None:
    message = await bot.send_document(1001, io.BytesIO(b"one"), filename="1.txt", caption="one")
    await message.edit_caption("two", reply_markup=Keyboard([[Button("a", callback_data="a")]]))
    await message.edit_reply_markup(None)
    changed = await message.edit_media(InputMediaDocument(io.BytesIO(b"two"), filename="2.txt", caption="three"))

    assert isinstance(changed, type(message))
    assert (changed.caption, changed.document and changed.document.file_name) == ("three", "2.txt")
    assert person.shown.document == b"two"
    assert [state.text for state in person.chat.shown] == ["one", "two", "two", "three"]
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await message.edit_text("x")


async def test_contacts_places_and_other_messages(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    await bot.send_chat_action(1001, "typing")
    contact = await bot.send_contact(1001, "+77010000000", "Office", vcard="BEGIN:VCARD\nEND:VCARD")
    await bot.send_location(1001, 43.2, 76.9)
    await bot.send_venue(1001, 43.2, 76.9, "Akimat", "Abay 1")
    photo = await bot.send_photo(1001, io.BytesIO(b"jpg"), caption="p")
    copied = await bot.copy_message(1001, 1001, photo.message_id, caption="other")
    forwarded = await bot.forward_message(1001, 1001, contact.message_id)
    await bot.pin_chat_message(1001, forwarded.message_id)
    await bot.set_message_reaction(1001, 1, "👍")

    assert contact.contact is not None
    assert contact.contact.vcard == "BEGIN:VCARD\nEND:VCARD"
    assert str(person.chat.find(copied.message_id)).endswith("]other")
    assert str(person.shown) == f"bot #{forwarded.message_id}: [contact]"
    assert person.chat.pinned == [forwarded.message_id]
    assert sandbox.violations == []


async def test_messages_are_deleted(bot: Bot, person: Person) -> None:
    first = await bot.send_message(1001, "a")
    second = await bot.send_message(1001, "b")

    await first.delete()
    await bot.delete_messages(1001, [first.message_id, second.message_id, 1])

    assert [message.deleted for message in person.chat.messages] == [True, True, True]
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await second.edit_text("c")


async def test_a_message_older_than_two_days_stays(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    message = await bot.send_message(1001, "a")
    sandbox.clock.move(48 * 3600 + 60)

    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await message.delete()


async def test_reply_to_a_message(bot: Bot, person: Person) -> None:
    answer = await bot.send_message(1001, "b", reply_to_message_id=1)

    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "/start"


async def test_a_blocked_bot(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    person.blocks()
    member = (await newest(bot, sandbox)).my_chat_member
    assert member is not None

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "a")
    person.unblocks()
    await bot.send_message(1001, "b")

    assert (member.old_chat_member.status, member.new_chat_member.status) == ("member", "kicked")
    assert [remark.text for remark in sandbox.refusals] == ["Forbidden: bot was blocked by the user"]


async def test_what_the_bot_says_about_itself(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    kazakh = [BotCommand("start", "Бастау")]
    everybody = [BotCommand("start", "Begin"), BotCommand("help", "Help")]
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(kazakh, scope=private, language_code="kk")
    await bot.set_my_commands(everybody)
    await bot.set_my_name("Уәкіл", language_code="kk")
    await bot.set_my_description("What it does")
    await bot.set_my_short_description("Short")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    assert list(await bot.get_my_commands(scope=private, language_code="kk")) == kazakh
    assert list(await bot.get_my_commands(scope=private)) == []
    assert [entry["description"] for entry in sandbox.profile.menu(1001, "kk")] == ["Бастау"]
    assert [entry["description"] for entry in sandbox.profile.menu(1001, "ru")] == ["Begin", "Help"]
    assert (await bot.get_my_name("kk")).name == "Уәкіл"
    assert (await bot.get_my_name("ru")).name == "Uakil"
    assert (await bot.get_my_description("ru")).description == "What it does"
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    await bot.delete_my_commands(scope=private, language_code="kk")
    assert sandbox.profile.menu(1001, "kk") == [command.to_dict() for command in everybody]


async def test_chats_and_members(sandbox: Sandbox, bot: Bot, person: Person) -> None:
    group, _ = sandbox.open_group("NGOs", person)

    assert (await bot.get_chat(1001)).first_name == "Aigerim"
    assert (await bot.get_chat_member(group.id, 1001)).status == "creator"
    assert (await bot.get_chat_member(group.id, 123456)).user.is_bot
    assert (await bot.send_message(group.id, "to all")).chat.title == "NGOs"
