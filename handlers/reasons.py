"""Names of what rules know by a code: ways to meet, states, ready-made reasons; and the lines that both sides share."""

from markupsafe import Markup, escape

from handlers.speech import Speech
from liaison.cards import MeetingCard


def mode(speech: Speech, code: str) -> Markup:
    """How a meeting is held."""
    return {
        "in_person": speech.psay("way to meet", "In person"),
        "online": speech.psay("way to meet", "Online"),
        "phone": speech.psay("way to meet", "By phone"),
    }[code]


def reason(speech: Speech, code: str) -> Markup:
    """A ready-made reason, short enough for a button."""
    say, psay = speech.say, speech.psay
    return {
        "not_mine": psay("reason", "Not my area"),
        "other_level": say("Decided at another level"),
        "duty_moved": say("This duty has moved to it"),
        "no_time": say("No time at present"),
        "solved_in_writing": psay("reason", "Better in writing"),
        "away": say("Away on these days"),
        "busy": say("Busy at these hours"),
        "too_soon": say("Too soon, later please"),
        "ill": psay("reason", "Illness"),
        "solved": say("The question is settled"),
    }[code]


def given(speech: Speech, card: MeetingCard) -> Markup:
    """The reason of the last step as a line, or nothing."""
    words = [reason(speech, card.reason_code)] if card.reason_code else []
    words += [escape(card.reason)] if card.reason else []
    if words and card.step in ("propose", "offer_move"):  # a line that goes with the times, no reason
        return speech.psay("line", "The office writes: {words}", words=Markup(". ").join(words))
    return speech.psay("line", "Reason: {reason}", reason=Markup(". ").join(words)) if words else Markup("")


def remark(speech: Speech, card: MeetingCard) -> Markup:
    """What the official wrote about other times, or nothing."""
    return given(speech, card)


def state(speech: Speech, card: MeetingCard) -> Markup:
    """The state of a meeting in a few words."""
    say, psay = speech.say, speech.psay
    if card.state == "confirmed" and card.begun:
        return say("The meeting has begun or is over")
    return {
        "requested": say("Waiting for the official's answer – not confirmed yet"),
        "offered": say("The official offers other times – not confirmed yet")
        if any(slot.offered_by == "office" for slot in card.slots)
        else say("The official asks for other times – not confirmed yet"),
        "confirmed": psay("state of a meeting", "Confirmed"),
        "held": psay("state of a meeting", "Held"),
        "not_held": psay("state of a meeting", "Not held"),
        "expired": say("Closed: its times have passed without an answer"),
        "redirected": say("Passed on to another body"),
        "declined": psay("state of a meeting", "Declined"),
        "withdrawn": say("Withdrawn by the NGO"),
        "cancelled": say("Cancelled by the NGO")
        if card.ended_by == "representative"
        else say("Cancelled by the office"),
    }[card.state]


def confirmed_line(speech: Speech, card: MeetingCard) -> Markup:
    """«Confirmed: Tuesday 1 December, 10:00 (UTC+5)» with the number and who meets."""
    when = speech.when(card.starts_at) if card.starts_at else ""
    return speech.psay("line", "Confirmed: <b>{when}</b>\n{number}, {organisation}", when=when, number=card.number,
        organisation=card.organisation,
    )  # fmt: skip
