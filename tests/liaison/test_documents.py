import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.documents import cancellation, invitation, vcard

START = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Almaty"))
END = START + timedelta(minutes=30)
NOW = datetime(2026, 11, 23, 6, 30, 15, 999, tzinfo=UTC)
KAZAKH = "Кездесу: әкімдік, ішкі саясат; «ң ғ ү ұ қ ө һ» \\ 100%"


def content_lines(data: bytes) -> list[str]:
    """The content lines of a file, read as strictly as RFC 5545 (3.1) and RFC 6350 (3.2) define them."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical)
    assert not any(byte < 32 and byte != 9 for line in physical for byte in line)
    for line in physical:
        line.decode()  # no letter is split by the folding
    return data[:-2].decode().replace("\r\n ", "").split("\r\n")


def properties(data: bytes) -> dict[str, str]:
    """Name (with its parameters) to value, nothing given twice but BEGIN and END."""
    pairs = [re.fullmatch(r'((?:[^":]|"[^"]*")+):(.*)', line) for line in content_lines(data)]
    named = [(pair[1], pair[2]) for pair in pairs if pair]
    assert len(named) == len(pairs)
    ordinary = [name for name, _ in named if name not in ("BEGIN", "END")]
    assert len(ordinary) == len(set(ordinary))
    return dict(named)


def text(value: str) -> str:
    """A text value without its escapes; an unknown escape or a bare separator is an error."""
    assert re.fullmatch(r"(?:\\[\\;,nN]|[^\\;,])*", value)
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def an_invitation(**changed: str | None) -> bytes:
    said: dict[str, str | None] = {
        "summary": KAZAKH,
        "description": "1\r\n2",
        "location": "каб. 215",
        "url": None,
        **changed,
    }
    return invitation("UKL-26-000123", 2, START, END, now=NOW, **said)  # type: ignore[arg-type]


def test_an_invitation_says_everything_a_calendar_needs() -> None:
    said = properties(an_invitation(url="https://t.me/uakil_bot?start=m_123"))
    assert content_lines(an_invitation())[0] == "BEGIN:VCALENDAR"
    assert said == {
        "BEGIN": "VEVENT",
        "END": "VCALENDAR",
        "VERSION": "2.0",
        "PRODID": "-//Uakil//Meetings//EN",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "UID": "UKL-26-000123@uakil",
        "SEQUENCE": "2",
        "DTSTAMP": "20261123T063015Z",
        "DTSTART": "20261124T040000Z",
        "DTEND": "20261124T043000Z",
        "STATUS": "CONFIRMED",
        "SUMMARY": said["SUMMARY"],
        "DESCRIPTION": "1\\n2",
        "LOCATION": "каб. 215",
        "ORGANIZER;CN=Uakil": "invalid:nomail",
        "URL": "https://t.me/uakil_bot?start=m_123",
    }
    assert text(said["SUMMARY"]) == KAZAKH


def test_a_cancellation_takes_the_same_meeting_out() -> None:
    said = properties(cancellation("UKL-26-000123", 3, START, END, summary=KAZAKH, now=NOW, description="Ауырып қалды"))
    assert (said["METHOD"], said["STATUS"], said["SEQUENCE"]) == ("CANCEL", "CANCELLED", "3")
    assert said["UID"] == properties(an_invitation())["UID"]
    assert text(said["DESCRIPTION"]) == "Ауырып қалды"


def test_no_place_yet_leaves_the_place_out() -> None:
    assert "LOCATION" not in properties(an_invitation(location=None))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_survives_the_calendar_file(anything: str) -> None:
    anything = anything.encode(errors="ignore").decode()
    said = properties(an_invitation(summary=anything, description=anything, location=anything or None))
    expected = "".join(
        each for each in re.sub("\r\n?", "\n", anything).strip() if each in "\n\t" or not is_control(each)
    )
    assert (text(said["SUMMARY"]), text(said["DESCRIPTION"])) == (expected, expected)


def is_control(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter <= "\x9f"


def test_a_contact_card() -> None:
    said = properties(
        vcard(
            "Сәрсенов Әлихан Бекұлы",
            "Басқарма басшысының орынбасары; заместитель",
            "Ақмола облысының ішкі саясат басқармасы",
            ["+77162000000;ext=12", "+77010000000"][:1],
            ["a.sarsenov@aqmola.gov.kz"],
            "https://t.me/uakil_bot?start=b_12",
            language="kk",
        )
    )
    assert said == {
        "BEGIN": "VCARD",
        "VERSION": "4.0",
        "KIND": "individual",
        "FN": "Сәрсенов Әлихан Бекұлы",
        "N": "Сәрсенов;Әлихан;Бекұлы;;",
        'TEL;VALUE=uri;TYPE="work,voice"': "tel:+77162000000;ext=12",
        "EMAIL;TYPE=work": "a.sarsenov@aqmola.gov.kz",
        "TITLE;LANGUAGE=kk": "Басқарма басшысының орынбасары\\; заместитель",
        "ORG;LANGUAGE=kk": "Ақмола облысының ішкі саясат басқармасы",
        "URL": "https://t.me/uakil_bot?start=b_12",
        "END": "VCARD",
    }


def test_what_is_not_known_is_left_out() -> None:
    assert content_lines(vcard("Ли Анна", None, None)) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        "FN:Ли Анна",
        "N:Ли;Анна;;;",
        "END:VCARD",
    ]


@pytest.mark.parametrize("letter", ["Ә", "\\", ",", "😀", "a"])
def test_telegram_takes_the_longest_card(letter: str) -> None:
    long = letter * 4096
    phones = [f"+7701000{n:04}" for n in range(100)]
    card = vcard(long, long, long, phones, [f"{n}@gov.kz" for n in range(100)], "https://gov.kz/" + "x" * 3000)
    lines = content_lines(card)
    assert len(card) <= 2048
    assert lines[0] == "BEGIN:VCARD"
    assert lines[-1] == "END:VCARD"
    assert text(next(line for line in lines if line.startswith("FN:"))[3:]).endswith("…")
    assert 'TEL;VALUE=uri;TYPE="work,voice":tel:+77010000000' in lines


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200), st.text(max_size=200), st.text(max_size=300))
def test_any_text_survives_the_card(name: str, position: str, body: str) -> None:
    name, position, body = (each.encode(errors="ignore").decode() for each in (name, position, body))
    card = vcard(name, position, body, ["+77010000000"])
    assert len(card) <= 2048
    lines = content_lines(card)
    assert [line.partition(":")[0] for line in lines[:5]] == ["BEGIN", "VERSION", "KIND", "FN", "N"]
    text(lines[3].removeprefix("FN:"))
    assert len(re.findall(r"(?<!\\)(?:\\\\)*;", lines[4])) == 4
