"""Who blocked the bot and came back: open requests and reminders go to whoever answers, and nobody is told twice."""

from datetime import timedelta
from typing import Any

import pytest

from liaison import confirming, deliveries, presence
from liaison.deliveries import Settled
from storage.engine import Database
from storage.notices import Notice
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast
from tests.liaison.offices import Offices, days, offices, stands_in
from tests.liaison.owed import MACHINE

LATER = WEDNESDAY + timedelta(days=6)


@pytest.fixture
def here(database: Database) -> Offices:
    return offices(Cast(database))


def moves(here: Offices, telegram_id: int, *, reachable: bool) -> None:
    here.cast.database.write_now(presence.note, telegram_id, POLICY, reachable=reachable, now=here.cast.now)


def deliver(here: Offices, blocked: int | None = None) -> list[tuple[str, int]]:
    """Send all that is due and still makes sense, but to the one who has blocked the bot; what was sent to whom."""
    cast = here.cast
    given: dict[str, Any] = {"owner": "sample", "now": here.cast.now, "machine_now": MACHINE}
    claimed = cast.database.write_now(deliveries.claim, lease=timedelta(seconds=60), limit=100, **given)
    ids = [one.id for one in claimed]
    found = cast.database.read_now(deliveries.prepare, ids, POLICY, now=cast.now)
    settled, sent = [], []
    for one in found:
        if isinstance(one, deliveries.Drop):
            settled.append(Settled(one.notice_id, "dropped", reason=one.reason))
        elif one.recipient.id == blocked:
            settled.append(Settled(one.notice_id, "dropped", reason="blocked", blocked=True))
        else:
            settled.append(Settled(one.notice_id, "sent", message_id=1))
            sent.append((one.kind, one.recipient.id))
    assert cast.database.write_now(deliveries.settle, settled, POLICY, **given) == ()
    return sent


def requests(here: Offices) -> list[tuple[int, str]]:
    rows = [row for row in here.cast.rows(Notice) if row["kind"] == "request"]
    return [(row["recipient_id"], row["state"]) for row in rows]


def test_what_came_while_an_official_was_away_waits_for_him(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    moves(here, 10, reachable=False)
    cast.request(here.ngo, here.bodies[0], LATER)
    assert requests(here) == [(here.keeper, "owed")]
    assert deliver(here) == [("request", here.keeper)]
    moves(here, 10, reachable=True)
    assert requests(here) == [(here.keeper, "sent"), (official, "owed")]
    assert deliver(here) == [("request", official)]


def test_what_he_has_read_already_is_handed_on_and_not_told_him_again(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    cast.request(here.ngo, here.bodies[0], LATER)
    assert deliver(here) == [("request", official)]
    moves(here, 10, reachable=False)
    moves(here, 10, reachable=False)
    assert requests(here) == [(official, "sent"), (here.keeper, "owed")]
    moves(here, 10, reachable=True)
    assert deliver(here) == []  # the coordinator is spared, the official knows
    moves(here, 10, reachable=False)
    assert deliver(here) == [("request", here.keeper)]
    moves(here, 10, reachable=True)
    assert deliver(here) == []


def test_a_send_that_finds_the_bot_blocked_hands_on_what_was_delivered_before(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    cast.request(here.ngo, here.bodies[0], LATER)
    assert deliver(here) == [("request", official)]
    cast.request(here.ngo, here.bodies[0], LATER + timedelta(days=1))
    assert deliver(here, blocked=official) == []
    assert deliver(here) == [("request", here.keeper)] * 2


def test_a_substitute_who_comes_back_on_his_days(here: Offices) -> None:
    cast, (official, substitute, _) = here.cast, here.officials
    stands_in(here, 0, 1, days(0, 4))
    moves(here, 11, reachable=False)
    cast.request(here.ngo, here.bodies[0], LATER)
    assert requests(here) == [(official, "owed")]
    moves(here, 11, reachable=True)
    assert requests(here) == [(official, "owed"), (substitute, "owed")]
    assert ("request", substitute) in deliver(here)
    assert requests(here) == [(official, "dropped"), (substitute, "sent")]


def test_reminders_go_along(here: Offices) -> None:
    cast, official = here.cast, here.officials[0]
    meeting_id = cast.request(here.ngo, here.bodies[0], LATER)
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)

    def reminded() -> set[Any]:
        return {who for _, who, state in cast.owed("remind") if state == "owed"}

    moves(here, 10, reachable=False)
    assert reminded() == {here.ngo, here.keeper}
    moves(here, 10, reachable=True)
    assert reminded() == {here.ngo, official}


def test_of_others_only_the_reach_is_noted(here: Offices) -> None:
    here.cast.request(here.ngo, here.bodies[0], LATER)
    before = here.cast.rows(Notice)
    for telegram_id in (30, 90, 12, 555):  # the NGO, a coordinator, another official, nobody
        moves(here, telegram_id, reachable=False)
        moves(here, telegram_id, reachable=True)
    assert here.cast.rows(Notice) == before
    assert here.cast.now == NOW
