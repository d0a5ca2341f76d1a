"""Reports of wrong contacts: who may, how often, who is told, how they end; and what a coordinator sees of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from liaison import bodies, desk, drafts, holders, lists, report_closing, reports
from liaison.errors import LiaisonError
from liaison.list_files import ListFile, ListRow
from storage.drafts import Draft
from storage.engine import Database
from storage.notices import Notice
from storage.people import Person
from storage.posts import Holder
from storage.records import AuditEntry
from storage.reports import ContactReport
from tests.liaison.cast import CONSENTED, NOW, POLICY, Cast
from tests.liaison.owed import ADMIN

HOUR = timedelta(hours=1)
PHONE, OTHER_PHONE = "+77172000001", "+77172000002"


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def vacate(cast: Cast, body: int) -> None:
    def rule(session: Session) -> None:
        session.get_one(Holder, reports.present_holder(session, body)).until = cast.now

    cast.database.write_now(rule)


def hold(cast: Cast, body: int, name: str = "Sample Official", phone: str = PHONE) -> int:
    return cast.add(
        Holder(post_id=cast.posts[body], full_name=name, phones=[phone], emails=["a@sample.example"], created_at=NOW)
    )


def tell(cast: Cast, person: int, body: int, reason: str = "phone", words: str = "") -> int:
    """A report sent in two steps; its id."""
    card = cast.do(person, reports.ask, body, reason, POLICY)
    return int(cast.do(person, reports.send, card.key, words, POLICY))


def states(cast: Cast) -> list[str]:
    return [row["state"] for row in cast.rows(ContactReport)]


def told(cast: Cast) -> list[tuple[str, int]]:
    """Kind and recipient of what is owed."""
    return [(kind, to) for kind, to, state in cast.owed() if state == "owed"]


def test_a_reason_and_a_line_are_kept_and_ring_the_coordinators(cast: Cast) -> None:
    body, keeper, ngo = cast.body("sample"), cast.coordinator(20), cast.ngo(30)
    holder = hold(cast, body)
    report = tell(cast, ngo, body, "phone", "  It belongs\n to a shop ")
    (row,) = cast.rows(ContactReport)
    assert row == {
        "id": report,
        "body_id": body,
        "holder_id": holder,
        "reporter_id": ngo,
        "reason": "phone",
        "words": "It belongs to a shop",
        "state": "open",
        "created_at": NOW,
        "closed_at": None,
        "closed_by": None,
    }
    assert told(cast) == [("report", keeper)]
    assert cast.rows(Draft) == []


def test_words_need_the_consent_and_a_report_without_words_does_not(cast: Cast) -> None:
    body, stranger = cast.body("sample"), cast.person(30)
    card = cast.do(stranger, reports.ask, body, "email", POLICY)
    assert card.step == "consent"
    assert cast.refused(stranger, reports.send, card.key, "It came back", POLICY) == "out-of-step"
    cast.do(stranger, reports.send, card.key, "", POLICY)
    assert cast.rows(ContactReport)[0]["words"] is None
    assert cast.rows(Person)[0]["consent_at"] is None

    other = cast.person(31)
    card = cast.do(other, reports.ask, body, "email", POLICY)
    cast.do(other, reports.agree, card.key)
    assert cast.refused(other, reports.agree, card.key) == "out-of-step"
    cast.do(other, reports.send, card.key, "It came back", POLICY)
    assert cast.rows(ContactReport)[1]["words"] == "It came back"
    assert (cast.rows(Person)[1]["consent_version"], cast.rows(Person)[1]["consent_at"]) == (CONSENTED, NOW)


def test_something_else_says_nothing_without_words(cast: Cast) -> None:
    body, ngo = cast.body("sample"), cast.ngo(30)
    card = cast.do(ngo, reports.ask, body, "other", POLICY)
    assert cast.refused(ngo, reports.send, card.key, "", POLICY) == "too-short"
    assert cast.refused(ngo, reports.send, card.key, "x" * 301, POLICY) == "too-long"
    cast.do(ngo, reports.send, card.key, "The office has moved", POLICY)
    assert cast.refused(ngo, reports.send, card.key, "", POLICY) == "out-of-step"  # sent already


def test_one_open_report_for_a_body_and_person(cast: Cast) -> None:
    body, other, ngo = cast.body("sample"), cast.body("other"), cast.ngo(30)
    early = cast.do(ngo, reports.ask, body, "phone", POLICY)
    assert cast.see(ngo, reports.standing, body, POLICY).open is None
    report = int(cast.do(ngo, reports.send, early.key, "", POLICY))
    standing = cast.see(ngo, reports.standing, body, POLICY)
    assert standing.open == reports.OwnReport(report, body, "phone", "open", NOW)
    assert cast.refused(ngo, reports.ask, body, "email", POLICY) == "reported"
    assert cast.see(ngo, reports.standing, other, POLICY).open is None
    assert tell(cast, cast.ngo(31), body) == report + 1  # another person may


def test_five_a_day_on_the_countrys_calendar(cast: Cast) -> None:
    ngo, found = cast.ngo(30), [cast.body(f"sample-{n}") for n in range(7)]
    cast.now = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)  # 23:00 in Almaty
    late = cast.do(ngo, reports.ask, found[5], "phone", POLICY)
    for body in found[:5]:
        assert cast.see(ngo, reports.standing, body, POLICY).resets_at is None
        tell(cast, ngo, body)
        late = cast.do(ngo, reports.ask, found[5], "phone", POLICY) if body != found[4] else late
    midnight = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
    assert cast.see(ngo, reports.standing, found[5], POLICY).resets_at == midnight
    assert cast.refused(ngo, reports.ask, found[5], "phone", POLICY) == "reports-a-day"
    cast.now = midnight - timedelta(seconds=1)
    assert cast.refused(ngo, reports.ask, found[6], "phone", POLICY) == "reports-a-day"
    cast.now = midnight
    tell(cast, ngo, found[5])
    assert len(cast.rows(ContactReport)) == 6


def test_the_sixth_is_refused_also_at_the_last_step(cast: Cast) -> None:
    ngo, found = cast.ngo(30), [cast.body(f"sample-{n}") for n in range(6)]
    for body in found[:4]:
        tell(cast, ngo, body)
    card = cast.do(ngo, reports.ask, found[4], "phone", POLICY)
    cast.add(ContactReport(body_id=found[5], reporter_id=ngo, reason="phone", state="open", created_at=NOW))
    assert cast.refused(ngo, reports.send, card.key, "", POLICY) == "reports-a-day"


def test_what_is_forged_is_refused(cast: Cast) -> None:
    body, ngo, stranger = cast.body("sample"), cast.ngo(30), cast.ngo(31)
    report = tell(cast, ngo, body)
    card = cast.do(stranger, reports.ask, body, "phone", POLICY)
    assert cast.refused(ngo, reports.send, card.key, "", POLICY) == "out-of-step"  # somebody else's question
    assert cast.refused(stranger, reports.ask, body, "made-up", POLICY) == "not-yours"
    assert cast.refused(stranger, reports.ask, 999, "phone", POLICY) == "not-yours"
    assert cast.refused(stranger, reports.own, report) == "not-yours"
    for rule, args in (
        (report_closing.close, (report, "corrected")),
        (desk.report, (report,)),
        (desk.open_matters, ()),
        (desk.counts, ()),
        (desk.oldest_at, (body,)),
    ):
        assert cast.refused(ngo, rule, *args) == "not-yours"
    assert cast.refused(cast.coordinator(20), report_closing.close, report, "made-up") == "not-yours"


@pytest.mark.parametrize(
    ("people", "receivers"),
    [
        (("region", "country", "admin"), ("region",)),
        (("country", "admin"), ("country",)),
        (("other region", "admin"), ("admin",)),
        ((), ()),
    ],
)
def test_who_keeps_the_list_is_told(cast: Cast, people: tuple[str, ...], receivers: tuple[str, ...]) -> None:
    region, far = cast.body("reg-a", "region", region_id=0), cast.body("reg-b", "region", region_id=0)
    body = cast.body("dep-a", "region_department", region_id=region)
    official = cast.official(body, 10)
    make = {
        "region": lambda: cast.coordinator(20, region),
        "other region": lambda: cast.coordinator(21, far),
        "country": lambda: cast.coordinator(22),
        "admin": lambda: cast.person(ADMIN),
    }
    known = {name: make[name]() for name in people}
    tell(cast, cast.ngo(30), body)
    assert told(cast) == [("report", known[name]) for name in receivers]
    assert official not in [to for _, to in told(cast)]


def test_many_reports_on_one_body_ring_once_a_day(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    for hours in (0, 1, 23, 24, 30, 49):
        cast.now = NOW + hours * HOUR
        tell(cast, cast.ngo(100 + hours), body, "person" if hours % 2 else "phone")
    assert [row["due_at"] - NOW for row in cast.rows(Notice)] == [hours * HOUR for hours in (0, 24, 49)]
    assert {row["recipient_id"] for row in cast.rows(Notice)} == {keeper}
    assert len(cast.see(keeper, desk.open_matters)) == 2
    tell(cast, cast.ngo(99), cast.body("other"))  # another body rings for itself
    assert len(cast.rows(Notice)) == 4


def test_closing_ends_what_says_the_same_and_tells_each_reporter_once(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    first, second, third = cast.ngo(30), cast.ngo(31), cast.ngo(32)
    tell(cast, first, body, "phone")
    last = tell(cast, second, body, "phone")
    tell(cast, third, body, "email")
    cast.do(keeper, report_closing.close, last, "confirmed")
    assert states(cast) == ["confirmed", "confirmed", "open"]
    assert [(row["closed_at"], row["closed_by"]) for row in cast.rows(ContactReport)] == [
        (NOW, keeper),
        (NOW, keeper),
        (None, None),
    ]
    assert told(cast) == [("report", keeper), ("report_answer", first), ("report_answer", second)]
    (entry,) = cast.rows(AuditEntry)
    assert (entry["what"], entry["person_id"]) == ("report-closed", keeper)
    assert entry["details"] == {"body": body, "reason": "phone", "outcome": "confirmed", "reports": [1, 2]}
    assert cast.see(first, reports.own, 1).state == "confirmed"
    cast.do(keeper, report_closing.close, 3, "corrected")
    assert told(cast)[0] == ("report_answer", first)  # nothing is open any more: the coordinators need not be told
    tell(cast, first, body, "phone")  # the matter may be reported anew, and rings anew
    assert told(cast)[-1] == ("report", keeper)


def test_something_else_is_closed_one_by_one(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    for number in (30, 31):
        tell(cast, cast.ngo(number), body, "other", f"Words {number}")
    assert [one.reporters for one in cast.see(keeper, desk.open_matters)] == [1, 1]
    cast.do(keeper, report_closing.close, 1, "corrected")
    assert states(cast) == ["corrected", "open"]


def test_a_coordinator_who_reported_himself_is_not_written_to(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    report = tell(cast, keeper, body)
    cast.do(keeper, report_closing.close, report, "corrected")
    assert told(cast) == []


def test_of_two_coordinators_at_once_one_closes(cast: Cast) -> None:
    body, keepers, ngo = cast.body("sample"), [cast.coordinator(20), cast.coordinator(21)], cast.ngo(30)
    report = tell(cast, ngo, body)

    def close(number: int) -> str:
        try:
            cast.do(keepers[number], report_closing.close, report, ("corrected", "confirmed")[number])
        except LiaisonError as refusal:
            return refusal.code
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, (0, 1))) == ["closed", "stale"]
    (row,) = cast.rows(ContactReport)
    winner = keepers.index(row["closed_by"])
    assert row["state"] == ("corrected", "confirmed")[winner]
    assert [to for kind, to in told(cast) if kind == "report_answer"] == [ngo]
    seen = [cast.see(keeper, desk.report, report) for keeper in keepers]
    assert [card.closed_by_me for card in seen] == [winner == 0, winner == 1]
    assert [(card.state, card.closed_at, card.closed_by_person) for card in seen] == [(row["state"], NOW, True)] * 2


def test_reports_at_once_ring_once_and_one_person_reports_once(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    people = [cast.ngo(30 + number) for number in range(4)]
    keys = [cast.do(person, reports.ask, body, "phone", POLICY).key for person in people]

    def send(number: int) -> str:
        try:
            cast.do(people[number], reports.send, keys[number], "", POLICY)
        except LiaisonError as refusal:
            return refusal.code
        return "sent"

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(send, (0, 1, 2, 3, 0, 1, 2, 3)))
    assert sorted(done) == ["out-of-step"] * 4 + ["sent"] * 4
    assert told(cast) == [("report", keeper)]
    assert len(cast.rows(ContactReport)) == 4


@pytest.mark.parametrize(
    ("name", "phone", "closed"),
    [
        ("Another Sample", PHONE, {"person"}),
        ("Another Sample", OTHER_PHONE, {"person", "phone"}),
        ("sample  OFFICIAL", OTHER_PHONE, {"phone"}),
        ("Sample Official", PHONE, set()),
    ],
)
def test_naming_puts_right_what_it_changes(cast: Cast, name: str, phone: str, closed: set[str]) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    hold(cast, body)
    for number, reason in enumerate(reports.REASONS):
        tell(cast, cast.ngo(30 + number), body, reason, "Sample words")
    contact = f"{phone} a@sample.example"
    cast.do(keeper, holders.name_official, body, full_name=name, position="Head", contact=contact)
    assert {row["reason"] for row in cast.rows(ContactReport) if row["state"] == "corrected"} == closed
    answered = [to for kind, to in told(cast) if kind == "report_answer"]
    assert answered == [row["reporter_id"] for row in cast.rows(ContactReport) if row["reason"] in closed]
    written = [entry["details"] for entry in cast.rows(AuditEntry) if entry["what"] == "report-closed"]
    assert [one["outcome"] for one in written] == ["named"] * bool(closed)


def test_naming_where_nobody_was_named(cast: Cast) -> None:
    body, keeper, ngo = cast.body("sample"), cast.coordinator(20), cast.ngo(30)
    hold(cast, body)
    report = tell(cast, ngo, body, "person")
    vacate(cast, body)
    assert cast.see(keeper, desk.report, report).renamed
    cast.do(keeper, holders.name_official, body, full_name="Another Sample", position="", contact=PHONE)
    assert states(cast) == ["corrected"]
    assert told(cast) == [("report_answer", ngo)]


def a_list(body: int, name: str, phone: str) -> ListFile:
    row = ListRow(
        source_row=2, body_raw="sample", body_id=body, full_name=name, position="Head", phones=(phone,),
        emails=(), order_no=None, order_date=None, warnings=(),
    )  # fmt: skip
    return ListFile(
        name="sample.csv", format="csv", encoding="utf-8", region_id=None, rows=(row,), rejected=(), ignored=(),
        problems=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "phone", "closed"),
    [
        ("Another Sample", PHONE, {"person"}),
        ("Sample Official", OTHER_PHONE, {"phone"}),
        ("Sample Official", PHONE, set()),
    ],
)
def test_a_list_puts_right_what_it_changes(cast: Cast, name: str, phone: str, closed: set[str]) -> None:
    body = cast.body("sample")
    hold(cast, body)
    for number, reason in enumerate(reports.REASONS):
        tell(cast, cast.ngo(30 + number), body, reason, "Sample words")

    def apply(session: Session) -> Any:
        tree = bodies.load(session)
        source: dict[str, Any] = {"source_title": "Sample", "source_url": None}
        return lists.apply(session, tree, a_list(body, name, phone), **source, policy=POLICY, now=NOW)

    cast.database.write_now(apply)
    found = cast.rows(ContactReport)
    assert {row["reason"] for row in found if row["state"] == "corrected"} == closed
    assert {row["closed_by"] for row in found} == {None}
    keeper = cast.coordinator(20)
    for row in found:
        card = cast.see(keeper, desk.report, row["id"])
        assert (card.closed_by_person, card.closed_by_me, card.closed_by) == (False, False, None)


def test_what_the_coordinator_sees_of_a_matter(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    hold(cast, body)
    first = tell(cast, cast.ngo(30), body, "phone", "A shop answers")
    cast.now = NOW + HOUR
    tell(cast, cast.ngo(31), body, "phone")
    third = tell(cast, cast.ngo(32), body, "phone", "Nobody answers")
    other = tell(cast, cast.ngo(33), body, "email")
    for report in (first, third):
        card = cast.see(keeper, desk.report, report)
        assert card.matter == desk.Matter(first, body, "phone", NOW, 3)
        assert card.words == ("A shop answers", "Nobody answers")
        assert card.holder is not None and card.holder.full_name == "Sample Official"
        assert (card.renamed, card.state, card.closed_by_person) == (False, "open", False)
        assert card.others == (desk.Matter(other, body, "email", cast.now, 1),)
    assert cast.see(keeper, desk.oldest_at, body) == first
    cast.do(keeper, report_closing.close, third, "corrected")
    card = cast.see(keeper, desk.report, first)
    assert (card.words, card.state, card.closed_at, card.closed_by_me) == (
        ("A shop answers",),
        "corrected",
        cast.now,
        True,
    )
    assert cast.see(keeper, desk.oldest_at, body) == other


def test_a_regional_coordinator_sees_and_closes_his_own_region_alone(cast: Cast) -> None:
    near, far = cast.body("reg-a", "region", region_id=0), cast.body("reg-b", "region", region_id=0)
    here, there, central = cast.body("dep-a", region_id=near), cast.body("dep-b", region_id=far), cast.body("min-a")
    keeper, everywhere, admin = cast.coordinator(20, near), cast.coordinator(21), cast.person(ADMIN)
    ngo = cast.ngo(30)
    ids = [tell(cast, ngo, body) for body in (central, here, there)]
    assert [one.body_id for one in cast.see(keeper, desk.open_matters)] == [here]
    for person in (everywhere, admin):
        assert [one.body_id for one in cast.see(person, desk.open_matters)] == [central, here, there]
    assert cast.see(keeper, desk.counts) == desk.Counts(1, 0)
    for report, rule in ((ids[0], report_closing.close), (ids[2], report_closing.close)):
        assert cast.refused(keeper, rule, report, "corrected") == "not-yours"
        assert cast.refused(keeper, desk.report, report) == "not-yours"
    cast.do(keeper, report_closing.close, ids[1], "corrected")


def test_left_nothing_is_sent(cast: Cast) -> None:
    body, ngo = cast.body("sample"), cast.ngo(30)
    cast.do(ngo, reports.ask, body, "phone", POLICY)
    cast.database.write_now(drafts.drop, ngo, reports.KIND)
    assert (cast.rows(Draft), cast.rows(ContactReport)) == ([], [])
