"""Who finds which meeting, and on which side he stands; missing and forbidden look alike."""

import pytest

from liaison import access, meetings
from liaison.errors import NotYours
from storage.engine import Database
from storage.people import Membership
from storage.posts import Holder
from tests.liaison.cast import NOW, Cast
from tests.liaison.owed import ADMIN


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def test_the_sides_of_everybody(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    body = cast.body("dep-sample", "region_department", region_id=region, parent_id=region)
    official, elsewhere = cast.official(body, 10), cast.official(cast.body("other"), 11)
    near, country = cast.coordinator(20, region), cast.coordinator(21)
    far = cast.coordinator(22, cast.body("reg-far", "region", region_id=0))
    ngo, stranger, admin = cast.ngo(30), cast.ngo(31), cast.person(ADMIN)
    colleague = cast.person(32)
    organisation = cast.actor(ngo).organisations[0]
    cast.add(Membership(organisation_id=organisation, person_id=colleague, state="present", created_at=NOW))
    asker = cast.person(33)
    cast.add(Membership(organisation_id=organisation, person_id=asker, state="asked", created_at=NOW))
    meeting_id = cast.request(ngo, body)

    seen = {official: "official", near: "coordinator", country: "coordinator", admin: "admin"}
    seen |= {ngo: "representative", colleague: "representative"}
    for person_id, side in seen.items():
        assert cast.see(person_id, meetings.see, meeting_id).side == side
    for person_id in (elsewhere, far, stranger, asker):
        assert cast.refused(person_id, meetings.see, meeting_id) == "not-yours"
    assert cast.refused(ngo, meetings.see, meeting_id + 1) == "not-yours"


def test_missing_and_forbidden_differ_in_the_log_alone(cast: Cast) -> None:
    body = cast.body("sample")
    cast.official(body, 10)
    meeting_id = cast.request(cast.ngo(30), body)
    stranger = cast.ngo(31)
    why = []
    for number in (meeting_id, meeting_id + 1):
        with pytest.raises(NotYours) as refusal:
            cast.see(stranger, access.meeting, number)
        assert (refusal.value.code, refusal.value.fields) == ("not-yours", {"what": "meeting"})
        why.append(refusal.value.why)
    assert why == [f"person {stranger} has no part in meeting {meeting_id}", f"no meeting {meeting_id + 1}"]


def test_of_several_sides_the_one_that_may_do_it(cast: Cast) -> None:
    """In a small office the official may also speak for an NGO."""
    body = cast.body("sample")
    both = cast.ngo(30)
    cast.add(Holder(post_id=cast.posts[body], full_name="Sample", person_id=both, created_at=NOW))
    meeting_id = cast.request(both, body)
    sides = {
        to: cast.do(both, lambda s, a, to=to: access.meeting(s, a, meeting_id, to=to)[1])
        for to in ("see", "confirm", "withdraw")
    }
    assert sides == {"see": "official", "confirm": "official", "withdraw": "representative"}
