"""A meeting on the screen, for each side and in every state; and the questions before an answer."""

from markupsafe import Markup

from handlers import card_screens, meeting_actions, reasons
from handlers.screen import Button, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import contacts, documents, endings, meetings, proposals
from liaison.cards import MeetingCard
from liaison.topics import name


async def meeting(viewer: Viewer, rest: list[str]) -> Screen:
    """``m:ID`` the meeting; ``m:ID:o`` and ``m:ID:d`` ask the official, ``m:ID:x`` and ``m:ID:w`` ask before an end."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    asking = rest[1] if len(rest) > 1 else ""
    asked = {"o": ("other_times", _ask_other_times), "d": ("decline", _ask_decline)}
    asked |= {"x": ("cancel", _ask_cancel), "w": ("withdraw", _ask_withdraw)}
    if asking in asked and asked[asking][0] in card.may:
        return asked[asking][1](viewer, card)
    return draw(viewer, card)


async def sent(viewer: Viewer, rest: list[str]) -> Screen:
    """``sn:ID``: what the preview becomes when the request is sent."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say("<b>Your request {number} is sent.</b> You will be told here when the official answers.",
               number=card.number)  # fmt: skip
    return Screen(text, ((Button(psay("button", "My meetings"), "my"),),))


async def place_kept(viewer: Viewer, rest: list[str]) -> Screen:
    """``pk:ID``: the place is written down; the message with the calendar file, which goes to both, says the rest."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    say, psay = viewer.speech.say, viewer.speech.psay
    told = say("Thank you. Both sides are being told.")
    text = Markup("\n\n").join((reasons.confirmed_line(viewer.speech, card), place_line(viewer.speech, card), told))
    return Screen(
        text,
        ((Button(psay("button", "Change the place"), f"pc:{card.id}"), Button(psay("button", "My meetings"), "my")),),
    )


def draw(viewer: Viewer, card: MeetingCard) -> Screen:
    """A meeting as its side sees it, with the actions open to it."""
    parts = [
        Markup("<b>{}</b>. {}").format(card.number, reasons.state(viewer.speech, card)),
        _when_and_where(viewer.speech, card),
        reasons.given(viewer.speech, card) if card.state in ("offered", "declined", "cancelled") else Markup(""),
        details(viewer, card),
        _times(viewer.speech, card) if card.state in ("requested", "offered") else Markup(""),
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
    if card.holder is not None and card.side == "representative":
        lines.append(psay("line", "Official: {name}", name=card.holder.full_name))
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
    if card.agenda:
        lines.append(psay("line", "Agenda: {agenda}", agenda=card.agenda))
    return Markup("\n").join(lines)


def place_line(speech: Speech, card: MeetingCard) -> Markup:
    """Where it is; while that is open, the post's phone."""
    if card.place:
        return speech.psay("line", "Place: {place}", place=card.place)
    phones = card.holder.phones if card.holder else ()
    if not phones:
        return speech.psay("line", "Place: to follow")
    return speech.say("Place: to follow. Phone of the office: {phone}", phone=_shown(phones[0]))


def ics(viewer: Viewer, card: MeetingCard, *, cancelled: bool = False) -> bytes:
    """The meeting as a calendar file in the reader's language; SEQUENCE is the revision."""
    if card.starts_at is None or card.ends_at is None:
        raise ValueError("a meeting without a time has no calendar file")
    body = viewer.body(card.body_id)
    summary = viewer.speech.psay(
        "line", "{organisation} – {body}", organisation=card.organisation, body=body
    ).unescape()
    times = (card.number, card.rev, card.starts_at, card.ends_at)
    if cancelled:
        return documents.cancellation(*times, summary=summary, now=viewer.now)
    description = details(viewer, card).striptags()
    return documents.invitation(*times, summary=summary, description=description, location=card.place, now=viewer.now)


def _when_and_where(speech: Speech, card: MeetingCard) -> Markup:
    if card.starts_at is None or card.state not in ("confirmed", "cancelled"):
        return Markup("")
    return Markup("\n").join(
        (speech.psay("line", "When: <b>{when}</b>", when=speech.when(card.starts_at)), place_line(speech, card))
    )


def _times(speech: Speech, card: MeetingCard) -> Markup:
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
