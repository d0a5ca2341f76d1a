"""Caps: requests that wait, requests a day of an NGO and to a post; their reset, and what they do not touch."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from liaison import batches, caps, endings, people, proposals, requests
from liaison.errors import LiaisonError
from liaison.policy import Policy
from storage.engine import Database
from storage.meetings import Meeting
from storage.people import Membership
from tests.liaison.cast import POLICY, Cast
from tests.liaison.dialogue import Dialogue

MIDNIGHT = datetime(2026, 12, 2, tzinfo=POLICY.zone)  # that ends the day of NOW


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def offices(cast: Cast) -> list[int]:
    found = [cast.body(f"sample-{n}") for n in range(4)]
    for n, body_id in enumerate(found):
        cast.official(body_id, 10 + n)
    return found


def refusal(cast: Cast, person_id: int, body_id: int, policy: Policy) -> dict[str, Any]:
    """What a new request is refused with at its beginning; nothing is kept."""
    before = cast.everything()
    with pytest.raises(LiaisonError) as refused:
        cast.do(person_id, requests.begin, body_id, policy)
    assert cast.everything() == before
    return {"code": refused.value.code, **refused.value.fields}


def test_as_many_as_may_wait(cast: Cast, offices: list[int]) -> None:
    policy, ngo = replace(POLICY, most_open=2), cast.ngo(30)
    first, second = (cast.request(ngo, body_id) for body_id in offices[:2])
    assert refusal(cast, ngo, offices[2], policy) == {"code": "cap-open", "most": 2, "n": 2}
    cast.do(1, proposals.other_times, first, {"reason_code": "busy"}, POLICY)  # still nothing is agreed
    assert refusal(cast, ngo, offices[2], policy)["code"] == "cap-open"
    waiting = cast.see(ngo, lambda session, actor: caps.waiting(session, actor))
    assert waiting == ((first, "UKL-26-000001", offices[0]), (second, "UKL-26-000002", offices[1]))
    cast.do(2, endings.decline, second, {"reason_code": "no_time"}, POLICY)
    assert cast.do(ngo, requests.begin, offices[2], policy).step == "topic"
    assert cast.do(cast.ngo(31), requests.begin, offices[2], policy).step == "topic"  # another organisation
    assert cast.see(1, lambda session, actor: caps.waiting(session, actor)) == ()


def test_as_many_as_may_be_sent_on_a_local_day(cast: Cast, offices: list[int]) -> None:
    policy, ngo = replace(POLICY, most_a_day=2), cast.ngo(30)
    cast.now = MIDNIGHT - timedelta(days=1, seconds=1)
    cast.request(ngo, offices[0])  # yesterday
    cast.now = MIDNIGHT - timedelta(days=1)
    today = cast.request(ngo, offices[1])
    cast.do(ngo, endings.withdraw, today, POLICY)  # sent all the same
    cast.request(ngo, offices[2])
    cast.now = MIDNIGHT - timedelta(seconds=1)
    found = refusal(cast, ngo, offices[3], policy)
    assert found == {"code": "cap-day", "most": 2, "left": 0, "at": MIDNIGHT}
    cast.now = MIDNIGHT
    assert cast.do(ngo, requests.begin, offices[3], policy).step == "topic"


def test_as_many_as_a_post_receives_on_a_local_day(cast: Cast, offices: list[int]) -> None:
    policy = replace(POLICY, most_to_post=2)
    for number in (30, 31):
        cast.request(cast.ngo(number), offices[0])
    ngo = cast.ngo(32)
    found = refusal(cast, ngo, offices[0], policy)
    assert found == {"code": "cap-post", "most": 2, "at": MIDNIGHT, "at_body": offices[0]}
    assert refusal(cast, cast.person(40), offices[0], policy)["code"] == "cap-post"  # before anything personal is asked
    assert cast.do(ngo, requests.begin, offices[1], policy).step == "topic"
    cast.now = MIDNIGHT
    assert cast.do(ngo, requests.begin, offices[0], policy).step == "topic"


@pytest.mark.parametrize(
    ("bounds", "code"),
    [({"most_open": 1}, "cap-open"), ({"most_a_day": 1}, "cap-day"), ({"most_to_post": 1}, "cap-post")],
)
def test_asked_again_when_sending(cast: Cast, offices: list[int], bounds: dict[str, int], code: str) -> None:
    policy, ngo = replace(POLICY, **bounds), cast.ngo(30)  # type: ignore[arg-type]
    dialogue = Dialogue(cast, ngo, offices[0], policy).to_preview()
    sender = cast.ngo(31) if code == "cap-post" else ngo
    cast.request(sender, offices[0], MIDNIGHT + timedelta(days=2, hours=11))
    assert dialogue.refused(requests.send, policy) == code


def test_a_batch_counts_as_that_many(cast: Cast, offices: list[int]) -> None:
    ngo = cast.ngo(30)
    cast.request(ngo, offices[3])
    policy = replace(POLICY, most_a_day=3)
    dialogue = Dialogue(cast, ngo, offices[0], policy).to_preview()
    for body_id in offices[1:3]:
        dialogue.tap(batches.add, body_id, policy)
    with pytest.raises(LiaisonError) as refused:
        dialogue.send()
    assert (refused.value.code, refused.value.fields["left"]) == ("cap-day", 2)
    assert dialogue.refused(requests.send, replace(POLICY, most_open=3)) == "cap-open"
    dialogue.tap(batches.remove, offices[2])
    dialogue.send()
    assert len(cast.rows(Meeting)) == 3


def test_a_full_post_of_a_batch_is_named(cast: Cast, offices: list[int]) -> None:
    policy = replace(POLICY, most_to_post=1)
    dialogue = Dialogue(cast, cast.ngo(30), offices[0], policy).to_preview()
    dialogue.tap(batches.add, offices[1], policy)
    cast.request(cast.ngo(31), offices[1])
    with pytest.raises(LiaisonError) as refused:
        dialogue.send()
    assert (refused.value.code, refused.value.fields["at_body"]) == ("cap-post", offices[1])
    assert len(cast.rows(Meeting)) == 1


def test_what_is_no_new_request_is_not_capped(cast: Cast, offices: list[int]) -> None:
    ngo = cast.ngo(30)
    meeting_id = cast.request(ngo, offices[0])
    passed_on = cast.request(ngo, offices[1], key="passed-on")
    first = update(Meeting).where(Meeting.id == meeting_id)
    cast.database.write_now(lambda s: s.execute(first.values(state="redirected", redirected_to_id=passed_on)))
    policy = replace(POLICY, most_a_day=1, most_open=2, most_to_post=1)
    # The request that an office passed on is its own act: it counts neither for the day nor at the other post.
    assert refusal(cast, ngo, offices[1], policy)["code"] == "cap-day"
    assert cast.do(cast.ngo(31), requests.begin, offices[1], policy).step == "topic"
    assert cast.do(ngo, requests.begin, offices[1], replace(policy, most_a_day=2)).step == "topic"
    # New times for what was sent already.
    cast.do(2, proposals.other_times, passed_on, {"reason_code": "busy"}, policy)
    dialogue = Dialogue(cast, ngo, offices[2], replace(policy, most_a_day=2))
    dialogue.card = cast.do(ngo, requests.begin_new_times, passed_on, policy)
    dialogue.policy = policy
    assert dialogue.use().send() == passed_on


def test_two_at_once_do_not_pass_the_cap_together(cast: Cast, offices: list[int]) -> None:
    policy, first = replace(POLICY, most_a_day=1), cast.ngo(30)
    second = cast.person(31, name="Sampleva Dana", consent_version=people.CONSENT_VERSION, consent_at=cast.now)
    organisation = cast.actor(first).organisations[0]
    cast.add(
        Membership(organisation_id=organisation, person_id=second, title="x", state="present", created_at=cast.now)
    )
    dialogues = [
        Dialogue(cast, one, body, policy).to_preview() for one, body in zip((first, second), offices, strict=False)
    ]

    def send(dialogue: Dialogue) -> str:
        try:
            dialogue.send()
        except LiaisonError as refused:
            return refused.code
        return "sent"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, dialogues)) == ["cap-day", "sent"]
    assert len(cast.rows(Meeting)) == 1


def test_nobody_without_an_organisation_waits(cast: Cast) -> None:
    person_id = cast.person(30)

    def rule(session: Session) -> Any:
        return caps.waiting(session, people.actor(session, person_id, POLICY, now=cast.now))

    assert cast.database.read_now(rule) == ()
