"""Notices on the screen: rendered when they are sent, from ids, in the reader's language."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from markupsafe import Markup

from handlers import meeting_screens, people_screens, places, reasons, report_screens
from handlers.meeting_actions import actions
from handlers.meeting_screens import details, place_line
from handlers.screen import Document, Screen
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import meetings, report_closing
from liaison.cards import MeetingCard
from liaison.deliveries import Due

CALENDAR = "text/calendar"
CAPTION_LENGTH = 1024  # of a document, after entities (Bot API, sendDocument)


async def render(viewer: Viewer, due: Due) -> Screen:
    """The one message that a notice is. Raises LiaisonError if its reader has no part in it any more."""
    if due.meeting_id is not None:
        card = await viewer.read(meetings.see, viewer.actor, due.meeting_id, now=viewer.now, side=due.details.get("as"))
        return _MEETING[due.kind](viewer, card, due)
    if due.kind == "membership":
        return await people_screens.membership(viewer, [str(due.details["membership"])])
    if due.kind == "membership_answer":
        return await people_screens.membership_answer(viewer, int(due.details["membership"]))
    if due.kind in _ABOUT_CONTACTS:
        return await _ABOUT_CONTACTS[due.kind](viewer, due)
    return await places.draw(viewer, str(due.details["place"]))


def _request(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    say = viewer.speech.say
    first = say("<b>ACTION NEEDED: please answer the request for a meeting {number}</b>", number=card.number)
    parts = [first, details(viewer, card)]
    if card.side in ("coordinator", "admin"):
        parts.append(
            say(
                "The official of this body has not joined yet, so the request comes to you. Please ask the official "
                "and record the answer here."
            )
        )
    if card.holder is not None and card.side in ("coordinator", "admin"):
        parts.append(meeting_screens.holder_lines(viewer, card))
    parts.append(say("Tap a time to confirm it ({offset}).", offset=viewer.speech.utc_offset))
    return Screen(Markup("\n\n").join(parts), actions(viewer, card))


def _confirmed(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    text = viewer.speech.psay("line", "Confirmed: meeting {number}", number=card.number)
    return _with_calendar(viewer, card, text)


def _place(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    text = viewer.speech.say("The place of meeting {number} is named", number=card.number)
    return _with_calendar(viewer, card, text)


def _offered(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    say = viewer.speech.say
    first = say("<b>ACTION NEEDED: the official asks for other times, request {number}</b>", number=card.number)
    rest = say("The meeting is not confirmed. Please choose new times, or withdraw the request.")
    return _told(viewer, card, first, reasons.given(viewer.speech, card), rest)


def _declined(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    first = viewer.speech.psay("title", "<b>Request {number} was declined</b>", number=card.number)
    return _told(viewer, card, first, reasons.given(viewer.speech, card))


def _withdrawn(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    first = viewer.speech.say("<b>The NGO withdrew request {number}</b>", number=card.number)
    return _told(viewer, card, first, viewer.speech.say("Nothing more is needed from you."))


def _cancelled(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    psay = viewer.speech.psay
    first = psay("title", "<b>Meeting {number} is cancelled</b>", number=card.number)
    when = psay("line", "It was on {when}.", when=viewer.speech.when(card.starts_at)) if card.starts_at else Markup("")
    text = _caption(
        [first, reasons.state(viewer.speech, card) + ".", when, reasons.given(viewer.speech, card)],
        details(viewer, card),
    )
    document = Document(_file_name(card), meeting_screens.ics(viewer, card, cancelled=True), CALENDAR)
    return Screen(text, actions(viewer, card), document)


def _remind(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    speech = viewer.speech
    say, psay = speech.say, speech.psay
    parts = [psay("line", "<b>Reminder: meeting {number}</b>", number=card.number)]
    if due.late:
        parts.append(say("This reminder comes late, after an outage. We are sorry."))
    else:
        parts.append(_ahead(speech, timedelta(seconds=int(due.details["before"]))))
    when = speech.when(card.starts_at) if card.starts_at else ""
    parts.append(Markup("\n").join((psay("line", "When: <b>{when}</b>", when=when), place_line(speech, card))))
    parts.append(details(viewer, card))
    return Screen(Markup("\n\n").join(parts), actions(viewer, card))


def _with_calendar(viewer: Viewer, card: MeetingCard, first: Markup) -> Screen:
    """A calendar file with the facts as its caption and the buttons, in one message."""
    speech = viewer.speech
    when = speech.when(card.starts_at) if card.starts_at else ""
    head = [
        Markup("<b>{}</b>").format(first),
        Markup("\n").join((speech.psay("line", "When: <b>{when}</b>", when=when), place_line(speech, card))),
    ]
    document = Document(_file_name(card), meeting_screens.ics(viewer, card), CALENDAR)
    return Screen(_caption(head, details(viewer, card)), actions(viewer, card), document)


def _told(viewer: Viewer, card: MeetingCard, *parts: Markup) -> Screen:
    text = Markup("\n\n").join(part for part in (*parts, details(viewer, card)) if part)
    return Screen(text, actions(viewer, card))


def _caption(head: list[Markup], tail: Markup) -> Markup:
    """A caption within Telegram's limit: lines at the end that do not fit are left out; /my shows them all."""
    text = Markup("\n\n").join(part for part in head if part)
    room = CAPTION_LENGTH - len(text.striptags()) - 2
    kept: list[str] = []
    for line in str(tail).split("\n"):
        room -= len(Markup(line).striptags()) + 1
        if room < 0:
            break
        kept.append(line)
    return text + Markup("\n\n" + "\n".join(kept)) if kept else text


def _ahead(speech: Speech, before: timedelta) -> Markup:
    minutes = max(1, round(before.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return speech.nsay("It begins in {n} hour.", "It begins in {n} hours.", hours)
    return speech.nsay("It begins in {n} minute.", "It begins in {n} minutes.", minutes)


def _file_name(card: MeetingCard) -> str:
    return f"{card.number}.ics"


_ABOUT_CONTACTS: dict[str, Callable[[Viewer, Due], Awaitable[Screen]]] = {
    report_closing.RINGS: report_screens.rings,
    report_closing.ANSWERS: report_screens.answer,
}
_MEETING: dict[str, Callable[[Viewer, MeetingCard, Due], Screen]] = {
    "request": _request,
    "confirmed": _confirmed,
    "place": _place,
    "offered": _offered,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "cancelled": _cancelled,
    "remind": _remind,
}
