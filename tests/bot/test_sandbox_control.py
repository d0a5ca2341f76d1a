"""The control interface: state, events, acts, clock, faults; closed to other sites."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(seed=1)
    await sandbox.start()
    sandbox.person(1001, "Aigerim")
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[ClientSession]:
    async with ClientSession(sandbox.url) as client:
        yield client


async def get(client: ClientSession, path: str) -> Any:
    async with client.get(path) as got:
        assert got.status == 200
        return await got.json()


async def post(client: ClientSession, path: str, status: int = 200, **body: Any) -> Any:
    async with client.post(f"/sandbox/{path}", json=body) as got:
        assert got.status == status
        return await got.json()


async def bot(client: ClientSession, sandbox: Sandbox, method: str, **params: Any) -> Any:
    async with client.post(f"/bot{sandbox.token}/{method}", json=params) as got:
        return await got.json()


async def test_the_state_holds_all_chats(sandbox: Sandbox, client: ClientSession) -> None:
    await post(client, "act", person=1001, act="start")
    await bot(client, sandbox, "sendMessage", chat_id=1001, text="<b>Hi</b>", parse_mode="HTML")
    state = await get(client, "/sandbox/state")

    assert [person["user"]["first_name"] for person in state["people"]] == ["Aigerim"]
    assert [message["text"] for message in state["chats"][0]["messages"]] == ["/start", "Hi"]
    assert state["chats"][0]["messages"][1]["sandbox"] == {
        "outgoing": True,
        "edited": False,
        "deleted": False,
        "html": "<b>Hi</b>",
    }
    assert state["seq"] == sandbox.feed.seq
    assert state["clock"]["offset"] == 0


async def test_events_follow_the_state(sandbox: Sandbox, client: ClientSession) -> None:
    seq = (await get(client, "/sandbox/state"))["seq"]
    async with client.get(f"/sandbox/events?after={seq}") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        await post(client, "act", person=1001, act="says", text="Сәлем")
        await bot(client, sandbox, "sendChatAction", chat_id=1001, action="typing")
        events = [(await stream.content.readuntil(b"\n\n")).decode().splitlines() for _ in range(3)]

    assert [event[1] for event in events] == ["event: message", "event: action", "event: call"]
    assert events[0][0] == f"id: {seq + 1}"
    data = json.loads(events[0][2].removeprefix("data: "))
    assert (data["chat_id"], data["message"]["text"]) == (1001, "Сәлем")


async def test_a_reader_who_missed_events_reads_the_state_again(sandbox: Sandbox, client: ClientSession) -> None:
    async with client.get("/sandbox/events", headers={"Last-Event-ID": "999"}) as stream:
        await stream.content.readuntil(b"\n\n")
        assert (await stream.content.readuntil(b"\n\n")).decode().splitlines()[1] == "event: reload"


async def test_acts(sandbox: Sandbox, client: ClientSession) -> None:
    acts: list[dict[str, Any]] = [
        {"act": "start", "payload": "abc"},
        {"act": "says", "text": "a", "reply_to": 1},
        {"act": "edits", "text": "b", "message_id": 2},
        {"act": "sends_document", "name": "a.csv", "base64": base64.b64encode(b"x;y").decode()},
        {"act": "sends_contact", "phone": "+77020000000"},
        {"act": "blocks"},
    ]
    for act in acts:
        assert (await post(client, "act", person=1001, **act))["update_id"] in sandbox.inbox.waiting
    await post(client, "act", person=1001, act="deletes", message_id=2)

    assert [message.text for message in sandbox.chats[1001].messages] == ["/start abc", "b", "", ""]
    waiting = (await get(client, "/sandbox/updates"))["waiting"]
    assert len(waiting) == len(acts)
    file = sandbox.chats[1001].messages[2].as_json()["sandbox"]["file"]
    async with client.get(f"/sandbox/file/{file['id']}") as got:
        assert (await got.read(), got.headers["Content-Disposition"]) == (b"x;y", "attachment; filename*=UTF-8''a.csv")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"person": 5, "act": "says", "text": "x"}, "no such person"),
        ({"person": 1001, "act": "world"}, "no such act: world"),
        ({"person": 1001, "act": "says", "text": ""}, "a message has 1 to 4096 characters"),
        ({"person": 1001, "act": "says", "text": "x", "loud": True}, "says takes no loud"),
        ({"person": 1001, "act": "deletes", "message_id": 9}, "no message 9"),
    ],
)
async def test_acts_that_cannot_be_done(client: ClientSession, body: dict[str, Any], error: str) -> None:
    assert await post(client, "act", 400, **body) == {"error": error}


async def test_people_clock_faults_and_flood(sandbox: Sandbox, client: ClientSession) -> None:
    made = await post(client, "person", id=7, first_name="Official", language_code="kk")
    assert made["user"] == {"id": 7, "is_bot": False, "first_name": "Official", "language_code": "kk"}
    assert (await post(client, "clock", move=3600))["offset"] == 3600
    assert (await post(client, "clock", offset=60))["offset"] == 60
    assert (await get(client, "/sandbox/clock"))["offset"] == 60
    assert (await post(client, "flood", on=True, burst=2))["burst"] == 2
    fault = await post(client, "faults", act="refuse", method="getMe", code=403, description="Forbidden: no", count=2)
    assert (fault["act"], fault["left"]) == ("refuse", 2)
    assert (await bot(client, sandbox, "getMe"))["description"] == "Forbidden: no"
    assert [entry["hits"] for entry in await get(client, "/sandbox/faults")] == [1]
    await post(client, "faults", clear=True)
    assert (await bot(client, sandbox, "getMe"))["ok"]


async def test_violations_and_calls_are_told(sandbox: Sandbox, client: ClientSession) -> None:
    await bot(client, sandbox, "sendMessage", chat_id=1001, text="")
    await bot(client, sandbox, "sendMessage", chat_id=1001, text="x")
    told = await get(client, "/sandbox/violations")
    calls = await get(client, "/sandbox/calls?after=1")

    assert [entry["text"] for entry in told["violations"]] == ["Bad Request: message text is empty"]
    assert [entry["text"] for entry in told["refusals"]] == ["Forbidden: bot can't initiate conversation with a user"]
    assert [(entry["number"], entry["outcome"]) for entry in calls] == [(2, "refused")]


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Origin": "https://evil.example"}, "/sandbox/state", 403),
        ({"Host": "evil.example"}, "/sandbox/state", 403),
        ({"Sec-Fetch-Site": "cross-site"}, "/sandbox/state", 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "/sandbox/state", 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "/", 200),
        ({"Origin": "https://evil.example"}, "/bot123456:SANDBOX/getMe", 403),
        ({"Sec-Fetch-Site": "same-origin"}, "/sandbox/state", 200),
        ({}, "/../control.py", 404),
        ({}, "/%2e%2e/control.py", 404),
    ],
)
async def test_other_sites_stay_outside(client: ClientSession, headers: dict[str, str], path: str, status: int) -> None:
    async with client.get(path, headers=headers) as got:
        assert got.status == status


async def test_a_form_of_another_kind_is_no_act(client: ClientSession) -> None:
    async with client.post("/sandbox/act", data=json.dumps({"person": 1001, "act": "start"})) as got:
        assert (got.status, await got.json()) == (400, {"error": "Content-Type must be application/json"})
