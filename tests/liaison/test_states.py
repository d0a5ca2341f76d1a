"""The table of a meeting's life, walked in full: what is allowed, and that nothing else is."""

from functools import partial
from itertools import product

import pytest
from sqlalchemy.orm import Session

from liaison import states
from liaison.people import Actor
from liaison.states import JUDGE, OFFICE, OVER, SIDES, TRANSITIONS, Side, Stale
from storage.engine import Database
from storage.meetings import Meeting, Step
from tests.liaison.cast import Cast

STATES = ("requested", "offered", "confirmed", *OVER)
ACTIONS = sorted({action for _, action in TRANSITIONS})


def test_each_side_may_do_only_what_is_its_own() -> None:
    assert states.allowed("requested", "representative") == {"new_times", "withdraw"}
    assert states.allowed("offered", "representative") == {"accept", "new_times", "withdraw"}
    assert states.allowed("confirmed", "representative") == {"cancel", "move"}
    for side in OFFICE:
        judges = {"hold", "miss"} if side in JUDGE else set()
        assert states.allowed("requested", side) == {"confirm", "propose", "other_times", "decline", "redirect"}
        assert states.allowed("offered", side) == {"confirm", "propose", "decline", "redirect"}
        assert states.allowed("confirmed", side) == {"place", "cancel", "offer_move"} | judges
    assert {states.allowed(state, "guest") for state in STATES} == {frozenset()}
    for over, side in product(OVER, SIDES):
        assert states.allowed(over, side) == frozenset()


def test_every_step_from_every_state_by_every_side(database: Database) -> None:
    cast = Cast(database)
    meeting_id = cast.request(cast.ngo(1), _office(cast))
    for state, action, side in product(STATES, ACTIONS, SIDES):
        _put(cast, meeting_id, state)
        allowed = action in states.allowed(state, side)
        act = partial(_step, meeting_id, action, side, cast)
        if not allowed:
            with pytest.raises(Stale) as stale:
                cast.do(1, act)
            assert stale.value.fields == {"meeting": meeting_id, "state": state}
            assert cast.rows(Meeting)[0]["rev"] == 1
        else:
            cast.do(1, act)
            (meeting,) = cast.rows(Meeting)
            assert (meeting["state"], meeting["rev"]) == (TRANSITIONS[state, action][1], 2)
            step = cast.rows(Step)[-1]
            assert (step["action"], step["from_state"], step["to_state"], step["acted_as"]) == (
                action,
                state,
                meeting["state"],
                side,
            )


def test_whoever_comes_second_is_told_and_changes_nothing(database: Database) -> None:
    cast = Cast(database)
    meeting_id = cast.request(cast.ngo(1), _office(cast))

    def both(session: Session, actor: Actor) -> None:
        first = session.get_one(Meeting, meeting_id)
        session.expunge(first)
        _advance(session, meeting_id, "confirm", "official", cast)
        first = session.merge(first, load=False)
        states.advance(session, first, "decline", actor_id=1, side="official", now=cast.now)

    with pytest.raises(Stale):
        cast.do(1, both)
    assert cast.rows(Meeting)[0]["state"] == "requested"  # the whole transaction is undone


def _office(cast: Cast) -> int:
    body_id = cast.body("sample")
    cast.official(body_id, 2)
    return body_id


def _put(cast: Cast, meeting_id: int, state: str) -> None:
    def rule(session: Session) -> None:
        meeting = session.get_one(Meeting, meeting_id)
        meeting.state, meeting.rev = state, 1

    cast.database.write_now(rule)


def _step(meeting_id: int, action: str, side: Side, cast: Cast, session: Session, actor: Actor) -> None:
    _advance(session, meeting_id, action, side, cast)


def _advance(session: Session, meeting_id: int, action: str, side: Side, cast: Cast) -> None:
    meeting = session.get_one(Meeting, meeting_id)
    states.advance(session, meeting, action, actor_id=1, side=side, now=cast.now)
