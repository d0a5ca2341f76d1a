"""Groups: which messages reach a bot with and without privacy mode, coming and going, taps, the control interface."""

from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox import Chat, Person, Sandbox
from bot.sandbox.dispatch import Reply, run
from bot.sandbox.errors import Json

ME = "uakil_sandbox_bot"


@pytest.fixture
def person(sandbox: Sandbox) -> Person:
    return sandbox.person(1001, "Aigerim")


@pytest.fixture
def other(sandbox: Sandbox) -> Person:
    return sandbox.person(1002, "Erlan")


@pytest.fixture
def group(sandbox: Sandbox, person: Person, other: Person) -> Chat:
    """With both, and the bot; nothing is told of how it came about."""
    chat, _ = sandbox.open_group("NGOs", person, other)
    sandbox.inbox.forget()
    return chat


async def send(sandbox: Sandbox, chat: Chat, text: str = "Here", **more: Any) -> Reply:
    return await run(sandbox, "sendMessage", {"chat_id": chat.id, "text": text, **more})


def told(sandbox: Sandbox) -> list[tuple[str, Json]]:
    """The kinds and contents of what waits for the bot."""
    pairs = [list(entry.update.items())[1] for entry in sandbox.inbox.waiting.values()]
    sandbox.inbox.forget()
    return pairs


def texts(sandbox: Sandbox) -> list[str]:
    return [content["text"] for _, content in told(sandbox)]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_the_bot_comes_into_a_group(sandbox: Sandbox, person: Person, other: Person, kind: str) -> None:
    chat, updates = sandbox.open_group("NGOs", person, other, kind=kind)
    (_, member), (_, message) = told(sandbox)

    assert len(updates) == 2
    assert chat.id < 0
    assert chat.info == {"id": chat.id, "type": kind, "title": "NGOs"}
    assert (member["chat"], member["from"]["id"]) == (chat.info, 1001)
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == ("left", "member")
    assert (message["new_chat_members"], message["message_id"]) == ([sandbox.bot_user], 2)


async def test_a_group_without_the_bot_is_unknown_to_it(sandbox: Sandbox, person: Person) -> None:
    chat = await sandbox.group("Others", person, with_bot=False)
    update = person.says(f"/find@{ME} aktobe", chat=chat)
    reply = await send(sandbox, chat)

    assert (update, told(sandbox)) == (0, [])
    assert (reply.payload or {})["description"] == "Bad Request: chat not found"


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        (f"/find@{ME} aktobe", True),
        (f"/find@{ME.upper()} aktobe", True),
        ("/find aktobe", False),
        ("/find@another_bot aktobe", False),
        (f"@{ME} aktobe", False),  # see groups.reaches_bot
        (f"look, /find@{ME}", False),
        ("hello", False),
    ],
)
def test_what_reaches_a_bot_in_privacy_mode(
    sandbox: Sandbox, person: Person, group: Chat, text: str, reaches: bool
) -> None:
    person.says(text, chat=group)

    assert texts(sandbox) == ([text] if reaches else [])


def test_without_privacy_mode_everything_does(sandbox: Sandbox, person: Person, group: Chat) -> None:
    sandbox.switches.put("privacy_mode", False)
    said = ["hello", f"@{ME} aktobe", "/find aktobe", "/find@another_bot aktobe"]
    for text in said:
        person.says(text, chat=group)

    assert texts(sandbox) == said
    assert sandbox.me["can_read_all_group_messages"] is True


async def test_a_bare_command_reaches_the_bot_that_spoke_last(sandbox: Sandbox, person: Person, group: Chat) -> None:
    await send(sandbox, group)
    person.says("hello", chat=group)
    person.says("/find aktobe", chat=group)
    group.bot_spoke_last = False  # another bot did
    person.says("/find astana", chat=group)

    assert texts(sandbox) == ["/find aktobe"]


async def test_replies_to_the_bot_and_to_what_was_meant_for_it(sandbox: Sandbox, person: Person, group: Chat) -> None:
    person.says("hello", chat=group)
    person.says(f"/find@{ME}", chat=group)
    await send(sandbox, group)
    small_talk, command, answer = group.messages[-3:]
    for number, message in enumerate((small_talk, command, answer)):
        person.says(f"reply {number}", reply_to=message, chat=group)
    person.says("and to that", reply_to=group.messages[-1], chat=group)
    replies = told(sandbox)[1:]

    assert [content["text"] for _, content in replies] == ["reply 1", "reply 2", "and to that"]
    assert replies[1][1]["reply_to_message"]["from"] == sandbox.bot_user
    assert "reply_to_message" not in replies[2][1]["reply_to_message"]


def test_an_edited_message_reaches_it_like_a_new_one(sandbox: Sandbox, person: Person, group: Chat) -> None:
    for text in ("hello", f"/find@{ME}"):
        person.says(text, chat=group)
        person.edits(f"{text} again", group.messages[-1])

    assert [kind for kind, _ in told(sandbox)] == ["message", "edited_message"]


async def test_a_result_picked_in_a_group_reaches_it(sandbox: Sandbox, person: Person, group: Chat) -> None:
    article = {"type": "article", "id": "1", "title": "A", "input_message_content": {"message_text": "x"}}
    with pytest.raises(AssertionError):
        await person.asks_inline("a", chat=group, timeout=0)
    (query,) = sandbox.queries
    assert (await run(sandbox, "answerInlineQuery", {"inline_query_id": query, "results": [article]})).status == 200
    results = await person.asks_inline("a", chat=group)
    sandbox.inbox.forget()
    sandbox.inbox.allow(["callback_query"])  # nobody confirms messages here
    message = await person.picks(results)

    assert (results.cached, message.meant, message.chat) == (True, True, group)


async def test_who_is_not_in_the_group_says_nothing_there(sandbox: Sandbox, group: Chat) -> None:
    stranger = sandbox.person(1009, "Stranger")

    with pytest.raises(AssertionError, match="Stranger is not in that chat"):
        stranger.says("hello", chat=group)


async def test_a_tap_in_a_group_carries_the_group(sandbox: Sandbox, person: Person, other: Person, group: Chat) -> None:
    keys = [{"text": "Yes", "callback_data": "y"}, {"text": "Card", "url": f"https://t.me/{ME}?start=b_1"}]
    await send(sandbox, group, "Well?", reply_markup={"inline_keyboard": [keys]})
    shown = await other.sees_in(group, "Well?", button="Yes")
    other.taps("Yes", shown, chat=group)
    other.taps("Card", chat=group)
    (_, query), (_, started) = told(sandbox)

    assert (query["message"]["chat"], query["from"]["id"], query["data"]) == (group.info, 1002, "y")
    assert (started["chat"]["id"], started["text"]) == (1002, "/start b_1")
    assert (await person.sees_in(group, "Well?")).message_id == shown.message_id


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_bot_that_was_taken_out(sandbox: Sandbox, person: Person, kind: str) -> None:
    chat, _ = sandbox.open_group("NGOs", person, kind=kind)
    sandbox.inbox.forget()
    person.removes_bot(chat)
    person.says(f"/find@{ME}", chat=chat)
    refused = await send(sandbox, chat)
    member = await run(sandbox, "getChatMember", {"chat_id": chat.id, "user_id": 123456})
    ((change, gone),) = told(sandbox)

    assert (change, gone["old_chat_member"]["status"]) == ("my_chat_member", "member")
    assert gone["new_chat_member"] == {"user": sandbox.bot_user, "status": "kicked", "until_date": 0}
    assert refused.payload == {
        "ok": False,
        "error_code": 403,
        "description": f"Forbidden: bot was kicked from the {kind} chat",
    }
    assert (member.payload or {})["result"]["status"] == "kicked"
    person.adds_bot(chat)
    assert told(sandbox)[0][1]["old_chat_member"]["status"] == "kicked"
    assert (await send(sandbox, chat)).status == 200


async def test_by_the_control_interface(sandbox: Sandbox, person: Person, other: Person) -> None:
    async def post(path: str, status: int = 200, **body: Any) -> Any:
        async with ClientSession(sandbox.url) as client, client.post(f"/sandbox/{path}", json=body) as got:
            assert got.status == status
            return await got.json()

    switches = {"inline_mode": True, "inline_feedback": False, "privacy_mode": True}
    assert await post("switches") == switches
    assert await post("switches", inline_feedback=True) == {**switches, "inline_feedback": True}
    assert await post("switches", 400, loud=True) == {"error": "no such switch: loud"}
    chat = (await post("group", title="NGOs", creator=1001, members=[1002]))["chat"]
    assert (await post("act", person=1002, act="says", chat_id=chat["id"], text="hello"))["update_id"] == 0
    sandbox.inbox.forget()
    await post("act", person=1002, act="says", chat_id=chat["id"], text="look", reply_to=3)
    await post("act", person=1001, act="removes_bot", chat_id=chat["id"])
    async with ClientSession(sandbox.url) as client, client.get("/sandbox/state") as got:
        state = await got.json()

    assert [kind for kind, _ in told(sandbox)] == ["my_chat_member"]
    assert state["switches"] == {**switches, "inline_feedback": True}
    (known,) = [one for one in state["chats"] if one["chat"]["id"] == chat["id"]]
    assert (known["members"], known["has_bot"], len(known["messages"])) == ([1001, 1002], False, 5)
    events = [event["event"] for event in sandbox.feed.after(0) or []]
    assert (events.count("chat"), events.count("switches")) == (3, 1)
    assert await post("pick", 400, asked="1", result_id="1") == {"error": "no such list of results"}
