"""What people looked for: counted without persons, kept within bounds, turned into aliases by coordinators."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from liaison import aliases, bodies, desk, duties, queries
from liaison.errors import LiaisonError
from liaison.search import Index
from liaison.shipped import load_shipped
from liaison.shipped_file import ShippedRow
from storage.bodies import BodyName
from storage.drafts import Draft
from storage.engine import Database
from storage.queries import QueryChoice, QueryMiss
from storage.records import AuditEntry
from tests.liaison.cast import NOW, Cast
from tests.liaison.owed import ADMIN, MACHINE, POLICY

SECOND = timedelta(seconds=1)


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def miss(cast: Cast, text: str, times: int = 1) -> bool:
    return [cast.database.write_now(queries.missed, text, now=cast.now) for _ in range(times)][-1]


def texts(cast: Cast) -> list[tuple[str, int]]:
    return [(row["text"], row["count"]) for row in cast.rows(QueryMiss)]


def tree(cast: Cast) -> bodies.Tree:
    return cast.database.read_now(bodies.load)


def answer(cast: Cast, person: int, miss_id: int, body: int) -> None:
    cast.do(person, aliases.answer, miss_id, body, tree(cast))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Жасыл   ҮЙ ", "жасыл үй"),
        ("ЖАСЫЛ\nҮЙ", "жасыл үй"),
        ("Ｔｈｅ white\u200b house", "the white house"),
        ("школа 2026 года", "школа 2026 года"),
        ("г.Алматы", "г.алматы"),
        ("қарауыл аулы", "қарауыл аулы"),
        ("ГУ-123", "гу-123"),
        ("one two three four five six seven eight", "one two three four five six seven eight"),
        ("x" * 100, "x" * 100),
        ("ab", None),
        ("x" * 101, None),
        ("...", None),
        ("2026", None),
        ("🙂🙂🙂", None),
        ("", None),
        ("one two three four five six seven eight nine", None),
        ("позвоните 87010000000", None),
        ("звонить +7 (701) 000-00-00", None),
        ("8 701 000 00 00 Айгүл", None),
        ("иин 900101300123", None),
        ("бин 123 456 789 012", None),
        ("номер ١٢٣٤٥٦", None),
        ("sample@sample.example", None),
        ("пишите @sample", None),
        ("https://sample.example/a", None),
        ("sample.example", None),
        ("уакил.рф сайт", None),
        ("Үлгіов Асан Ахметұлы", None),
        ("Sampleva Anna Petrovna", None),
        ("Образцова Анна Ивановна", None),
    ],
)
def test_what_is_kept_of_a_query(cast: Cast, typed: str, kept: str | None) -> None:
    assert queries.kept_as(typed) == kept
    assert miss(cast, typed) == (kept is not None)
    assert texts(cast) == ([] if kept is None else [(kept, 1)])


def test_the_same_query_is_counted_up(cast: Cast) -> None:
    miss(cast, "Жасыл үй")
    cast.now = NOW + SECOND
    miss(cast, "жасыл  ҮЙ")
    miss(cast, "ақ үй")
    assert texts(cast) == [("жасыл үй", 2), ("ақ үй", 1)]
    assert cast.rows(QueryMiss)[0] == {
        "id": 1,
        "text": "жасыл үй",
        "count": 2,
        "last_at": NOW + SECOND,
        "state": "open",
        "body_id": None,
    }


def test_counts_stay_right_when_many_ask_at_once(cast: Cast) -> None:
    body = cast.body("sample")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: miss(cast, "жасыл үй"), range(24)))
        list(pool.map(lambda _: cast.database.write_now(queries.chosen, "білім", body), range(24)))
    assert texts(cast) == [("жасыл үй", 24)]
    assert cast.database.read_now(queries.preferred, "Білім") == {body: 24}


def test_the_oldest_asked_once_make_room(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_ROWS", 3)
    for number, (text, times) in enumerate((("first", 2), ("second", 1), ("third", 1), ("fourth", 1), ("fifth", 1))):
        cast.now = NOW + number * SECOND
        miss(cast, text, times)
    assert [text for text, _ in texts(cast)] == ["first", "fourth", "fifth"]
    miss(cast, "fourth")
    miss(cast, "fifth")
    miss(cast, "sixth")  # a new one finds room also where all others were asked twice
    assert [text for text, _ in texts(cast)] == ["fourth", "fifth", "sixth"]


def test_half_a_year_later_a_query_is_forgotten(cast: Cast) -> None:
    miss(cast, "old one")
    cast.now = NOW + SECOND
    miss(cast, "new one")
    later = NOW + queries.KEPT + SECOND
    assert "forget-misses" in cast.database.write_now(duties.run_due, POLICY, now=later, machine_now=MACHINE)
    assert [text for text, _ in texts(cast)] == ["new one"]


def test_choices_are_counts_without_persons(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = cast.body("one"), cast.body("other")
    for body in (one, other, other):
        cast.database.write_now(queries.chosen, " Білім ", body)
    cast.database.write_now(queries.chosen, "87010000000", one)
    cast.database.write_now(queries.chosen, "білім", 999)  # forged
    assert cast.database.read_now(queries.preferred, "БІЛІМ") == {one: 1, other: 2}
    assert cast.database.read_now(queries.preferred, "87010000000") == {}
    assert cast.database.read_now(queries.preferred, "ғылым") == {}
    monkeypatch.setattr(queries, "MOST_ROWS", 2)
    cast.database.write_now(queries.chosen, "ғылым", one)
    assert [(row["text"], row["body_id"]) for row in cast.rows(QueryChoice)] == [("білім", other), ("ғылым", one)]


def test_the_most_frequent_stand_first_eight_on_a_page(cast: Cast) -> None:
    keeper = cast.coordinator(20)
    for number in range(10):
        cast.now = NOW + number * SECOND
        miss(cast, f"query {number}", 1 + number % 2)
    first, pages = cast.see(keeper, aliases.misses, 0)
    assert (pages, [one.text[-1] for one in first]) == (2, list("97531864"))
    assert [one.text[-1] for one in cast.see(keeper, aliases.misses, 1)[0]] == ["2", "0"]
    assert cast.see(keeper, aliases.misses, 7) == cast.see(keeper, aliases.misses, 1)  # behind the end: the last
    assert cast.see(keeper, desk.counts) == desk.Counts(0, 10)
    assert cast.see(cast.coordinator(21, cast.body("reg-a", "region", region_id=0)), aliases.misses, 0)[0] == first


def test_an_answer_is_found_by_the_next_index(cast: Cast) -> None:
    body, keeper = cast.body("sample"), cast.coordinator(20)
    miss(cast, "Жасыл Үй")
    cast.do(keeper, aliases.ask_body, 1)
    before = tree(cast)
    assert Index.build(before).find("жасыл үй").hits == ()
    cast.do(keeper, aliases.answer, 1, body, before)
    after = tree(cast)
    assert (after.version, after.by_id[body].aliases) == (before.version + 1, ("жасыл үй",))
    found = Index.build(after).find("Жасыл үй")
    assert found.hits[0].body_id == body
    (name,) = [row for row in cast.rows(BodyName) if row["kind"] == "alias"]
    assert (name["lang"], name["text"]) == ("kk", "жасыл үй")
    seen = cast.see(keeper, aliases.miss, 1)
    assert (seen.state, seen.body_id) == ("answered", body)
    assert cast.rows(Draft) == []
    (entry,) = cast.rows(AuditEntry)
    assert (entry["what"], entry["person_id"]) == ("alias-added", keeper)
    assert entry["details"] == {"body": body, "text": "жасыл үй", "miss": 1}
    assert cast.see(keeper, aliases.misses, 0) == ((), 1)


def test_what_is_decided_stays_decided(cast: Cast) -> None:
    body, keeper, other = cast.body("sample"), cast.coordinator(20), cast.coordinator(21)
    for text in ("first", "second"):
        miss(cast, text)
    cast.do(keeper, aliases.ignore, 1)
    assert [entry["what"] for entry in cast.rows(AuditEntry)] == ["query-ignored"]
    answer(cast, keeper, 2, body)
    now = tree(cast)
    for miss_id in (1, 2):
        assert cast.refused(other, aliases.answer, miss_id, body, now) == "stale"
        assert cast.refused(other, aliases.ignore, miss_id) == "stale"
        assert cast.refused(other, aliases.ask_body, miss_id) == "stale"
    miss(cast, "first")
    assert cast.see(keeper, aliases.misses, 0) == ((), 1)  # asked again, it does not come back to the desk


def test_two_coordinators_at_once(cast: Cast) -> None:
    one, other = cast.body("one"), cast.body("other")
    keepers = [cast.coordinator(20), cast.coordinator(21)]
    miss(cast, "жасыл үй")
    now = tree(cast)

    def act(number: int) -> str:
        try:
            cast.do(keepers[number], aliases.answer, 1, (one, other)[number], now)
        except LiaisonError as refusal:
            return refusal.code
        return "added"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, (0, 1))) == ["added", "stale"]
    assert len([row for row in cast.rows(BodyName) if row["kind"] == "alias"]) == 1


def test_a_name_of_another_body_is_refused(cast: Cast) -> None:
    one, other, keeper = cast.body("Sample One"), cast.body("Sample Two"), cast.coordinator(20)
    for text in ("sample  two", "third name", "Third Name"):
        miss(cast, text)
    old = tree(cast)
    assert cast.refused(keeper, aliases.answer, 1, one, old) == "alias-taken"
    cast.do(keeper, aliases.answer, 1, other, old)  # its own name already: nothing is added
    assert [row for row in cast.rows(BodyName) if row["kind"] == "alias"] == []
    assert cast.see(keeper, aliases.miss, 1).state == "answered"
    cast.add(BodyName(body_id=other, kind="alias", lang="en", text="third name"))
    assert cast.refused(keeper, aliases.answer, 2, one, old) == "alias-taken"  # given since the picture was taken


def test_only_coordinators_and_each_in_his_regions(cast: Cast) -> None:
    near, far = cast.body("reg-a", "region", region_id=0), cast.body("reg-b", "region", region_id=0)
    here, central = cast.body("dep-a", region_id=near), cast.body("min-a")
    keeper, ngo, admin = cast.coordinator(20, near), cast.ngo(30), cast.person(ADMIN)
    for number in range(3):
        miss(cast, f"query {number}")
    now = tree(cast)
    acts: tuple[tuple[Any, ...], ...] = (
        (aliases.misses, 0),
        (aliases.miss, 1),
        (aliases.ask_body, 1),
        (aliases.answer, 1, here, now),
        (aliases.ignore, 1),
    )
    for act in acts:
        assert cast.refused(ngo, *act) == "not-yours"
    for body in (far, central, 999):
        assert cast.refused(keeper, aliases.answer, 1, body, now) == "not-yours"
        assert not aliases.may_name(cast.actor(keeper), now, body)
    assert cast.refused(keeper, aliases.answer, 999, here, now) == "not-yours"
    assert cast.refused(keeper, aliases.miss, 999) == "not-yours"
    for body in (here, near):
        assert aliases.may_name(cast.actor(keeper), now, body)
    cast.do(keeper, aliases.answer, 1, here, now)
    cast.do(admin, aliases.answer, 2, central, now)
    assert aliases.may_name(cast.actor(cast.coordinator(21)), now, central)


MINISTRY = ShippedRow(
    "min-a", "central", None, None, None, {"kk": "А министрлігі", "ru": "Министерство А", "en": "Ministry A"}, {},
    ("Мина",), None,
)  # fmt: skip


def test_an_alias_survives_a_newer_shipped_file(cast: Cast) -> None:
    def load(session: Session, row: ShippedRow) -> None:
        load_shipped(session, [row], now=NOW)

    cast.database.write_now(load, MINISTRY)
    keeper, body = cast.coordinator(20), tree(cast).by_code["min-a"].id
    miss(cast, "жасыл үй")
    answer(cast, keeper, 1, body)
    newer = replace(MINISTRY, names={**MINISTRY.names, "ru": "Министерство Б"}, aliases=("Новое", "жасыл үй"))
    for aliases_shipped in (("Новое",), newer.aliases, ("Новое", "Третье", "жасыл үй")):
        cast.database.write_now(load, replace(newer, aliases=aliases_shipped))
        known = tree(cast).by_id[body]
        assert known.names["ru"] == "Министерство Б"
        assert sorted(known.aliases) == sorted({*aliases_shipped, "жасыл үй"})  # once, and never lost
