"""Agreed points on the screen: the dialogue in which they are written, and one point on its day."""

from markupsafe import Markup

from handlers import outcome_screens, promise_lines
from handlers.screen import Button, Screen, by, number
from handlers.viewer import Viewer
from liaison import outcome_sight, promise_terms, promise_writing, promises
from liaison.deliveries import Due
from liaison.drafts import DraftCard
from liaison.promise_terms import PointView

DROP = "drop"  # at the end of an address: asks once more before a point is dropped


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """The question of the dialogue that stands open: the lines, the points one by one, another date."""
    if draft.step == "write":
        return await _write(viewer, draft)
    points = promise_writing.points_of(draft.data)
    at = int(draft.data.get("at", 0))
    if draft.step == "date":
        text = viewer.speech.say(
            "Until when is point {number} to be done? Please write the date, for example 15.12 or 15.12.2026.",
            number=at,
        )
        return Screen(text, ((Button(viewer.speech.psay("button", "Back"), _tap(draft, "again")),),))
    return _one(viewer, draft, points[at - 1], at) if at else _review(viewer, draft, points)


async def point(viewer: Viewer, rest: list[str]) -> Screen:
    """``yp:POINT[:drop]``: one point, and what can be said of it."""
    found = await viewer.read(promise_terms.see, viewer.actor, number(rest[0]), viewer.policy, now=viewer.now)
    return _ask_drop(viewer, found) if rest[1:] == [DROP] and "dropped" in found.may else _point(viewer, found)


async def proposed(viewer: Viewer, due: Due) -> Screen:
    """The notice with the other party's points."""
    shown = await outcome_screens.points(viewer, due)
    first = viewer.speech.say("<b>ACTION NEEDED: the other side wrote down what was agreed, please confirm</b>")
    last = viewer.speech.say("If you are silent for five working days, the points count as agreed.")
    return Screen(Markup("\n\n").join((first, Markup(shown.text), last)), shown.rows)


async def due_today(viewer: Viewer, due: Due) -> Screen:
    """The notice on a point's day."""
    return await point(viewer, [str(due.details["promise"])])


async def _write(viewer: Viewer, draft: DraftCard) -> Screen:
    say = viewer.speech.say
    card = await viewer.read(
        outcome_sight.see,
        viewer.actor,
        int(draft.data["meeting"]),
        draft.data["party"],
        viewer.policy,
        now=viewer.now,
    )
    parts = [
        promise_lines.line(viewer.speech, one, own=one.proposed_by == card.party)
        for one in card.points
        if one.state == "proposed"
    ]
    asked = say(
        "Please write what was agreed, up to five points, each in a line of its own. A date at the end of a line "
        "(15.12 or 15.12.2026) is its term. The other side confirms."
    )
    if parts:
        parts = [say("<b>Written down so far</b>"), *parts, say("What you write now takes the place of all of it.")]
    back = Button(viewer.speech.psay("button", "Back"), _tap(draft, "leave"))
    return Screen(Markup("\n\n").join((*parts, asked)), ((back,),))


def _review(viewer: Viewer, draft: DraftCard, points: tuple[promises.Point, ...]) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    lines = [promise_lines.draft_line(viewer.speech, n, one) for n, one in enumerate(points, 1)]
    text = Markup("\n\n").join(
        (
            psay("title", "<b>Agreed points</b>"),
            Markup("\n").join(lines),
            say("Tap a point to set its date and who does it. Nothing is sent yet."),
        )
    )
    numbers = range(1, len(points) + 1)
    buttons = by(2, [Button(psay("button", "Point {n}…", n=n), _tap(draft, "look", str(n))) for n in numbers])
    send = Button(psay("button", "Send to the other side"), _tap(draft, "send"), style="success")
    ways = (Button(psay("button", "Write them anew"), _tap(draft, "again")), _leave(viewer, draft))
    return Screen(text, (*buttons, (send,), ways))


def _one(viewer: Viewer, draft: DraftCard, one: promises.Point, at: int) -> Screen:
    psay = viewer.speech.psay
    text = Markup("\n\n").join(
        (
            promise_lines.draft_line(viewer.speech, at, one),
            viewer.speech.say("Until when is it to be done, and who does it?"),
        )
    )
    buttons = (
        (
            Button(psay("button", "In a week"), _tap(draft, "term", f"{at}:week")),
            Button(psay("button", "In a month"), _tap(draft, "term", f"{at}:month")),
        ),
        (
            Button(psay("button", "Other date…"), _tap(draft, "date", str(at))),
            Button(psay("button", "No date"), _tap(draft, "term", f"{at}:none")),
        ),
        (
            Button(psay("button", "The office does it"), _tap(draft, "by", f"{at}:office")),
            Button(psay("button", "The NGO does it"), _tap(draft, "by", f"{at}:ngo")),
        ),
        (Button(psay("button", "Back"), _tap(draft, "look", "0")),),
    )
    return Screen(text, buttons)


def _point(viewer: Viewer, found: PointView) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    own = found.point.proposed_by == found.party
    parts = [
        psay("title", "<b>Point {n}</b>, meeting {number}", n=found.point.number, number=found.number),
        viewer.body(found.body_id),
        promise_lines.line(viewer.speech, found.point, own=own),
    ]
    at, buttons = f"yd:{found.point.id}", []
    if "done" in found.may:
        parts.insert(0, say("<b>Is this agreed point done?</b>"))
        buttons.append((Button(psay("button", "Done"), f"{at}:done", style="success"),))
        buttons.append((Button(psay("button", "Not yet: in a week"), f"{at}:week"),))
        buttons.append((Button(psay("button", "Not yet: in a month"), f"{at}:month"),))
    if "dropped" in found.may:
        buttons.append((Button(psay("button", "Dropped…"), f"yp:{found.point.id}:{DROP}"),))
    back = Button(psay("button", "Back"), f"oc:{found.meeting_id}:{found.party}")
    return Screen(Markup("\n\n").join(Markup.escape(part) for part in parts), (*buttons, (back,)))


def _ask_drop(viewer: Viewer, found: PointView) -> Screen:
    psay = viewer.speech.psay
    text = viewer.speech.say("Drop point {number}? It will count as not kept.\n\n{text}", number=found.point.number,
        text=found.point.text)  # fmt: skip
    yes = Button(psay("button", "Yes, drop it"), f"yd:{found.point.id}:dropped", style="danger")
    return Screen(text, ((yes,), (Button(psay("button", "Back"), f"yp:{found.point.id}"),)))


def _leave(viewer: Viewer, draft: DraftCard) -> Button:
    return Button(viewer.speech.psay("button", "Leave it"), _tap(draft, "leave"))


def _tap(draft: DraftCard, verb: str, argument: str = "") -> str:
    return f"yq:{draft.data['meeting']}:{draft.key}:{draft.rev}:{verb}" + (f":{argument}" if argument else "")
