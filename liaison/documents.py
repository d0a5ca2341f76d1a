"""Files people take away: a meeting for their calendar (RFC 5545, 5546), a contact for their phone (RFC 6350)."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress, vUri

PRODID = "-//Uakil//Meetings//EN"
# An organizer is required with both methods (RFC 5546, 3.2.1 and 3.2.5), but nobody here is to be answered by mail.
ORGANIZER = "invalid:nomail"

GOOGLE = "https://calendar.google.com/calendar/render?action=TEMPLATE"
LINK_LIMIT = 1024  # letters of a link; Telegram names no limit for a button's, browsers and servers take twice as many

VCARD_LIMIT = 2048  # bytes of sendContact's vcard
LINE_LIMIT = 75  # bytes of a content line without its break (RFC 6350, 3.2)


def invitation(
    number: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    summary: str,
    description: str,
    location: str | None,
    now: datetime,
    changed_at: datetime | None = None,
    url: str | None = None,
    room: str | None = None,
    pin: tuple[float, float] | None = None,
) -> bytes:
    """A meeting as an .ics file that a calendar adds, or changes if ``sequence`` is higher than the one it has.

    ``number`` is the meeting's number and makes the UID, the same for its whole life. Times are aware; they are written
    in UTC, so that no time zone rules have to travel along. ``changed_at`` is when the meeting changed last, ``room``
    the address of an online meeting (also as CONFERENCE, RFC 7986, 5.11), ``pin`` latitude and longitude in degrees.
    No alarm is set: the reminders come from the bot, and a second one of the calendar's would only nag.
    """
    event = _event(number, sequence, starts_at, ends_at, summary, now, changed_at)
    event.add("status", "CONFIRMED")
    event.add("description", _plain(description))
    if location:
        event.add("location", _plain(location))
    if address := url or room:
        event.add("url", vUri(address))
    if room:
        event.add("conference", vUri(room), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    if pin:
        event.add("geo", pin)
    return _calendar("PUBLISH", event)


def cancellation(
    number: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    summary: str,
    now: datetime,
    changed_at: datetime | None = None,
    description: str | None = None,
) -> bytes:
    """The .ics file that takes a meeting out of a calendar; ``sequence`` must be higher than the invitation's."""
    event = _event(number, sequence, starts_at, ends_at, summary, now, changed_at)
    event.add("status", "CANCELLED")
    if description:
        event.add("description", _plain(description))
    return _calendar("CANCEL", event)


def google_link(starts_at: datetime, ends_at: datetime, *, summary: str, description: str, location: str | None) -> str:
    """The address under which Google Calendar offers to add a meeting, at most 1024 letters.

    Times are aware and written in UTC. A text too long to fit is cut with an ellipsis: the description first, then the
    place, then the title (a Cyrillic letter takes six letters of an address).
    """
    times = "/".join(at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for at in (starts_at, ends_at))
    link = f"{GOOGLE}&dates={times}"
    for name, text, share in (("text", summary, 0.55), ("location", location, 0.85), ("details", description, 1.0)):
        if text:
            link += _parameter(name, _plain(text), int(LINK_LIMIT * share) - len(link))
    return link


def _parameter(name: str, text: str, room: int) -> str:
    """A parameter of an address that takes at most ``room`` letters, its text cut where it has to be."""
    whole = f"&{name}={quote(text, safe='')}"
    if len(whole) <= room:
        return whole
    room -= len(f"&{name}={quote('…')}")
    kept = 0
    while kept < len(text) and (room := room - len(quote(text[kept], safe=""))) >= 0:
        kept += 1
    return f"&{name}={quote(text[:kept].rstrip(), safe='')}{quote('…')}" if kept else ""


def vcard(
    full_name: str,
    position: str | None,
    organisation: str | None,
    phones: Sequence[str] = (),
    emails: Sequence[str] = (),
    url: str | None = None,
    *,
    language: str | None = None,
) -> bytes:
    """A contact as vCard 4.0, at most 2048 bytes. ``full_name`` is surname, name, patronymic; phones are E.164.

    Long texts are cut; what still does not fit is left out, last things first: address, body, position, mail, phones.
    """
    tagged = f";LANGUAGE={language}" if language else ""
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"FN:{_text(full_name)}", f"N:{_parts_of(full_name)}"]
    lines += [f'TEL;VALUE=uri;TYPE="work,voice":tel:{phone}' for phone in phones]
    lines += [f"EMAIL;TYPE=work:{_text(email)}" for email in emails]
    lines += [f"TITLE{tagged}:{_text(position)}"] if position else []
    lines += [f"ORG{tagged}:{_text(organisation)}"] if organisation else []
    lines += [f"URL:{_plain(url)}"] if url else []
    return _within_limit(lines)


def _event(
    number: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    summary: str,
    now: datetime,
    changed_at: datetime | None,
) -> Event:
    event = Event()
    event.add("uid", f"{number}@uakil")
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    if changed_at:
        event.add("last-modified", changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", _plain(summary))
    organizer = vCalAddress(ORGANIZER)
    organizer.params["cn"] = "Uakil"
    event.add("organizer", organizer)
    return event


def _calendar(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _plain(text: str) -> str:
    """Text without control characters, which neither format allows; line breaks are made \\n."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def _text(value: str, limit: int = 300) -> str:
    """A vCard text value, escaped (RFC 6350, 3.4) and cut to so many bytes."""
    cut = _cut(_plain(value), limit)
    for plain, escaped in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        cut = cut.replace(plain, escaped)
    return cut


def _cut(text: str, limit: int) -> str:
    """Text of at most so many bytes, never a part of a letter, marked with an ellipsis where it was cut."""
    data = text.encode()
    if len(data) <= limit:
        return text
    return data[: limit - 3].decode(errors="ignore").rstrip() + "…"


def _parts_of(full_name: str) -> str:
    """The structured name: surname;name;patronymic;; in the order in which lists write it."""
    words = _plain(full_name).split()
    parts = [*words[:2], " ".join(words[2:])] if words else []
    return ";".join([_text(part, 120) for part in parts] + [""] * (5 - len(parts)))


def _within_limit(lines: list[str]) -> bytes:
    written, end = b"", b"END:VCARD\r\n"
    for line in map(_folded, lines):
        if len(written) + len(line) + len(end) <= VCARD_LIMIT:
            written += line
    return written + end


def _folded(line: str) -> bytes:
    """A content line broken after at most 75 bytes, never inside a letter."""
    folded, width = b"", 0
    for letter in (each.encode() for each in line):
        if width + len(letter) > LINE_LIMIT:
            folded, width = folded + b"\r\n ", 1
        folded, width = folded + letter, width + len(letter)
    return folded + b"\r\n"
