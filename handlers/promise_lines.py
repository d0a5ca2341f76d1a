"""Agreed points as lines and buttons, wherever they are shown."""

from datetime import date

from markupsafe import Markup

from handlers.screen import Button, by
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison.outcome_sight import OutcomeCard
from liaison.promises import Point, PointCard

Row = tuple[Button, ...]


def block(viewer: Viewer, card: OutcomeCard) -> Markup:
    """The points of a meeting with what becomes of them; where there are none yet, whether there are any."""
    speech = viewer.speech
    lines = [line(speech, point, own=point.proposed_by == card.party) for point in card.points]
    if lines:
        return Markup("\n").join((speech.psay("title", "<b>Agreed points</b>"), *lines))
    if card.may_write and card.result != "not_held":
        return speech.say("<b>Were points agreed?</b> Write up to five; the other side confirms them.")
    return Markup("")


def buttons(viewer: Viewer, card: OutcomeCard) -> list[Row]:
    """What this party can do: confirm or correct the points of the other, write its own, say what is done."""
    psay = viewer.speech.psay
    if card.party is None:
        return []
    at = f"{card.meeting.id}:{card.party}"
    proposed = [point for point in card.points if point.state == "proposed"]
    theirs = [point for point in proposed if point.proposed_by != card.party]
    agreed = [point for point in card.points if point.state == "agreed"]
    found: list[Row] = [*by(2, [Button(psay("button", "Point {n}…", n=one.number), f"yp:{one.id}") for one in agreed])]
    if theirs:
        found.append((Button(psay("button", "Confirm all"), f"yf:{at}:{theirs[-1].id}", style="success"),))
    if card.may_write:
        found.append((Button(_writing(viewer, card, theirs, proposed), f"yw:{at}"),))
        if not card.points:
            found.append((Button(psay("button", "No points"), f"m:{card.meeting.id}"),))
    return found


def _writing(viewer: Viewer, card: OutcomeCard, theirs: list[PointCard], proposed: list[PointCard]) -> str:
    psay = viewer.speech.psay
    if theirs:
        return psay("button", "Not agreed…")
    if proposed:
        return psay("button", "Write them anew")
    return psay("button", "Write more points") if card.points else psay("button", "Write the points")


def line(speech: Speech, point: PointCard, *, own: bool) -> Markup:
    """One point of a meeting: its text, who promises it, its term, and how it stands."""
    return speech.psay(
        "line",
        "{number}. {text}\n{who}; {term}; {state}",
        number=point.number,
        text=point.text,
        who=who(speech, point.by),
        term=term(speech, point.due_on),
        state=_state(speech, point, own),
    )


def draft_line(speech: Speech, number: int, point: Point) -> Markup:
    """One point as it is being written."""
    return speech.psay(
        "line",
        "{number}. {text}\n{who}; {term}",
        number=number,
        text=point.text,
        who=who(speech, point.by),
        term=term(speech, point.due_on),
    )


def who(speech: Speech, party: str) -> Markup:
    """Who promises a point."""
    return speech.psay("who does it", "the NGO") if party == "ngo" else speech.psay("who does it", "the office")


def term(speech: Speech, due_on: date | None) -> Markup:
    """Until when."""
    if due_on is None:
        return speech.psay("term of a point", "no date")
    return speech.psay("term of a point", "until {date}", date=speech.date(due_on))


def _state(speech: Speech, point: PointCard, own: bool) -> Markup:
    psay = speech.psay
    if point.state == "proposed":
        return (
            psay("state of a point", "the other side has yet to confirm")
            if own
            else psay("state of a point", "please confirm")
        )
    if point.state == "agreed" and point.silent:
        return psay("state of a point", "agreed by silence")
    return {
        "agreed": psay("state of a point", "agreed by both"),
        "done": psay("state of a point", "done"),
        "dropped": psay("state of a point", "dropped"),
    }[point.state]
