"""Who stands in for an official, as NGOs read it on the card, the meeting and in a message; and the return."""

from markupsafe import Markup

from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import stand_ins, standing_in
from liaison.cards import MeetingCard
from liaison.directory import BodyCard
from liaison.standing_in import Affected

MOST = 5  # meetings named in one message
Row = tuple[Button, ...]


def on_card(viewer: Viewer, found: BodyCard) -> Markup:
    """The card's line about today's substitute, or nothing."""
    if found.stand_in is None:
        return Markup("")
    day = viewer.speech.day(found.stand_in.until_day)
    return viewer.speech.psay(
        "line", "Stands in: <b>{name}</b>, until {date} (the official is away)", name=found.stand_in.name, date=day
    )


def on_meeting(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """Whom the NGO will meet and why, and who answered where it was not the official himself."""
    speech, found = viewer.speech, []
    day = speech.local(card.starts_at if card.state == "confirmed" and card.starts_at else viewer.now).date()
    one = stand_ins.on(card.stand_ins, day)
    if one is not None and card.state in ("requested", "offered", "confirmed"):
        until = speech.day(one.until_day)
        found.append(
            speech.say("Until {date} {name} stands in for the official, who is away.", date=until, name=one.name)
        )
    if card.answered_as not in (None, "official", card.side) and card.state != "requested":
        found.append(_answered(viewer, card))
    return found


def _answered(viewer: Viewer, card: MeetingCard) -> Markup:
    say, official = viewer.speech.say, card.holder.full_name if card.holder else ""
    if card.answered_as == "assistant":
        return (
            say("Answered by the assistant of {name}.", name=official)
            if official
            else say("Answered by the official's assistant.")
        )
    if card.answered_as == "substitute":
        return say("Answered by who stands in for the official.")
    return say("Answered by the coordinator, after asking the office.")


async def told(viewer: Viewer, rest: list[str]) -> Screen:
    """``si:DEPUTY``: the NGO is told whom it will meet on these days, and why."""
    found = await viewer.read(standing_in.standing, viewer.actor, number(rest[0]), viewer.policy, now=viewer.now)
    speech = viewer.speech
    fields = {
        "name": found.name,
        "official": found.official or "",
        "from": speech.day(found.from_day),
        "until": speech.day(found.until_day),
        "body": viewer.body(found.body_id),
    }
    first = speech.say("<b>{name} stands in for {official}</b>, who is away.\nDays: {from} – {until}\n{body}", **fields)
    then = speech.say("Your requests and meetings on these days stay as they are; {name} answers.", name=found.name)
    text = Markup("\n\n").join((first, then, Markup("\n").join(lines(viewer, found.meetings))))
    return Screen(text, (*buttons(viewer, found.meetings), _mine(viewer)))


async def back(viewer: Viewer, rest: list[str]) -> Screen:
    """``bw:DEPUTY``: the official is back: what was done, and what waits."""
    found = await viewer.read(standing_in.balance, viewer.actor, number(rest[0]))
    speech = viewer.speech
    parts = [
        speech.say("<b>Welcome back.</b> {name} does not stand in for you any more.", name=found.name),
        speech.npsay("line", "Answered for you: {n}.", "Answered for you: {n}.", found.done),
        speech.npsay("line", "Waiting for you: {n}.", "Waiting for you: {n}.", len(found.waiting)),
    ]
    if found.waiting:
        parts.append(Markup("\n").join(lines(viewer, found.waiting)))
    return Screen(Markup("\n\n").join(parts), (*buttons(viewer, found.waiting), _mine(viewer)))


def lines(viewer: Viewer, found: tuple[Affected, ...]) -> list[Markup]:
    """Requests and meetings, each in a line."""
    speech = viewer.speech
    shown = [
        Markup("– {}, {}").format(one.number, speech.when(one.starts_at))
        if one.starts_at
        else speech.psay("line", "– {number}, not confirmed yet", number=one.number)
        for one in found[:MOST]
    ]
    if len(found) > MOST:
        shown.append(speech.npsay("line", "And one more.", "And {n} more.", len(found) - MOST))
    return shown


def buttons(viewer: Viewer, found: tuple[Affected, ...]) -> tuple[Row, ...]:
    """A button that opens each of them."""
    psay = viewer.speech.psay
    return tuple(
        (Button(psay("button", "Open {number}", number=one.number), f"m:{one.meeting_id}"),) for one in found[:MOST]
    )


def _mine(viewer: Viewer) -> Row:
    return (Button(viewer.speech.psay("button", "My meetings"), "my"),)
