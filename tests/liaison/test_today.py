"""The day of each side: today's and tomorrow's meetings, what waits and since when; the morning's digest."""

from datetime import date, datetime, timedelta

import pytest

from liaison import confirming, endings, proposals, today
from liaison.slots import Span
from liaison.still_due import Drop, Due, prepare
from liaison.today import Today
from storage.engine import Database
from storage.notices import Notice
from storage.posts import Deputy
from tests.liaison.cast import NOW, POLICY, Cast

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
TUESDAY = date(2026, 12, 1)  # of NOW
NINE = datetime(2026, 12, 2, 9, tzinfo=POLICY.zone)  # the next working day's digest


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def office(cast: Cast) -> int:
    return cast.body("sample")


@pytest.fixture
def official(cast: Cast, office: int) -> int:
    return cast.official(office, 10)


@pytest.fixture
def ngo(cast: Cast, official: int) -> int:
    return cast.ngo(30)


def day(cast: Cast, person: int) -> Today:
    found: Today = cast.see(person, today.see, POLICY)
    return found


def meetings_of(found: Today) -> list[tuple[date, list[int]]]:
    return [(on, [card.id for card in cards]) for on, cards in found.days]


def deputy(cast: Cast, office: int, official: int, number: int, kind: str, **days: date) -> int:
    person = cast.person(number)
    values = {"post_id": cast.posts[office], "person_id": person, "invited_by": official, "created_at": NOW}
    cast.add(Deputy(kind=kind, state="accepted", **values, **days))
    return person


def confirmed(cast: Cast, ngo: int, office: int, official: int, at: datetime) -> int:
    meeting_id = cast.request(ngo, office, at)
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    return meeting_id


def test_todays_and_tomorrows_meetings_by_the_local_day(cast: Cast, office: int, official: int, ngo: int) -> None:
    late = confirmed(cast, ngo, office, official, NINE.replace(day=1, hour=23, minute=30))  # 18:30 UTC
    early = confirmed(cast, ngo, office, official, NINE.replace(day=2, hour=0, minute=0))  # 1 December in UTC
    third = confirmed(cast, ngo, office, official, NINE)
    confirmed(cast, ngo, office, official, NINE.replace(day=3, hour=0))
    cancelled = confirmed(cast, ngo, office, official, NINE + HOUR)
    cast.do(ngo, endings.cancel, cancelled, {"reason_code": "ill"}, POLICY)
    expected = [(TUESDAY, [late]), (TUESDAY + DAY, [early, third])]
    for person in (official, ngo):
        assert meetings_of(day(cast, person)) == expected
    stranger = cast.ngo(31, "Second Sample NGO")
    assert meetings_of(day(cast, stranger)) == [(TUESDAY, []), (TUESDAY + DAY, [])]


def test_what_waits_with_the_first_time_and_since_how_many_working_days(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    second = cast.ngo(31, "Second Sample NGO")
    first = cast.request(ngo, office, NINE + 6 * DAY, NINE + 7 * DAY)
    cast.now += 3 * DAY  # Friday
    other = cast.request(second, office, NINE + 8 * DAY)
    taken = confirmed(cast, cast.ngo(32, "Third Sample NGO"), office, official, NINE + 6 * DAY + timedelta(minutes=15))
    cast.now += 3 * DAY  # Monday
    found = day(cast, official).waiting
    assert taken not in [one.card.id for one in found]
    slots = [cast.slots(meeting_id, official) for meeting_id in (first, other)]
    assert [(one.card.id, one.asked, one.first_free.id if one.first_free else None, one.workdays) for one in found] == [
        (first, NINE + 6 * DAY, slots[0][1], 4),  # its first time was taken meanwhile
        (other, NINE + 8 * DAY, slots[1][0], 1),
    ]
    cast.now = NINE + 9 * DAY
    assert [one.first_free for one in day(cast, official).waiting] == [None, None]


def test_each_side_has_what_waits_for_it(cast: Cast, office: int, official: int, ngo: int) -> None:
    assistant = deputy(cast, office, official, 40, "assistant")
    substitute = deputy(cast, office, official, 41, "substitute", from_day=TUESDAY, until_day=TUESDAY)
    coordinator = cast.coordinator(42)
    meeting_id = cast.request(ngo, office, NINE + DAY)
    for person, waits in ((official, 1), (assistant, 1), (substitute, 1), (coordinator, 0), (ngo, 0)):
        assert len(day(cast, person).waiting) == waits
    at = NINE + 2 * DAY
    cast.do(official, proposals.propose, meeting_id, [Span(at, at + POLICY.slot_length)], "", POLICY)
    (offered,) = day(cast, ngo).waiting
    assert offered.first_free is not None
    assert (offered.asked, offered.first_free.offered_by, offered.card.side) == (at, "office", "representative")
    assert day(cast, official).waiting == ()
    cast.do(ngo, confirming.accept, meeting_id, offered.first_free.id, POLICY)
    assert day(cast, ngo).waiting == ()


def test_a_coordinator_has_what_nobody_nearer_receives(cast: Cast) -> None:
    vacant = cast.body("vacant")
    coordinator, ngo = cast.coordinator(20), cast.ngo(30)
    meeting_id = cast.request(ngo, vacant, NINE + DAY)
    assert [one.card.id for one in day(cast, coordinator).waiting] == [meeting_id]
    official = cast.official(vacant, 10)
    assert day(cast, coordinator).waiting == ()
    assert [one.card.id for one in day(cast, official).waiting] == [meeting_id]


def plan(cast: Cast, at: datetime | None = None) -> list[tuple[int, datetime]]:
    cast.now = at or cast.now
    cast.database.write_now(today.plan_digests, POLICY, now=cast.now)
    rows = [row for row in cast.rows(Notice) if row["kind"] == today.DIGEST]
    return [(row["recipient_id"], row["due_at"]) for row in rows]


def digests(cast: Cast, at: datetime) -> dict[int, str | None]:
    cast.now = at
    rows = [row for row in cast.rows(Notice) if row["kind"] == today.DIGEST and row["due_at"] <= at]
    decided: tuple[Due | Drop, ...] = cast.database.read_now(prepare, [row["id"] for row in rows], POLICY, now=at)
    return {
        row["recipient_id"]: one.reason if isinstance(one, Drop) else None
        for row, one in zip(rows, decided, strict=True)
    }


def test_no_digest_where_nothing_waits(cast: Cast, office: int, official: int, ngo: int) -> None:
    assert plan(cast) == []
    confirmed(cast, ngo, office, official, NINE + DAY)
    assert plan(cast) == []
    meeting_id = cast.request(ngo, office, NINE + 2 * DAY)
    cast.do(official, proposals.other_times, meeting_id, {"reason_code": "busy"}, POLICY)  # the NGO is to answer
    assert plan(cast) == []


def test_one_digest_for_the_responsible_on_the_next_working_day_at_nine(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    vacant = cast.body("vacant")
    deputy(cast, office, official, 40, "assistant")
    coordinator = cast.coordinator(20)
    for body, hours in ((office, 0), (office, 1), (vacant, 2)):
        cast.request(ngo, body, NINE + 6 * DAY + hours * HOUR)
    both = (official, coordinator)
    expected = [(person, NINE) for person in both]
    assert plan(cast) == expected
    assert plan(cast, NINE - SECOND) == expected
    expected += [(person, NINE + DAY) for person in both]
    assert plan(cast, NINE) == expected
    expected += [(person, NINE + 5 * DAY) for person in both]  # Monday
    for at in (NINE + 2 * DAY, NINE + 3 * DAY, NINE + 4 * DAY + HOUR):  # from Friday on
        assert plan(cast, at) == expected


def test_the_digest_goes_only_if_something_still_waits_and_on_its_day(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    meeting_id = cast.request(ngo, office, NINE + DAY)
    plan(cast)
    assert digests(cast, NINE) == {official: None}
    assert digests(cast, NINE + 14 * HOUR) == {official: None}  # late, after an outage
    assert digests(cast, NINE + 15 * HOUR) == {official: "the day is over"}
    cast.now = NINE - HOUR
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    assert digests(cast, NINE) == {official: "nothing waits"}


def test_the_digest_is_not_for_whoever_is_no_longer_responsible(
    cast: Cast, office: int, official: int, ngo: int
) -> None:
    cast.request(ngo, office, NINE + 3 * DAY)
    plan(cast)
    substitute = deputy(cast, office, official, 41, "substitute", from_day=TUESDAY + DAY, until_day=TUESDAY + DAY)
    plan(cast, NINE - SECOND)  # on Wednesday the substitute is responsible
    assert digests(cast, NINE) == {official: "nothing waits", substitute: None}
