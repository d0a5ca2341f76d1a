"""A person's updates in order, persons side by side."""

import asyncio
from typing import Any

import pytest
from telegram import Update

from bot.per_person import PerPerson, person_of
from tests.bot.raw_server import message


def update(number: int, person: int) -> Update:
    return Update.de_json(message(number, person), None)


async def test_order_is_kept_for_each_and_nobody_waits_for_another() -> None:
    processor, begun, gates = PerPerson(), list[int](), {number: asyncio.Event() for number in range(6)}

    async def handle(number: int) -> None:
        begun.append(number)
        await gates[number].wait()

    tasks = [
        asyncio.create_task(processor.process_update(update(number, person), handle(number)))
        for number, person in enumerate([1, 1, 2, 1, 2, 3])
    ]
    await _turns()
    assert begun == [0, 2, 5]
    gates[2].set()
    await _turns()
    assert begun == [0, 2, 5, 4]
    gates[1].set()  # his first one is still at it
    await _turns()
    assert begun == [0, 2, 5, 4]
    gates[0].set()
    await _turns()
    assert begun == [0, 2, 5, 4, 1, 3]
    for gate in gates.values():
        gate.set()
    await asyncio.gather(*tasks)
    assert processor._lanes == {}


async def test_no_more_than_the_limit_run_and_a_waiting_line_takes_no_place() -> None:
    processor, begun, gate = PerPerson(at_once=2), list[int](), asyncio.Event()

    async def handle(person: int) -> None:
        begun.append(person)
        await gate.wait()

    persons = [1] * 20 + [2, 3]
    tasks = [
        asyncio.create_task(processor.process_update(update(number, person), handle(person)))
        for number, person in enumerate(persons)
    ]
    await _turns()
    assert begun == [1, 2]
    gate.set()
    await asyncio.gather(*tasks)
    assert sorted(begun) == sorted(persons)


async def test_a_failure_or_a_cancelled_wait_frees_the_turn() -> None:
    processor, gate, done = PerPerson(), asyncio.Event(), list[str]()

    async def fails() -> None:
        await gate.wait()
        raise ValueError("invented")

    async def works(name: str) -> None:
        done.append(name)

    class Never:
        def __await__(self) -> Any:
            raise AssertionError("must not begin")

    first = asyncio.create_task(processor.process_update(update(1, 1), fails()))
    second = asyncio.create_task(processor.process_update(update(2, 1), Never()))
    third = asyncio.create_task(processor.process_update(update(3, 1), works("third")))
    await _turns()
    second.cancel()
    gate.set()
    await asyncio.wait({first, second, third})
    with pytest.raises(ValueError, match="invented"):
        first.result()
    assert second.cancelled()
    assert done == ["third"]
    assert processor._lanes == {}


def test_whose_turn_an_update_takes() -> None:
    assert person_of(update(1, 77)) == 77
    channel = {"message_id": 1, "date": 1790000000, "chat": {"id": -1005, "type": "channel", "title": "Sample"}}
    assert person_of(Update.de_json({"update_id": 2, "channel_post": channel}, None)) == -1005
    assert person_of(Update(9)) == ("update", 9)
    assert person_of(Update(9)) != person_of(Update(10))


async def _turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
