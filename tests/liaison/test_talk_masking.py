"""What is taken out of a word between the sides: phones, mail addresses, accounts; and what stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.talk_masking import MASK, mask

PHONES = [
    "+77012345678",
    "+7 701 234 56 78",
    "+7 (701) 234-56-78",
    "+7(7172)55-55-55",
    "8 701 234 56 78",
    "8(701)2345678",
    "8-701-234-56-78",
    "8.701.234.56.78",
    "8/701/234/56/78",
    "8_701_234_56_78",
    "8 7 0 1 2 3 4 5 6 7 8",
    "8 701 234 12-30",  # its end looks like an hour
    "87012345678",
    "7012345678",
    "8 (7172) 55‑55‑55",  # with non-breaking hyphens
    "55-55-55",
    "55 55 55",
    "555 555",
    "234-56-78",
    "2-15-43",
    "87,01,23,45,67,8",
    "８７０１２３４５６７８",
    "٨٧٠١٢٣٤٥٦٧٨",
    "8️⃣7️⃣0️⃣1️⃣2️⃣3️⃣4️⃣",
    "①②③④⑤⑥⑦",
    "(8-701) 234 56 78",
]
ADDRESSES = [
    "sample@sample.example",
    "Sample.Name+1@mail.sample.example",
    "sample @ sample . example",
    "sample＠sample.example",
    "үлгі@үлгі.қаз",
    "sample(at)sample.kz",
    "sample [at] sample [dot] kz",
    "sample собака sample точка kz",
]
ACCOUNTS = [
    "@sample_name",
    "@ sample",
    "＠sample",
    "t.me/sample",
    "T.ME/sample",
    "https://t.me/joinchat/AbC-1?x=1",
    "http://www.t.me/+AbC",
    "sample.t.me",
    "t . me / sample",
    "telegram.me/sample",
    "telegram.dog/sample",
    "tg://resolve?domain=sample",
    "wa.me/77012345678",
]
KEPT = [
    "Which entrance? Room 214, floor 2.",
    "Мәңгілік Ел даңғ., 8, 214-бөл., кіреберіс 3-4",
    "at 10:00",
    "10:00-11:30",
    "10.00-12.30",
    "10-00 12-30",
    "02.12.2026",
    "2.12.2026 10.00",
    "02/12/2026",
    "2026-12-02",
    "02.12.26",
    "2 December 2026, 09:30",
    "UKL-26-000123",
    "the rooms 214, 215, 216",
    "order No 12345",
    "see https://sample.example/page",
    "we meet at sample.example",
    "5 people @ the door",
    "собака у входа. Да",
    "t.me",
]


@pytest.mark.parametrize("contact", [*PHONES, *ADDRESSES, *ACCOUNTS])
def test_a_contact_is_taken_out_wherever_it_stands(contact: str) -> None:
    assert mask(contact) == (MASK, True)
    assert mask(f"Please write: {contact}, thank you") == (f"Please write: {MASK}, thank you", True)
    assert mask(f"Қоңырау шалыңыз {contact}\nРақмет") == (f"Қоңырау шалыңыз {MASK}\nРақмет", True)


@pytest.mark.parametrize("text", KEPT)
def test_what_both_sides_need_stays(text: str) -> None:
    assert mask(text) == (text, False)


def test_several_are_taken_out_each() -> None:
    text = "8 701 234 56 78 или @sample, sample@sample.example; встреча UKL-26-000123 в 10:00"
    assert mask(text) == (f"{MASK} или {MASK}, {MASK}; встреча UKL-26-000123 в 10:00", True)


GAPS = st.sampled_from(["", " ", "-", ".", " - ", "(", ") ", "/", "\u00a0", "—", "*"])


@given(
    st.text("0123456789", min_size=9, max_size=11),
    st.lists(GAPS, min_size=11, max_size=11),
    st.sampled_from(["", "+7", "8"]),
)
def test_no_way_of_parting_its_digits_saves_a_phone(digits: str, gaps: list[str], prefix: str) -> None:
    written = prefix + "".join(digit + gap for digit, gap in zip(digits, gaps, strict=False))
    assert not re.search(r"\d\D{0,4}\d", mask(f"тел {written} до связи")[0])


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once(text: str) -> None:
    masked, changed = mask(text)
    assert mask(masked) == (masked, False)
    assert changed == (masked != text)


@given(st.text(st.characters(exclude_categories=["Nd", "No"], exclude_characters="@＠./:"), max_size=100))
def test_without_digits_signs_and_dots_nothing_is_taken_out(text: str) -> None:
    assert mask(text.replace("(at)", "").replace("[at]", "").replace("собака", ""))[1] is False
