import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.contacts import (
    PhonesRead,
    ShownPhone,
    emails_in,
    phones_in,
    read_bin,
    read_email,
    read_phone,
    read_phones,
    show_phone,
)
from liaison.errors import LiaisonError


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("8 (7172) 55-55-55", "+77172555555"),
        ("+7 7172 00-00-00", "+77172000000"),
        ("8(71455) 2-16-84", "+77145521684"),
        ("8 727 000 00 00", "+77270000000"),
        ("+7 (701) 000‑00‑00", "+77010000000"),
        ("87010000000", "+77010000000"),
        ("7010000000", "+77010000000"),
        ("тел.: 8 (7172) 00-00-00", "+77172000000"),
        ("8 (7172) 00-00-00 вн. 123", "+77172000000;ext=123"),
        ("8 (7172) 00-00-00, доб. 12", "+77172000000;ext=12"),
        ("8 (7172) 00-00-00 (ішкі 7)", "+77172000000;ext=7"),
        ("8 (7172) 00-00-00 внутренний: 5", "+77172000000;ext=5"),
        ("+7 7172 00 00 00 ext. 4", "+77172000000;ext=4"),
        ("+77172000000;ext=4", "+77172000000;ext=4"),
        ("8 (7172) 00-00-00, каб. 215", "+77172000000"),
        ("+996 555 000 000", "+996555000000"),
        ("1414", None),
        ("8 701 O00 00 00", None),
        ("8 (7172) 55-55-5", None),
        ("7 (7172) 55-55-5", None),
        ("8 701 000 00", None),
        ("+7 916 000 00 00", "+79160000000"),
        ("12345678901234567890", None),
        ("8 701 000 00 00, 8 701 000 00 01", None),  # one is asked for
        ("нет", None),
        ("", None),
    ],
)
def test_one_phone(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("8 (7172) 55-55-55, 55-55-56", ["+77172555555", "+77172555556"]),
        ("8 (727) 200-00-00; 200-00-01", ["+77272000000", "+77272000001"]),
        ("8(71455) 2-16-84, 2-16-85", ["+77145521684", "+77145521685"]),
        ("раб. 8 (7172) 00-00-00 вн. 12\nсот. +7 701 000 00 00", ["+77172000000;ext=12", "+77010000000"]),
        ("87172000000 87010000000", ["+77172000000", "+77010000000"]),
        ("87172000000/87010000000/87172000000", ["+77172000000", "+77010000000"]),
    ],
)
def test_several_phones_in_a_cell(cell: str, phones: list[str]) -> None:
    assert phones_in(cell) == phones


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        # A short number after a mobile has no town to take its code from.
        ("8 701 000 00 00, 55-55-55", PhonesRead(("+77010000000",), ("55-55-55",))),
        ("8 (7172) 00-00-00, 12345678 вн. 3", PhonesRead(("+77172000000",), ("12345678", "вн. 3"))),
    ],
)
def test_what_cannot_be_read_is_told(cell: str, read: PhonesRead) -> None:
    assert read_phones(cell) == read


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_cell_is_read_without_an_error(cell: str) -> None:
    assert all(phone.startswith("+") for phone in phones_in(cell))


@settings(deadline=None)
@given(st.integers(7_000_000_000, 7_999_999_999), st.none() | st.integers(1, 9_999_999))
def test_a_number_of_this_country_reads_back_from_its_own_form(number: int, extension: int | None) -> None:
    stored = f"+7{number}" + (f";ext={extension}" if extension else "")
    shown = show_phone(stored)
    assert read_phone(stored) == stored
    assert read_phone(shown.number + (f" вн. {shown.extension}" if shown.extension else "")) == stored


def test_a_phone_is_shown_in_parts() -> None:
    assert show_phone("+77172555555;ext=12") == ShownPhone("+7 7172 55 55 55", "12", "+77172555555")
    with pytest.raises(ValueError, match="not a stored phone"):
        show_phone("55-55-55")


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (" A.Sarsenov@AQMOLA.gov.kz ", "A.Sarsenov@aqmola.gov.kz"),
        ("<a@example.kz>", "a@example.kz"),
        ("mailto:a@example.kz", "a@example.kz"),
        ("a@пошта.қаз", "a@пошта.қаз"),
        ("a@", None),
        ("әли@example.kz", None),
        ("a b@example.kz", None),
        ("a@localhost", None),
        ("", None),
    ],
)
def test_an_email(text: str, email: str | None) -> None:
    assert read_email(text) == email


def test_several_emails_in_a_cell() -> None:
    assert emails_in("a@gov.kz; b@gov.kz, a@gov.kz / c@\nнет") == (["a@gov.kz", "b@gov.kz"], ["c@"])


@pytest.mark.parametrize(
    "text",
    [
        "971240001315",
        "940140000385",
        "020240000555",
        "990140004654",
        "9712 4000 1315",
        "БИН: 971240001315",
        "БСН 971240001315",
    ],
)
def test_a_business_number(text: str) -> None:
    assert read_bin(text) == "".join(filter(str.isdecimal, text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("971240001316", "check"),
        ("791240001315", "check"),
        ("123456789012", "date"),
        ("97124000131", "length"),
        ("", "length"),
        ("O20240000555", "digits"),
        ("О20240000555", "digits"),
        ("٩٧١٢٤٠٠٠١٣١٥", "digits"),
        ("850101300000", "iin"),
        ("971290001315", "kind"),
        ("971249001315", "kind"),
    ],
)
def test_a_mistaken_business_number_says_why(text: str, why: str) -> None:
    with pytest.raises(LiaisonError) as refusal:
        read_bin(text)
    assert (refusal.value.code, refusal.value.fields) == ("bad-bin", {"why": why})


@settings(deadline=None)
@given(st.integers(0, 99999))
def test_at_most_one_check_digit_fits(serial: int) -> None:
    def fits(check: int) -> bool:
        try:
            return bool(read_bin(f"971240{serial:05}{check}"))
        except LiaisonError:
            return False

    assert sum(map(fits, range(10))) <= 1


def test_the_second_weights_are_used_where_the_first_give_ten() -> None:
    serials = [f"97124000{n:03}" for n in range(1000)]
    ten = next(each for each in serials if sum(int(d) * w for w, d in enumerate(each, start=1)) % 11 == 10)
    second = sum(int(d) * w for d, w in zip(ten, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), strict=True)) % 11
    assert read_bin(f"{ten}{second}") == f"{ten}{second}"
