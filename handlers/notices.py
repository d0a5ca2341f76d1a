"""Notices on the screen: rendered when they are sent, from ids, in the reader's language."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from markupsafe import Markup

from handlers import (
    day_around_screens,
    join_wishes,
    meeting_screens,
    offer_notices,
    outcome_screens,
    people_screens,
    places,
    promise_screens,
    reasons,
    redirect_screens,
    report_screens,
    talk_screens,
    today_screens,
)
from handlers.calendar_files import document
from handlers.meeting_actions import actions
from handlers.meeting_screens import details, place_line
from handlers.screen import Screen
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import meetings, promise_terms, report_closing, states, today
from liaison.cards import MeetingCard
from liaison.deliveries import Due

CAPTION_LENGTH = 1024  # of a document, after entities (Bot API, sendDocument)


async def render(viewer: Viewer, due: Due) -> Screen:
    """The one message that a notice is. Raises LiaisonError if its reader has no part in it any more."""
    if due.kind in _AFTERWARDS:
        return await _AFTERWARDS[due.kind](viewer, due)
    if due.kind in _BETWEEN:
        return await _BETWEEN[due.kind](viewer, due)
    if due.meeting_id is not None:
        card = await viewer.read(meetings.see, viewer.actor, due.meeting_id, now=viewer.now, side=due.details.get("as"))
        if due.kind == "request":
            return _request(viewer, card, await day_around_screens.lines(viewer, card))
        if due.kind == "redirected":
            return await redirect_screens.told(viewer, card)
        return _MEETING[due.kind](viewer, card, due)
    if due.kind == "membership":
        return await people_screens.membership(viewer, [str(due.details["membership"])])
    if due.kind == "membership_answer":
        return await people_screens.membership_answer(viewer, int(due.details["membership"]))
    if due.kind in _ABOUT_CONTACTS:
        return await _ABOUT_CONTACTS[due.kind](viewer, due)
    return await places.draw(viewer, str(due.details["place"]))


def _request(viewer: Viewer, card: MeetingCard, around: Markup) -> Screen:
    say = viewer.speech.say
    parts = [*offer_notices.asked(viewer, card), details(viewer, card)]
    if card.side in ("coordinator", "admin"):
        parts.append(
            say(
                "The official of this body has not joined yet, so the request comes to you. Please ask the official "
                "and record the answer here."
            )
        )
    if card.holder is not None and card.side in ("coordinator", "admin"):
        parts.append(meeting_screens.holder_lines(viewer, card))
    if around:
        parts.append(around)
    parts.append(say("Tap a time to confirm it ({offset}).", offset=viewer.speech.utc_offset))
    return Screen(Markup("\n\n").join(part for part in parts if part), actions(viewer, card))


def _confirmed(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    text = viewer.speech.psay("line", "Confirmed: meeting {number}", number=card.number)
    return _with_calendar(viewer, card, text)


def _place(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    text = viewer.speech.say("The place of meeting {number} is named", number=card.number)
    return _with_calendar(viewer, card, text)


def _offered(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    return _told(viewer, card, *offer_notices.offered(viewer, card))


def _moving(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    return _told(viewer, card, *offer_notices.moving(viewer, card))


def _still_wanted(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    return _told(viewer, card, *offer_notices.still_wanted(viewer, card, due))


def _expired(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    return _told(viewer, card, *offer_notices.expired(viewer, card))


def _declined(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    first = viewer.speech.psay("title", "<b>Request {number} was declined</b>", number=card.number)
    return _told(viewer, card, first, reasons.given(viewer.speech, card))


def _withdrawn(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    first = viewer.speech.say("<b>The NGO withdrew request {number}</b>", number=card.number)
    if card.side == "guest":
        return _told(viewer, card, first, viewer.speech.say("If you still want to meet, send your own request."))
    return _told(viewer, card, first, viewer.speech.say("Nothing more is needed from you."))


def _cancelled(viewer: Viewer, card: MeetingCard, due: Due) -> Screen:
    psay = viewer.speech.psay
    first = offer_notices.cancelled(viewer, card)
    when = psay("line", "It was on {when}.", when=viewer.speech.when(card.starts_at)) if card.starts_at else Markup("")
    text = _caption(
        [first, reasons.state(viewer.speech, card) + ".", when, reasons.given(viewer.speech, card)],
        details(viewer, card),
    )
    return Screen(text, actions(viewer, card), document(viewer, card))


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
    return Screen(_caption(head, details(viewer, card)), actions(viewer, card), document(viewer, card))


def _told(viewer: Viewer, card: MeetingCard, *parts: Markup) -> Screen:
    said = [part for part in parts if part]
    if card.starts_at is not None and card.state in states.OVER:
        # It had a time once and was being moved: calendars still show the former one.
        return Screen(_caption(said, details(viewer, card)), actions(viewer, card), document(viewer, card))
    return Screen(Markup("\n\n").join((*said, details(viewer, card))), actions(viewer, card))


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


_AFTERWARDS: dict[str, Callable[[Viewer, Due], Awaitable[Screen]]] = {
    "outcome": outcome_screens.told,
    "contradiction": outcome_screens.told,
    "settled": outcome_screens.told,
    "points": promise_screens.proposed,
    promise_terms.DUE: promise_screens.due_today,
    today.DIGEST: today_screens.digest,
}
_BETWEEN: dict[str, Callable[[Viewer, Due], Awaitable[Screen]]] = {**join_wishes.NOTICES, **talk_screens.NOTICES}
_ABOUT_CONTACTS: dict[str, Callable[[Viewer, Due], Awaitable[Screen]]] = {
    report_closing.RINGS: report_screens.rings,
    report_closing.ANSWERS: report_screens.answer,
}
_MEETING: dict[str, Callable[[Viewer, MeetingCard, Due], Screen]] = {
    "confirmed": _confirmed,
    "place": _place,
    "offered": _offered,
    "moving": _moving,
    "still_wanted": _still_wanted,
    "expired": _expired,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "cancelled": _cancelled,
    "remind": _remind,
}
