"""The picture of the directory: shipped file, references, names, browsing."""

from datetime import date

import pytest

from liaison.bodies import BodyEntry, Tree, shipped_tree
from liaison.shipped_file import ShippedFileError, alias_lang, parse_shipped

HEAD = "id,level,parent_id,region_id,kato,name_kk,name_ru,name_en,short_kk,short_ru,short_en,aliases,website\n"
TREE = shipped_tree()


def id_of(code: str) -> int:
    return TREE.by_code[code].id


def test_the_shipped_directory_is_whole() -> None:
    assert len(TREE.entries) == 484
    assert {entry.id for entry in TREE.entries} == set(range(1, 485))
    assert len(TREE.regions()) == 20
    assert len(TREE.central()) == 41


def test_names_fall_back_to_a_language_that_is_there() -> None:
    defence = id_of("min-defence")
    assert TREE.short(defence, "ru") == "МО РК"
    assert TREE.short(defence, "kk") == "Қазақстан Республикасының Қорғаныс министрлігі"
    bare = Tree([BodyEntry(1, "x", "central", None, None, {"ru": "Имя"}, {})])
    assert bare.name(1, "kk") == "Имя"
    assert Tree([BodyEntry(1, "x", "central", None, None, {}, {})]).name(1, "en") == "x"


def test_browsing_goes_from_level_to_body() -> None:
    region = id_of("reg-karaganda")
    assert TREE.region(region) == TREE.by_id[region]
    departments = TREE.departments(region, "ru")
    assert [TREE.short(entry.id, "ru").split()[0] for entry in departments] == [
        "УВП",
        "УЗ",
        "УКЗСП",
        "УК",
        "УО",
        "УВМП",
        "УПРРП",
    ]
    city = id_of("city-karaganda-karaganda")
    assert TREE.by_id[city] in TREE.cities(region)
    assert [entry.code for entry in TREE.city_districts(city, "en")] == [
        "cdist-karaganda-alikhan-bokeikhan",
        "cdist-karaganda-kazybek-bi",
    ]
    assert len(TREE.city_districts(id_of("reg-almaty"))) == 8
    assert TREE.parent(city) == TREE.by_id[region]
    assert TREE.parent(id_of("min-health")) is None
    assert {entry.parent_id for entry in TREE.committees(id_of("min-health"))} == {id_of("min-health")}


def test_kazakh_letters_have_their_place_in_the_order() -> None:
    texts = ("Қостанай", "Зайсан", "Көлік", "Ұлытау", "Үржар", "Әділет", "Абай", "Іле", "Ырғыз")
    entries = [BodyEntry(n, text, "central", None, None, {"kk": text}, {}) for n, text in enumerate(texts)]
    assert [entry.code for entry in Tree(entries).central("kk")] == [
        "Абай",
        "Әділет",
        "Зайсан",
        "Көлік",
        "Қостанай",
        "Ұлытау",
        "Үржар",
        "Ырғыз",
        "Іле",
    ]


def test_abolished_bodies_are_found_but_not_listed() -> None:
    gone = BodyEntry(
        2, "old", "central", None, None, {"ru": "Старое"}, {}, abolished_on=date(2026, 8, 3), successor_id=1
    )
    tree = Tree([BodyEntry(1, "new", "central", None, None, {"ru": "Новое"}, {}), gone], version=7)
    assert [entry.code for entry in tree.central("ru")] == ["new"]
    assert tree.by_code["old"] == gone
    assert tree.version == 7


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("id,level\n", 1, "the heading 'parent_id' is missing"),
        (HEAD + "a,central,,,,к,р,e,,,,,\nb,central,,,,к,р\n", 3, "7 cells where 13 are needed"),
        (HEAD + ",central,,,,к,р,e,,,,,\n", 2, "the id is empty"),
        (HEAD + "a,centre,,,,к,р,e,,,,,\n", 2, "the level 'centre' is none of"),
        (HEAD + "a,central,,,,к,,e,,,,,\n", 2, "a name is empty"),
        (HEAD + "a,central,,,,к,р,e,,,,,\na,central,,,,к,р,e,,,,,\n", 3, "the id 'a' is there twice"),
        (HEAD + "a,central,b,,,к,р,e,,,,,\n", 2, "parent_id names 'b', which is not in the file"),
        (HEAD + "a,central,b,,,к,р,e,,,,,\nb,central,a,,,к,р,e,,,,,\n", 2, "'a' stands above itself"),
        (HEAD + 'a,central,,,,"к"х,р,e,,,,,\n', 2, "',' expected after '\"'"),
    ],
)
def test_a_wrong_line_is_named(text: str, line: int, why: str) -> None:
    with pytest.raises(ShippedFileError) as caught:
        parse_shipped(text)
    assert caught.value.line == line
    assert why in caught.value.why


def test_cells_are_trimmed_and_aliases_are_unique() -> None:
    (row,) = parse_shipped(HEAD + "a,central,,,, к ,р,e,,,,М; ;М;Н ,\n\n")
    assert row.names["kk"] == "к"
    assert row.aliases == ("М", "Н")
    assert (row.parent, row.website, row.shorts) == (None, None, {})


def test_the_language_of_an_alias_is_seen_in_its_letters() -> None:
    assert [alias_lang(text) for text in ("Қостанай обл.", "Минздрав", "Ministry of Health", "109")] == [
        "kk",
        "ru",
        "en",
        "en",
    ]
