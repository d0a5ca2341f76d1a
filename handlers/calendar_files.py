"""What a meeting sends besides words: the calendar file, as the meeting is now, and the pin on the map."""

from markupsafe import Markup

from handlers import meeting_screens
from handlers.calendar_screens import AWAY, summary
from handlers.screen import Button, Document, Pin, Screen, number
from handlers.viewer import Viewer
from liaison import documents, meetings, venues
from liaison.cards import MeetingCard
from liaison.errors import LiaisonError

CALENDAR = "text/calendar"


async def file(viewer: Viewer, rest: list[str]) -> Screen:
    """``ic:ID``: the calendar file on demand. Raises NotYours, LiaisonError("stale") where there never was a time."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    if card.starts_at is None:
        raise LiaisonError("stale", meeting=card.id, state=card.state)
    when = viewer.speech.when(card.starts_at)
    text = viewer.speech.psay("line", "Meeting {number}: {when}", number=card.number, when=when)
    if card.state in AWAY:
        text = viewer.speech.say(
            "This file takes meeting {number} on {when} off your calendar.", number=card.number, when=when
        )
    return Screen(text, _back(viewer, card), document(viewer, card))


async def pin(viewer: Viewer, rest: list[str]) -> Screen:
    """``lo:ID``: the place as a pin that every map on the phone opens. Raises NotYours, LiaisonError("stale")."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    if card.pin is None:
        raise LiaisonError("stale", meeting=card.id, state=card.state)
    named = card.place if card.place != venues.written(card.pin) else None
    return Screen("", _back(viewer, card), pin=Pin(*card.pin, named, viewer.body(card.body_id)))


def document(viewer: Viewer, card: MeetingCard) -> Document:
    """The file that puts a meeting into the reader's calendar, or takes it out, in his language; SEQUENCE is the
    revision. Raises ValueError for a meeting without a time."""
    if card.starts_at is None or card.ends_at is None:
        raise ValueError("a meeting without a time has no calendar file")
    times, title = (card.number, card.rev, card.starts_at, card.ends_at), summary(viewer, card)
    if card.state in AWAY:
        content = documents.cancellation(*times, summary=title, now=viewer.now, changed_at=card.changed_at)
    else:
        content = documents.invitation(
            *times,
            summary=title,
            description=_plain(meeting_screens.details(viewer, card)),
            location=card.place,
            now=viewer.now,
            changed_at=card.changed_at,
            room=card.room,
            pin=card.pin,
        )
    return Document(f"{card.number}.ics", content, CALENDAR)


def _plain(text: Markup) -> str:
    return "\n".join(Markup(line).striptags() for line in str(text).split("\n"))


def _back(viewer: Viewer, card: MeetingCard) -> tuple[tuple[Button, ...], ...]:
    return ((Button(viewer.speech.psay("button", "Back to the meeting"), f"m:{card.id}"),),)
