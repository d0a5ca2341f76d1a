"""A meeting on the screen, for each side and in every state; and the questions before an answer."""

from markupsafe import Markup

from handlers import (
    attachment_screens,
    calendar_screens,
    card_screens,
    day_around_screens,
    fresh_screens,
    join_screens,
    meeting_actions,
    offer_lines,
    reasons,
    redirect_screens,
    stand_in_screens,
    talk_screens,
)
from handlers.screen import Button, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import contacts, endings, meetings, proposals
from liaison.cards import MeetingCard
from liaison.topics import name

NOTHING = Markup("")


async def meeting(viewer: Viewer, rest: list[str]) -> Screen:
    """``m:ID`` the meeting; ``m:ID:o`` and ``m:ID:d`` ask the official, ``m:ID:x`` and ``m:ID:w`` ask before an end."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    asking = rest[1] if len(rest) > 1 else ""
    asked = {"o": ("other_times", _ask_other_times), "d": ("decline", _ask_decline)}
    asked |= {"x": ("cancel", _ask_cancel), "w": ("withdraw", _ask_withdraw)}
    if asking in asked and asked[asking][0] in card.may:
        return asked[asking][1](viewer, card)
    return await fresh_screens.added(viewer, card, draw(viewer, card, await day_around_screens.lines(viewer, card)))


async def sent(viewer: Viewer, rest: list[str]) -> Screen:
    """``sn:ID``: what the preview becomes when the request is sent."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say("<b>Your request {number} is sent.</b> You will be told here when the official answers.",
               number=card.number)  # fmt: skip
    if card.also_to:
        text = viewer.speech.nsay(
            "<b>Your {n} request is sent.</b> You will be told here when an official answers.",
            "<b>Your {n} requests are sent.</b> You will be told here when an official answers.",
            len(card.also_to) + 1,
        )
    return Screen(text, ((Button(psay("button", "My meetings"), "my"),),))


async def place_kept(viewer: Viewer, rest: list[str]) -> Screen:
    """``pk:ID``: the place is written down; the message with the calendar file, which goes to both, says the rest."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    say, psay = viewer.speech.say, viewer.speech.psay
    told = say("Thank you. Both sides are being told.")
    text = Markup("\n\n").join((reasons.confirmed_line(viewer.speech, card), place_line(viewer.speech, card), told))
    change = (Button(psay("button", "Change the place"), f"pc:{card.id}"), Button(psay("button", "My meetings"), "my"))
    return Screen(text, (*calendar_screens.keep_button(viewer, card), change))


def draw(viewer: Viewer, card: MeetingCard, around: Markup = NOTHING) -> Screen:
    """A meeting as its side sees it, with the actions open to it; ``around``: the office's day around it."""
    parts = [
        Markup("<b>{}</b>. {}").format(card.number, reasons.state(viewer.speech, card)),
        offer_lines.take_back(viewer, card),
        _when_and_where(viewer.speech, card),
        offer_lines.former(viewer.speech, card),
        reasons.given(viewer.speech, card) if card.state in ("offered", "declined", "cancelled") else Markup(""),
        details(viewer, card),
        times(viewer.speech, card) if card.state in ("requested", "offered") else Markup(""),
        offer_lines.call(viewer.speech, card),
        around,
        talk_screens.lines(viewer, card),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), meeting_actions.actions(viewer, card))


def details(viewer: Viewer, card: MeetingCard) -> Markup:
    """Who meets whom, about what and how."""
    speech = viewer.speech
    psay = speech.psay
    who = psay("line", "Organisation: {name}", name=card.organisation)
    if card.bin:
        who = psay("line", "Organisation: {name} (BIN {bin})", name=card.organisation, bin=card.bin)
    lines = [psay("line", "Body: {body}", body=viewer.body(card.body_id))]
    lines += attachment_screens.with_head(viewer, card)
    if card.holder is not None and card.side in ("representative", "guest"):
        lines.append(psay("line", "Official: {name}", name=card.holder.full_name))
    lines += [*stand_in_screens.on_meeting(viewer, card), *redirect_screens.lines(viewer, card)]
    lines.append(who)
    if card.representative and card.representative_title:
        lines.append(
            psay("line", "Representative: {name}, {title}", name=card.representative, title=card.representative_title)
        )
    elif card.representative:
        lines.append(psay("line", "Representative: {name}", name=card.representative))
    lines.append(psay("line", "Topic: {topic}", topic=name(card.topic, speech.language)))
    lines.append(psay("line", "How: {mode}", mode=reasons.mode(speech, card.mode)))
    if card.phone:
        lines.append(psay("line", "Number to call: {number}", number=_shown(card.phone)))
    lines += attachment_screens.lines(viewer, card)
    if card.agenda:
        lines.append(psay("line", "Agenda: {agenda}", agenda=card.agenda))
    lines += join_screens.lines(viewer, card)
    return Markup("\n").join(lines)


def place_line(speech: Speech, card: MeetingCard) -> Markup:
    """Where it is; while that is open, the post's phone."""
    if card.place:
        return speech.psay("line", "Place: {place}", place=card.place)
    phones = card.holder.phones if card.holder else ()
    if not phones:
        return speech.psay("line", "Place: to follow")
    return speech.say("Place: to follow. Phone of the office: {phone}", phone=_shown(phones[0]))


def _when_and_where(speech: Speech, card: MeetingCard) -> Markup:
    if card.starts_at is None or card.state not in ("confirmed", "cancelled"):
        return Markup("")
    return Markup("\n").join(
        (speech.psay("line", "When: <b>{when}</b>", when=speech.when(card.starts_at)), place_line(speech, card))
    )


def times(speech: Speech, card: MeetingCard) -> Markup:
    """The times of the present offer, one a line."""
    lines = [speech.psay("line", "Times offered:")]
    for slot in card.slots:
        when = speech.when(slot.starts_at)
        lines.append(
            Markup("– {}").format(when) if slot.free else speech.say("– {when} (not free any more)", when=when)
        )
    return Markup("\n").join(lines)


def _ask_other_times(viewer: Viewer, card: MeetingCard) -> Screen:
    text = viewer.speech.say("Why do these times not suit you? You can add in the next step what would.")
    return _ask(viewer, card, text, "mo", proposals.OTHER_TIMES_REASONS)


def _ask_decline(viewer: Viewer, card: MeetingCard) -> Screen:
    text = viewer.speech.say(
        "Decline request {number}? Please choose a reason; the NGO will read it.", number=card.number
    )
    return _ask(viewer, card, text, "md", endings.DECLINE_REASONS, own="md")


def _ask_cancel(viewer: Viewer, card: MeetingCard) -> Screen:
    when = viewer.speech.when(card.starts_at) if card.starts_at else ""
    text = viewer.speech.say(
        "Cancel the meeting on {when}? Please choose a reason; the other side will read it.", when=when
    )
    return _ask(viewer, card, text, "mx", endings.CANCEL_REASONS, own="mx")


def _ask_withdraw(viewer: Viewer, card: MeetingCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say("Withdraw request {number}? The official will be told.", number=card.number)
    yes = Button(psay("button", "Yes, withdraw"), f"mw:{card.id}", style="danger")
    return Screen(text, ((yes,), (Button(psay("button", "Keep it"), f"m:{card.id}"),)))


def _ask(
    viewer: Viewer, card: MeetingCard, text: Markup, verb: str, codes: tuple[str, ...], own: str | None = None
) -> Screen:
    psay = viewer.speech.psay
    rows = [(Button(reasons.reason(viewer.speech, code), f"{verb}:{card.id}:{code}"),) for code in codes]
    if own is not None:
        rows.append((Button(psay("button", "Another reason…"), f"{own}:{card.id}:words"),))
    back = psay("button", "Keep it") if verb == "mx" else psay("button", "Back")
    return Screen(text, (*rows, (Button(back, f"m:{card.id}"),)))


def _shown(e164: str) -> str:
    return contacts.show_phone(e164).number


def holder_lines(viewer: Viewer, card: MeetingCard) -> Markup:
    """The official with phones and e-mail, for a coordinator who asks him."""
    return card_screens.official(viewer.speech, card.holder) if card.holder else Markup("")
