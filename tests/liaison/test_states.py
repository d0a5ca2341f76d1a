"""The table of states: every state, action and side; one step is taken once and explained by the history."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import states
from liaison.states import SIDES, TRANSITIONS, Side, Stale
from storage.bodies import Body
from storage.engine import Database
from storage.meetings import Meeting, Step
from storage.people import Organisation, Person
from storage.posts import Post

NOW = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
STATES = ("requested", "offered", "confirmed", "declined", "withdrawn", "cancelled")
ACTIONS = ("confirm", "other_times", "decline", "withdraw", "new_times", "place", "cancel")

# What the NGO and the office may do in each state; everything else is refused.
NGO = {"requested": {"withdraw"}, "offered": {"withdraw", "new_times"}, "confirmed": {"cancel"}}
OFFICE = {
    "requested": {"confirm", "other_times", "decline"},
    "offered": {"confirm", "decline"},
    "confirmed": {"place", "cancel"},
}


@dataclass(frozen=True)
class Sample:
    """A meeting in some state, by its id, and a person who acts."""

    meeting: int
    person: int


def sample(session: Session, state: str) -> Sample:
    """One meeting with all that it hangs on."""
    body = Body(code="sample", level="central", shipped=None)
    person = Person(telegram_id=1, created_at=NOW)
    organisation = Organisation(name="Sample NGO", created_at=NOW)
    session.add_all((body, person, organisation))
    session.flush()
    post = Post(body_id=body.id)
    session.add(post)
    session.flush()
    meeting = Meeting(
        number="UKL-26-000001",
        draft_key="sample",
        post_id=post.id,
        organisation_id=organisation.id,
        requester_id=person.id,
        topic="health",
        mode="in_person",
        state=state,
        rev=1,
        starts_at=NOW + timedelta(days=1),
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(meeting)
    session.flush()
    return Sample(meeting.id, person.id)


def take(session: Session, one: Sample, action: str, side: Side) -> tuple[str, int]:
    """Take a step and say in which state and revision the meeting is then."""
    meeting = session.get_one(Meeting, one.meeting)
    states.advance(session, meeting, action, actor_id=one.person, side=side, now=NOW)
    return meeting.state, meeting.rev


def history(session: Session, one: Sample) -> list[tuple[str, str | None, str, str]]:
    """The steps that were written down."""
    steps = session.scalars(select(Step).where(Step.meeting_id == one.meeting).order_by(Step.id))
    return [(step.action, step.from_state, step.to_state, step.acted_as) for step in steps]


@pytest.mark.parametrize(("state", "side"), list(product(STATES, SIDES)))
def test_what_each_side_may_do(state: str, side: Side) -> None:
    expected = (NGO if side == "representative" else OFFICE).get(state, set())
    assert states.allowed(state, side) == expected


def test_the_table_names_nothing_else() -> None:
    assert {state for state, _ in TRANSITIONS} | {after for _, after in TRANSITIONS.values()} == set(STATES)
    assert {action for _, action in TRANSITIONS} == set(ACTIONS)


def test_every_step_of_the_table_and_no_other(database: Database) -> None:
    made = database.write_now(sample, "requested")
    for state, action, side in product(STATES, ACTIONS, SIDES):
        database.write_now(_put, made, state)
        before = database.read_now(history, made)
        row = TRANSITIONS.get((state, action))
        if row is None or side not in row[0]:
            with pytest.raises(Stale):
                database.write_now(take, made, action, side)
            assert database.read_now(history, made) == before
            continue
        after, rev = database.write_now(take, made, action, side)
        assert (after, rev) == (row[1], 2)
        assert database.read_now(history, made) == [*before, (action, state, row[1], side)]


def test_of_two_who_saw_the_same_state_one_is_too_late(database: Database) -> None:
    made = database.write_now(sample, "requested")

    def both(session: Session) -> None:
        meeting = session.get_one(Meeting, made.meeting)
        session.expunge(meeting)  # as another transaction saw it
        take(session, made, "decline", "official")
        session.flush()
        meeting_seen = meeting
        with pytest.raises(Stale):
            states.advance(session, meeting_seen, "confirm", actor_id=made.person, side="official", now=NOW)

    database.write_now(both)
    assert database.read_now(history, made) == [("decline", "requested", "declined", "official")]


def _put(session: Session, one: Sample, state: str) -> None:
    meeting = session.get_one(Meeting, one.meeting)
    meeting.state, meeting.rev = state, 1
