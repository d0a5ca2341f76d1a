"""What is said about times that are not settled: the minute for taking back, the former time, a call."""

from markupsafe import Markup

from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import contacts, states
from liaison.cards import MeetingCard
from liaison.proposals import ROUNDS_UNTIL_CALL

NOTHING = Markup("")


def take_back(viewer: Viewer, card: MeetingCard) -> Markup:
    """How long the answer can be taken back, for the one who gave it; nothing afterwards."""
    if not card.undo:
        return NOTHING
    seconds = round(viewer.policy.undo.total_seconds())
    if seconds % 60:
        return viewer.speech.nsay(
            "The NGO is told {n} second after your tap. Until then you can take it back.",
            "The NGO is told {n} seconds after your tap. Until then you can take it back.",
            seconds,
        )
    return viewer.speech.nsay(
        "The NGO is told {n} minute after your tap. Until then you can take it back.",
        "The NGO is told {n} minutes after your tap. Until then you can take it back.",
        seconds // 60,
    )


def former(speech: Speech, card: MeetingCard) -> Markup:
    """The time that a meeting had before it was to be moved; nothing for any other."""
    if card.starts_at is None or card.state not in states.OPEN:
        return NOTHING
    return speech.say("Former time: <s>{when}</s>. It does not count any more.", when=speech.when(card.starts_at))


def call(speech: Speech, card: MeetingCard) -> Markup:
    """After two rounds that did not fit: a call, with the phone of the other side as far as it may be shown."""
    if card.refused_rounds < ROUNDS_UNTIL_CALL or card.state not in states.OPEN:
        return NOTHING
    if card.side in states.OFFICE:
        if card.phone:
            phone = contacts.show_phone(card.phone).number
            return speech.say("No time has suited both sides so far. A call may be quicker: {phone}", phone=phone)
        return speech.say("No time has suited both sides so far. The NGO is advised to call your office.")
    phones = card.holder.phones if card.holder else ()
    if not phones:
        return speech.say("No time has suited both sides so far. A call to the office may be quicker.")
    phone = contacts.show_phone(phones[0]).number
    return speech.say("No time has suited both sides so far. A call may be quicker: {phone}", phone=phone)
