"""Refusals and failures as sentences: what happened, whether anything was lost, what to press next."""

from datetime import datetime

from markupsafe import Markup
from telegram import Bot, Update

from handlers import form_errors, post_errors, screen, talk_errors
from handlers.screen import Button, Screen
from handlers.speech import Speech
from handlers.viewer import Services
from liaison import people
from liaison.errors import LiaisonError

SENTENCES = {**form_errors.SENTENCES, **post_errors.SENTENCES, **talk_errors.SENTENCES}


def sentence(speech: Speech, refusal: LiaisonError) -> Markup:
    """A refusal in the reader's language."""
    say, fields = speech.say, refusal.fields
    if refusal.code in SENTENCES:
        return SENTENCES[refusal.code](speech, fields)
    if refusal.code == "bad-bin":
        return _bad_bin(speech, str(fields["why"]))
    if refusal.code == "too-long":
        return speech.nsay(
            "That is too long: at most {n} character. Nothing was lost; please send a shorter text.",
            "That is too long: at most {n} characters. Nothing was lost; please send a shorter text.",
            int(fields["most"]),
        )
    if refusal.code == "most-times":
        return speech.nsay(
            "At most {n} time can be chosen. Take one away first.",
            "At most {n} times can be chosen. Take one away first.",
            int(fields["most"]),
        )
    if refusal.code == "most-follows":
        return speech.nsay(
            "You can follow at most {n} entry. Nothing was changed; take one off your list first: /my",
            "You can follow at most {n} entries. Nothing was changed; take one off your list first: /my",
            int(fields["most"]),
        )
    if refusal.code == "most-points":
        return speech.nsay(
            "At most {n} point can be written down. Nothing was lost; please send them once more.",
            "At most {n} points can be written down. Nothing was lost; please send them once more.",
            int(fields["most"]),
        )
    if refusal.code == "reports-a-day":
        return reports_used_up(speech, int(fields["most"]), fields["at"])
    texts = {
        "not-yours": say("This is not open to you, or it is not there any more. Nothing was changed."),
        "stale": say("This has been decided already. Here is how it stands now."),
        "told": say("It is too late to take this back: the other side was told. Here is how it stands now."),
        "out-of-step": say("That button belongs to an earlier question. Here is the present one."),
        "slot-taken": say("This time was just taken by another meeting. Nothing was changed; please choose another."),
        "slot-past": say("This time is over. Nothing was changed; please choose another."),
        "time-gone": say("This time is not free any more. Please choose another."),
        "no-times": say("Please leave at least one time chosen."),
        "begun": say("The meeting has begun; this cannot be changed any more."),
        "nobody": say(
            "A request cannot be sent yet: neither this official nor a coordinator can be reached here. "
            "Please call or write."
        ),
        "not-https": say(
            "Please send an address that begins with https:// and names its server alone. Nothing was changed."
        ),
        "no-visit": say("This meeting is no visit, so a pin does not help. Please answer in words."),
        "too-short": say("That is too short. Please write it once more."),
        "bad-phone": say("I cannot read this as a phone number. For example: +7 701 000 00 00."),
        "body-gone": say("This body was abolished, so it cannot be followed. Nothing was changed."),
        "reported": say("You have reported this contact already. Here is how it stands."),
        "alias-taken": say("Another body is already found by these words. Nothing was changed."),
        "bad-hours": say("These hours cannot be kept. Nothing was changed; please choose others."),
        "hours-too-short": say("No meeting fits into these hours beside lunch. Please choose longer ones."),
        "length-too-long": say("No meeting of this length fits into the weekly hours. Please change the hours first."),
        "day-off": say("This day is a holiday: there is no reception. Nothing was changed."),
        "bad-link": say("Please send the link alone; it begins with https://. Nothing was lost."),
        "not-over": say("The meeting is not over yet; you will be asked an hour after its end."),
        "points-changed": say("The other side has just written the points down. Please look at them first."),
        "bad-date": say("I cannot read this as a coming date. Please write it as 15.12 or 15.12.2026."),
        "bad-contact": say("I found neither a phone number nor an e-mail address in it. Please write it once more."),
    }
    return texts.get(refusal.code, say("That did not work. Nothing was changed; please try once more."))


def reports_used_up(speech: Speech, most: int, at: datetime) -> Markup:
    """No more reports of wrong contacts today, and when the next may be sent."""
    return speech.nsay(
        "You have sent {n} report today, and that is the most for one day. The next is possible from {when} on.",
        "You have sent {n} reports today, and that is the most for one day. The next is possible from {when} on.",
        most,
        when=speech.when(at),
    )


async def apologise(services: Services, bot: Bot, update: Update, number: str) -> None:
    """Our own bug: one short apology with the number under which the log has it."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != "private":
        return
    actor = await services.db.read(people.identify, user.id, services.policy, now=services.now())
    speech = services.speech(actor.language if actor else None)
    text = speech.say(
        "Something went wrong on our side. Nothing of yours was lost; please try once more. "
        "Number for the operator: {number}",
        number=number,
    )
    await screen.send(bot, chat.id, Screen(text, ((Button(speech.psay("button", "Back"), "start"),),)))


def _bad_bin(speech: Speech, why: str) -> Markup:
    say = speech.say
    texts = {
        "digits": say("A BIN has digits only. Please check it (perhaps the letter O for a zero), or go on without it."),
        "length": say("A BIN has 12 digits. Please check it, or go on without it."),
        "iin": say("This looks like an IIN, the number of a person. Please give the organisation's BIN, or go on "
                   "without it."),
        "date": say("This is not a BIN: its third and fourth digits are no month. Please check it, or go on "
                    "without it."),
        "kind": say("This is not the BIN of an organisation. Please check it, or go on without it."),
        "check": say("A digit of this BIN is mistaken. Please check it, or go on without it."),
    }  # fmt: skip
    return texts[why]
