"""Delivery against the sandbox's Bot API server: each outcome treated as it must be, order kept, nothing lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session
from telegram import Bot

from bot.sandbox import Call, Sandbox
from bot.transport import AiohttpRequest, bot_urls
from handlers.delivery import Delivery
from handlers.retries import Pace, Pauses, consequence
from handlers.screen import Screen
from handlers.sending import Outcome, Verdict
from handlers.viewer import Directory, Services, Viewer
from liaison import notices
from liaison.deliveries import Claimed, Due
from liaison.errors import NotYours
from storage.engine import Database
from storage.notices import Notice
from storage.people import Person
from tests.liaison import owed
from tests.liaison.owed import MACHINE, NOW, POLICY

SECOND = timedelta(seconds=1)


async def render(viewer: Viewer, due: Due) -> Screen:
    """The text names the notice, so that the log tells which call was which."""
    if due.details.get("bug"):
        raise ZeroDivisionError
    if due.details.get("foreign"):
        raise NotYours("meeting", "sample")
    return Screen(f"{due.notice_id}{' late' if due.late else ''}")


def nowhere() -> Directory:
    raise LookupError("no screen here needs the directory")


@dataclass
class World:
    """A Telegram, a database, two clocks that stand still until they are moved."""

    sandbox: Sandbox
    bot: Bot
    database: Database
    now: datetime = NOW
    machine_now: datetime = MACHINE
    asked: list[Callable[[], None]] = field(default_factory=list)  # called whenever the machine's time is read

    def read_machine(self) -> datetime:
        """The machine's clock."""
        for call in self.asked:
            call()
        return self.machine_now

    def delivery(self, owner: str = "a", **options: Any) -> Delivery:
        """A delivery that was not started."""
        services = Services(
            self.database, POLICY, lambda: self.now, self.read_machine, nowhere, lambda: "sample_bot", "Sample operator"
        )
        return Delivery(services, self.bot, render, owner, **options)

    @asynccontextmanager
    async def delivering(self, owner: str = "a", **options: Any) -> AsyncIterator[Delivery]:
        """A running delivery."""
        delivery = self.delivery(owner, **options)
        running = asyncio.create_task(delivery.run())
        try:
            yield delivery
        finally:
            await delivery.stop()
            await running

    async def owe(self, telegram_id: int, number: int = 1, **values: Any) -> list[int]:
        """Owe somebody new so many notices, each due a second after the one before; their ids."""
        self.sandbox.person(telegram_id).chat.started = True

        def write(session: Session) -> list[int]:
            person = owed.person(session, telegram_id)
            due_at = values.pop("due_at", self.now - number * SECOND)
            return [
                owed.notice(session, person, f"{telegram_id}:{i}", due_at=due_at + i * SECOND, **values)
                for i in range(number)
            ]

        return await self.database.write(write)

    async def row(self, notice_id: int) -> Notice:
        """A notice as it stands."""
        return await self.database.read(owed.row, notice_id)

    async def states(self) -> list[str]:
        """The states of all notices, in the order of their ids."""
        return await self.database.read(lambda session: list(session.scalars(select(Notice.state).order_by(Notice.id))))

    @property
    def sends(self) -> list[Call]:
        """The calls that carried a message."""
        return [call for call in self.sandbox.calls if call.method == "sendMessage"]

    def got(self, telegram_id: int) -> list[str]:
        """The messages in a person's chat."""
        return [message.text for message in self.sandbox.person(telegram_id).chat.messages]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    sandbox = Sandbox(seed=1)
    request = AiohttpRequest(use_environment_proxy=False)
    prefix, files = bot_urls(await sandbox.start())
    bot = Bot(sandbox.token, base_url=prefix, base_file_url=files, request=request)
    await request.initialize()
    try:
        yield World(sandbox, bot, database)
    finally:
        await request.shutdown()
        await sandbox.stop()
    assert sandbox.violations == []


async def test_everything_due_is_sent_once_and_the_rest_waits(world: World) -> None:
    ids = [notice_id for chat in range(1, 41) for notice_id in await world.owe(chat, 3)]
    (coming,) = await world.owe(50, due_at=NOW + SECOND)
    (overdue,) = await world.owe(51, due_at=NOW - timedelta(hours=1))
    async with world.delivering() as delivery:
        await delivery.idle()
        assert (await world.row(coming)).state == "owed"
        assert world.got(51) == [f"{overdue} late"]
        world.now += SECOND
        await delivery.idle()
        assert world.got(50) == [f"{coming}"]
    assert set(await world.states()) == {"sent"}
    assert len(world.sends) == len(ids) + 2
    row = await world.row(ids[0])
    assert (row.sent_at, row.attempts, row.lease_until) == (NOW, 1, None)
    assert row.message_id == world.sandbox.person(1).chat.messages[0].message_id


async def test_a_chat_gets_its_messages_one_after_the_other_in_due_order(world: World) -> None:
    wanted = {chat: [str(one) for one in await world.owe(chat, 20)] for chat in (1, 2, 3)}
    world.sandbox.faults.slow("sendMessage", seconds=0.001)
    async with world.delivering() as delivery:
        await delivery.idle()
    for chat, texts in wanted.items():
        assert world.got(chat) == texts
        calls = [call for call in world.sends if call.chat == chat]
        assert all(one.ended <= after.began for one, after in pairwise(calls) if one.ended)


@dataclass(frozen=True)
class Case:
    """A fault, and what it makes of a notice: at once, and after its pause has passed on the machine's clock."""

    fault: dict[str, Any]
    state: str
    reason: str  # how it begins
    pause: timedelta | None = None
    uncertain: int = 0
    copies: int = 1  # in the end, in the person's chat


OUTCOMES = {
    "flood control": Case(
        {"act": "refuse", "code": 429, "retry_after": 7},
        "owed",
        "Flood control exceeded",
        7 * SECOND,
    ),
    "blocked": Case(
        {"act": "refuse", "code": 403, "description": "Forbidden: bot was blocked by the user"},
        "dropped",
        "blocked",
        copies=0,
    ),
    "refused": Case(
        {"act": "refuse", "code": 400, "description": "Bad Request: message is too long"},
        "failed",
        "Message is too long",
        copies=0,
    ),
    "error 500": Case({"act": "error"}, "owed", "Internal Server Error", 30 * SECOND, 1),
    "gateway": Case({"act": "gateway"}, "owed", "answer 502 is not Telegram's", 30 * SECOND, 1),
    "reset before": Case({"act": "drop"}, "owed", "no answer from Telegram", 30 * SECOND, 1),
    "answer lost": Case({"act": "lose"}, "owed", "no answer from Telegram", 30 * SECOND, 1, 2),
    "bad token": Case({"act": "refuse", "code": 401, "description": "Unauthorized"}, "owed", "Unauthorized", SECOND),
}


@pytest.mark.parametrize("name", OUTCOMES)
async def test_outcomes(world: World, name: str) -> None:
    case = OUTCOMES[name]
    (notice_id,) = await world.owe(1)
    world.sandbox.faults.add(method="sendMessage", count=1, **case.fault)
    async with world.delivering() as delivery:
        await delivery.idle(but_paused=True)
        row = await world.row(notice_id)
        assert (row.state, row.uncertain) == (case.state, case.uncertain)
        assert (row.reason or "").startswith(case.reason)
        assert row.not_before == (case.pause and MACHINE + case.pause)
        if case.pause:
            world.machine_now += case.pause - timedelta(microseconds=1)
            await delivery.idle(but_paused=True)
            assert len(world.sends) == 1
            world.machine_now += timedelta(microseconds=1)
            await delivery.idle()
            assert (await world.row(notice_id)).state == "sent"
    assert world.got(1) == [str(notice_id)] * case.copies


async def test_no_connection_is_tried_again_for_ever_and_nothing_is_doubled(world: World) -> None:
    (notice_id,) = await world.owe(1)
    port = int(world.sandbox.url.rpartition(":")[2])
    await world.sandbox.stop()
    async with world.delivering() as delivery:
        for pause in (1, 2, 4, 8, 16, 32, 60, 60):
            await delivery.idle(but_paused=True)
            row = await world.row(notice_id)
            assert (row.state, row.uncertain, row.not_before) == ("owed", 0, world.machine_now + pause * SECOND)
            world.machine_now += pause * SECOND
        await world.sandbox.start(port)
        await delivery.idle()
    assert world.got(1) == [str(notice_id)]


async def test_uncertain_sends_are_counted_and_given_up(world: World) -> None:
    (notice_id,) = await world.owe(1)
    world.sandbox.faults.error("sendMessage")
    async with world.delivering() as delivery:
        for pause in (30, 60, 120, 240):
            await delivery.idle(but_paused=True)
            assert (await world.row(notice_id)).not_before == world.machine_now + pause * SECOND
            world.machine_now += pause * SECOND
        await delivery.idle()
    row = await world.row(notice_id)
    assert (row.state, row.uncertain, row.reason) == ("failed", 5, "given up: Internal Server Error")


async def test_a_send_without_an_end_is_uncertain(world: World) -> None:
    (notice_id,) = await world.owe(1)
    silent = asyncio.Event()
    world.sandbox.faults.slow("sendMessage", event=silent, count=1)
    async with world.delivering(pace=Pace(send=timedelta(milliseconds=50))) as delivery:
        await delivery.idle(but_paused=True)
        silent.set()
    row = await world.row(notice_id)
    assert (row.state, row.reason, row.uncertain) == ("owed", "TimeoutError", 1)


async def test_our_own_bug_costs_one_notice(world: World) -> None:
    (bug,) = await world.owe(1, details={"bug": True})
    (foreign,) = await world.owe(2, details={"foreign": True})
    (good,) = await world.owe(3)
    async with world.delivering() as delivery:
        await delivery.idle()
    row = await world.row(bug)
    assert row.state == "failed"
    assert row.reason is not None
    assert row.reason.startswith("error ")
    row = await world.row(foreign)
    assert (row.state, row.reason) == ("dropped", "not-yours")
    assert [call.params["text"] for call in world.sends] == [str(good)]


async def test_nothing_overtakes_what_waits_in_its_chat(world: World) -> None:
    mine = [str(one) for one in await world.owe(1, 3)]
    other = [str(one) for one in await world.owe(2, 3)]
    world.sandbox.faults.flood("sendMessage", retry_after=5, chat=1, count=1)
    async with world.delivering() as delivery:
        await delivery.idle(but_paused=True)
        assert (world.got(1), world.got(2)) == ([], other)
        world.machine_now += 5 * SECOND
        await delivery.idle()
    assert world.got(1) == mine
    assert len(world.sends) == 7


async def test_flood_control_for_several_chats_stops_all_until_it_is_over(world: World) -> None:
    for chat in range(1, 31):
        await world.owe(chat)
    flood = world.sandbox.faults.flood("sendMessage", retry_after=9)
    async with world.delivering(pace=Pace(at_once=3)) as delivery:
        await delivery.idle(but_paused=True)
        refused = len(world.sends)
        assert 3 <= refused <= 5  # those on their way when the third one was refused
        world.machine_now += 9 * SECOND
        await delivery.idle(but_paused=True)
        assert len(world.sends) == refused + 1  # one is enough to see that it is not over
        flood.off()
        world.machine_now += 9 * SECOND
        await delivery.idle()
    assert len(world.sends) == refused + 1 + 30
    assert set(await world.states()) == {"sent"}


async def test_a_request_an_official_blocked_reaches_the_coordinator(world: World) -> None:
    for number in (200, 300):
        world.sandbox.person(number).chat.started = True
    world.sandbox.person(200).blocks()

    def prepared(session: Session) -> None:
        meeting = owed.meeting(session, owed.person(session, 100))
        owed.official(session, meeting.post_id, 200)
        owed.coordinator(session, 300)
        notices.request_sent(session, meeting, POLICY, now=NOW)

    await world.database.write(prepared)
    async with world.delivering() as delivery:
        await delivery.idle()

    def unreachable(session: Session) -> list[int]:
        return list(session.scalars(select(Person.telegram_id).where(Person.unreachable_since.is_not(None))))

    assert await world.database.read(unreachable) == [200]
    assert await world.states() == ["dropped", "sent"]
    assert world.got(300) == ["2"]


async def test_a_commit_that_owes_wakes_it(world: World) -> None:
    async with world.delivering(pace=Pace(look=timedelta(hours=1))) as delivery:
        await delivery.idle()
        world.database.on_owed = delivery.wake

        def owing(session: Session) -> None:
            session.info["owed"] = True
            owed.notice(session, owed.person(session, 1), "x")

        world.sandbox.person(1).chat.started = True
        await world.database.write(owing)
        await world.sandbox.called("sendMessage", chat=1)


async def test_stop_finishes_what_was_begun_and_gives_back_the_rest(world: World) -> None:
    first, second = await world.owe(1, 2)
    held = asyncio.Event()
    world.sandbox.faults.slow("sendMessage", event=held, count=1)
    delivery = world.delivery()
    running = asyncio.create_task(delivery.run())
    await _began(world)
    stopping = asyncio.create_task(delivery.stop())
    held.set()
    await stopping
    await running
    assert (await world.row(first)).state == "sent"
    row = await world.row(second)
    assert (row.state, row.lease_until, row.attempts, row.not_before) == ("owed", None, 0, None)


async def test_a_killed_process_repeats_only_what_was_on_its_way(world: World) -> None:
    held = asyncio.Event()
    running = asyncio.create_task((dead := world.delivery("dead")).run())
    await world.owe(1, 3)
    await dead.idle()
    await world.owe(2, 3)
    world.sandbox.faults.slow("sendMessage", event=held, chat=2)
    dead.wake()
    await _began(world)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    world.sandbox.faults.clear()
    async with world.delivering("new", alone=True) as delivery:
        await delivery.idle()
    assert (world.got(1), world.got(2)) == (["1", "2", "3"], ["4", "4", "5", "6"])
    assert set(await world.states()) == {"sent"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_replicas_share_the_work(world: World) -> None:
    for chat in range(1, 61):
        await world.owe(chat, 2)
    pace = Pace(batch=7, look=timedelta(milliseconds=50))
    async with world.delivering("a", pace=pace) as one, world.delivering("b", pace=pace) as other:
        await asyncio.gather(one.idle(), other.idle())
    assert len(world.sends) == 120
    assert set(await world.states()) == {"sent"}


@asynccontextmanager
async def _without_connections(admin: "psycopg.Connection[tuple[str]]", name: str) -> AsyncIterator[None]:
    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    try:
        yield
    finally:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_goes_away_is_waited_for(
    world: World, postgres_url: str, postgres_admin: "psycopg.Connection[tuple[str]]"
) -> None:
    name = make_url(postgres_url).database or ""
    (notice_id,) = await world.owe(1)
    held = asyncio.Event()
    world.sandbox.faults.slow("sendMessage", event=held, count=1)
    async with world.delivering(pace=Pace(failure=timedelta(milliseconds=10))) as delivery:
        await _began(world)
        async with _without_connections(postgres_admin, name):
            asked = asyncio.Semaphore(0)
            world.asked.append(asked.release)  # the settling reads the clock each time it tries
            held.set()
            for _ in range(3):
                await asked.acquire()
        await delivery.idle()
    assert (await world.row(notice_id)).state == "sent"
    assert world.got(1) == [str(notice_id)]


async def _began(world: World) -> None:
    """Wait until a message is on its way: done, and its answer held back."""
    await world.sandbox.bell.until(lambda: world.sandbox.in_hand or None, 10)
    assert world.sandbox.in_hand


def test_consequences() -> None:
    claimed = Claimed(1, 1, NOW, attempts=9, uncertain=4, lease_until=MACHINE)
    pace = Pace()
    for outcome, state, pause in (
        (Outcome.SENT, "sent", None),
        (Outcome.WAIT, "retry", 3 * SECOND),
        (Outcome.NOT_SENT, "retry", 60 * SECOND),
        (Outcome.BLOCKED, "dropped", None),
        (Outcome.REFUSED, "failed", None),
        (Outcome.UNCERTAIN, "failed", None),
    ):
        settled = consequence(claimed, Verdict(outcome, 3.0, "why"), pace)
        assert (settled.state, settled.pause, settled.tried) == (state, pause, True)


def test_pauses() -> None:
    pauses = Pauses(Pace())
    assert pauses.left(MACHINE, 1) == timedelta()
    pauses.unserved(1, MACHINE, hold=10 * SECOND, asked=True)
    assert (pauses.left(MACHINE, 1), pauses.left(MACHINE, 2), pauses.left(MACHINE)) == (
        10 * SECOND,
        0 * SECOND,
        0 * SECOND,
    )
    pauses.served()
    for chat in (1, 2):
        pauses.unserved(chat, MACHINE)
        pauses.unserved(chat, MACHINE)
    assert not pauses.troubled
    pauses.unserved(3, MACHINE)  # the third in a row: all wait, a second first, then longer
    pauses.unserved(4, MACHINE)
    assert (pauses.troubled, pauses.left(MACHINE, 9)) == (True, SECOND)
    pauses.unserved(5, MACHINE + SECOND)
    assert pauses.left(MACHINE + SECOND) == 2 * SECOND
    pauses.served()
    assert not pauses.troubled
