"""Daily duties: done once by whoever comes first, again when they are due, never twice for the same hour."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import duties
from storage.drafts import Draft
from storage.engine import Database
from storage.records import TakenUpdate
from tests.liaison import owed
from tests.liaison.owed import MACHINE, NOW

ALL = tuple(duty.name for duty in duties.DUTIES)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def run(database: Database, later: timedelta = timedelta()) -> tuple[str, ...]:
    return database.write_now(duties.run_due, owed.POLICY, now=NOW + later, machine_now=MACHINE + later)


def test_they_are_due_at_once_and_then_each_at_its_own_pace(database: Database) -> None:
    assert database.read_now(duties.due, NOW) == ALL
    assert run(database) == ALL
    often = tuple(duty.name for duty in duties.DUTIES if duty.every < HOUR)
    hourly = tuple(duty.name for duty in duties.DUTIES if duty.every == HOUR)
    assert run(database, HOUR - SECOND) == often
    assert database.read_now(duties.due, NOW + HOUR) == hourly
    assert run(database, 25 * HOUR) == ALL  # after a day of downtime once
    assert run(database, 25 * HOUR + SECOND) == ()
    assert run(database, HOUR) == ALL  # the calendar's clock was set back: it does not wait for a day


def test_several_replicas_do_them_once(database: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        did = list(pool.map(lambda _: run(database), range(6)))
    assert sorted(did) == [(), (), (), (), (), ALL]


def test_old_update_ids_and_expired_drafts_go(database: Database) -> None:
    def fill(session: Session) -> None:
        for number, age in ((1, 49), (2, 47)):
            session.add(TakenUpdate(update_id=number, taken_at=MACHINE - age * HOUR))
        person = owed.person(session, 1)
        for kind, left in (("start", timedelta()), ("request", SECOND)):
            session.add(
                Draft(
                    person_id=person,
                    kind=kind,
                    key=kind,
                    step="sample",
                    data={},
                    rev=1,
                    asked_at=NOW,
                    expires_at=NOW + left,
                )
            )

    def left(session: Session) -> tuple[list[int], list[str]]:
        return list(session.scalars(select(TakenUpdate.update_id))), list(session.scalars(select(Draft.kind)))

    database.write_now(fill)
    assert run(database) == ALL
    assert database.read_now(left) == ([2], ["request"])
