"""Taps that change how an official receives, ``ra:BODY:WHAT[:…]``, and the tap that proposes fresh times."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from telegram import Update

from handlers.context import Context
from handlers.fresh_screens import STAMP
from handlers.reception_hours import read_day, read_hour
from handlers.screen import number
from liaison import fresh_times, online_links
from liaison import reception_changes as changes
from liaison.drafts import DraftCard
from liaison.errors import NotYours
from liaison.windows import Window


async def tapped(update: Update, context: Context) -> None:
    """Any of these buttons: one change, then the screen that shows it."""
    body_id, what, given = context.number(1), context.part(2), context.tap[3:]
    if what == "l":
        await context.do(online_links.ask, body_id, context.policy, then=f"d:{online_links.KIND}")
    elif what == "q":
        await context.do(online_links.leave, body_id, then=f"rw:{body_id}")
    elif what == "n":
        await context.do(online_links.forget, body_id, context.policy, then=f"rw:{body_id}")
    else:
        await _change(context, body_id, what, given)


async def propose_fresh(update: Update, context: Context) -> None:
    """``fp:MEETING:TIME.TIME.…``: [Propose these times], those that suit both sides."""
    meeting_id = context.number(1)
    try:
        starts = [datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) for stamp in context.part(2).split(".")]
    except ValueError as broken:
        raise NotYours("button", f"no times {context.tap!r}") from broken
    await context.do(fresh_times.propose, meeting_id, starts, context.policy, then=f"m:{meeting_id}")


async def typed_link(context: Context, draft: DraftCard, text: str) -> None:
    """The link to the official's own room, typed."""
    context.place = f"d:{online_links.KIND}"  # shown again where it is refused
    body_id, now = int(draft.data["body"]), context.view.now
    await context.write(online_links.say, context.actor, draft.key, text, context.policy, now=now)
    await context.show(f"rw:{body_id}")


async def _change(context: Context, body_id: int, what: str, given: list[str]) -> None:
    """Run the rule of a change; meetings that its hours leave out are named in the answer to the tap."""
    try:
        rule, arguments, then = _CHANGES[what](given)
    except (KeyError, ValueError, IndexError) as broken:
        raise NotYours("button", f"broken button {context.tap!r}") from broken
    context.place = f"rw:{body_id}{then}"
    now, say = context.view.now, context.view.speech
    card = await context.write(rule, context.actor, body_id, *arguments, context.policy, now=now)
    toast = say.psay("toast", "Saved.")
    if card.outside:
        toast = say.nsay(
            "Saved. {n} confirmed meeting lies outside the hours; it stays.",
            "Saved. {n} confirmed meetings lie outside the hours; they stay.",
            len(card.outside),
        )
    await context.show(context.place, toast=toast)


Change = tuple[Callable[..., changes.ReceptionCard], tuple[Any, ...], str]


def _window(given: list[str]) -> Window:
    weekday = number(given[0])
    if weekday > 6:
        raise ValueError(f"no weekday: {weekday}")
    return Window(weekday, read_hour(given[1]), read_hour(given[2]))


def _hours_of_day(given: list[str]) -> Change:
    hours = ((read_hour(given[1]), read_hour(given[2])),)
    return changes.set_day, (read_day(given[0]), hours), ":o"


# What is changed, with the rule's arguments and the part of the reception that is shown then.
_CHANGES: dict[str, Callable[[list[str]], Change]] = {
    "p": lambda given: (changes.take_preset, (given[0],), ""),
    "w": lambda given: (changes.add_window, (_window(given),), ":p"),
    "r": lambda given: (changes.remove_window, (_window(given),), ":p"),
    "v": lambda given: (changes.choose, (given[0], number(given[1])), ""),
    "c": lambda given: (changes.set_day, (read_day(given[0]), ()), ":o"),
    "h": _hours_of_day,
    "u": lambda given: (changes.as_usual, (read_day(given[0]),), ":o"),
}
