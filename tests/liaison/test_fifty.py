"""Fifty confirmations of overlapping times at once, from several programs on one database: one wins, all are told."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from handlers.errors import sentence
from handlers.speech import Speech
from liaison import confirming
from liaison.errors import LiaisonError
from storage.engine import Database
from storage.meetings import Meeting, Step
from storage.notices import Notice
from storage.posts import Post
from tests.liaison.cast import POLICY, WEDNESDAY, Cast

MANY = 50
REPLICAS = 5  # programs on one database, each with its own connections and threads
POLITE = "This time was just taken by another meeting. Nothing was changed; please choose another."
Try = tuple[int, int, int]  # who, which meeting, which time


@pytest.fixture
def replicas(database_url: str) -> Iterator[list[Database]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Database.open(database_url)) for _ in range(REPLICAS)]


@pytest.fixture
def cast(replicas: list[Database]) -> Cast:
    return Cast(replicas[0])


async def all_at_once(cast: Cast, replicas: list[Database], tries: list[Try]) -> list[str]:
    """What each of the taps leads to, in words; all begin before the first has ended."""
    actors = {person_id: cast.actor(person_id) for person_id, _, _ in tries}
    begin = asyncio.Event()

    async def confirmed(which: int, person_id: int, meeting_id: int, slot_id: int) -> str:
        await begin.wait()
        database = replicas[which % REPLICAS]
        try:
            await database.write(confirming.confirm, actors[person_id], meeting_id, slot_id, POLICY, now=cast.now)
        except LiaisonError as refusal:
            return str(sentence(Speech("en", POLICY.zone, POLICY.offset_name), refusal))
        return "confirmed"

    taps = [asyncio.create_task(confirmed(which, *one)) for which, one in enumerate(tries)]
    await asyncio.sleep(0)  # each waits at the start by now
    begin.set()
    return await asyncio.gather(*taps)


def one_won(cast: Cast, outcomes: list[str]) -> None:
    """One is confirmed; of the others nothing is changed and nobody is told of them."""
    assert Counter(outcomes) == {"confirmed": 1, POLITE: MANY - 1}
    assert Counter((row["state"], row["rev"]) for row in cast.rows(Meeting)) == {
        ("confirmed", 2): 1,
        ("requested", 1): MANY - 1,
    }
    winner = next(row["id"] for row in cast.rows(Meeting) if row["state"] == "confirmed")
    assert [row["meeting_id"] for row in cast.rows(Step) if row["action"] == "confirm"] == [winner]
    assert {row["meeting_id"] for row in cast.rows(Notice) if row["kind"] != "request"} == {winner}


@pytest.mark.parametrize("buffer", [None, 30])
async def test_fifty_organisations_want_one_official(cast: Cast, replicas: list[Database], buffer: int | None) -> None:
    """With a time kept free after each meeting even such compete as would only stand too near to each other."""
    office = cast.body("sample")
    answering = [cast.official(office, 10), *(cast.coordinator(200 + n) for n in range(MANY - 1))]
    cast.database.write_now(lambda session: setattr(session.get_one(Post, 1), "buffer_minutes", buffer))
    apart = timedelta(minutes=29 if buffer is None else 59) / (MANY - 1)
    tries = []
    for n, person_id in enumerate(answering):
        asked = cast.request(cast.ngo(100 + n, f"Sample NGO {n}"), office, WEDNESDAY + n * apart, key=f"key-{n}")
        tries.append((person_id, asked, cast.slots(asked, person_id)[0]))
    one_won(cast, await all_at_once(cast, replicas, tries))


async def test_fifty_officials_take_the_same_hour_of_one_organisation(cast: Cast, replicas: list[Database]) -> None:
    officials = [(cast.body(f"sample-{n}"), n) for n in range(MANY)]
    people = [cast.official(body_id, 100 + n, f"Sample {n}") for body_id, n in officials]
    ngo = cast.ngo(30)
    apart = timedelta(minutes=29) / (MANY - 1)
    tries = []
    for person_id, (body_id, n) in zip(people, officials, strict=True):
        asked = cast.request(ngo, body_id, WEDNESDAY + n * apart, key=f"key-{n}")
        tries.append((person_id, asked, cast.slots(asked, person_id)[0]))
    one_won(cast, await all_at_once(cast, replicas, tries))


async def test_fifty_taps_on_one_request_confirm_it_once(cast: Cast, replicas: list[Database]) -> None:
    office = cast.body("sample")
    answering = [cast.official(office, 10), *(cast.coordinator(200 + n) for n in range(MANY - 1))]
    asked = cast.request(cast.ngo(30), office)
    slots = cast.slots(asked, answering[0])
    tries = [(person_id, asked, slots[n % 2]) for n, person_id in enumerate(answering)]
    outcomes = await all_at_once(cast, replicas, tries)
    told = "This has been decided already. Here is how it stands now."
    assert Counter(outcomes) == {"confirmed": 1, told: MANY - 1}
    assert [(row["state"], row["rev"]) for row in cast.rows(Meeting)] == [("confirmed", 2)]
    assert [row["action"] for row in cast.rows(Step)] == ["request", "confirm"]
