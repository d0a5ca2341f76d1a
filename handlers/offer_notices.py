"""What is told about times that are not settled: offered, to be moved, passed; each as the parts of one message."""

from datetime import datetime, timedelta

from markupsafe import Markup

from handlers import meeting_screens, offer_lines, reasons
from handlers.viewer import Viewer
from liaison.cards import MeetingCard
from liaison.deliveries import Due

SHORTLY = timedelta(hours=24)  # a meeting called off later than this before its start says so
SECOND = timedelta(seconds=1)


def asked(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """How a request to the office begins: a first one, new times, or a meeting that the NGO wants to move."""
    say, number = viewer.speech.say, card.number
    first = say("<b>ACTION NEEDED: please answer the request for a meeting {number}</b>", number=number)
    if card.starts_at is not None:
        first = say("<b>ACTION NEEDED: the NGO offers new times for meeting {number}</b>", number=number)
    if card.step == "move":
        first = say("<b>ACTION NEEDED: the NGO asks to move meeting {number}</b>", number=number)
    return [first, offer_lines.former(viewer.speech, card), offer_lines.call(viewer.speech, card)]


def offered(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """What the NGO is told when the office offers times, or asks for others."""
    speech, own = viewer.speech, any(slot.offered_by == "office" for slot in card.slots)
    parts = [
        _first(viewer, card, own),
        offer_lines.former(speech, card),
        reasons.given(speech, card),
    ]
    if own:
        parts.append(meeting_screens.times(speech, card))
    if card.side == "representative":
        parts.append(
            speech.say("The meeting is not confirmed yet. One tap on a time confirms it for both sides.")
            if own
            else speech.say("The meeting is not confirmed. Please choose new times, or withdraw the request.")
        )
    return [*parts, offer_lines.call(speech, card)]


def _first(viewer: Viewer, card: MeetingCard, own: bool) -> Markup:
    say, number = viewer.speech.say, card.number
    if card.side == "guest":
        return say("<b>The office asks for another time for meeting {number}</b>", number=number)
    if card.step == "offer_move":
        return say("<b>ACTION NEEDED: the office asks to move meeting {number}</b>", number=number)
    if own:
        return say("<b>ACTION NEEDED: the official offers other times, request {number}</b>", number=number)
    return say("<b>ACTION NEEDED: the official asks for other times, request {number}</b>", number=number)


def moving(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """What those who come along are told when the NGO that asked for a meeting wants to move it."""
    first = viewer.speech.say("<b>The NGO asks to move meeting {number}</b>", number=card.number)
    rest = viewer.speech.say("You will be told when a new time is confirmed.")
    return [first, offer_lines.former(viewer.speech, card), rest]


def cancelled(viewer: Viewer, card: MeetingCard) -> Markup:
    """The first line about a meeting called off, with a warning when it comes late."""
    if card.starts_at is not None and card.starts_at - card.changed_at < SHORTLY:
        return viewer.speech.say(
            "<b>Meeting {number} is cancelled, less than 24 hours before its start</b>", number=card.number
        )
    return viewer.speech.psay("title", "<b>Meeting {number} is cancelled</b>", number=card.number)


def still_wanted(viewer: Viewer, card: MeetingCard, due: Due) -> list[Markup]:
    """The one question to the NGO when all times of a round have passed."""
    say = viewer.speech.say
    until = datetime.fromisoformat(str(due.details["until"])) - SECOND  # the midnight that ends the last day
    return [
        say("<b>ACTION NEEDED: do you still want the meeting, request {number}?</b>", number=card.number),
        offer_lines.former(viewer.speech, card),
        say(
            "The times offered have passed, and nothing is confirmed. Please choose new times, or withdraw the request."
        ),
        say("Without an answer it is closed after {day}.", day=viewer.speech.day(until)),
        offer_lines.call(viewer.speech, card),
    ]


def expired(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """What both are told when nobody wanted the meeting any more."""
    say = viewer.speech.say
    first = say("<b>Request {number} is closed</b>: its times have passed without an answer.", number=card.number)
    if card.side == "representative":
        return [first, say("You can send a new request at any time.")]
    return [first, say("Nothing more is needed from you.")]
