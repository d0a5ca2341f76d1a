"""/my: one's requests and meetings, and the doors to what else is one's own."""

from markupsafe import Markup

from handlers import labels, reasons
from handlers.screen import Button, Screen
from handlers.viewer import Viewer
from liaison import meetings
from liaison.cards import MeetingCard

ON_LIST = 10  # meetings shown
Row = tuple[Button, ...]


async def mine(viewer: Viewer, rest: list[str]) -> Screen:
    """``my``: one's requests and meetings, each a button."""
    found = await viewer.read(meetings.mine, viewer.actor, now=viewer.now)
    rows: list[Row] = [(Button(_list_label(viewer, card), f"m:{card.id}"),) for card in found[:ON_LIST]]
    back = Button(viewer.speech.psay("button", "Back"), "start")
    return Screen(_list(viewer, found), (*rows, *_doors(viewer), (back,)))


def _list(viewer: Viewer, found: tuple[MeetingCard, ...]) -> Markup:
    say = viewer.speech.say
    if not found:
        return say("You have no open requests or coming meetings. Write what you are looking for to begin.")
    lines = [say("<b>Your requests and meetings</b>")]
    lines += [_one_line(viewer, card) for card in found[:ON_LIST]]
    if len(found) > ON_LIST:
        lines.append(viewer.speech.npsay("line", "And one more.", "And {n} more.", len(found) - ON_LIST))
    return Markup("\n\n").join(lines)


def _doors(viewer: Viewer) -> list[Row]:
    psay, region = viewer.speech.psay, viewer.actor.region_id
    doors: list[Row] = []
    if viewer.actor.coordinates:
        doors.append((Button(psay("button", "Coordinator's desk"), "desk"),))
    label = psay("button", "Choose my region")
    if region is not None:
        name = labels.region(viewer, viewer.tree.by_id[region])
        label = psay("button", "My region: {region}", region=name)
    doors.append((Button(psay("button", "What I follow"), "fw"),))
    return [*doors, (Button(label, "rg:my"),)]


def _one_line(viewer: Viewer, card: MeetingCard) -> Markup:
    psay = viewer.speech.psay
    when = viewer.speech.when(card.starts_at) if card.starts_at else ""
    other = viewer.body(card.body_id) if card.side == "representative" else card.organisation
    state = reasons.state(viewer.speech, card)
    if when:
        return psay(
            "line", "<b>{number}</b>, {when}\n{other}\n{state}", number=card.number, when=when, other=other, state=state
        )
    return psay("line", "<b>{number}</b>\n{other}\n{state}", number=card.number, other=other, state=state)


def _list_label(viewer: Viewer, card: MeetingCard) -> str:
    if card.starts_at is None:
        return viewer.speech.psay("button", "Open {number}", number=card.number)
    return f"{card.number}, {viewer.speech.slot(card.starts_at)}"
