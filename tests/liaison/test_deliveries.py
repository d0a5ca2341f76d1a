"""The queue: leases are never shared and end, outcomes are settled in groups, what makes no sense is dropped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from liaison import deliveries, notices
from liaison.deliveries import Claimed, Drop, Due, Settled
from storage.engine import Database
from storage.notices import Notice
from storage.people import Person
from tests.liaison import owed
from tests.liaison.owed import MACHINE, NOW, POLICY

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)


def claim(session: Session, owner: str = "a", *, later: timedelta = timedelta(), limit: int = 10) -> list[int]:
    return [one.id for one in claimed(session, owner, later=later, limit=limit)]


def claimed(
    session: Session, owner: str = "a", *, later: timedelta = timedelta(), limit: int = 10
) -> tuple[Claimed, ...]:
    return deliveries.claim(session, owner=owner, now=NOW, machine_now=MACHINE + later, lease=LEASE, limit=limit)


def settle(session: Session, *settlements: Settled, owner: str = "a") -> tuple[str, ...]:
    return deliveries.settle(session, settlements, POLICY, owner=owner, now=NOW, machine_now=MACHINE)


def filled(session: Session, /, number: int, **values: Any) -> list[int]:
    return owed.many(session, owed.person(session, 100), number, **values)


def test_the_earliest_due_come_first_and_the_future_does_not(database: Database) -> None:
    ids = database.write_now(filled, 12, due_at=NOW - 8 * SECOND)  # the last three are still to come
    assert database.write_now(claim, limit=5) == ids[:5]
    assert database.write_now(claim, limit=5) == ids[5:9]
    assert database.write_now(claim) == []


def test_six_claimers_at_once_never_share_a_notice(database: Database) -> None:
    ids = database.write_now(filled, 300)

    def work(owner: str) -> list[int]:
        mine: list[int] = []
        while True:
            taken = database.write_now(claim, owner, limit=7)
            mine += taken
            if not database.read_now(deliveries.look, now=NOW, machine_now=MACHINE).next_free:
                return mine

    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(work, "abcdef"))
    assert sorted(one for share in shares for one in share) == ids


def test_a_lease_is_held_until_it_ends_and_then_taken_by_another(database: Database) -> None:
    (notice_id,) = database.write_now(filled, 1)
    (first,) = database.write_now(claimed, "a")
    assert (first.id, first.attempts, first.lease_until) == (notice_id, 1, MACHINE + LEASE)
    assert database.write_now(claim, "b", later=LEASE - SECOND) == []
    (second,) = database.write_now(claimed, "b", later=LEASE)
    assert (second.id, second.attempts) == (notice_id, 2)
    # What the first owner says comes too late, whatever it is.
    database.write_now(settle, Settled(notice_id, "failed", reason="late"), owner="a")
    row = database.read_now(owed.row, notice_id)
    assert (row.state, row.lease_owner, row.reason) == ("owed", "b", None)
    database.write_now(settle, Settled(notice_id, "sent", message_id=5), owner="b")
    database.write_now(settle, Settled(notice_id, "sent", message_id=4), owner="a")
    assert database.read_now(owed.row, notice_id).message_id == 5


def test_a_restarted_bot_that_is_alone_takes_its_notices_back(database: Database) -> None:
    ids = database.write_now(filled, 3)
    assert database.write_now(claim, "dead", limit=2) == ids[:2]
    assert database.write_now(deliveries.release) == 2
    assert database.write_now(claim, "new") == ids


def test_a_group_is_settled_in_one_go_and_once(database: Database) -> None:
    sent, dropped, failed, paused, doubtful, untried = ids = database.write_now(filled, 6)
    database.write_now(claim)
    group = (
        Settled(sent, "sent", message_id=77),
        Settled(dropped, "dropped", reason="the meeting has begun"),
        Settled(failed, "failed", reason="Bad Request"),
        Settled(paused, "retry", reason="Flood control", pause=5 * SECOND),
        Settled(doubtful, "retry", pause=30 * SECOND, uncertain=True),
        Settled(untried, "retry", tried=False),
    )
    for _ in range(2):  # the commit may have been taken though its answer was lost: then it is asked for again
        database.write_now(settle, *group)

        def seen(session: Session) -> list[tuple[Any, ...]]:
            rows = [owed.row(session, one) for one in ids]
            return [(row.state, row.reason, row.message_id, row.uncertain, row.attempts) for row in rows]

        assert database.read_now(seen) == [
            ("sent", None, 77, 0, 1),
            ("dropped", "the meeting has begun", None, 0, 1),
            ("failed", "Bad Request", None, 0, 1),
            ("owed", "Flood control", None, 0, 1),
            ("owed", None, None, 1, 1),
            ("owed", None, None, 0, 0),
        ]
    assert database.read_now(owed.row, sent).sent_at == NOW
    assert database.write_now(claim, "b") == [untried]
    assert database.write_now(claim, "b", later=5 * SECOND) == [paused]
    assert database.write_now(claim, "b", later=30 * SECOND) == [doubtful]


def test_what_was_sent_counts_as_sent_though_it_was_taken_back_on_the_way(database: Database) -> None:
    def prepared(session: Session) -> int:
        meeting = owed.meeting(session, owed.person(session, 100), state="confirmed")
        notice_id = owed.notice(session, meeting.requester_id, "meeting:1:rev1:x", meeting_id=meeting.id)
        claim(session)
        notices.withdraw(session, meeting, but_rev=2)
        return notice_id

    notice_id = database.write_now(prepared)
    assert database.read_now(owed.row, notice_id).state == "dropped"
    database.write_now(settle, Settled(notice_id, "retry", pause=SECOND))
    assert database.read_now(owed.row, notice_id).state == "dropped"
    database.write_now(settle, Settled(notice_id, "sent", message_id=1))
    assert database.read_now(owed.row, notice_id).state == "sent"


def test_a_request_its_official_cannot_get_goes_on_to_whoever_is_left(database: Database) -> None:
    def prepared(session: Session) -> tuple[int, int, int]:
        meeting = owed.meeting(session, owed.person(session, 100))
        official = owed.official(session, meeting.post_id, 200)
        helper = owed.coordinator(session, 300)
        assert notices.request_sent(session, meeting, POLICY, now=NOW) == 1
        return meeting.id, official, helper

    meeting_id, official, helper = database.write_now(prepared)

    def to(session: Session) -> list[tuple[int, str]]:
        rows = session.scalars(select(Notice).where(Notice.meeting_id == meeting_id).order_by(Notice.id))
        return [(row.recipient_id, row.state) for row in rows]

    def since(session: Session) -> object:
        return session.get_one(Person, official).unreachable_since

    (first,) = database.write_now(claim)
    assert database.write_now(settle, Settled(first, "dropped", reason="blocked", blocked=True)) == ()
    assert database.read_now(since) == NOW
    assert database.read_now(to) == [(official, "dropped"), (helper, "owed")]
    (second,) = database.write_now(claim)
    numbers = database.write_now(settle, Settled(second, "dropped", reason="blocked", blocked=True))
    assert numbers == ("UKL-26-000001",)  # nobody is left: the operators have to know
    database.write_now(owed.person, owed.ADMIN)
    database.write_now(settle, Settled(second, "dropped", reason="blocked", blocked=True))
    assert [state for _, state in database.read_now(to)] == ["dropped", "dropped", "owed"]


REV2 = {"rev": 2, "as": "official"}
HOUR = timedelta(hours=1)
STARTS = NOW + HOUR

# kind, state of the meeting, details of the notice, changes to the meeting -> why it is dropped (None: sent)
TABLE = [
    ("request", "requested", REV2, {}, None),
    ("request", "confirmed", REV2, {}, "the meeting is confirmed"),
    ("request", "withdrawn", REV2, {}, "the meeting is withdrawn"),
    ("request", "requested", {"rev": 1}, {}, "the meeting changed"),
    ("remind", "confirmed", REV2, {"starts_at": STARTS}, None),
    ("remind", "confirmed", {"rev": 1}, {"starts_at": STARTS}, "the meeting changed"),
    ("remind", "cancelled", REV2, {"starts_at": STARTS}, "the meeting is cancelled"),
    ("remind", "confirmed", REV2, {"starts_at": NOW}, "the meeting has begun"),
    ("confirmed", "confirmed", REV2, {"starts_at": STARTS}, None),
    ("confirmed", "confirmed", REV2, {"starts_at": NOW - HOUR}, None),
    ("confirmed", "confirmed", {"rev": 1}, {}, "the meeting changed"),
    ("place", "confirmed", REV2, {}, None),
    ("place", "confirmed", {"rev": 1}, {}, "the meeting changed"),
    ("offered", "offered", REV2, {}, None),
    ("offered", "requested", REV2, {}, "the meeting is requested"),
    ("declined", "declined", REV2, {}, None),
    ("withdrawn", "withdrawn", REV2, {}, None),
    ("cancelled", "cancelled", REV2, {}, None),
]


@pytest.mark.parametrize(("kind", "state", "details", "changes", "reason"), TABLE)
def test_whether_it_still_makes_sense(
    database: Database, kind: str, state: str, details: dict[str, Any], changes: dict[str, Any], reason: str | None
) -> None:
    def prepared(session: Session) -> tuple[int, int]:
        meeting = owed.meeting(session, owed.person(session, 100), rev=2, state=state, **changes)
        official = owed.official(session, meeting.post_id, 200)
        return owed.notice(session, official, "x", kind=kind, details=details, meeting_id=meeting.id), meeting.id

    notice_id, meeting_id = database.write_now(prepared)
    (decided,) = database.read_now(deliveries.prepare, [notice_id], POLICY, now=NOW)
    if reason is not None:
        assert decided == Drop(notice_id, reason)
        return
    assert isinstance(decided, Due)
    assert (decided.kind, decided.meeting_id, decided.details, decided.late) == (kind, meeting_id, details, False)
    assert (decided.recipient.telegram_id, decided.recipient.posts) == (200, (1,))


def test_a_request_is_not_for_who_left_the_post(database: Database) -> None:
    def prepared(session: Session) -> int:
        meeting = owed.meeting(session, owed.person(session, 100))
        owed.official(session, meeting.post_id, 200)
        former = owed.person(session, 201)
        return owed.notice(session, former, "x", kind="request", details={"rev": 1}, meeting_id=meeting.id)

    notice_id = database.write_now(prepared)
    decided = database.read_now(deliveries.prepare, [notice_id], POLICY, now=NOW)
    assert decided == (Drop(notice_id, "no longer answers for the post"),)


def test_late_reach_and_language(database: Database) -> None:
    def prepared(session: Session) -> list[int]:
        silent = owed.person(session, 1, None)  # never chose a language: still told, in Kazakh
        gone = owed.person(session, 2, unreachable_since=NOW)
        five = timedelta(minutes=5)
        return [
            owed.notice(session, silent, "just in time", due_at=NOW - five),
            owed.notice(session, silent, "late", due_at=NOW - five - SECOND, details={"place": "my"}),
            owed.notice(session, gone, "gone"),
            owed.notice(session, silent, "taken back", state="dropped", reason="the meeting changed"),
        ]

    ids = database.write_now(prepared)
    in_time, late, gone, back = database.read_now(deliveries.prepare, ids, POLICY, now=NOW)
    assert isinstance(in_time, Due)
    assert isinstance(late, Due)
    assert (in_time.late, late.late, late.details, late.recipient.language) == (False, True, {"place": "my"}, None)
    assert (gone, back) == (Drop(ids[2], "unreachable"), Drop(ids[3], "the meeting changed"))


def test_looking_and_counting(database: Database) -> None:
    def look(later: timedelta = timedelta()) -> tuple[bool, Any]:
        seen = database.read_now(deliveries.look, now=NOW, machine_now=MACHINE + later)
        return seen.unsent, seen.next_free

    assert look() == (False, None)
    (coming,) = database.write_now(filled, 1, due_at=NOW + HOUR)
    assert look() == (False, NOW + HOUR)

    def two_more(session: Session) -> list[int]:
        who = session.get_one(Notice, coming).recipient_id
        return [owed.notice(session, who, "a", due_at=NOW - HOUR), owed.notice(session, who, "b", state="failed")]

    due, _ = database.write_now(two_more)
    assert look() == (True, NOW - HOUR)
    assert database.read_now(deliveries.next_due) == NOW - HOUR
    assert database.write_now(claim) == [due]
    assert look() == (True, NOW + HOUR)  # somebody holds it, it is not sent yet
    assert look(LEASE) == (True, NOW - HOUR)
    summary = database.read_now(deliveries.owed_summary, NOW)
    assert summary == deliveries.Owed(owed=2, overdue=1, failed=1, oldest=NOW - HOUR)


def test_a_look_reads_the_index_of_what_is_owed(database: Database) -> None:
    def plans(session: Session) -> str:
        who = owed.person(session, 100)
        common = {"recipient_id": who, "kind": "sample", "details": {}, "attempts": 0, "uncertain": 0}
        session.execute(
            insert(Notice),
            [
                {"key": str(i), "due_at": NOW + i * SECOND, "state": "sent" if i % 20 else "owed", **common}
                for i in range(4000)
            ],
        )
        sqlite = session.get_bind().dialect.name == "sqlite"
        session.execute(text("ANALYZE"))
        spoken: list[str] = []
        for statement in (
            select(Notice.due_at).where(deliveries.OWED).order_by(Notice.due_at).limit(1),
            select(Notice.id).where(deliveries.OWED, Notice.due_at <= NOW).order_by(Notice.due_at, Notice.id).limit(5),
        ):
            compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            rows = session.execute(text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{compiled}"))
            spoken.append(" ".join(str(row[-1]) for row in rows))
        return "\n".join(spoken)

    for plan in database.write_now(plans).splitlines():
        assert "ix_notices_owed" in plan
        assert "TEMP B-TREE" not in plan
        assert "Seq Scan" not in plan
