"""Updates by polling: nothing confirmed before it is settled, nothing held up, nothing lost."""

import asyncio
import json

import pytest
import structlog
from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.intake import BadToken, connect
from bot.polling import CONFLICT, Polling
from storage.engine import DatabaseUnavailable
from tests.bot.edge import Apologies, application_at, polling_at, until
from tests.bot.raw_server import message, scripted_telegram


async def test_updates_are_handled_once_and_confirmed() -> None:
    seen: list[int] = []

    async def handle(update: Update) -> None:
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(*(message(number, person=1) for number in range(10, 130)))
        async with polling_at(telegram, handle):
            await until(lambda: not telegram.pending)
            telegram.add(message(130, person=2))
            await until(lambda: not telegram.pending)
        assert seen == list(range(10, 131))
        assert telegram.offsets[0] is None
        assert telegram.offsets[-1] == 131
        methods = [method for method, _ in telegram.calls]
        assert methods[:3] == ["getMe", "deleteWebhook", "getUpdates"]
        assert telegram.calls[2][1] == {
            "timeout": "25",
            "limit": "100",
            "allowed_updates": json.dumps(
                ["message", "callback_query", "my_chat_member", "inline_query", "chosen_inline_result"]
            ),
        }


async def test_one_hanging_chat_does_not_hold_up_fifty_others() -> None:
    gate, seen = asyncio.Event(), list[int]()

    async def handle(update: Update) -> None:
        if update.update_id == 1:
            await gate.wait()
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1), *(message(number, person=number) for number in range(2, 52)))
        async with polling_at(telegram, handle):
            await until(lambda: len(seen) == 50)
            # New ones are let in although the first is unsettled, and its own chat's next one waits for it.
            telegram.add(message(52, person=1), *(message(number, person=number) for number in range(53, 103)))
            await until(lambda: len(seen) >= 97)
            assert 52 not in seen
            assert set(telegram.offsets) == {None, 1}
            gate.set()
            await until(lambda: not telegram.pending)
        assert sorted(seen) == list(range(1, 103))
        assert seen.index(1) < seen.index(52)
        assert telegram.offsets[-1] == 103


async def test_waiting_for_a_hanging_chat_is_not_a_busy_loop() -> None:
    gate, begun = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        begun.set()
        await gate.wait()

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1))
        async with polling_at(telegram, handle, patience=30):
            await begun.wait()
            for _ in range(50):
                await asyncio.sleep(0)
            assert telegram.offsets == [None]
            gate.set()
            await until(lambda: not telegram.pending)
        assert telegram.offsets[:2] == [None, 2]


async def test_what_hangs_too_long_is_cut_off_with_an_apology() -> None:
    apologies, cut = Apologies(), list[int]()

    async def handle(update: Update) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cut.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1), message(2, person=1))
        with structlog.testing.capture_logs() as lines:
            async with polling_at(telegram, handle, apologies=apologies, limit=0.05):
                await until(lambda: not telegram.pending)
    assert cut == [1, 2]
    assert [number for number, _ in apologies.said] == [1, 2]
    assert [type(line["exc_info"]) for line in lines if line["event"] == "handling an update failed"] == [
        TimeoutError
    ] * 2


async def test_our_own_bug_is_logged_with_a_number_told_and_counted_as_processed() -> None:
    apologies, later_group = Apologies(), list[int]()

    async def fails(update: Update) -> None:
        raise ZeroDivisionError("invented")

    async def sees_later(update: Update) -> None:
        later_group.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1))
        with structlog.testing.capture_logs() as lines:
            async with polling_at(telegram, fails, sees_later, apologies=apologies):
                await until(lambda: not telegram.pending)
    (line,) = [line for line in lines if line["event"] == "handling an update failed"]
    assert apologies.said == [(1, line["number"])]
    assert len(line["number"]) == 6
    assert (line["what"], type(line["exc_info"])) == ("message", ZeroDivisionError)
    assert later_group == []  # a guard that fails lets nothing through


async def test_a_guard_that_stops_the_update_has_handled_it() -> None:
    apologies, later_group = Apologies(), list[int]()

    async def guard(update: Update) -> None:
        raise ApplicationHandlerStop

    async def sees_later(update: Update) -> None:
        later_group.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1))
        async with polling_at(telegram, guard, sees_later, apologies=apologies):
            await until(lambda: not telegram.pending)
    assert (apologies.said, later_group) == ([], [])


async def test_a_failing_apology_changes_nothing() -> None:
    class Mute(Apologies):
        async def __call__(self, update: Update, number: str) -> None:
            raise OSError("invented")

    async def fails(update: Update) -> None:
        raise ZeroDivisionError

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1))
        with structlog.testing.capture_logs() as lines:
            async with polling_at(telegram, fails, apologies=Mute()):
                await until(lambda: not telegram.pending)
    assert "the apology was not delivered" in [line["event"] for line in lines]


async def test_without_the_database_the_same_updates_are_asked_for_again_in_order() -> None:
    apologies, outages, seen = Apologies(), [3], list[int]()

    async def handle(update: Update) -> None:
        if update.update_id == 2 and outages[0]:
            outages[0] -= 1
            raise DatabaseUnavailable("invented")
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(*(message(number, person) for number, person in [(1, 1), (2, 2), (3, 2), (4, 2)]))
        async with polling_at(telegram, handle, apologies=apologies):
            await until(lambda: not telegram.pending)
    assert seen == [1, 2, 3, 4]
    assert apologies.said == []
    assert telegram.offsets[:5] == [None, 2, 2, 2, 5]


async def test_an_update_the_library_cannot_read_is_logged_and_passed_over() -> None:
    seen: list[int] = []

    async def handle(update: Update) -> None:
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add({"update_id": 1, "message": {"nonsense": True}}, message(2, person=1))
        with structlog.testing.capture_logs() as lines:
            async with polling_at(telegram, handle):
                await until(lambda: not telegram.pending)
    assert seen == [2]
    (line,) = [line for line in lines if line["event"] == "an update cannot be read"]
    assert line["update"] == 1


@pytest.mark.parametrize("trouble", [(409, "Conflict: terminated by other getUpdates"), (500, "Oops"), (400, "No")])
async def test_troubles_of_fetching_are_waited_out(trouble: tuple[int, str]) -> None:
    seen: list[int] = []

    async def handle(update: Update) -> None:
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.refusals = [trouble] * 3
        telegram.add(message(1, person=1))
        with structlog.testing.capture_logs() as lines:
            async with polling_at(telegram, handle) as polling:
                await until(lambda: not telegram.pending)
                assert polling.heard_within(60)
    assert seen == [1]
    events = [line["event"] for line in lines if line["log_level"] in ("warning", "error")]
    assert events == [CONFLICT if trouble[0] == 409 else "updates cannot be fetched"] * 3


async def test_a_token_refused_at_the_start_is_said_plainly() -> None:
    async with scripted_telegram() as telegram:
        telegram.statuses["getMe"] = (401, "Unauthorized")
        with pytest.raises(BadToken, match=r"telegram\.token"):
            async with application_at(telegram):
                pass
        telegram.statuses = {}
        async with application_at(telegram) as (application, updates):
            telegram.statuses["deleteWebhook"] = (401, "Unauthorized")
            polling = Polling(application, Apologies(), updates)
            with pytest.raises(BadToken):
                await polling.run()
            assert not polling.heard_within(60)
            await polling.stop()


async def test_a_token_withdrawn_later_does_not_end_the_program() -> None:
    async with scripted_telegram() as telegram:
        telegram.refusals = [(401, "Unauthorized")] * 2
        telegram.add(message(1, person=1))
        with structlog.testing.capture_logs() as lines:
            async with polling_at(telegram):
                await until(lambda: not telegram.pending)
    assert [line["event"] for line in lines].count("Telegram no longer accepts the token") == 2


async def test_connecting_waits_until_telegram_answers() -> None:
    async with scripted_telegram() as telegram, application_at(telegram) as (application, _):
        await application.shutdown()
        telegram.statuses["getMe"] = (502, "Bad Gateway")
        connecting = asyncio.create_task(connect(application, pauses=(0.001,)))
        await until(lambda: [method for method, _ in telegram.calls].count("getMe") >= 3)
        telegram.statuses = {}
        await connecting


async def test_stopping_lets_what_is_in_hand_finish_and_confirms_it() -> None:
    gate, begun, seen = asyncio.Event(), asyncio.Event(), list[int]()

    async def handle(update: Update) -> None:
        begun.set()
        await gate.wait()
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1), message(2, person=1))
        async with polling_at(telegram, handle) as polling:
            await begun.wait()
            stopping = asyncio.create_task(polling.stop())
            await asyncio.sleep(0)
            telegram.add(message(3, person=3))
            gate.set()
            await stopping
            assert seen == [1, 2]
            assert [update["update_id"] for update in telegram.pending] == [3]
            assert telegram.calls[-1][1]["limit"] == "1"


async def test_what_does_not_finish_in_time_comes_again_to_the_next_run() -> None:
    begun, seen = asyncio.Event(), list[int]()

    async def hangs(update: Update) -> None:
        if update.update_id == 2:
            begun.set()
            await asyncio.Event().wait()

    async def handle(update: Update) -> None:
        seen.append(update.update_id)

    async with scripted_telegram() as telegram:
        telegram.add(message(1, person=1), message(2, person=2), message(3, person=3))
        async with polling_at(telegram, hangs) as polling:
            await begun.wait()
            await until(lambda: telegram.offsets[-1] == 2)
            await polling.stop(within=0)
        assert [update["update_id"] for update in telegram.pending] == [2, 3]
        async with polling_at(telegram, handle):
            await until(lambda: not telegram.pending)
    assert seen == [2, 3]


async def test_stopping_comes_before_running_and_twice() -> None:
    async with scripted_telegram() as telegram, application_at(telegram) as (application, updates):
        polling = Polling(application, Apologies(), updates)
        await polling.stop()
        await polling.run()
        await polling.stop()
        assert telegram.offsets == []
