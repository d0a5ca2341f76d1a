"""The office's day around the times of a request, line by line."""

from markupsafe import Markup

from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import day_around
from liaison.cards import MeetingCard
from liaison.day_around import DayAround
from liaison.slots import Span
from liaison.states import OFFICE, OPEN


async def lines(viewer: Viewer, card: MeetingCard) -> Markup:
    """A line for each day on which a time is offered; nothing for the NGO or once the request is decided."""
    if card.side not in OFFICE or card.state not in OPEN:
        return Markup("")
    days = await viewer.read(day_around.of, viewer.actor, card.id, viewer.policy, now=viewer.now)
    if not days:
        return Markup("")
    speech = viewer.speech
    head = speech.say("The office's day around these times ({offset}):", offset=speech.utc_offset)
    return Markup("\n").join((head, *(_line(speech, day) for day in days)))


def _line(speech: Speech, around: DayAround) -> Markup:
    psay, day = speech.psay, speech.short_day(around.day)
    free = ", ".join(_span(speech, span) for span in around.free)
    meetings = Markup(", ").join(
        psay("line", "{span} meeting {number}", span=_span(speech, one.span), number=one.number)
        for one in around.meetings
    )
    if not meetings and not free:
        return psay("line", "{day}: no reception", day=day)
    if not meetings:
        return psay("line", "{day}: no meetings yet, free {free}", day=day, free=free)
    if not free:
        return psay("line", "{day}: {meetings}; nothing else is free", day=day, meetings=meetings)
    return psay("line", "{day}: {meetings}; free {free}", day=day, meetings=meetings, free=free)


def _span(speech: Speech, span: Span) -> str:
    return f"{speech.hour(span.starts_at)}–{speech.hour(span.ends_at)}"
