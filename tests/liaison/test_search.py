"""The look-up over the shipped directory: quality by thresholds, confidence, ambiguity, context, odd input."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from liaison.bodies import BodyEntry, Tree, shipped_tree
from liaison.search import Found, Index

TREE = shipped_tree()
INDEX = Index.build(TREE)
OWN = Path(__file__).parent / "queries.tsv"
DEVELOPMENT = Path(__file__).parents[3] / "shared" / "data" / "queries_dev.tsv"


def find(query: str, region: str | None = None, limit: int = 6) -> Found:
    return INDEX.find(query, limit, None if region is None else TREE.by_code[region].id)


def codes(found: Found) -> list[str]:
    return [TREE.by_id[hit.body_id].code for hit in found.hits]


def queries(path: Path) -> list[tuple[str, set[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["query"], set(filter(None, row["accept"].split(";")))) for row in rows]


def share(of: Iterable[bool]) -> float:
    answers = list(of)
    return sum(answers) / len(answers)


@pytest.mark.parametrize("path", [OWN, DEVELOPMENT], ids=["own", "development"])
def test_the_right_body_comes_first(path: Path) -> None:
    if not path.exists():
        pytest.skip("these queries are not here")
    asked = [(accepted, find(query)) for query, accepted in queries(path)]
    answered = [(accepted, found) for accepted, found in asked if accepted]
    sure = [(accepted, found) for accepted, found in answered if found.confident]
    nonsense = [found for accepted, found in asked if not accepted]
    assert share(codes(found)[:1] != [] and codes(found)[0] in accepted for accepted, found in answered) >= 0.985
    assert share(bool(accepted & set(codes(found)[:3])) for accepted, found in answered) >= 0.995
    assert share(codes(found)[0] in accepted for accepted, found in sure) >= 0.997
    assert len(sure) >= 0.88 * len(answered)
    assert share(not found.confident for found in nonsense) >= 0.98


def test_the_own_queries_name_known_bodies() -> None:
    own = queries(OWN)
    assert len(own) >= 1900
    assert len({query for query, _ in own}) == len(own)
    assert {code for _, accepted in own for code in accepted} <= set(TREE.by_code)


def test_every_name_of_every_body_finds_it() -> None:
    owners = defaultdict(set)
    for entry in TREE.entries:
        for name in (*entry.names.values(), *entry.shorts.values(), *entry.aliases):
            owners[name.lower()].add(entry.code)
    assert [name for name, known in owners.items() if not known & set(codes(find(name))[:1])] == []


@pytest.mark.parametrize(
    ("query", "several"),
    [
        ("Жамбылский район", {"dist-almaty-region-zhambyl", "dist-zhambyl-zhambyl", "dist-north-zhambyl"}),
        ("МОН", {"min-science", "min-education"}),
        ("Абай ауданы", {"dist-abai-abai", "dist-karaganda-abai"}),
        ("КМФК", {"com-health-medical", "com-health-pharmacy"}),
        ("Павлодар", {"reg-pavlodar", "city-pavlodar-pavlodar"}),
    ],
)
def test_what_means_several_bodies_is_asked_back(query: str, several: set[str]) -> None:
    found = find(query)
    assert not found.confident
    assert several <= set(codes(found))


@pytest.mark.parametrize("query", ["министерство", "управление", "акимат", "область", "казахстан", "комитет"])
def test_a_kind_of_body_alone_is_no_answer(query: str) -> None:
    assert not find(query).confident


@pytest.mark.parametrize("query", ["", " ", "???", "😂😂😂", "-", "'", "\u200b", "\x00", "«»", "1", "0" * 400])
def test_nothing_to_go_by_finds_nothing(query: str) -> None:
    assert not find(query).confident


def test_the_home_region_decides_between_equals() -> None:
    assert not find("управление образования").confident
    at_home = find("управление образования", "reg-pavlodar")
    assert codes(at_home)[0] == "dep-pavlodar-education"
    assert at_home.confident
    assert codes(find("Жамбылский район", "reg-north"))[0] == "dist-north-zhambyl"


def test_a_named_place_is_stronger_than_home() -> None:
    assert codes(find("управление образования костанай", "reg-pavlodar"))[0] == "dep-kostanay-education"
    assert codes(find("минздрав", "reg-pavlodar"))[0] == "min-health"


@pytest.mark.parametrize(
    ("query", "region", "body"),
    [
        ("УВП", "reg-east", "dep-east-internal-policy"),
        ("Есильский район", "reg-akmola", "dist-akmola-esil"),
        ("Абай ауданы", "reg-karaganda", "dist-karaganda-abai"),
        ("больница", "reg-pavlodar", "dep-pavlodar-health"),
    ],
)
def test_the_only_equal_of_the_home_region_is_shown_without_asking(query: str, region: str, body: str) -> None:
    at_home = find(query, region)
    assert (codes(at_home)[0], at_home.confident) == (body, True)


def test_several_equals_of_the_home_region_are_asked_back() -> None:
    at_home = find("Павлодар", "reg-pavlodar")
    assert codes(at_home)[:2] == ["reg-pavlodar", "city-pavlodar-pavlodar"]
    assert not at_home.confident


@pytest.mark.parametrize(
    ("query", "chosen", "first"),
    [
        ("МОН", {"min-education": 3}, "min-education"),
        ("МОН", {"min-science": 3, "min-education": 2}, "min-science"),
        ("Жамбылский район", {"dist-north-zhambyl": 1}, "dist-north-zhambyl"),
        ("Павлодар", {"city-pavlodar-pavlodar": 5}, "city-pavlodar-pavlodar"),
        ("УВП", {"dep-turkistan-culture": 9, "dep-east-internal-policy": 1}, "dep-east-internal-policy"),
    ],
)
def test_choices_of_people_order_equals(query: str, chosen: dict[str, int], first: str) -> None:
    plain = find(query)
    found = INDEX.find(query, 6, None, {TREE.by_code[code].id: count for code, count in chosen.items()})
    assert codes(found)[0] == first
    assert found.confident == plain.confident


def test_choices_of_people_do_no_more_than_that() -> None:
    chosen = {TREE.by_code[code].id: 1000 for code in ("min-justice", "dist-zhambyl-zhambyl", "city-east-ridder")}
    assert INDEX.find("минздрав", prefer=chosen) == find("минздрав")
    home = TREE.by_code["reg-north"].id
    assert codes(INDEX.find("Жамбылский район", 6, home, chosen))[:2] == ["dist-north-zhambyl", "dist-zhambyl-zhambyl"]
    assert INDEX.find("Жамбылский район", 6, home, chosen).confident
    assert INDEX.find("МОН", prefer={}) == find("МОН")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("упр. образ. Караганда", "dep-karaganda-education"),
        ("тур обл акимат", "reg-turkistan"),
        ("мнвво", "min-science"),
        ("мтснз", "min-labour"),
        ("кгд минфина", "com-finance-revenue"),
        ("Абай ауданы Семей облысы", "dist-abai-abai"),
        ("НПО Тараз", "dep-zhambyl-internal-policy"),
        ("НПО ищет контакты департамента культуры Астаны", "dep-astana-culture"),
        ("общественный фонд, минтруда", "min-labour"),
        ("health", "min-health"),
        ("health Semey", "dep-abai-health"),
        ("Чимкентский горздрав", "dep-shymkent-health"),
        ("к акиму Карагандинской области", "reg-karaganda"),
    ],
)
def test_ways_of_saying_it(query: str, first: str) -> None:
    assert codes(find(query))[0] == first


def test_hits_are_few_ordered_and_between_0_and_1() -> None:
    found = find("акимат абайского района", limit=3)
    scores = [hit.score for hit in found.hits]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len(find("акимат", limit=50).hits) == 50


def test_only_the_first_400_characters_count() -> None:
    assert find("минздрав" + " " * 400 + "минюст") == find("минздрав")
    assert codes(find("минздрав " + "слово " * 2000))[0] == "min-health"


def test_answers_are_the_same_each_time() -> None:
    again = Index.build(TREE)
    for query, _ in queries(OWN)[:60]:
        assert again.find(query) == find(query)


def test_an_abolished_body_gives_way() -> None:
    old = BodyEntry(9001, "old", "central", None, None, {"ru": "Ведомство погоды"}, {}, ("Погодники",))
    new = BodyEntry(9002, "new", "central", None, None, {"ru": "Палата погоды"}, {}, ("Погодники",))
    both = Index.build(Tree([*TREE.entries, old, new])).find("погодники")
    assert ([hit.body_id for hit in both.hits[:2]], both.confident) == ([9001, 9002], False)
    gone = replace(old, abolished_on=date(2026, 8, 3), successor_id=9002)
    index = Index.build(Tree([*TREE.entries, gone, new]))
    assert [hit.body_id for hit in index.find("погодники").hits[:2]] == [9002, 9001]
    assert index.find("ведомство погоды").hits[0].body_id == 9001


def test_bodies_added_by_hand_are_found() -> None:
    hand = BodyEntry(9001, "by-hand", "central", None, None, {"ru": "Фонд озера Шалкар"}, {"ru": "ФОШ"}, ("шалкарики",))
    index = Index.build(Tree([*TREE.entries, hand]))
    for query in ("фонд озера шалкар", "фош", "шалкарики", "шалкарикам"):
        assert index.find(query).hits[0].body_id == 9001, query


def test_an_empty_directory_answers_nothing() -> None:
    assert Index.build(Tree([])).find("минздрав") == Found((), False)
