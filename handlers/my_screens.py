"""/my: one's requests and meetings, and the doors to what else is one's own."""

from markupsafe import Markup

from handlers import labels, reasons
from handlers.screen import Button, Screen
from handlers.viewer import Viewer
from liaison import meetings, promise_terms, states
from liaison.cards import MeetingCard

ON_LIST = 10  # meetings shown
Row = tuple[Button, ...]


async def mine(viewer: Viewer, rest: list[str]) -> Screen:
    """``my``: one's requests and meetings, each a button."""
    found = await viewer.read(meetings.mine, viewer.actor, now=viewer.now)
    rows: list[Row] = [(Button(_list_label(viewer, card), f"m:{card.id}"),) for card in found[:ON_LIST]]
    back = Button(viewer.speech.psay("button", "Back"), "start")
    text = Markup("\n\n").join(part for part in (_list(viewer, found), await _kept(viewer)) if part)
    return Screen(text, (*rows, *_doors(viewer), (back,)))


async def _kept(viewer: Viewer) -> Markup:
    """How many of the points agreed with him an official kept: for himself alone."""
    found = await viewer.read(promise_terms.kept, viewer.actor, viewer.policy, now=viewer.now)
    if not found.of:
        return Markup("")
    return viewer.speech.psay("line", "Agreed points kept: {kept} of {of}", kept=found.kept, of=found.of)


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
    if viewer.actor.posts or viewer.actor.assists:
        doors.append((Button(psay("button", "My reception"), "rw"),))
    if viewer.actor.posts:
        doors.append((Button(psay("button", "Leave and assistants"), "dp"),))
    doors.append((Button(psay("button", "My day"), "td"),))
    label = psay("button", "Choose my region")
    if region is not None:
        name = labels.region(viewer, viewer.tree.by_id[region])
        label = psay("button", "My region: {region}", region=name)
    doors.append((Button(psay("button", "What I follow"), "fw"),))
    return [*doors, (Button(label, "rg:my"),)]


def _one_line(viewer: Viewer, card: MeetingCard) -> Markup:
    psay = viewer.speech.psay
    when = viewer.speech.when(card.starts_at) if _is_set(card) and card.starts_at else ""
    other = viewer.body(card.body_id) if card.side in ("representative", "guest") else card.organisation
    state = reasons.state(viewer.speech, card)
    if when:
        return psay(
            "line", "<b>{number}</b>, {when}\n{other}\n{state}", number=card.number, when=when, other=other, state=state
        )
    return psay("line", "<b>{number}</b>\n{other}\n{state}", number=card.number, other=other, state=state)


def _list_label(viewer: Viewer, card: MeetingCard) -> str:
    if card.starts_at is None or not _is_set(card):
        return viewer.speech.psay("button", "Open {number}", number=card.number)
    return f"{card.number}, {viewer.speech.slot(card.starts_at)}"


def _is_set(card: MeetingCard) -> bool:
    """Its time counts: while a meeting is being moved, the card still has the former one."""
    return card.state not in states.OPEN
