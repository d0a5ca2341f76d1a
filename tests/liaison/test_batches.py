"""One request to several bodies: who is suggested and refused, each one's own times, all or none, and apart again."""

from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import update

from liaison import batches, bodies, endings, meetings, people, request_form, requests
from liaison.errors import LiaisonError
from storage.bodies import Body
from storage.drafts import Draft
from storage.engine import Database
from storage.meetings import Meeting, Slot
from storage.notices import Notice
from storage.people import Person
from storage.posts import Post
from tests.liaison.cast import POLICY, WEDNESDAY, Cast
from tests.liaison.dialogue import Dialogue

HALF = timedelta(minutes=30)


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def offices(cast: Cast) -> list[int]:
    """Six bodies, each with an official of its own."""
    found = [cast.body(f"sample-{n}") for n in range(6)]
    for n, body_id in enumerate(found):
        cast.official(body_id, 10 + n)
    return found


def to_all(cast: Cast, person_id: int, body_ids: list[int]) -> Dialogue:
    """A dialogue at its preview, with all these bodies ticked."""
    dialogue = Dialogue(cast, person_id, body_ids[0]).to_preview()
    for body_id in body_ids[1:]:
        dialogue.tap(batches.add, body_id, POLICY)
    return dialogue


def _no_reception(cast: Cast, body_id: int) -> None:
    """The post's only window is shorter than a meeting, so nothing is ever free."""
    hours = [{"weekday": 0, "start": "09:00", "end": "09:05"}]
    cast.database.write_now(lambda s: s.execute(update(Post).where(Post.body_id == body_id).values(windows=hours)))


def _leaves(cast: Cast, official: int) -> None:
    """An official blocks the bot."""
    gone = update(Person).where(Person.id == official).values(unreachable_since=cast.now)
    cast.database.write_now(lambda s: s.execute(gone))


def test_each_body_gets_its_own_request_with_its_own_times(cast: Cast, offices: list[int]) -> None:
    ngo = cast.ngo(30)
    busy = cast.request(cast.ngo(31), offices[1], WEDNESDAY + 2 * HALF)  # what the second body has on that morning
    dialogue = to_all(cast, ngo, offices[:3])
    planned = cast.see(ngo, batches.times, dialogue.card.data, POLICY)
    first = dialogue.send()
    assert first is not None
    found = cast.see(ngo, batches.siblings, first)
    assert [(one.number, one.body_id) for one in found] == [
        ("UKL-26-000002", offices[0]),
        ("UKL-26-000003", offices[1]),
        ("UKL-26-000004", offices[2]),
    ]
    rows = [row for row in cast.rows(Meeting) if row["id"] != busy]
    assert {row["batch"] for row in rows} == {dialogue.card.key}
    assert [row["draft_key"] for row in rows] == [dialogue.card.key + end for end in ("", ":1", ":2")]
    slots = cast.rows(Slot)
    offered = {row["id"]: [s["starts_at"] for s in slots if s["meeting_id"] == row["id"]] for row in rows}
    assert [len(times) for times in offered.values()] == [3, 3, 3]
    assert not any(set(one) & set(other) for one, other in combinations(offered.values(), 2))
    assert WEDNESDAY + 2 * HALF not in offered[rows[1]["id"]]
    # As the preview said before it was sent.
    assert [[span.starts_at for span in free] for _, free in planned] == [offered[row["id"]] for row in rows[1:]]
    assert cast.rows(Draft) == []


def test_each_side_sees_where_else_it_went_and_each_official_is_told_once(cast: Cast, offices: list[int]) -> None:
    ngo = cast.ngo(30)
    first = to_all(cast, ngo, offices[:3]).send()
    assert cast.see(ngo, meetings.see, first).also_to == (offices[1], offices[2])
    told = [(row["kind"], row["recipient_id"], row["meeting_id"]) for row in cast.rows(Notice)]
    ids = [row["id"] for row in cast.rows(Meeting)]
    assert told == [("request", official, meeting_id) for official, meeting_id in zip((1, 2, 3), ids, strict=True)]
    assert cast.see(2, meetings.see, ids[1]).also_to == (offices[0], offices[2])
    for stranger, meeting_id in ((2, ids[1]), (2, ids[0]), (cast.ngo(31), ids[0])):
        with pytest.raises(LiaisonError, match="not-yours"):
            cast.see(stranger, batches.siblings, meeting_id)


def test_one_withdrawn_leaves_the_others(cast: Cast, offices: list[int]) -> None:
    ngo = cast.ngo(30)
    first = to_all(cast, ngo, offices[:3]).send()
    cast.do(ngo, endings.withdraw, first, POLICY)
    assert [row["state"] for row in cast.rows(Meeting)] == ["withdrawn", "requested", "requested"]


def test_five_bodies_and_no_more(cast: Cast, offices: list[int]) -> None:
    dialogue = to_all(cast, cast.ngo(30), offices[:5])
    assert dialogue.refused(batches.add, offices[5], POLICY) == "most-bodies"
    again = dialogue.tap(batches.add, offices[1], POLICY).tap(batches.add, offices[0], POLICY)
    assert again.card.data["also"] == offices[1:5]  # once each, and not the first one anew
    dialogue.tap(batches.remove, offices[2]).tap(batches.add, offices[5], POLICY)
    assert dialogue.card.data["also"] == [offices[1], offices[3], offices[4], offices[5]]
    dialogue.send()
    assert len(cast.rows(Meeting)) == 5


def test_a_body_that_nobody_receives_for_is_refused(cast: Cast, offices: list[int]) -> None:
    dialogue = Dialogue(cast, cast.ngo(30), offices[0]).to_preview()
    lonely, gone = cast.body("lonely"), cast.body("gone", abolished_on=cast.now.date())
    assert dialogue.refused(batches.add, lonely, POLICY) == "nobody-also"
    assert dialogue.refused(batches.add, gone, POLICY) == "not-yours"
    assert dialogue.refused(batches.add, 999, POLICY) == "not-yours"
    assert dialogue.again().data.get("also", []) == []


def test_a_body_without_a_free_time_is_refused(cast: Cast, offices: list[int]) -> None:
    _no_reception(cast, offices[1])
    dialogue = Dialogue(cast, cast.ngo(30), offices[0]).to_preview()
    assert dialogue.refused(batches.add, offices[1], POLICY) == "no-time-also"


def test_all_are_sent_or_none(cast: Cast, offices: list[int]) -> None:
    dialogue = to_all(cast, cast.ngo(30), offices[:3])
    _leaves(cast, official=2)
    assert dialogue.refused(requests.send, POLICY) == "nobody-also"
    dialogue.tap(batches.remove, offices[1])
    _no_reception(cast, offices[2])
    assert dialogue.refused(requests.send, POLICY) == "no-time-also"
    dialogue.tap(batches.remove, offices[2])
    dialogue.send()
    (row,) = cast.rows(Meeting)
    assert (row["number"], row["batch"]) == ("UKL-26-000001", None)


def test_a_body_abolished_meanwhile_can_be_taken_away(cast: Cast, offices: list[int]) -> None:
    dialogue = to_all(cast, cast.ngo(30), offices[:3])
    gone = update(Body).where(Body.id == offices[1]).values(abolished_on=cast.now.date())
    cast.database.write_now(lambda s: s.execute(gone))
    free = dict(cast.see(dialogue.person_id, batches.times, dialogue.card.data, POLICY))
    assert (free[offices[1]], len(free[offices[2]])) == ((), 3)
    assert dialogue.refused(requests.send, POLICY) == "nobody-also"
    dialogue.tap(batches.remove, offices[1]).send()
    assert len(cast.rows(Meeting)) == 2


def test_the_bodies_stay_when_the_times_are_chosen_anew(cast: Cast, offices: list[int]) -> None:
    dialogue = to_all(cast, cast.ngo(30), offices[:2])
    cast.now = WEDNESDAY.replace(day=6)
    assert dialogue.send() is None
    dialogue.again()
    assert dialogue.use().card.data["also"] == [offices[1]]
    dialogue.send()
    assert len(cast.rows(Meeting)) == 2


def test_a_sent_request_goes_nowhere_else(cast: Cast, offices: list[int]) -> None:
    ngo = cast.ngo(30)
    meeting_id = cast.request(ngo, offices[0])
    assert [one.meeting_id for one in cast.see(ngo, batches.siblings, meeting_id)] == [meeting_id]
    dialogue = Dialogue(cast, ngo, offices[1]).to_preview()
    dialogue.pane("also")
    dialogue.card = dialogue.do(batches.keep_found, dialogue.card.key, [offices[2]])
    assert dialogue.card.data["found"] == [offices[2]]
    assert dialogue.pane("also").card.data["found"] == []


def test_suggestions_are_of_the_topic_and_of_the_same_kind_elsewhere(cast: Cast) -> None:
    first, second = (cast.body(f"reg-{name}", "region", region_id=0) for name in ("first", "second"))
    names = ("health", "social", "internal-policy")
    there = {
        (region, name): cast.body(f"dep-{region}-{name}", "region_department", parent_id=parent, region_id=parent)
        for region, parent in (("first", first), ("second", second))
        for name in names
    }
    ministry = cast.body("min-health")
    lonely = there["second", "internal-policy"]
    for number, body_id in enumerate(body_id for body_id in (first, *there.values(), ministry) if body_id != lonely):
        cast.official(body_id, 100 + number)
    tree = cast.database.read_now(bodies.load)
    ngo = cast.ngo(30)

    def suggested(body_id: int, also: list[int]) -> list[int]:
        data = {"body": body_id, "topic": "health", "also": also}
        return list(cast.see(ngo, batches.suggested, tree, data, POLICY))

    home = there["first", "health"]
    found = suggested(home, [])
    assert home not in found
    assert there["first", "internal-policy"] in found  # the fallback of every region
    assert found[-1] == there["second", "health"]
    assert there["second", "health"] not in suggested(home, [there["second", "health"]])
    assert ministry not in suggested(ministry, [])
    assert suggested(ministry, []) == []  # the ministry alone; where the person works is not known
    cast.do(ngo, people.choose_region, second)
    assert suggested(ministry, []) == [there["second", "health"]]  # nobody receives for its internal policy


def test_what_was_found_or_ticked_survives_other_parts_of_the_form(cast: Cast, offices: list[int]) -> None:
    dialogue = to_all(cast, cast.ngo(30), offices[:2])
    dialogue.tap(request_form.edit, "topic").answer("gender")
    assert dialogue.card.data["also"] == [offices[1]]
