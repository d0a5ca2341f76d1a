"""Thousands of random acts of everybody around a meeting, on both databases, and the laws that no sequence may break.

``make test`` runs a short, repeatable selection; ``UAKIL_MACHINE=long`` a long one of its own every time.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from liaison import confirming, endings, proposals
from liaison.states import OPEN
from storage.engine import Database
from tests.liaison import machine_laws
from tests.liaison.machine_town import EVERYBODY, NGOS, OFFICE, RULES, Outcome, Town

LONG = os.environ.get("UAKIL_MACHINE") == "long"
PROFILE = settings(
    max_examples=150 if LONG else 20,
    stateful_step_count=60 if LONG else 50,
    derandomize=not LONG,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
SPANS = tuple(timedelta(seconds=each) for each in (20, 20, 61, 3600, 6 * 3600, 24 * 3600))

ngo, anybody = st.sampled_from(NGOS), st.sampled_from(EVERYBODY)
office = st.sampled_from(("coordinator", "coordinator", *OFFICE))  # the coordinator may answer everywhere
number = st.integers(0, 5)
day, minutes = st.integers(1, 3), st.lists(st.sampled_from((0, 15, 30, 60)), min_size=1, max_size=3)
standing_in = st.sampled_from(("ask", "accept", "accept", "refuse", "end"))
few_meetings = precondition(lambda machine: len(machine.town.meetings) < 8)
some_meeting = precondition(lambda machine: machine.town.meetings)


class Machine(RuleBasedStateMachine):
    """Everybody does what he likes; the database is given by the test."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.town = Town(self.database)

    @initialize(day=day, minutes=minutes)
    def a_first_request(self, day: int, minutes: list[int]) -> None:
        self.town.request("umit", 0, self.town.spans(day, *minutes))

    @few_meetings
    @rule(who=ngo, where=st.integers(0, 1), day=day, minutes=minutes)
    def requests(self, who: str, where: int, day: int, minutes: list[int]) -> None:
        self.town.request(who, where, self.town.spans(day, *minutes))

    @few_meetings
    @rule(who=ngo, where=st.integers(0, 1), day=day, minutes=minutes)
    def arranges(self, who: str, where: int, day: int, minutes: list[int]) -> None:
        """A request that the coordinator confirms at once, if he can."""
        if self.town.request(who, where, self.town.spans(day, *minutes)):
            meeting = self.town.meetings[-1]
            self.town.act("coordinator", confirming.confirm, meeting, self.town.slot(0, meeting), RULES)

    @some_meeting
    @rule(who=office, which=number, slot=number)
    def confirms(self, who: str, which: int, slot: int) -> None:
        meeting = self.town.meeting(which, *OPEN)
        self.town.act(who, confirming.confirm, meeting, self.town.slot(slot, meeting), RULES)

    @some_meeting
    @rule(who=office, which=number, day=day, minutes=minutes)
    def proposes(self, who: str, which: int, day: int, minutes: list[int]) -> None:
        meeting = self.town.meeting(which, *OPEN, "confirmed")
        self.town.act(who, proposals.propose, meeting, self.town.spans(day, *minutes), "", RULES)

    @some_meeting
    @rule(who=office, which=number)
    def asks_for_other_times(self, who: str, which: int) -> None:
        self.town.act(who, proposals.other_times, self.town.meeting(which, "requested"), {"reason_code": "busy"}, RULES)

    @some_meeting
    @rule(who=office, which=number)
    def declines(self, who: str, which: int) -> None:
        self.town.act(who, endings.decline, self.town.meeting(which, *OPEN), {"reason_code": "no_time"}, RULES)

    @some_meeting
    @rule(who=office, which=number, where=st.integers(0, 1))
    def passes_on(self, who: str, which: int, where: int) -> None:
        self.town.pass_on(who, self.town.meeting(which, *OPEN), where)

    @some_meeting
    @rule(who=office, which=number, room=number)
    def names_the_place(self, who: str, which: int, room: int) -> None:
        self.town.act(who, confirming.set_place, self.town.meeting(which, "confirmed"), f"Room {room}", RULES)

    @some_meeting
    @rule(who=anybody, which=number)
    def cancels(self, who: str, which: int) -> None:
        self.town.act(who, endings.cancel, self.town.meeting(which, "confirmed"), {"reason_code": "ill"}, RULES)

    @some_meeting
    @rule(who=office, which=number)
    def takes_back(self, who: str, which: int) -> None:
        self.town.take_back(who, which)

    @some_meeting
    @rule(who=ngo, which=number, slot=number)
    def accepts(self, who: str, which: int, slot: int) -> None:
        meeting = self.town.meeting(which, "offered")
        self.town.act(who, confirming.accept, meeting, self.town.slot(slot, meeting), RULES)

    @some_meeting
    @rule(who=ngo, which=number, day=day, minutes=minutes)
    def chooses_new_times_or_moves(self, who: str, which: int, day: int, minutes: list[int]) -> None:
        times = self.town.spans(day, *minutes)
        self.town.act(who, proposals.new_times, self.town.meeting(which, "offered", "confirmed"), times, None, RULES)

    @some_meeting
    @rule(who=ngo, which=number)
    def withdraws(self, who: str, which: int) -> None:
        self.town.act(who, endings.withdraw, self.town.meeting(which, *OPEN), RULES)

    @rule(
        act=st.sampled_from(("ask", "accept", "accept", "refuse", "end")), first=day, last=day, who=office, which=number
    )
    def somebody_stands_in(self, act: str, first: int, last: int, who: str, which: int) -> None:
        if act == "ask":
            self.town.leave(first - 1, last)
        elif act == "end":
            self.town.end_leave(who, which)
        else:
            self.town.stand_in(which, accepts=act == "accept")

    @rule(who=st.sampled_from(("official", "successor")), named=st.booleans(), joins=st.booleans())
    def another_takes_over(self, who: str, named: bool, joins: bool) -> None:
        if named:
            self.town.name(who)
        if joins:
            self.town.join(who)

    @rule(who=anybody, reachable=st.booleans())
    def blocks_or_comes_back(self, who: str, reachable: bool) -> None:
        self.town.reach(who, reachable=reachable)

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        self.town.wait(span)

    @rule(outcome=st.sampled_from(("sent", "sent", "sent", "retry", "blocked")), most=st.sampled_from((1, 100)))
    def the_delivery_runs(self, outcome: Outcome, most: int) -> None:
        self.town.deliver(outcome, most)

    @rule()
    def all_is_calm(self) -> None:
        self.town.calm()
        self.town.cast.database.read_now(machine_laws.when_calm, self.town.cast.now, self.town.there)

    @invariant()
    def the_laws_hold(self) -> None:
        self.town.cast.database.read_now(machine_laws.always, self.town.cast.now)

    def teardown(self) -> None:
        self.all_is_calm()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_sequence_of_acts_breaks_a_law(kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    with Database.open(url) as database:
        run_state_machine_as_test(type("Machine", (Machine,), {"database": database}), settings=PROFILE)
