"""Joining another NGO's meeting on the screen: the offer in the dialogue, the line, and who comes along on the card."""

from markupsafe import Markup

from handlers import labels
from handlers.request_frame import ask, head, tap
from handlers.screen import Button, Screen
from handlers.viewer import Viewer
from liaison import joins
from liaison.cards import MeetingCard
from liaison.drafts import DraftCard
from liaison.states import OPEN

Row = tuple[Button, ...]
NAME_LENGTH = 16  # of an organisation on a button
OFF = ("declined", "withdrawn", "cancelled", "expired")


async def offer(viewer: Viewer, draft: DraftCard) -> Screen:
    """The question after the topic, where another NGO has asked before. Nothing of that NGO is shown."""
    say, psay = viewer.speech.say, viewer.speech.psay
    text = Markup("\n\n").join(
        (
            say("Another NGO has already asked about this. Join its meeting?"),
            say(
                "If you ask to join, it is shown the name of your organisation, your name and the line you write, and "
                "decides. You are shown its name and its request once it agrees."
            ),
        )
    )
    return ask(
        viewer,
        draft,
        text,
        (Button(psay("button", "Ask to join"), f"jq:{draft.key}:{draft.rev}", style="primary"),),
        (Button(psay("button", "My own request"), tap(draft, "own")),),
    )


async def line(viewer: Viewer, draft: DraftCard) -> Screen:
    """The optional line that goes with the wish to join."""
    say, psay = viewer.speech.say, viewer.speech.psay
    text = viewer.speech.nsay(
        "You may write a line of at most {n} character: what would you add to the meeting? The other NGO reads it.",
        "You may write a line of at most {n} characters: what would you add to the meeting? The other NGO reads it.",
        joins.LINE_LENGTH,
    )
    rows = (
        (Button(say("Ask without a line"), f"js:{draft.key}", style="primary"),),
        (Button(psay("button", "Back"), f"jb:{draft.key}"),),
    )
    return Screen(Markup("\n\n").join((head(viewer, draft), text)), rows)


def lines(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """Who comes along, with what each wants to add; the NGO that decides also sees who asks to."""
    psay = viewer.speech.psay
    found: list[Markup] = []
    for guest in card.guests:
        if guest.state == "asked":
            found.append(psay("line", "Asks to join: {name}", name=guest.organisation))
            continue
        if guest.representative:
            found.append(
                psay(
                    "line",
                    "Another NGO comes along: {name} ({person})",
                    name=guest.organisation,
                    person=guest.representative,
                )
            )
        else:
            found.append(psay("line", "Another NGO comes along: {name}", name=guest.organisation))
        if guest.agenda:
            found.append(psay("line", "Adds: {line}", line=guest.agenda))
    return found


def rows(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """The NGO answers who asks to join; a guest leaves, or sends its own request once the meeting is off."""
    psay = viewer.speech.psay
    if card.side == "representative":
        asked = [guest for guest in card.guests if guest.state == "asked" and (card.state in OPEN or not card.begun)]
        return [(Button(_asks(viewer, guest.organisation), f"jn:{guest.id}"),) for guest in asked]
    if card.side != "guest":
        return []
    if card.state in OFF:
        return [(Button(psay("button", "Send my own request"), f"jw:{card.id}", style="primary"),)]
    if card.state in OPEN or (card.state == "confirmed" and not card.begun):
        return [(Button(psay("button", "Leave the meeting"), f"jl:{card.id}"),)]
    return []


def _asks(viewer: Viewer, name: str) -> str:
    shown = labels.cut(name, NAME_LENGTH)
    return viewer.speech.psay("button", "Asks to join: {name}", name=shown).unescape()
