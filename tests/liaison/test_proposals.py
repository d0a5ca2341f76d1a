"""Either side proposes, a meeting is moved, an answer is taken back: what is offered, owed and refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from liaison import confirming, drafts, endings, meetings, proposal_times, proposals, request_times, requests
from liaison.cards import MeetingCard
from liaison.policy import Policy
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Meeting, Slot
from storage.notices import Notice
from storage.people import Membership
from storage.posts import Deputy
from tests.liaison.cast import POLICY, WEDNESDAY, Cast

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
UNDOABLE = replace(POLICY, undo=MINUTE)
LATER = WEDNESDAY + 7 * DAY
ANSWERS = ("confirm", "propose", "other_times", "decline", "cancel", "offer_move")


class Scene:
    """One office with its official, one NGO, and the request between them."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.policy = cast, UNDOABLE
        self.office = cast.body("sample")
        self.official, self.ngo = cast.official(self.office, 10), cast.ngo(30)
        self.meeting_id = cast.request(self.ngo, self.office)

    def card(self, person_id: int) -> MeetingCard:
        """The meeting as this person sees it."""
        seen: MeetingCard = self.cast.see(person_id, meetings.see, self.meeting_id)
        return seen

    def kept(self) -> dict[str, Any]:
        """The row of the meeting."""
        return next(row for row in self.cast.rows(Meeting) if row["id"] == self.meeting_id)

    def confirm(self, policy: Policy = POLICY) -> None:
        """The official takes the first of the NGO's times."""
        slot = self.card(self.official).slots[0].id
        self.cast.do(self.official, confirming.confirm, self.meeting_id, slot, policy)

    def accept(self, which: int = 0) -> None:
        """The NGO takes one of the official's times."""
        self.cast.do(self.ngo, confirming.accept, self.meeting_id, self.card(self.ngo).slots[which].id, POLICY)

    def propose(self, *starts: datetime, words: str = "", policy: Policy = POLICY) -> None:
        """The official proposes times."""
        self.cast.do(self.official, proposals.propose, self.meeting_id, spans(*starts), words, policy)

    def choose(self, *starts: datetime) -> None:
        """The NGO offers times anew, or moves the meeting."""
        self.cast.do(self.ngo, proposals.new_times, self.meeting_id, spans(*starts), "Agenda", POLICY)

    def deliver(self) -> None:
        """Whatever is due has been sent."""
        due = update(Notice).where(Notice.state == "owed", Notice.due_at <= self.cast.now)
        self.cast.database.write_now(lambda session: session.execute(due.values(state="sent")))

    def answer(self, action: str) -> None:
        """One of the answers that the official can take back, in a state that allows it; all before it was sent."""
        if action in ("cancel", "offer_move"):
            self.confirm()
        self.deliver()
        acts = {
            "confirm": lambda: self.confirm(self.policy),
            "propose": lambda: self.propose(LATER, policy=self.policy),
            "offer_move": lambda: self.propose(LATER, policy=self.policy),
            "other_times": lambda: self._say(proposals.other_times, "away"),
            "decline": lambda: self._say(endings.decline, "no_time"),
            "cancel": lambda: self._say(endings.cancel, "ill"),
        }
        acts[action]()

    def undo(self, person_id: int | None = None) -> str:
        """Take the last answer back."""
        undone: str = self.cast.do(person_id or self.official, confirming.undo, self.meeting_id, UNDOABLE)
        return undone

    def owed(self) -> list[tuple[str, int, datetime]]:
        """What is still owed: kind, recipient and when."""
        rows = self.cast.rows(Notice)
        return sorted((row["kind"], row["recipient_id"], row["due_at"]) for row in rows if row["state"] == "owed")

    def _say(self, rule: Any, code: str) -> None:
        self.cast.do(self.official, rule, self.meeting_id, {"reason_code": code}, self.policy)


def spans(*starts: datetime) -> tuple[Span, ...]:
    return tuple(Span(at, at + POLICY.slot_length) for at in starts)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(Cast(database))


def test_a_proposal_is_told_to_the_ngo_and_one_tap_confirms_it(scene: Scene) -> None:
    scene.propose(LATER, LATER + HOUR, words="  Away\u202e until then ")
    card = scene.card(scene.ngo)
    assert (card.state, card.step, card.reason, card.refused_rounds) == ("offered", "propose", "Away until then", 0)
    assert [(slot.starts_at, slot.offered_by, slot.free) for slot in card.slots] == [
        (LATER, "office", True),
        (LATER + HOUR, "office", True),
    ]
    assert scene.cast.owed() == [("request", scene.official, "dropped"), ("offered", scene.ngo, "owed")]
    scene.accept(1)
    kept = scene.kept()
    assert (kept["state"], kept["starts_at"], kept["rev"]) == ("confirmed", LATER + HOUR, 3)
    told = [row[:2] for row in scene.owed() if row[0] == "confirmed"]
    assert told == [("confirmed", scene.official), ("confirmed", scene.ngo)]


@pytest.mark.parametrize(
    ("starts", "code"),
    [
        ((), "no-times"),
        ((LATER, LATER + HOUR, LATER + DAY, LATER + 2 * DAY), "most-times"),
        ((WEDNESDAY - DAY,), "time-gone"),
        ((LATER + DAY, LATER), "time-gone"),
    ],
)
def test_what_cannot_be_proposed(scene: Scene, starts: tuple[datetime, ...], code: str) -> None:
    other = scene.cast.ngo(31, "Other NGO")
    scene.cast.request(other, scene.office, LATER)
    assert scene.cast.refused(scene.official, proposals.propose, scene.meeting_id, spans(*starts), "", POLICY) == code
    assert scene.cast.refused(scene.ngo, proposals.propose, scene.meeting_id, spans(LATER + DAY), "", POLICY) == "stale"


def test_a_time_proposed_is_held_for_this_ngo(scene: Scene) -> None:
    scene.propose(LATER)
    other = scene.cast.request(scene.cast.ngo(31, "Other NGO"), scene.office, WEDNESDAY + DAY)
    assert scene.cast.refused(scene.official, proposals.propose, other, spans(LATER), "", POLICY) == "time-gone"


def test_rounds_that_did_not_fit_are_counted_until_a_time_is_taken(scene: Scene) -> None:
    counted = []
    for week in range(1, 3):
        scene.propose(LATER + week * 7 * DAY)
        counted.append(scene.card(scene.ngo).refused_rounds)
        scene.choose(WEDNESDAY + week * DAY)
        counted.append(scene.card(scene.official).refused_rounds)
    assert counted == [0, 1, 1, 2]
    scene.confirm(UNDOABLE)
    assert scene.card(scene.ngo).refused_rounds == 0
    scene.undo()
    assert scene.card(scene.ngo).refused_rounds == 2
    scene.confirm()
    scene.choose(WEDNESDAY + 6 * DAY)
    assert scene.card(scene.ngo).refused_rounds == 0


def test_asking_for_other_times_twice_is_two_rounds_as_well(scene: Scene) -> None:
    for day in (1, 2):
        scene.cast.do(scene.official, proposals.other_times, scene.meeting_id, {"reason_code": "busy"}, POLICY)
        scene.choose(WEDNESDAY + day * DAY)
    assert scene.card(scene.official).refused_rounds == proposals.ROUNDS_UNTIL_CALL == 2


def test_the_ngo_moves_a_meeting_and_the_former_time_stays_visible_until_a_new_one_is_taken(scene: Scene) -> None:
    scene.confirm()
    scene.choose(LATER)
    card = scene.card(scene.official)
    assert (card.state, card.step, card.starts_at, card.agenda) == ("requested", "move", WEDNESDAY, "Agenda")
    assert [slot.starts_at for slot in card.slots] == [LATER]
    assert scene.owed() == [("request", scene.official, scene.cast.now)]
    scene.confirm()
    assert (scene.kept()["starts_at"], scene.kept()["rev"]) == (LATER, 4)
    assert {row[0] for row in scene.owed()} == {"confirmed", "remind", "outcome"}


def test_the_office_moves_a_meeting_and_the_freed_time_can_be_given_to_others(scene: Scene) -> None:
    scene.confirm()
    scene.propose(LATER)
    assert scene.owed() == [("offered", scene.ngo, scene.cast.now)]
    other = scene.cast.request(scene.cast.ngo(31, "Other NGO"), scene.office, WEDNESDAY)
    assert [slot.free for slot in scene.cast.see(scene.official, meetings.see, other).slots] == [True]
    scene.cast.now = WEDNESDAY + HOUR  # the former time is over; the meeting is not
    scene.choose(LATER + DAY)
    scene.propose(LATER + 2 * DAY)
    scene.accept()
    assert scene.kept()["starts_at"] == LATER + 2 * DAY


def test_what_has_begun_is_moved_by_nobody(scene: Scene) -> None:
    scene.confirm()
    scene.cast.now = WEDNESDAY
    refused, meeting_id = scene.cast.refused, scene.meeting_id
    assert refused(scene.official, proposals.propose, meeting_id, spans(LATER), "", POLICY) == "begun"
    assert refused(scene.ngo, proposals.new_times, meeting_id, spans(LATER), None, POLICY) == "begun"
    assert refused(scene.official, proposal_times.begin, meeting_id, POLICY) == "begun"
    assert refused(scene.ngo, requests.begin_new_times, meeting_id, POLICY) == "stale"


def test_a_colleague_who_moves_the_meeting_is_seen_by_who_asked_for_it(scene: Scene) -> None:
    scene.confirm()
    colleague = scene.cast.ngo(32, "Another NGO")
    _join(scene.cast, colleague, scene.ngo)
    scene.cast.do(colleague, proposals.new_times, scene.meeting_id, spans(LATER), None, POLICY)
    assert [row[:2] for row in scene.owed()] == [("moving", scene.ngo), ("request", scene.official)]


def test_a_moved_meeting_that_is_declined_is_told_to_both_sides_calendars(scene: Scene) -> None:
    helper = _assistant(scene)
    scene.confirm()
    scene.choose(LATER)
    scene.cast.do(scene.official, endings.decline, scene.meeting_id, {"reason_code": "no_time"}, POLICY)
    assert sorted(row[:2] for row in scene.owed()) == [("declined", scene.ngo), ("declined", helper)]


def test_new_times_only_when_none_of_ones_own_can_be_had(scene: Scene) -> None:
    assert "new_times" not in scene.card(scene.ngo).may
    refused = scene.cast.refused
    assert refused(scene.ngo, proposals.new_times, scene.meeting_id, spans(LATER), None, POLICY) == "stale"
    assert refused(scene.ngo, requests.begin_new_times, scene.meeting_id, POLICY) == "stale"
    scene.cast.now = WEDNESDAY + HOUR  # both of its times have begun
    assert "new_times" in scene.card(scene.ngo).may
    assert "new_times" not in scene.card(scene.official).may
    scene.choose(LATER)
    assert (scene.kept()["state"], scene.kept()["round"]) == ("requested", 2)


@pytest.mark.parametrize("action", ANSWERS)
def test_an_answer_taken_back_within_the_minute_reaches_nobody(scene: Scene, action: str) -> None:
    scene.answer(action)
    before = scene.owed()
    due = {at for kind, _, at in before if kind in ("confirmed", "offered", "declined", "cancelled")}
    assert due == {scene.cast.now + MINUTE}  # told when it can no longer be taken back
    scene.cast.now += MINUTE - timedelta(seconds=1)
    assert scene.card(scene.official).undo
    assert not scene.card(scene.ngo).undo
    assert scene.undo() == action
    state, rest = ("confirmed", {"remind", "outcome"}) if action in ("cancel", "offer_move") else ("requested", set())
    card = scene.card(scene.ngo)
    assert (card.state, [slot.free for slot in card.slots]) == (state, [True, True])
    assert {kind for kind, _, _ in scene.owed()} == rest
    assert {row["offered_by"] for row in scene.cast.rows(Slot)} == {"ngo"}  # the proposal is gone
    if action == "confirm":
        assert scene.cast.see(scene.official, lambda s, a, now: drafts.find(s, a.id, "place", now=now)) is None
    assert scene.cast.refused(scene.official, confirming.undo, scene.meeting_id, UNDOABLE) == "stale"


@pytest.mark.parametrize("action", ANSWERS)
def test_after_the_minute_it_was_told_and_stays(scene: Scene, action: str) -> None:
    scene.answer(action)
    refused = scene.cast.refused
    assert (
        refused(scene.ngo, confirming.undo, scene.meeting_id, UNDOABLE) == "told"
    )  # not the other side's to take back
    scene.cast.now += MINUTE
    assert not scene.card(scene.official).undo
    assert refused(scene.official, confirming.undo, scene.meeting_id, UNDOABLE) == "told"


@pytest.mark.parametrize("action", ANSWERS)
def test_without_a_minute_nothing_can_be_taken_back(scene: Scene, action: str) -> None:
    scene.policy = POLICY
    scene.answer(action)
    assert not scene.card(scene.official).undo
    assert scene.cast.refused(scene.official, confirming.undo, scene.meeting_id, POLICY) == "told"


def test_after_an_undone_proposal_the_next_offers_only_its_own_times(scene: Scene) -> None:
    scene.propose(LATER, policy=UNDOABLE)
    scene.undo()
    scene.propose(LATER + DAY)
    assert [slot.starts_at for slot in scene.card(scene.ngo).slots] == [LATER + DAY]


def test_the_reminders_after_taking_back_are_those_of_the_time_that_counts(scene: Scene) -> None:
    scene.meeting_id = scene.cast.request(scene.ngo, scene.office, WEDNESDAY + 5 * DAY)
    scene.confirm()
    planned = {row for row in scene.owed() if row[0] == "remind"}
    assert len(planned) == 4
    scene.propose(LATER, policy=UNDOABLE)
    assert {row for row in scene.owed() if row[0] == "remind"} == set()
    scene.undo()
    assert {row for row in scene.owed() if row[0] == "remind"} == planned


def test_the_dialogue_shows_the_nearest_times_and_none_that_one_tap_confirms(scene: Scene) -> None:
    card = scene.cast.do(scene.official, proposal_times.begin, scene.meeting_id, POLICY)
    shown = [datetime.fromisoformat(stamp) for stamp in card.data["candidates"]]
    free = [WEDNESDAY + HOUR / 2, *(WEDNESDAY + n * DAY for n in (1, 2, 5, 6, 7))]  # a weekend between
    assert (shown, card.data["picked"]) == (free, [])
    again = scene.cast.do(scene.official, proposal_times.begin, scene.meeting_id, POLICY)
    assert (again.key, again.rev) == (card.key, card.rev)
    key, rev = card.key, card.rev
    for at in (free[1], free[3]):
        ticked = scene.cast.do(scene.official, request_times.tick, key, rev, at, POLICY, kind=proposal_times.KIND)
        rev = ticked.rev
    scene.cast.do(scene.official, proposal_times.say_words, key, "In the mornings")
    assert scene.cast.do(scene.official, proposal_times.send, key, rev + 1, POLICY) is True
    offered = scene.card(scene.ngo)
    assert ([slot.starts_at for slot in offered.slots], offered.reason) == ([free[1], free[3]], "In the mornings")
    assert scene.cast.refused(scene.official, proposal_times.send, key, rev + 1, POLICY) == "out-of-step"


def test_a_time_taken_meanwhile_leaves_the_dialogue_open_without_it(scene: Scene) -> None:
    card = scene.cast.do(scene.official, proposal_times.begin, scene.meeting_id, POLICY)
    at, rev = WEDNESDAY + DAY, card.rev
    for one in (at, at + DAY):
        tick = request_times.tick
        rev = scene.cast.do(scene.official, tick, card.key, rev, one, POLICY, kind=proposal_times.KIND).rev
    scene.cast.request(scene.cast.ngo(31, "Other NGO"), scene.office, at)
    assert scene.cast.do(scene.official, proposal_times.send, card.key, rev, POLICY) is False
    left = scene.cast.see(scene.official, proposal_times.of_meeting, scene.meeting_id)
    assert [datetime.fromisoformat(stamp) for stamp in left.data["picked"]] == [at + DAY]
    assert at.isoformat() not in left.data["candidates"]
    assert scene.kept()["state"] == "requested"


def test_who_may_open_the_dialogue_and_when_it_is_over(scene: Scene) -> None:
    refused, begin = scene.cast.refused, proposal_times.begin
    assert refused(scene.ngo, begin, scene.meeting_id, POLICY) == "stale"
    assert refused(scene.cast.ngo(31), begin, scene.meeting_id, POLICY) == "not-yours"
    assert refused(scene.official, begin, 99, POLICY) == "not-yours"
    card = scene.cast.do(scene.official, begin, scene.meeting_id, POLICY)
    scene.cast.do(scene.ngo, endings.withdraw, scene.meeting_id, POLICY)
    assert scene.cast.see(scene.official, proposal_times.of_meeting, scene.meeting_id) is None
    assert refused(scene.official, proposal_times.send, card.key, card.rev, POLICY) == "stale"
    assert refused(scene.official, begin, scene.meeting_id, POLICY) == "stale"


def test_the_times_to_move_to_leave_out_the_present_one(scene: Scene) -> None:
    scene.confirm()
    moving = scene.cast.do(scene.ngo, requests.begin_new_times, scene.meeting_id, POLICY)
    offering = scene.cast.do(scene.official, proposal_times.begin, scene.meeting_id, POLICY)
    for draft in (moving, offering):
        assert WEDNESDAY.isoformat() not in [
            datetime.fromisoformat(stamp).astimezone(POLICY.zone).isoformat() for stamp in draft.data["candidates"]
        ]


def _join(cast: Cast, colleague: int, whose: int) -> None:
    organisation = cast.actor(whose).organisations[0]
    cast.add(Membership(organisation_id=organisation, person_id=colleague, state="present", created_at=cast.now))


def _assistant(scene: Scene) -> int:
    person = scene.cast.person(40)
    scene.cast.add(
        Deputy(
            post_id=scene.cast.posts[scene.office],
            person_id=person,
            kind="assistant",
            state="accepted",
            invited_by=scene.official,
            created_at=scene.cast.now,
        )
    )
    return person
