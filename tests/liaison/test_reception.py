"""How an official receives: who may set it, what is refused, what stays; and fresh times when the offered are gone."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from liaison import confirming, endings, meetings, online_links, proposals, reception, taken
from liaison import reception_changes as changes
from liaison.people import Actor
from liaison.policy import Hours
from liaison.reception_changes import ReceptionCard
from liaison.slots import Span
from liaison.windows import Window
from storage.drafts import Draft
from storage.engine import Database
from storage.meetings import Guest, Meeting
from storage.posts import Deputy, Post, PostDay
from storage.records import AuditEntry
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast

THURSDAY = date(2026, 12, 3)
AFTERNOON: Hours = ((time(15), time(17)),)
THURSDAYS = Window(3, time(15), time(17))


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def office(cast: Cast) -> int:
    return cast.body("sample")


@pytest.fixture
def official(cast: Cast, office: int) -> int:
    return cast.official(office, 10)


def deputy(cast: Cast, body_id: int, telegram_id: int, kind: str) -> int:
    person_id = cast.person(telegram_id)
    days = {"from_day": date(2026, 11, 1), "until_day": date(2026, 12, 31)} if kind == "substitute" else {}
    given: dict[str, Any] = {"kind": kind, "state": "accepted", "invited_by": person_id, "created_at": NOW, **days}
    cast.add(Deputy(post_id=cast.posts[body_id], person_id=person_id, **given))
    return person_id


def card(cast: Cast, person_id: int, body_id: int) -> ReceptionCard:
    found: ReceptionCard = cast.see(person_id, changes.see, body_id, POLICY)
    return found


def post(cast: Cast, **values: Any) -> None:
    """Set columns of the one post of the test."""

    def rule(session: Session) -> None:
        for name, value in values.items():
            setattr(session.get_one(Post, 1), name, value)

    cast.database.write_now(rule)


def audited(cast: Cast) -> list[tuple[int | None, str, Any, Any]]:
    rows = [row for row in cast.rows(AuditEntry) if row["what"] == "reception-changed"]
    return [(row["person_id"], *(row["details"][name] for name in ("what", "before", "after"))) for row in rows]


def test_what_is_not_set_is_as_configured(cast: Cast, office: int, official: int) -> None:
    received = card(cast, official, office).reception
    assert (received.length, received.buffer, received.notice_days) == (POLICY.slot_length, timedelta(), 1)
    assert (received.windows, received.days, received.most_per_day, received.online_link) == ((), {}, None, None)
    assert received.hours(THURSDAY) == POLICY.hours


def test_who_may_set_it_and_who_may_not(cast: Cast, office: int, official: int) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    department = cast.body("dep-sample", "region_department", region_id=region)
    assistant, substitute = deputy(cast, office, 11, "assistant"), deputy(cast, office, 12, "substitute")
    country, regional, ngo, admin = cast.coordinator(20), cast.coordinator(21, region), cast.ngo(30), cast.person(900)
    for person_id, body_id in (
        (official, office), (assistant, office), (country, office), (admin, office), (country, department),
        (regional, department), (regional, region),
    ):  # fmt: skip
        cast.do(person_id, changes.take_preset, body_id, "tue-thu", POLICY)
        cast.do(person_id, changes.take_preset, body_id, "working-hours", POLICY)
        own = person_id in (official, assistant)
        assert (card(cast, person_id, body_id).own, card(cast, person_id, body_id).body_id) == (own, body_id)
    changed: list[tuple[Any, ...]] = [
        (changes.take_preset, "tue-thu"),
        (changes.add_window, THURSDAYS),
        (changes.remove_window, THURSDAYS),
        (changes.choose, "length", 45),
        (changes.set_day, THURSDAY, ()),
        (changes.as_usual, THURSDAY),
        (online_links.ask,),
        (online_links.forget,),
        (changes.see,),
    ]
    for person_id, body_id in ((substitute, office), (ngo, office), (regional, office), (official, department)):
        for rule, *given in changed:
            assert cast.refused(person_id, rule, body_id, *given, POLICY) == "not-yours"
    gone = cast.body("gone", abolished_on=NOW.date())
    assert cast.refused(admin, changes.see, gone, POLICY) == "not-yours"
    assert cast.refused(admin, changes.see, 999, POLICY) == "not-yours"


def test_one_sees_the_posts_at_which_one_receives_or_assists(cast: Cast, office: int, official: int) -> None:
    second = cast.body("second")
    assistant = deputy(cast, second, 11, "assistant")
    cast.add(Deputy(post_id=1, person_id=assistant, kind="assistant", state="accepted", invited_by=1, created_at=NOW))
    assert cast.see(official, _bodies) == (office,)
    assert cast.see(assistant, _bodies) == (office, second)
    assert cast.see(deputy(cast, office, 12, "substitute"), _bodies) == ()


def _bodies(session: Session, actor: Actor) -> tuple[int, ...]:
    return changes.bodies(session, actor)


def test_the_weekly_pattern_and_its_audit(cast: Cast, office: int, official: int) -> None:
    both = [{"weekday": day, "start": "15:00", "end": "17:00"} for day in (1, 3)]
    cast.do(official, changes.take_preset, office, "tue-thu", POLICY)
    cast.do(official, changes.take_preset, office, "tue-thu", POLICY)  # a double tap
    cast.do(official, changes.remove_window, office, THURSDAYS, POLICY)
    cast.do(official, changes.remove_window, office, Window(1, time(15), time(17)), POLICY)
    assert cast.rows(Post)[0]["windows"] is None  # without hours of his own the working hours hold again
    assert audited(cast) == [
        (official, "windows", None, both),
        (official, "windows", both, both[:1]),
        (official, "windows", both[:1], None),
    ]
    assert cast.refused(official, changes.remove_window, office, THURSDAYS, POLICY) == "stale"
    assert cast.refused(official, changes.take_preset, office, "nights", POLICY) == "not-yours"


@pytest.mark.parametrize(
    ("added", "kept"),
    [
        ([(time(10), time(11)), (time(15), time(16))], [("10:00", "11:00"), ("15:00", "16:00")]),
        ([(time(10), time(11)), (time(10, 30), time(12))], [("10:00", "12:00")]),
        ([(time(10), time(11)), (time(11), time(12))], [("10:00", "12:00")]),
        ([(time(10), time(12)), (time(10, 30), time(11))], [("10:00", "12:00")]),
        ([(time(10), time(11)), (time(12), time(12, 45)), (time(10, 30), time(12, 30))], [("10:00", "12:45")]),
    ],
)
def test_hours_that_overlap_or_touch_become_one(
    cast: Cast, office: int, official: int, added: list[tuple[time, time]], kept: list[tuple[str, str]]
) -> None:
    for start, end in added:
        cast.do(official, changes.add_window, office, Window(3, start, end), POLICY)
    assert [(one["start"], one["end"]) for one in cast.rows(Post)[0]["windows"]] == kept


LUNCH = POLICY.__class__(zone=POLICY.zone, calendar=POLICY.calendar,
                         hours=((time(9), time(13)), (time(14, 30), time(18, 30))))  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (time(17), time(15), "bad-hours"),
        (time(15), time(15), "bad-hours"),
        (time(6, 30), time(9), "bad-hours"),
        (time(21), time(22, 30), "bad-hours"),
        (time(15, 2), time(16), "bad-hours"),
        (time(15), time(15, 25), "hours-too-short"),
        (time(12, 45), time(14, 45), "hours-too-short"),  # a quarter of an hour at each end of lunch
        (time(13), time(14, 30), "hours-too-short"),
    ],
)
def test_hours_that_cannot_be(cast: Cast, office: int, official: int, start: time, end: time, code: str) -> None:
    assert cast.refused(official, changes.add_window, office, Window(3, start, end), LUNCH) == code
    assert cast.refused(official, changes.set_day, office, THURSDAY, ((start, end),), LUNCH) == code


@pytest.mark.parametrize(
    ("bound", "column", "values"),
    [
        ("length", "slot_minutes", {15: 15, 60: 60}),
        ("buffer", "buffer_minutes", {30: 30, 0: 0}),
        ("notice", "notice_days", {5: 5, 0: 0}),
        ("most", "most_per_day", {8: 8, 1: 1, 0: None}),
    ],
)
def test_the_bounds_have_their_choices(
    cast: Cast, office: int, official: int, bound: str, column: str, values: dict[int, int | None]
) -> None:
    for value, kept in values.items():
        cast.do(official, changes.choose, office, bound, value, POLICY)
        assert cast.rows(Post)[0][column] == kept
    assert [entry[1] for entry in audited(cast)] == [bound] * len(values)
    for forged in (7, 9, 61):
        wrong = 99 if bound == "most" else forged
        assert cast.refused(official, changes.choose, office, bound, wrong, POLICY) == "not-yours"
    assert cast.refused(official, changes.choose, office, "speed", 1, POLICY) == "not-yours"


def test_a_length_into_which_no_meeting_fits_is_refused(cast: Cast, office: int, official: int) -> None:
    cast.do(official, changes.add_window, office, Window(3, time(15), time(15, 45)), POLICY)
    assert cast.refused(official, changes.choose, office, "length", 60, POLICY) == "length-too-long"
    cast.do(official, changes.add_window, office, Window(1, time(15), time(16)), POLICY)
    cast.do(official, changes.choose, office, "length", 60, POLICY)
    longer = Window(1, time(15), time(16))
    assert cast.refused(official, changes.remove_window, office, longer, POLICY) == "length-too-long"


def test_days_that_differ(cast: Cast, office: int, official: int) -> None:
    cast.do(official, changes.set_day, office, THURSDAY, (), POLICY)
    assert card(cast, official, office).reception.hours(THURSDAY) == ()
    cast.do(official, changes.set_day, office, THURSDAY, AFTERNOON, POLICY)
    assert card(cast, official, office).reception.hours(THURSDAY) == AFTERNOON
    assert len(cast.rows(PostDay)) == 1
    cast.do(official, changes.as_usual, office, THURSDAY, POLICY)
    cast.do(official, changes.as_usual, office, THURSDAY, POLICY)
    assert (card(cast, official, office).reception.hours(THURSDAY), cast.rows(PostDay)) == (POLICY.hours, [])
    kept = [{"start": "15:00", "end": "17:00"}]
    expected = [(None, []), ([], kept), (kept, None)]
    assert audited(cast) == [(official, "day 2026-12-03", before, after) for before, after in expected]
    cast.do(official, changes.set_day, office, THURSDAY, (), POLICY)
    cast.now += timedelta(days=4)  # what is past is not told any more
    assert card(cast, official, office).reception.days == {}


@pytest.mark.parametrize(
    ("day", "code"), [("2026-12-16", "day-off"), ("2026-11-30", "stale"), ("2027-01-31", "stale"), ("2027-01-30", "")]
)
def test_days_that_cannot_be_set(cast: Cast, office: int, official: int, day: str, code: str) -> None:
    given = (changes.set_day, office, date.fromisoformat(day), AFTERNOON, POLICY)
    if code:
        assert cast.refused(official, *given) == code
    else:
        cast.do(official, *given)


def confirmed(cast: Cast, official: int, ngo: int, office: int, at: Any = WEDNESDAY) -> int:
    meeting_id = cast.request(ngo, office, at)
    cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
    return meeting_id


def test_confirmed_meetings_outside_the_hours_are_named_and_stay(cast: Cast, office: int, official: int) -> None:
    ngo = cast.ngo(30)
    first = confirmed(cast, official, ngo, office)
    second = confirmed(cast, official, ngo, office, WEDNESDAY + timedelta(days=6, hours=3, minutes=30))  # Tuesday 12:30
    before = cast.rows(Meeting)
    found = card(cast, official, office)
    assert [one.meeting_id for one in found.booked] == [first, second]
    assert found.outside == ()
    after: ReceptionCard = cast.do(official, changes.add_window, office, Window(1, time(12), time(13)), POLICY)
    assert [one.meeting_id for one in after.outside] == [first]
    assert (after.outside[0].number, after.outside[0].organisation) == ("UKL-26-000001", "Sample NGO")
    after = cast.do(official, changes.set_day, office, date(2026, 12, 8), (), POLICY)
    assert [one.meeting_id for one in after.outside] == [first, second]
    after = cast.do(official, changes.take_preset, office, "working-hours", POLICY)
    assert [one.meeting_id for one in after.outside] == [second]  # the day off is still one
    assert cast.rows(Meeting) == before
    cast.now = WEDNESDAY + timedelta(minutes=30)  # the first one is over
    assert [one.meeting_id for one in card(cast, official, office).booked] == [second]


@pytest.mark.parametrize(
    "link", ["https://meet.sample.example/room-7", "https://sample.example", "HTTPS://sample.example/a?b=1#c"]
)
def test_a_link_to_the_officials_own_room(cast: Cast, office: int, official: int, link: str) -> None:
    draft = cast.do(official, online_links.ask, office, POLICY)
    cast.do(official, online_links.say, draft.key, f" {link} ", POLICY)
    assert (cast.rows(Post)[0]["online_link"], cast.rows(Draft)) == (link, [])
    cast.do(official, online_links.forget, office, POLICY)
    assert cast.rows(Post)[0]["online_link"] is None
    assert audited(cast) == [(official, "online-link", None, link), (official, "online-link", link, None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://sample.example/room", "not-https"),
        ("javascript:alert(1)", "bad-link"),
        ("meet.sample.example/room", "bad-link"),
        ("https://", "not-https"),
        ("https://localhost/room", "not-https"),
        ("https://sample.example/a b", "bad-link"),
        ("our room: https://sample.example/a", "bad-link"),
        ("https://ours.example@theirs.example/", "not-https"),
        ("https://sample.example/" + "a" * 300, "too-long"),
    ],
)
def test_what_is_no_link(cast: Cast, office: int, official: int, text: str, code: str) -> None:
    draft = cast.do(official, online_links.ask, office, POLICY)
    assert cast.refused(official, online_links.say, draft.key, text, POLICY) == code


def test_the_buffer_counts_when_a_time_is_taken(cast: Cast, office: int, official: int) -> None:
    near, apart = WEDNESDAY + timedelta(minutes=40), WEDNESDAY + timedelta(minutes=45)
    mine, theirs = cast.ngo(30), cast.ngo(31, "Other NGO")
    asked = cast.request(theirs, office, near, apart)
    post(cast, buffer_minutes=15)
    confirmed(cast, official, mine, office)  # until 09:30
    first = cast.slots(asked, official)[0]
    assert [slot.free for slot in cast.see(official, meetings.see, asked).slots] == [False, True]
    assert cast.refused(official, confirming.confirm, asked, first, POLICY) == "slot-taken"
    span = Span(near, near + POLICY.slot_length)
    assert cast.refused(official, proposals.propose, asked, [span], "", POLICY) == "time-gone"
    cast.do(official, proposals.propose, asked, [Span(apart, apart + POLICY.slot_length)], "", POLICY)
    (offered,) = cast.slots(asked, theirs)
    post(cast, buffer_minutes=30)
    assert cast.refused(theirs, confirming.accept, asked, offered, POLICY) == "slot-taken"
    post(cast, buffer_minutes=15)
    cast.do(theirs, confirming.accept, asked, offered, POLICY)


def test_taking_back_a_cancellation_needs_the_time_to_be_free_still(cast: Cast, office: int, official: int) -> None:
    slow = POLICY.__class__(**{**vars(POLICY), "undo": timedelta(seconds=60)})
    mine, theirs = cast.ngo(30), cast.ngo(31, "Other NGO")
    meeting_id, asked = confirmed(cast, official, mine, office), cast.request(theirs, office, WEDNESDAY)
    cast.do(official, endings.cancel, meeting_id, {"reason_code": "ill"}, slow)
    cast.do(official, confirming.confirm, asked, cast.slots(asked, official)[0], slow)
    assert cast.refused(official, confirming.undo, meeting_id, slow) == "slot-taken"
    cast.do(official, confirming.undo, asked, slow)
    cast.do(official, confirming.undo, meeting_id, slow)
    assert [row["state"] for row in cast.rows(Meeting)] == ["confirmed", "requested"]


def fresh(cast: Cast, meeting_id: int) -> list[str]:
    def rule(session: Session) -> tuple[Span, ...]:
        return reception.fresh(session, session.get_one(Meeting, meeting_id), POLICY, cast.now)

    return [f"{at.starts_at.astimezone(POLICY.zone):%d %H:%M}" for at in cast.database.read_now(rule)]


def test_fresh_times_when_those_of_a_request_are_gone(cast: Cast, office: int, official: int) -> None:
    mine, theirs = cast.ngo(30), cast.ngo(31, "Other NGO")
    waiting = cast.request(mine, office)  # Wednesday 09:00 and 10:00
    assert fresh(cast, waiting) == []
    other, another = cast.request(theirs, office, WEDNESDAY), cast.request(theirs, office, WEDNESDAY.replace(hour=10))
    cast.do(official, confirming.confirm, other, cast.slots(other, official)[0], POLICY)
    assert fresh(cast, waiting) == []  # 10:00 is left
    cast.do(official, confirming.confirm, another, cast.slots(another, official)[0], POLICY)
    assert fresh(cast, waiting) == ["02 09:30", "03 09:00", "04 09:00"]
    cast.do(official, changes.set_day, office, THURSDAY, (), POLICY)
    elsewhere = cast.body("elsewhere")
    second = cast.official(elsewhere, 11)
    confirmed(cast, second, mine, elsewhere, WEDNESDAY + timedelta(minutes=30))  # the NGO's own meeting
    assert fresh(cast, waiting) == ["02 10:30", "04 09:00", "07 09:00"]
    cast.now = WEDNESDAY.replace(day=7)
    assert fresh(cast, waiting) == ["08 09:00", "09 09:00", "10 09:00"]
    assert fresh(cast, other) == []  # decided


def test_a_held_time_is_free_for_others_after_the_next_working_day(cast: Cast, office: int, official: int) -> None:
    friday = WEDNESDAY.replace(day=4)
    waiting = cast.request(cast.ngo(30), office, friday)
    theirs = cast.ngo(31, "Other NGO")

    def spans() -> tuple[Span, ...]:
        busy = cast.database.read_now(taken.of, post_id=1, organisation_id=None, now=cast.now)
        return tuple(span for one in busy.post.values() for span in one)

    cast.now = WEDNESDAY.replace(hour=23, minute=59)
    assert spans() == (Span(friday, friday + POLICY.slot_length),)
    cast.now = WEDNESDAY.replace(day=3, hour=0)
    assert spans() == ()
    confirmed(cast, official, theirs, office, friday)
    assert (cast.see(official, meetings.see, waiting).state, fresh(cast, waiting)) == (
        "requested",
        ["04 09:30", "07 09:00", "08 09:00"],
    )


def test_an_organisation_is_busy_where_it_comes_along(cast: Cast, office: int, official: int) -> None:
    guest = cast.ngo(31, "Guest NGO")
    meeting_id = confirmed(cast, official, cast.ngo(30), office)
    cast.add(Guest(meeting_id=meeting_id, organisation_id=1, person_id=guest, state="asked", created_at=NOW))
    elsewhere = cast.body("elsewhere")

    def busy() -> list[Span]:
        found = cast.database.read_now(taken.of, post_id=cast.posts[elsewhere], organisation_id=1, now=cast.now)
        return list(found.organisation)

    assert busy() == []
    cast.database.write_now(lambda session: setattr(session.get_one(Guest, 1), "state", "present"))
    assert busy() == [Span(WEDNESDAY, WEDNESDAY + POLICY.slot_length)]
