"""One request to several bodies: choosing them, what each would be offered, and all that were sent together."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers import labels, reasons
from handlers.request_frame import ask, tap
from handlers.screen import Button, Row, Rows, Screen, number, paired
from handlers.viewer import Viewer
from liaison import batches, caps, meetings
from liaison.drafts import DraftCard

LISTED = 20  # open requests on one screen


async def also(viewer: Viewer, draft: DraftCard) -> Screen:
    """The bodies that are ticked, with the cap; what a typed name may mean, else suggestions."""
    say, psay = viewer.speech.say, viewer.speech.psay
    chosen = list(draft.data.get("also", []))
    found = [body_id for body_id in draft.data.get("found", []) if body_id in viewer.tree.by_id]
    offered: Sequence[int] = found
    if not found:
        rules = (viewer.actor, viewer.tree, draft.data, viewer.policy)
        offered = await viewer.read(batches.suggested, *rules, now=viewer.now)
    count = psay("line", "Bodies: {n} of {most}", n=len(chosen) + 1, most=batches.MOST_BODIES)
    asked = say(
        "To which other bodies should the same request go? Each offers its own free times, and each sees whom else "
        "you asked. Choose here, or write a body's name to search for it."
    )
    rows: list[Row] = [
        (Button(_label(viewer, body_id, chosen=True), tap(draft, "also-off", str(body_id))),) for body_id in chosen
    ]
    if len(chosen) + 1 < batches.MOST_BODIES:
        new = [body_id for body_id in offered if body_id not in chosen and body_id != draft.data["body"]]
        rows += [(Button(_label(viewer, body_id), tap(draft, "also", str(body_id))),) for body_id in new]
    rows.append((Button(psay("button", "Done"), tap(draft, "pane"), style="primary"),))
    text = Markup("\n\n").join((Markup("\n").join((count, *await planned(viewer, draft))), asked))
    return ask(viewer, draft, text, *rows)


async def planned(viewer: Viewer, draft: DraftCard) -> list[Markup]:
    """A line for each other body with the times it would be offered."""
    if not draft.data.get("also"):
        return []
    speech = viewer.speech
    found = await viewer.read(batches.times, viewer.actor, draft.data, viewer.policy, now=viewer.now)
    lines = []
    for body_id, free in found:
        body, times = viewer.body(body_id), "; ".join(speech.slot(span.starts_at) for span in free)
        lines.append(
            speech.psay("line", "Also to: <b>{body}</b> – {times}", body=body, times=times)
            if free
            else speech.psay("line", "Also to: <b>{body}</b> – no free time", body=body)
        )
    return lines


async def together(viewer: Viewer, rest: list[str]) -> Screen:
    """``bt:ID``: the requests that were sent together with one, each with its state and a button."""
    speech = viewer.speech
    found = await viewer.read(batches.siblings, viewer.actor, number(rest[0]))
    lines = [speech.say("<b>One request to several bodies</b>")]
    for one in found:
        card = await viewer.read(meetings.see, viewer.actor, one.meeting_id, now=viewer.now, side="representative")
        said = {"number": one.number, "body": viewer.body(one.body_id), "state": reasons.state(speech, card)}
        lines.append(speech.psay("line", "<b>{number}</b> – {body}\n{state}", **said))
    return Screen(Markup("\n\n").join(lines), (*_opening(viewer, [(one.meeting_id, one.number) for one in found]),
        (Button(speech.psay("button", "My meetings"), "my"),)))  # fmt: skip


async def waiting(viewer: Viewer, rest: list[str]) -> Screen:
    """``ow``: the requests of one's organisation that wait for an answer, and how many may."""
    speech = viewer.speech
    found = await viewer.read(caps.waiting, viewer.actor)
    first = speech.nsay(
        "Your organisation has {n} request that waits for an answer; at most {most} may wait at a time. A new one can "
        "be sent when one of them is answered or withdrawn.",
        "Your organisation has {n} requests that wait for an answer; at most {most} may wait at a time. A new one can "
        "be sent when one of them is answered or withdrawn.",
        len(found),
        most=viewer.policy.most_open,
    )
    lines = [
        speech.psay("line", "<b>{number}</b> – {body}", number=numbered, body=viewer.body(body_id))
        for _, numbered, body_id in found[:LISTED]
    ]
    text = Markup("\n\n").join((first, Markup("\n").join(lines))) if lines else first
    opening = _opening(viewer, [(meeting_id, numbered) for meeting_id, numbered, _ in found[:LISTED]])
    return Screen(text, (*opening, (Button(speech.psay("button", "My meetings"), "my"),)))


def _opening(viewer: Viewer, requests: list[tuple[int, str]]) -> Rows:
    psay = viewer.speech.psay
    buttons = [Button(psay("button", "Open {number}", number=one), f"m:{meeting_id}") for meeting_id, one in requests]
    return paired(buttons, labels.HALF)


def _label(viewer: Viewer, body_id: int, *, chosen: bool = False) -> str:
    psay, body = viewer.speech.psay, labels.of(viewer, viewer.tree.by_id[body_id])
    return psay("button", "Chosen: {body}", body=body) if chosen else psay("button", "Add: {body}", body=body)
