"""What a request brought along, in the card of its meeting: with whom, who comes, files, the same request elsewhere."""

from markupsafe import Markup

from handlers.screen import Button, Row
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison.cards import MeetingCard


def rows(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """[Show the files] where there are any; the way to the requests that were sent together."""
    psay = viewer.speech.psay
    found: list[Row] = []
    if card.files:
        found.append((Button(psay("button", "Show the files"), f"fs:{card.id}"),))
    if card.also_to and card.side == "representative":
        found.append((Button(psay("button", "All sent together"), f"bt:{card.id}"),))
    return found


def with_head(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """That the meeting is with the head of the body: said right below the body, since it changes who is to come."""
    if not card.with_head:
        return []
    return [viewer.speech.say("With the head of the body; the official arranges it")]


def lines(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """Who comes along, how many files, and where the same request went."""
    psay = viewer.speech.psay
    found: list[Markup] = []
    if card.attendees:
        found.append(psay("line", "Comes along: {names}", names=", ".join(card.attendees)))
    if card.files:
        found.append(psay("line", "Files: {n}", n=card.files))
    if card.also_to:
        bodies = "; ".join(viewer.body(body_id) for body_id in card.also_to)
        found.append(psay("line", "Also sent to: {bodies}", bodies=bodies))
    return found


def file_name(speech: Speech, name: str | None, place: int) -> str:
    """A file by its name; a photo, which has none, by its place."""
    return name or speech.psay("file", "photo {n}", n=place).unescape()
