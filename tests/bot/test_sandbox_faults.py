"""Faults, floods and the clock: each is a switch."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ServerDisconnectedError
from aiohttp.client_exceptions import ClientOSError

from bot.sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(seed=1)
    await sandbox.start()
    for number in (1001, 1002):
        sandbox.person(number, "Sample").start()
    yield sandbox
    await sandbox.stop()


async def ask(sandbox: Sandbox, method: str, **params: Any) -> tuple[int, str]:
    async with ClientSession() as client, client.post(f"{sandbox.url}/bot{sandbox.token}/{method}", json=params) as got:
        return got.status, await got.text()


async def send(sandbox: Sandbox, chat: int = 1001, text: str = "x") -> int:
    return (await ask(sandbox, "sendMessage", chat_id=chat, text=text))[0]


async def test_refusals_of_any_kind(sandbox: Sandbox) -> None:
    sandbox.faults.flood("send*", 7, count=1)
    sandbox.faults.refuse("sendMessage", 403, "Forbidden: user is deactivated", count=1, chat=1001)

    assert await ask(sandbox, "sendMessage", chat_id=1002, text="x") == (
        429,
        '{"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7", '
        '"parameters": {"retry_after": 7}}',
    )
    assert [await send(sandbox, 1002), await send(sandbox), await send(sandbox)] == [200, 403, 200]
    assert (sandbox.violations, sandbox.refusals) == ([], [])
    assert [(call.outcome, call.error) for call in sandbox.calls] == [
        ("refused", "Too Many Requests: retry after 7"),
        ("answered", None),
        ("refused", "Forbidden: user is deactivated"),
        ("answered", None),
    ]


async def test_broken_servers(sandbox: Sandbox) -> None:
    sandbox.faults.gateway(count=1)
    status, page = await ask(sandbox, "getMe")
    assert (status, page[:6]) == (502, "<html>")

    sandbox.faults.error(count=1)
    assert await ask(sandbox, "getMe") == (
        500,
        '{"ok": false, "error_code": 500, "description": "Internal Server Error"}',
    )
    assert (await ask(sandbox, "getMe"))[0] == 200


@pytest.mark.parametrize(("act", "kept"), [("drop", 0), ("lose", 1)])
async def test_the_connection_is_reset_before_or_after_the_work(sandbox: Sandbox, act: str, kept: int) -> None:
    sandbox.faults.add(act, "sendMessage", count=1)

    with pytest.raises((ServerDisconnectedError, ClientOSError)):
        await send(sandbox)

    assert len(sandbox.chats[1001].shown) == kept
    assert [(call.outcome, call.done) for call in sandbox.calls] == [("lost", bool(kept))]
    assert await send(sandbox) == 200


async def test_an_answer_is_held_back(sandbox: Sandbox) -> None:
    event = asyncio.Event()
    sandbox.faults.slow("sendMessage", event=event, count=1)

    sending = asyncio.create_task(send(sandbox))
    await sandbox.people[1001].sees("x")
    assert [call.method for call in sandbox.in_hand] == ["sendMessage"]
    event.set()

    assert await sending == 200
    assert sandbox.in_hand == []


async def test_whoever_hangs_up_has_lost_the_answer(sandbox: Sandbox) -> None:
    sandbox.faults.slow("sendMessage", event=asyncio.Event())
    sending = asyncio.create_task(send(sandbox))
    await sandbox.people[1001].sees("x")

    sending.cancel()
    call = await sandbox.called("sendMessage")

    assert (call.outcome, call.done) == ("lost", True)


async def test_chance_is_the_same_with_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Sandbox(seed=seed).faults
        faults.error(probability=0.5)
        return [faults.strike("getMe", None, "error") is not None for _ in range(20)]

    assert struck(3) == struck(3) != struck(4)
    assert 0 < sum(struck(3)) < 20


def test_an_unknown_fault() -> None:
    with pytest.raises(ValueError, match="no such fault: explode"):
        Sandbox().faults.add("explode")


async def test_one_message_a_second_in_a_chat_after_a_burst(sandbox: Sandbox) -> None:
    now = 100.0
    sandbox.flood.on, sandbox.flood.now = True, lambda: now
    assert [await send(sandbox) for _ in range(5)] == [200, 200, 200, 200, 429]
    assert await send(sandbox, 1002) == 200

    now = 100.9
    assert await send(sandbox) == 429
    assert [remark.text for remark in sandbox.violations] == ["sent to chat 1001 0.1 s before retry_after was over"]
    now = 102.0
    assert [await send(sandbox), await send(sandbox), await send(sandbox)] == [200, 200, 429]
    assert (await ask(sandbox, "sendChatAction", chat_id=1001, action="typing"))[0] == 200


async def test_thirty_a_second_over_all_and_twenty_a_minute_in_a_group(sandbox: Sandbox) -> None:
    now = 100.0
    sandbox.flood.on, sandbox.flood.now = True, lambda: now
    group = sandbox.open_group("NGOs", sandbox.person(1001))[0].id
    assert [await send(sandbox, group) for _ in range(21)] == [200] * 20 + [429]
    sandbox.flood.burst = 100
    assert [await send(sandbox) for _ in range(11)] == [200] * 10 + [429]

    now = 101.1
    status, text = await ask(sandbox, "sendMessage", chat_id=group, text="x")
    assert (status, '"retry_after": 59' in text) == (429, True)


async def test_changes_of_the_name_are_limited(sandbox: Sandbox) -> None:
    sandbox.flood.profile_limit = 1
    assert (await ask(sandbox, "setMyName", name="A"))[0] == 200
    assert '"retry_after": 86400' in (await ask(sandbox, "setMyDescription", description="A"))[1]


async def test_the_clock_is_moved_for_messages_and_in_the_file(tmp_path: Path) -> None:
    sandbox = Sandbox(clock_file=tmp_path / "clock")
    person = sandbox.person(1, "A")
    person.says("now")
    assert (tmp_path / "clock").read_text() == "0.0\n"

    assert sandbox.clock.move(3600) == 3600
    assert sandbox.clock.move(-60.5) == 3539.5
    person.says("later")

    assert (tmp_path / "clock").read_text() == "3539.5\n"
    assert person.chat.messages[1].date - person.chat.messages[0].date in (3539, 3540)


async def test_calls_are_waited_for(sandbox: Sandbox) -> None:
    waiting = asyncio.create_task(sandbox.called("sendMessage", chat=1002, text="second"))
    await send(sandbox, 1002, "first")
    await send(sandbox, 1002, "second")

    call = await waiting
    assert (call.number, call.chat, call.outcome, call.result["text"]) == (2, 1002, "answered", "second")
    with pytest.raises(AssertionError, match="sendPhoto was not called within 0 s"):
        await sandbox.called("sendPhoto", timeout=0)
