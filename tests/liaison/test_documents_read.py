"""The calendar file read by another library than wrote it, and the link to Google taken apart."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.documents import LINK_LIMIT, cancellation, google_link, invitation
from tests.liaison.ics import read

START = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Almaty"))
END = START + timedelta(minutes=30)
NOW = datetime(2026, 11, 23, 6, 30, 15, 999, tzinfo=UTC)
KAZAKH = "Кездесу: әкімдік, ішкі саясат; «ң ғ ү ұ қ ө һ» \\ 100%"
ROOM = "https://meet.example.kz/uakil-0a?x=1;y=2,3"


def file(sequence: int = 2, **more: object) -> bytes:
    said = {"summary": KAZAKH, "description": f"1\n{KAZAKH * 9}", "location": KAZAKH, "now": NOW}
    return invitation("UKL-26-000123", sequence, START, END, **(said | more))  # type: ignore[arg-type]


def test_every_property_arrives() -> None:
    method, event = read(file(changed_at=NOW - timedelta(hours=1), room=ROOM, pin=(51.12345, -71.5)))
    assert (method, event.uid, event.sequence, event.status) == ("PUBLISH", "UKL-26-000123@uakil", 2, "CONFIRMED")
    assert (event.summary, event.description, event.location) == (KAZAKH, f"1\n{KAZAKH * 9}", KAZAKH)
    assert event.dtstamp == NOW.replace(microsecond=0)
    assert event.last_modified == NOW.replace(microsecond=0) - timedelta(hours=1)
    assert event.geo is not None
    assert (event.geo.lat, event.geo.lng) == (51.12345, -71.5)
    assert event.url == ROOM
    assert [(one.uri, one.feature) for one in event.conference] == [(ROOM, ["VIDEO"])]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Almaty", "2026-11-24 09:00 +0500"),
        ("Europe/Berlin", "2026-11-24 05:00 +0100"),
        ("America/New_York", "2026-11-23 23:00 -0500"),
    ],
)
def test_the_time_is_right_for_a_reader_in_another_zone(zone: str, shown: str) -> None:
    for data in (file(), cancellation("UKL-26-000123", 3, START, END, summary=KAZAKH, now=NOW)):
        _, event = read(data)
        assert isinstance(event.start, datetime) and isinstance(event.end, datetime)
        assert event.start.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %z") == shown
        assert event.end - event.start == timedelta(minutes=30)


def test_a_cancellation_is_of_the_same_event_and_newer() -> None:
    data = cancellation("UKL-26-000123", 3, START, END, summary=KAZAKH, now=NOW, changed_at=NOW)
    method, event = read(data)
    assert (method, event.status, event.uid, event.sequence) == ("CANCEL", "CANCELLED", "UKL-26-000123@uakil", 3)
    assert event.last_modified == NOW.replace(microsecond=0)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=300))
def test_any_text_arrives(text: str) -> None:
    _, event = read(file(summary=text, description=text, location=text))
    assert (event.summary, event.description, event.location) == (text, text, text)


def test_the_google_link_says_it_all() -> None:
    parts = urlsplit(google_link(START, END, summary=KAZAKH, description="a & b\n<c>", location="каб. 215 #2"))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "calendar.google.com", "/calendar/render")
    assert parse_qs(parts.query) == {
        "action": ["TEMPLATE"],
        "dates": ["20261124T040000Z/20261124T043000Z"],
        "text": [KAZAKH],
        "location": ["каб. 215 #2"],
        "details": ["a & b\n<c>"],
    }


def test_without_a_place_the_google_link_has_none() -> None:
    link = google_link(START, END, summary="A", description="", location=None)
    assert link.endswith("&dates=20261124T040000Z/20261124T043000Z&text=A")


@settings(deadline=None)
@given(*[st.text(st.characters(codec="utf-8"), max_size=400)] * 3)
def test_the_google_link_is_never_too_long_nor_broken(summary: str, description: str, location: str) -> None:
    link = google_link(START, END, summary=summary + "Ә", description=description, location=location)
    assert len(link) <= LINK_LIMIT
    assert link.isascii() and not any(letter.isspace() for letter in link)
    query = parse_qs(urlsplit(link).query, strict_parsing=True, errors="strict")
    assert set(query) <= {"action", "dates", "text", "location", "details"}
    assert query["text"]


@pytest.mark.parametrize("letter", ["Ә", "a", "😀", "%", "&"])
def test_long_texts_are_cut_with_an_ellipsis(letter: str) -> None:
    query = parse_qs(
        urlsplit(google_link(START, END, summary=letter * 900, description="x" * 900, location=letter * 900)).query
    )
    assert len(query["text"][0]) > 30 and set(query["text"][0]) == {letter, "…"}
    assert set(query["location"][0]) == {letter, "…"}
    assert query["details"][0].strip("x") == "…"
