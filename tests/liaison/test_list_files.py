import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.bodies import shipped_tree
from liaison.list_columns import field_of
from liaison.list_files import ListFile, as_json, read
from liaison.list_matching import Matched, matcher

TREE = shipped_tree()
MATCH = matcher(TREE)
AKMOLA = TREE.by_code["reg-akmola"].id

HEAD = (
    "№ п/п",
    "Наименование государственного органа",
    "Ф.И.О.",
    "Должность",
    "Контактный телефон",
    "Электронная почта",
)
ROW = (
    "1",
    "Управление внутренней политики Акмолинской области",
    "Образцов Образец Образцович",
    "Заместитель руководителя управления",
    "8 (7162) 00-00-00 вн. 12",
    "obrazets@example.kz",
)
HEAD_KK = ("р/с", "Мемлекеттік органның атауы", "Аты-жөні", "Лауазымы", "Байланыс телефоны", "Электрондық пошта")
ROW_KK = (
    "1",
    "Ақмола облысының ішкі саясат басқармасы",
    "Үлгібаев Әлихан Қуатұлы",
    "Басқарма басшысының орынбасары",
    "8 (7162) 00-00-00 ішкі 12",
    "ulgi@example.kz",
)
HEAD_EN = ("No", "State body", "Full name", "Position", "Phone", "E-mail")


def table(*rows: Sequence[str], delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode()


def listed(*rows: Sequence[str], region_id: int | None = None) -> ListFile:
    return read(table(*rows), name="list.csv", tree=TREE, region_id=region_id, match=MATCH)


def codes(file: ListFile) -> list[str]:
    return [TREE.by_id[row.body_id].code for row in file.rows]


def warnings(file: ListFile) -> list[list[str]]:
    return [[note.code for note in row.warnings] for row in file.rows]


def row(**changed: str) -> tuple[str, ...]:
    names = ("number", "body", "person", "position", "phone", "email")
    return tuple(changed.get(name, cell) for name, cell in zip(names, ROW, strict=True))


def test_a_plain_list_gives_its_json_form() -> None:
    file = listed((*HEAD, "№ и дата приказа", "Кабинет"), (*ROW, "№ 12-Ө от 05.03.2026", "215"), region_id=AKMOLA)
    assert json.loads(json.dumps(as_json(file, TREE))) == {
        "format": "csv",
        "encoding": "utf-8",
        "region": "reg-akmola",
        "rows": [
            {
                "source_row": 2,
                "body_raw": "Управление внутренней политики Акмолинской области",
                "body_id": "dep-akmola-internal-policy",
                "full_name": "Образцов Образец Образцович",
                "position": "Заместитель руководителя управления",
                "phones": ["+77162000000;ext=12"],
                "emails": ["obrazets@example.kz"],
                "order_no": "12-Ө",
                "order_date": "2026-03-05",
                "warnings": [],
            }
        ],
        "rejected": [],
        "ignored": [{"source_row": 1, "why": "unused-column", "raw": "Кабинет"}],
        "file_problems": [],
        "changes": {"same": 0, "changed": 0, "new": 1, "gone": 0},
    }


@pytest.mark.parametrize(
    ("head", "cells"),
    [(HEAD, ROW), (HEAD_KK, ROW_KK), (HEAD_EN, ROW), (HEAD_KK, ROW), (tuple(map(str.upper, HEAD)), ROW)],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_headings_and_names_in_each_language(head: Sequence[str], cells: Sequence[str], delimiter: str) -> None:
    file = read(table(head, cells, delimiter=delimiter), name="list.csv", tree=TREE, match=MATCH)
    assert codes(file) == ["dep-akmola-internal-policy"]
    assert (file.rows[0].full_name, file.rows[0].phones) == (cells[2], ("+77162000000;ext=12",))
    assert (file.problems, file.rejected, file.ignored) == ((), (), ())


@pytest.mark.parametrize(
    ("codec", "encoding", "cells"),
    [
        ("utf-8", "utf-8", ROW_KK),
        ("utf-8-sig", "utf-8-sig", ROW_KK),
        ("utf-16", "utf-16", ROW_KK),
        ("utf-16-le", "utf-16-le", ROW_KK),
        ("utf-16-be", "utf-16-be", ROW_KK),
        ("cp1251", "windows-1251", ROW),
        ("kz1048", "kz-1048", ROW_KK),
        ("koi8_r", "koi8-r", ROW),
        ("cp866", "cp866", ROW),
    ],
)
def test_encodings(codec: str, encoding: str, cells: Sequence[str]) -> None:
    head = HEAD_KK if cells is ROW_KK else HEAD
    data = table(head, cells, delimiter=";").decode().replace("№", "N").encode(codec)
    file = read(data, name="list.csv", tree=TREE, match=MATCH)
    assert (file.encoding, [row.full_name for row in file.rows]) == (encoding, [cells[2]])


def test_letters_that_an_encoding_lost_reject_the_row() -> None:
    data = table(HEAD, row(person="Үлгібаев Әлихан")).decode().encode("cp1251", errors="replace")
    rejected = read(data, name="list.csv", tree=TREE, match=MATCH).rejected
    assert [(each.code, each.field, each.raw) for each in rejected] == [("bad-name", "full_name", "?лгібаев ?лихан")]


def test_a_letter_cut_in_two_rejects_its_row_alone() -> None:
    data = table(HEAD, ROW, row(body="Министерство юстиции", person="Образцов Петр")).replace(
        "Петр".encode(), "Петр".encode()[:-1]
    )
    file = read(data, name="list.csv", tree=TREE, match=MATCH)
    assert (file.encoding, len(file.rows)) == ("utf-8", 1)
    assert [(each.source_row, each.code) for each in file.rejected] == [(3, "broken-letters")]


def test_titles_sections_numbering_and_repeated_headings_are_no_officials() -> None:
    file = listed(
        ("УТВЕРЖДАЮ", "", "", "", "", ""),
        ("", "", "", "", "", ""),
        HEAD,
        ("1", "2", "3", "4", "5", "6"),
        ("Акмолинская область", "", "", "", "", ""),
        row(body="Управление внутренней политики"),
        HEAD,
        row(body="Министерство юстиции", person="вакансия"),
        row(body="Управление образования", person="Образцова Анна"),
    )
    assert codes(file) == ["dep-akmola-internal-policy", "dep-akmola-education"]
    assert [row.source_row for row in file.rows] == [6, 9]
    assert [(each.source_row, each.why) for each in file.ignored] == [
        (1, "title"),
        (4, "numbering"),
        (5, "section"),
        (7, "heading"),
        (8, "vacant"),
    ]


def test_bodies_may_stand_in_section_rows_alone() -> None:
    file = listed(
        ("№", "ФИО", "Должность", "Телефон"),
        ("Министерство юстиции Республики Казахстан", "", "", ""),
        ("1", "Образцов Образец", "Вице-министр", "8 (7172) 00-00-00"),
    )
    assert codes(file) == ["min-justice"]
    assert warnings(file) == [["body-from-above"]]


def test_a_merged_cell_holds_for_the_rows_below_it() -> None:
    file = listed(HEAD, ROW, row(body="", person="Примеров Пример"), row(body="Неведомое ведомство"), row(body=""))
    assert codes(file) == ["dep-akmola-internal-policy"] * 2
    assert warnings(file) == [[], ["body-from-above", "duplicate-body"]]
    assert [(each.source_row, each.code, each.field) for each in file.rejected] == [
        (4, "unknown-body", "body"),
        (5, "no-body", "body"),
    ]
    assert file.counted()[file.rows[0].body_id].full_name == "Образцов Образец Образцович"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"position": "Главный специалист"}, ["rank"]),
        ({"position": "Басшының кеңесшісі"}, ["rank"]),
        ({"position": "Руководитель отдела"}, ["rank"]),
        ({"position": ""}, []),
        ({"email": "obrazets@mail.ru"}, ["personal-mail"]),
        ({"email": "obrazets@gmail.com, obrazets@example.kz"}, ["personal-mail"]),
        ({"email": "obrazets@"}, ["bad-email"]),
        ({"phone": "8 (7162) 00-00-00, 123456789"}, ["bad-phone"]),
        ({"phone": "", "email": "-"}, ["no-contact"]),
        ({"position": "=2+2 заместитель руководителя"}, ["formula"]),
        ({"body": "Министерство юстиции", "position": "Директор департамента"}, ["other-region"]),
        ({"body": "Министерство юстиции", "position": "Руководитель управления"}, ["other-region", "rank"]),
        ({"body": "Акимат Аршалынского района", "position": "Заместитель акима района"}, []),
        ({"body": "Акимат Аршалынского района", "position": "Аудан әкімінің орынбасары"}, []),
        ({"body": "Акимат Аршалынского района", "position": "Руководитель аппарата акима"}, ["rank"]),
    ],
)
def test_what_is_suspicious_warns_and_does_not_reject(changed: dict[str, str], found: list[str]) -> None:
    file = listed(HEAD, row(**changed), region_id=AKMOLA)
    assert (warnings(file), file.rejected) == ([found], ())


def test_several_phones_and_an_order_in_two_columns() -> None:
    head = (*HEAD, "Номер приказа", "Дата приказа")
    file = listed(head, (*row(phone="8 (7162) 00-00-00, 00-00-01; +7 701 000 00 00"), "45-к", "2026 жылғы 5 наурыз"))
    assert file.rows[0].phones == ("+77162000000", "+77162000001", "+77010000000")
    assert (file.rows[0].order_no, file.rows[0].order_date) == ("45-к", date(2026, 3, 5))


def test_phone_and_mail_in_one_cell() -> None:
    file = listed(("Орган", "ФИО", "Телефон, e-mail"), (ROW[1], ROW[2], "8 (7162) 00-00-00\nobrazets2026@example.kz"))
    assert (file.rows[0].phones, file.rows[0].emails) == (("+77162000000",), ("obrazets2026@example.kz",))


def test_a_column_with_codes_goes_before_names() -> None:
    file = listed(("id", *HEAD), ("min-health", *ROW), ("min-nothing", *ROW))
    assert codes(file) == ["min-health"]
    assert [(each.code, each.field, each.raw) for each in file.rejected] == [("unknown-body", "code", "min-nothing")]


def test_a_name_that_fits_several_bodies_is_asked_about() -> None:
    file = listed(HEAD, row(body="Жамбылский район"))
    (rejected,) = file.rejected
    assert rejected.code == "ambiguous-body"
    assert as_json(file, TREE)["rejected"][0]["candidates"] == [
        "dist-almaty-region-zhambyl",
        "dist-zhambyl-zhambyl",
        "dist-north-zhambyl",
    ]


def test_the_region_decides_between_bodies_of_one_name() -> None:
    north = TREE.by_code["reg-north"].id
    assert codes(listed(HEAD, row(body="Жамбылский район"), region_id=north)) == ["dist-north-zhambyl"]


def test_a_region_column_decides_too() -> None:
    region = TREE.name(TREE.by_code["reg-north"].id, "ru")
    assert codes(listed((*HEAD, "Регион"), (*row(body="Жамбылский район"), region))) == ["dist-north-zhambyl"]


def test_the_second_language_helps_where_the_first_is_not_known() -> None:
    file = listed((*HEAD, "Мемлекеттік орган"), (*row(body="Неведомое ведомство"), ROW_KK[1]))
    assert codes(file) == ["dep-akmola-internal-policy"]


class Search:
    """A search that is sure of one text only."""

    def __init__(self, *hits: int, confident: bool) -> None:
        self.hits = tuple(type("Hit", (), {"body_id": hit}) for hit in hits)
        self.confident = confident

    def find(self, query: str, limit: int = 6, region_id: int | None = None) -> "Search":
        return self


def test_a_search_is_believed_only_when_it_is_sure() -> None:
    one, two = TREE.by_code["min-health"].id, TREE.by_code["min-justice"].id
    assert matcher(TREE, Search(one, two, confident=True))("что-то похожее", None) == Matched(one)
    assert matcher(TREE, Search(one, two, confident=False))("что-то похожее", None) == Matched(None, (one, two))
    assert MATCH("что-то похожее", None) == Matched(None)


@pytest.mark.parametrize(
    ("body", "region", "code"),
    [
        ("Министерство здравоохранения Республики Казахстан", None, "min-health"),
        ("  министерство   ЗДРАВООХРАНЕНИЯ ", None, "min-health"),
        ("ГУ «Управление внутренней политики Акмолинской области»", None, "dep-akmola-internal-policy"),
        ("«Ақмола облысының ішкі саясат басқармасы» ММ", None, "dep-akmola-internal-policy"),
        ("ішкі саясат басқармасы", AKMOLA, "dep-akmola-internal-policy"),
        ("min-health", None, "min-health"),
    ],
)
def test_names_as_offices_write_them(body: str, region: int | None, code: str) -> None:
    assert MATCH(body, region) == Matched(TREE.by_code[code].id)


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x")', "Иванов", "8 701 000 00 00", "@SUM(1)", "см. приложение 2", "a " * 150]
)
def test_what_is_no_name_is_rejected(name: str) -> None:
    (rejected,) = listed(HEAD, row(person=name)).rejected
    assert (rejected.source_row, rejected.code, rejected.field) == (2, "bad-name", "full_name")


def test_no_name_is_rejected() -> None:
    (rejected,) = listed(HEAD, row(person="")).rejected
    assert (rejected.code, rejected.why, rejected.raw) == ("no-name", "The row has no name of an official.", "")


def test_a_leading_zero_kept_by_a_formula_is_unwrapped() -> None:
    assert listed(HEAD, row(phone='="87010000000"')).rows[0].phones == ("+77010000000",)


def test_a_quotation_mark_that_is_never_closed_loses_nothing_silently() -> None:
    data = table(HEAD).decode() + '1,"Управление' + "\nдалее," * 1000
    (rejected,) = read(data.encode(), name="list.csv", tree=TREE, match=MATCH).rejected
    assert (rejected.source_row, rejected.code, len(rejected.raw)) == (2, "too-long", 300)


def unusable(data: bytes) -> tuple[str, str]:
    file = read(data, name="list.csv", tree=TREE, match=MATCH)
    assert (file.rows, file.rejected) == ((), ())
    return file.problems[0].code, file.problems[0].why


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "empty", "The file is empty."),
        (b"\xef\xbb\xbf\r\n \r\n", "empty", "The file is empty."),
        (b"PK\x03\x04" + bytes(100), "not-a-table", "an Excel or Word file"),
        (b"%PDF-1.7\n", "not-a-table", "a PDF"),
        (bytes(range(256)) * 10, "not-a-table", "The file is no text"),
        (b"a," * 3_000_000, "too-big", "5.7 MB; a list may have at most 5 MB"),
        (table(HEAD, *[ROW] * 10_000), "too-big", "10001 rows; a list may have at most 10000"),
        (table(HEAD), "no-rows", "there is no row with an official"),
        (b"hello\nworld\n", "missing-heading", "No row of headings was found."),
        ("привет\n".encode("cp1251"), "missing-heading", "No row of headings was found."),
        (
            table(("Ф.И.О.", "Телефон"), (ROW[2], ROW[4])),
            "missing-heading",
            'the state body ("Наименование государственного',
        ),
        (
            table(("Госорган", "Телефон"), (ROW[1], ROW[4])),
            "missing-heading",
            "The headings found are: Госорган; Телефон.",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(data: bytes, code: str, said: str) -> None:
    found, why = unusable(data)
    assert found == code
    assert said in why


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Наименование гос. органа", "body"),
        ("Фамилия, имя, отчество (при его наличии)", "person"),
        ("Уполномоченное должностное лицо", "person"),
        ("Т.А.Ә.", "person"),
        ("Аты - жөні", "person"),
        ("Должность уполномоченного лица", "position"),
        ("Лауазымды тұлғаның аты-жөні", "person"),
        ("Раб. тел.", "phone"),
        ("сот.", "phone"),
        ("Телефон государственного органа", "phone"),
        ("эл. адрес", "email"),
        ("Электронная пчота", "email"),
        ("Телефн", "phone"),
        ("№", "number"),
        ("Приказ о назначении", "order"),
        ("Бұйрықтың № және күні", "order"),
        ("Номер приказа", "order_no"),
        ("Дата приказа", "order_date"),
        ("Адрес", "address"),
        ("body_id", "code"),  # the names of the JSON form are headings too
        ("full_name", "person"),
        ("phones", "phone"),
        ("emails", "email"),
        ("order_no", "order_no"),
        ("order_date", "order_date"),
        ("Сотрудник", None),
        ("Примечание", None),
        ("", None),
    ],
)
def test_headings_as_offices_write_them(heading: str, field: str | None) -> None:
    assert field_of(heading) == field


CELLS = st.text(max_size=30) | st.sampled_from(
    [*HEAD, *HEAD_KK, *ROW, *ROW_KK, "", "=1+1", "вакансия", "Акмолинская область"]
)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=7), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_table_is_read_without_an_error(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([HEAD, *rows])
    file: Any = read(written.getvalue().encode(errors="replace"), name="list.csv", tree=TREE, match=MATCH)
    json.dumps(as_json(file, TREE))
    seen = [each.source_row for each in (*file.rows, *file.rejected, *file.ignored)]
    assert len(seen) == len(set(seen)) or any(each.why == "unused-column" for each in file.ignored)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    assert read(data, name="list.csv", tree=TREE, match=MATCH).rows == ()
