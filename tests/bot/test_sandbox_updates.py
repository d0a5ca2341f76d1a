"""Updates: polling with offsets and conflicts, webhooks with secrets and repetition, at least once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import Json

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@pytest.fixture
async def person(sandbox: Sandbox) -> Person:
    return sandbox.person(1001, "Aigerim")


async def call(sandbox: Sandbox, method: str, **params: Any) -> Any:
    async with ClientSession() as client, client.post(f"{sandbox.url}/bot{sandbox.token}/{method}", json=params) as got:
        answer = await got.json()
        return answer["result"] if answer["ok"] else answer["description"]


class Listener:
    """A webhook of a bot: answers what is put into `answers`, else 200, and keeps what came."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.hold: dict[str, asyncio.Event] = {}

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append(update)
        if event := self.hold.get(update.get("message", {}).get("text")):
            await event.wait()
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    listener = Listener()
    application = web.Application()
    application.router.add_post("/hook", listener.take)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield listener, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_updates_come_until_they_are_confirmed(sandbox: Sandbox, person: Person) -> None:
    first, second = person.says("a"), person.says("b")

    assert [update["update_id"] for update in await call(sandbox, "getUpdates")] == [first, second]
    assert [update["update_id"] for update in await call(sandbox, "getUpdates", limit=1)] == [first]
    assert [update["update_id"] for update in await call(sandbox, "getUpdates", offset=second)] == [second]
    assert await call(sandbox, "getUpdates", offset=second + 1) == []
    assert second == first + 1
    await sandbox.settled(first, second)


async def test_a_negative_offset_keeps_the_last_updates(sandbox: Sandbox, person: Person) -> None:
    _, second = person.says("a"), person.says("b")

    assert [update["update_id"] for update in await call(sandbox, "getUpdates", offset=-1)] == [second]
    assert list(sandbox.inbox.waiting) == [second]


async def test_first_numbers_are_random_and_repeat_with_the_seed() -> None:
    numbers = [Sandbox(seed=seed).person(1, "A").says("a") for seed in (1, 1, 2)]

    assert numbers[0] == numbers[1] != numbers[2]


async def test_a_long_poll_ends_with_the_first_update(sandbox: Sandbox, person: Person) -> None:
    poll = asyncio.create_task(call(sandbox, "getUpdates", timeout=30))
    await sandbox.bell.until(lambda: True if sandbox.log.running else None, 5)
    number = person.says("a")

    assert [update["update_id"] for update in await poll] == [number]


async def test_a_second_poll_ends_the_first(sandbox: Sandbox, person: Person) -> None:
    first = asyncio.create_task(call(sandbox, "getUpdates", timeout=30))
    await sandbox.bell.until(lambda: True if sandbox.log.running else None, 5)
    second = asyncio.create_task(call(sandbox, "getUpdates", timeout=30))

    assert await first == CONFLICT
    person.says("a")
    assert len(await second) == 1
    assert sandbox.violations == []


async def test_only_wanted_kinds_come(sandbox: Sandbox, person: Person) -> None:
    await call(sandbox, "getUpdates", allowed_updates=["message"])
    person.start()
    person.blocks()
    kept = await call(sandbox, "getUpdates")
    await call(sandbox, "getUpdates", allowed_updates=[], offset=kept[0]["update_id"] + 1)
    person.unblocks()

    assert [list(update)[1] for update in kept] == ["message"]
    assert [list(update)[1] for update in await call(sandbox, "getUpdates")] == ["my_chat_member"]


async def test_repeated_and_shuffled_updates(sandbox: Sandbox, person: Person) -> None:
    sandbox.faults.repeat_updates("message", count=1)
    repeated, once = person.says("a"), person.says("b")
    await call(sandbox, "getUpdates")
    again = await call(sandbox, "getUpdates", offset=once + 1)

    assert [update["update_id"] for update in again] == [repeated]
    assert await call(sandbox, "getUpdates", offset=once + 1) == []
    await sandbox.settled(repeated)
    sandbox.faults.reorder_updates()
    numbers = [person.says(text) for text in "abcdefgh"]
    shuffled = [update["update_id"] for update in await call(sandbox, "getUpdates")]
    assert sorted(shuffled) == numbers != shuffled


async def test_a_webhook_gets_updates_with_the_secret(
    sandbox: Sandbox, person: Person, listener: tuple[Listener, str]
) -> None:
    hook, url = listener
    assert await call(sandbox, "setWebhook", url=url, secret_token="s3cret", max_connections=2) is True

    await sandbox.settled(*(person.says(text) for text in ("a", "b", "c")))

    assert (hook.texts, hook.secrets) == (["a", "b", "c"], ["s3cret"] * 3)
    assert (await call(sandbox, "getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is act")
    info = await call(sandbox, "getWebhookInfo")
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (url, 2, 0)
    await call(sandbox, "deleteWebhook")
    person.says("d")
    assert len(await call(sandbox, "getUpdates")) == 1


async def test_a_webhook_is_tried_again_until_it_takes_the_update(
    sandbox: Sandbox, person: Person, listener: tuple[Listener, str]
) -> None:
    hook, url = listener
    sandbox.webhook.pauses = (0.0,)
    hook.answers = [web.Response(status=503), web.Response(status=302), web.Response()]
    await call(sandbox, "setWebhook", url=url)

    await sandbox.settled(person.says("a"), person.says("b"))

    assert hook.texts == ["a", "a", "a", "b"]
    info = await call(sandbox, "getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_one_hanging_chat_holds_up_no_other(
    sandbox: Sandbox, person: Person, listener: tuple[Listener, str]
) -> None:
    hook, url = listener
    hook.hold["hang"] = asyncio.Event()
    await call(sandbox, "setWebhook", url=url)
    hanging, behind = person.says("hang"), person.says("behind")

    await sandbox.settled(sandbox.person(1002, "Other").says("other"))
    assert hook.texts == ["hang", "other"]
    hook.hold["hang"].set()
    await sandbox.settled(hanging, behind)

    assert hook.texts == ["hang", "other", "behind"]


async def test_the_answer_to_a_webhook_may_call_a_method(
    sandbox: Sandbox, person: Person, listener: tuple[Listener, str]
) -> None:
    hook, url = listener
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": 1001, "text": "Hello"})]
    await call(sandbox, "setWebhook", url=url)
    person.start()

    assert (await person.sees("Hello")).message_id == 2


async def test_a_webhook_ends_a_poll_and_may_drop_what_waits(sandbox: Sandbox, person: Person) -> None:
    poll = asyncio.create_task(call(sandbox, "getUpdates", timeout=30))
    await sandbox.bell.until(lambda: True if sandbox.log.running else None, 5)

    await call(sandbox, "setWebhook", url="http://127.0.0.1:9/", drop_pending_updates=True)
    assert await poll == CONFLICT
    person.says("a")
    await call(sandbox, "deleteWebhook", drop_pending_updates=True)

    assert await call(sandbox, "getUpdates") == []
