"""The buttons under a meeting: the answers open to this side now, and what else can be done about it.

Every subject adds its own rows in ``EXTRAS``; whether a tap is allowed is decided by the rules, not here.
"""

from collections.abc import Callable

from handlers import attachment_screens, calendar_screens, join_screens, outcome_screens, redirect_screens, talk_screens
from handlers.screen import Button, Rows
from handlers.viewer import Viewer
from liaison.cards import MeetingCard

Row = tuple[Button, ...]
EXTRAS: tuple[Callable[[Viewer, MeetingCard], list[Row]], ...] = (
    redirect_screens.rows,
    attachment_screens.rows,
    calendar_screens.rows,
    talk_screens.rows,
    join_screens.rows,
    outcome_screens.rows,
)


def actions(viewer: Viewer, card: MeetingCard) -> Rows:
    """All rows, the most likely first, [My meetings] last."""
    rows = [*undo(viewer, card), *_times(viewer, card), *_answers(viewer, card), *_place(viewer, card)]
    rows += [row for extra in EXTRAS for row in extra(viewer, card)]
    rows += _ends(viewer, card)
    if card.state in ("declined", "withdrawn", "cancelled", "expired") and card.side == "representative":
        rows.append((Button(viewer.speech.say("Back to the card"), f"b:{card.body_id}"),))
    return (*rows, (Button(viewer.speech.psay("button", "My meetings"), "my"),))


def undo(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """[Take it back], for a minute and for the one who answered."""
    return [(Button(viewer.speech.psay("button", "Take it back"), f"mu:{card.id}"),)] if card.undo else []


def _times(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """A button for each time that this side may take: one tap confirms."""
    speech = viewer.speech
    rows: list[Row] = []
    for slot in card.slots:
        time = speech.slot(slot.starts_at)
        if slot.free and slot.offered_by == "ngo" and "confirm" in card.may:
            label = speech.psay("button", "Confirm {time}", time=time)
            rows.append((Button(label, f"mc:{card.id}:{slot.id}", style="success"),))
        elif slot.free and slot.offered_by == "office" and "accept" in card.may:
            label = speech.psay("button", "Accept {time}", time=time)
            rows.append((Button(label, f"ma:{card.id}:{slot.id}", style="success"),))
    return rows


def _answers(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """The other answers of the office; none of them fires at the first tap."""
    psay = viewer.speech.psay
    rows: list[Row] = []
    other = Button(psay("button", "Other times"), f"op:{card.id}")
    decline = Button(psay("button", "Decline"), f"m:{card.id}:d")
    if "propose" in card.may:  # as open as declining
        rows.append((other, decline))
    if "new_times" in card.may:
        fits = any(slot.offered_by == "office" and slot.free for slot in card.slots)
        label = psay("button", "None of them fits") if fits else psay("button", "Choose new times")
        rows.append((Button(label, f"nt:{card.id}", style=None if fits else "primary"),))
    return rows


def _place(viewer: Viewer, card: MeetingCard) -> list[Row]:
    if "place" not in card.may:
        return []
    psay = viewer.speech.psay
    label = psay("button", "Change the place") if card.place else psay("button", "Name the place")
    return [(Button(label, f"pc:{card.id}"),)]


def _ends(viewer: Viewer, card: MeetingCard) -> list[Row]:
    psay = viewer.speech.psay
    rows: list[Row] = []
    if "withdraw" in card.may:
        rows.append((Button(psay("button", "Withdraw the request"), f"m:{card.id}:w"),))
    if {"move", "offer_move"} & card.may:
        data = f"nt:{card.id}" if "move" in card.may else f"op:{card.id}"
        rows.append((Button(psay("button", "Move to another time"), data),))
    if "cancel" in card.may:
        rows.append((Button(psay("button", "Cancel the meeting"), f"m:{card.id}:x"),))
    return rows
