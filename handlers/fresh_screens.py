"""Under a request whose times are all gone: the nearest that suit both sides, to be proposed with one tap."""

from dataclasses import replace

from markupsafe import Markup

from handlers.screen import Button, Screen
from handlers.viewer import Viewer
from liaison import fresh_times
from liaison.cards import MeetingCard

STAMP = "%Y%m%d%H%M"  # of a time in a button, in UTC


async def added(viewer: Viewer, card: MeetingCard, drawn: Screen) -> Screen:
    """The meeting's screen with the fresh times for the office, where there are any."""
    if "propose" not in card.may:
        return drawn
    spans = await viewer.read(fresh_times.of_meeting, viewer.actor, card.id, viewer.policy, now=viewer.now)
    if not spans:
        return drawn
    speech = viewer.speech
    head = speech.say("None of the offered times can be taken any more. These suit both sides:")
    lines = [head, *(Markup("– {}").format(speech.when(span.starts_at)) for span in spans)]
    label = speech.npsay("button", "Propose this time", "Propose these {n} times", len(spans))
    stamps = ".".join(f"{span.starts_at:{STAMP}}" for span in spans)
    row = (Button(label, f"fp:{card.id}:{stamps}", style="primary"),)
    return replace(drawn, text=f"{drawn.text}\n\n{Markup(chr(10)).join(lines)}", rows=(row, *drawn.rows))
