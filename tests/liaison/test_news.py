"""One message a day to each follower, about what changed while he followed and he did not change himself."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from liaison import bodies, follows, invitations, lists, news, people
from liaison.list_files import ListFile
from liaison.list_rows import ListRow
from liaison.shipped import load_shipped
from liaison.shipped_file import ShippedRow
from storage.bodies import Body
from storage.engine import Database
from storage.follows import BodyEvent
from storage.notices import Notice
from storage.posts import Holder
from tests.liaison.cast import POLICY, Cast
from tests.liaison.morning import ZONE, at, deliver, due, name

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def cast(database: Database) -> Cast:
    opened = Cast(database)
    opened.now = at(1, 12)  # Tuesday
    return opened


DUE = [  # what happens then, and when it is told
    (at(1, 0, 0), at(1, 10)),
    (at(1, 9, 54), at(1, 10)),
    (at(1, 9, 55), at(2, 10)),  # the message of that morning may be on its way
    (at(1, 10), at(2, 10)),
    (at(1, 23, 59), at(2, 10)),
    (at(4, 17), at(5, 10)),  # a Saturday: calendar days count
    (at(31, 12), datetime(2027, 1, 1, 10, tzinfo=ZONE)),
]


@pytest.mark.parametrize(("happens", "told"), DUE)
def test_it_is_told_the_next_time_it_is_ten(cast: Cast, happens: datetime, told: datetime) -> None:
    body, keeper, person = cast.body("sample"), cast.coordinator(20), cast.person(1)
    cast.now = happens
    cast.do(person, follows.follow, body)
    name(cast, keeper, body, "Sample One")
    assert due(cast) == [(person, told)]
    (event,) = cast.rows(BodyEvent)
    assert event["told_on"] == told.astimezone(ZONE).date()
    assert deliver(cast, told - timedelta(seconds=1)) == {}
    assert deliver(cast, told) == {person: [(body, "Sample One")]}
    assert deliver(cast, told + DAY) == {}
    day = told.astimezone(ZONE).date()  # the message can be drawn again, after a look at a card
    assert [one.body_id for one in cast.database.read_now(news.to_tell, person, day)] == [body]


def test_a_day_is_one_message_and_a_body_one_line(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    first, second, far = cast.body("a", "district", region_id=region), cast.body("b"), cast.body("c")
    keeper, both, one, nobody = cast.coordinator(20), cast.person(1), cast.person(2), cast.person(3)
    cast.do(both, follows.follow, region, "region")
    cast.do(both, follows.follow, first)  # followed twice over, told once
    cast.do(both, follows.follow, second)
    cast.do(one, follows.follow, second)
    cast.do(nobody, follows.follow, region)  # the akimat alone
    cast.now += MINUTE
    for body, full_name in ((first, "Sample One"), (second, "Sample Two"), (far, "Sample Three"), (first, "Sample")):
        name(cast, keeper, body, full_name)
    assert {row["body_id"] for row in cast.rows(BodyEvent)} == {first, second}  # nobody follows the third
    told = {both: [(first, "Sample"), (second, "Sample Two")], one: [(second, "Sample Two")]}
    assert deliver(cast, at(2, 10)) == told
    name(cast, keeper, region, "Sample Akimat")
    assert deliver(cast, at(3, 10)) == {both: [(region, "Sample Akimat")], nobody: [(region, "Sample Akimat")]}


def test_a_corrected_contact_is_no_news(cast: Cast) -> None:
    body, keeper, person = cast.body("sample"), cast.coordinator(20), cast.person(1)
    name(cast, keeper, body, "Sample One")
    cast.do(person, follows.follow, body)
    name(cast, keeper, body, "SAMPLE  one", "+7 701 000 00 00")
    assert due(cast) == []


def test_who_follows_later_or_no_longer_is_not_told(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    before, after, left, back = (cast.person(number) for number in range(1, 5))
    for person in (before, left, back):
        cast.do(person, follows.follow, body)
    cast.now += MINUTE
    name(cast, keeper, body, "Sample One")
    cast.now += MINUTE
    cast.do(after, follows.follow, body)  # has seen the card with the new name
    for person in (left, back):
        cast.do(person, follows.stop, body)
    cast.do(back, follows.follow, body)
    assert deliver(cast, at(2, 10)) == {before: [(body, "Sample One")]}
    assert cast.owed(news.KIND) == [
        (news.KIND, before, "sent"),
        (news.KIND, left, "dropped"),
        (news.KIND, back, "dropped"),
    ]


def test_nobody_is_told_of_his_own_doing(cast: Cast) -> None:
    body, other = cast.body("sample"), cast.body("other")
    keeper, second = cast.coordinator(20), cast.coordinator(21)
    for followed in (body, other):
        cast.do(keeper, follows.follow, followed)
    name(cast, keeper, body, "Sample One")
    assert (due(cast), cast.rows(BodyEvent)) == ([], [])
    cast.do(second, follows.follow, body)
    name(cast, keeper, body, "Sample Two")
    name(cast, second, other, "Sample Three")
    assert deliver(cast, at(2, 10)) == {keeper: [(other, "Sample Three")], second: [(body, "Sample Two")]}


def test_after_downtime_one_message_tells_all(cast: Cast) -> None:
    first, second, keeper, person = cast.body("a"), cast.body("b"), cast.coordinator(20), cast.person(1)
    for body in (first, second):
        cast.do(person, follows.follow, body)
    for day, body in ((1, first), (2, second), (3, first)):
        cast.now = at(day, 12)
        name(cast, keeper, body, f"Sample {'I' * day}")
    assert deliver(cast, at(4, 15)) == {person: [(first, "Sample III"), (second, "Sample II")]}
    assert [row["reason"] for row in cast.rows(Notice)] == ["a later message tells it too"] * 2 + [None]
    name(cast, keeper, second, "Sample Four")
    assert deliver(cast, at(5, 10)) == {person: [(second, "Sample Four")]}


def test_who_comes_back_is_told_what_is_still_news(cast: Cast) -> None:
    old, new, keeper, person = cast.body("a"), cast.body("b"), cast.coordinator(20), cast.person(1)
    for body in (old, new):
        cast.do(person, follows.follow, body)
    cast.database.write_now(people.mark_reach, 1, reachable=False, now=cast.now)
    name(cast, keeper, old, "Sample One")
    assert deliver(cast, at(2, 10)) == {}
    cast.now += 20 * DAY
    name(cast, keeper, new, "Sample Two")
    assert deliver(cast, cast.now + DAY) == {}
    cast.now += 15 * DAY
    cast.database.write_now(people.mark_reach, 1, reachable=True, now=cast.now)
    cast.database.write_now(news.forget_old, now=cast.now)
    assert deliver(cast, cast.now) == {person: [(new, "Sample Two")]}
    assert len(cast.rows(BodyEvent)) == 1


def test_an_invitation_to_a_vacant_post_names_an_official(cast: Cast) -> None:
    body, person, official = cast.body("sample"), cast.person(1), cast.person(10)
    for one in (person, official):
        cast.do(one, follows.follow, body)
    link = cast.database.write_now(invitations.invite_official, body, invited_by=None, now=cast.now)
    cast.do(official, invitations.accept, link, POLICY, display_name="Sample One")
    assert deliver(cast, at(2, 10)) == {person: [(body, "Sample One")]}
    bound, keeper = cast.person(11), cast.coordinator(20)
    name(cast, keeper, body, "Sample Two")
    link = cast.database.write_now(invitations.invite_official, body, invited_by=None, now=cast.now)
    cast.do(bound, invitations.accept, link, POLICY, display_name="Any Name")  # the list's name stays
    assert deliver(cast, at(3, 10)) == {person: [(body, "Sample Two")], official: [(body, "Sample Two")]}


def test_a_list_tells_of_other_persons_only(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    same, phone, other, new, gone = (cast.body(code, "city", region_id=region) for code in "abcde")
    for body in (same, phone, other, gone):
        cast.add(Holder(post_id=cast.posts[body], full_name="Sample One", phones=["+77172000001"], created_at=cast.now))
    person = cast.person(1)
    cast.do(person, follows.follow, region, "region")
    rows = [(same, "Sample One", "1"), (phone, "Sample One", "2"), (other, "Sample Two", "1"), (new, "Sample", "1")]

    def take(session: Session, /, **options: Any) -> None:
        file = ListFile(name="sample", encoding="utf-8", rows=tuple(_row(*row) for row in rows))
        source: dict[str, Any] = {"source_title": "Sample", "source_url": None}
        lists.apply(session, bodies.load(session), file, **source, policy=POLICY, now=cast.now, **options)

    cast.database.write_now(take)
    assert deliver(cast, at(2, 10)) == {person: [(other, "Sample Two"), (new, "Sample")]}
    cast.database.write_now(take)
    assert deliver(cast, at(3, 10)) == {}
    cast.database.write_now(take, whole_region=True)
    assert deliver(cast, at(4, 10)) == {person: [(gone, None)]}


def _row(body: int, full_name: str, last: str) -> ListRow:
    return ListRow(
        source_row=body,
        body_raw=str(body),
        body_id=body,
        full_name=full_name,
        position=None,
        phones=(f"+7717200000{last}",),
        emails=(),
        order_no=None,
        order_date=None,
    )


def test_an_abolished_body_is_told_with_its_successor(cast: Cast) -> None:
    plain = ShippedRow("min-a", "central", None, None, None, {"kk": "к", "ru": "р", "en": "e"}, {}, (), None)
    other = ShippedRow("min-b", "central", None, None, None, {"kk": "к", "ru": "р", "en": "e"}, {}, (), None)
    cast.database.write_now(load_shipped, [plain, other], now=at(1, 12).astimezone(ZONE))
    ids = {row["code"]: row["id"] for row in cast.rows(Body)}
    person = cast.person(1)
    for body in ids.values():
        cast.do(person, follows.follow, body)
    cast.now = at(1, 13)
    cast.database.write_now(load_shipped, [other], now=cast.now.astimezone(ZONE))
    follow_up = update(Body).where(Body.code == "min-a").values(successor_id=ids["min-b"])
    cast.database.write_now(lambda session: session.execute(follow_up) and None)
    (change,) = cast.database.read_now(news.to_tell, person, date(2026, 12, 2))
    assert change == news.Change(ids["min-a"], None, date(2026, 12, 1), ids["min-b"])
    assert deliver(cast, at(2, 10)) == {person: [(ids["min-a"], None)]}
    cast.database.write_now(load_shipped, [other], now=at(2, 13).astimezone(ZONE))
    assert deliver(cast, at(3, 10)) == {}
