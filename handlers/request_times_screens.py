"""Choosing times: the three nearest with their ticks, the days that have free ones, the hours of one day."""

from collections.abc import Sequence
from datetime import date

from handlers.request_frame import ask, tap
from handlers.screen import Button, Screen, by
from handlers.viewer import Viewer
from liaison import request_times
from liaison.drafts import DraftCard
from liaison.slots import Span

DAYS_ON_PAGE = 8
TIMES_ON_PAGE = 12


async def times(viewer: Viewer, draft: DraftCard) -> Screen:
    """The question of times, in the view that is open: the three nearest, the days, or one day."""
    choice = await viewer.read(request_times.choice, viewer.actor, draft, viewer.policy, now=viewer.now)
    view, _, rest = str(draft.data.get("view", "")).partition(":")
    if view == "days":
        return _days(viewer, draft, choice.days, int(rest or 0))
    if view == "day":
        return _day(viewer, draft, choice.day_times, rest)
    return _candidates(viewer, draft, choice)


def _candidates(viewer: Viewer, draft: DraftCard, choice: request_times.Choice) -> Screen:
    speech = viewer.speech
    if not choice.candidates:
        text = speech.nsay(
            "There is no free time in the next {n} day. Please call, or try again later.",
            "There is no free time in the next {n} days. Please call, or try again later.",
            viewer.policy.horizon_days,
        )
        return ask(viewer, draft, text)
    rows: list[tuple[Button, ...]] = []
    for span in choice.candidates:
        time = speech.slot(span.starts_at)
        ticked = span in choice.picked
        label = (
            speech.psay("button", "Chosen: {time}", time=time)
            if ticked
            else speech.psay("button", "Add: {time}", time=time)
        )
        rows.append((Button(str(label), tap(draft, "tick", _stamp(span))),))
    n = len(choice.picked)
    if n:
        use = speech.npsay("button", "Use this time", "Use these {n} times", n)
        rows.append((Button(use, tap(draft, "use"), style="primary"),))
    rows.append((Button(speech.psay("button", "Other days"), tap(draft, "look", "days:0")),))
    text = speech.say(
        "These are the nearest possible times ({offset}). The official will choose one of those you leave chosen.",
        offset=speech.utc_offset,
    )
    return ask(viewer, draft, text, *rows)


def _days(viewer: Viewer, draft: DraftCard, days: Sequence[tuple[date, int]], page: int) -> Screen:
    speech = viewer.speech
    shown = days[page * DAYS_ON_PAGE : (page + 1) * DAYS_ON_PAGE]
    buttons = [Button(speech.short_day(day), tap(draft, "look", f"day:{day.isoformat()}")) for day, _ in shown]
    turn = _turn(viewer, draft, "days", page, len(days), DAYS_ON_PAGE)
    return ask(viewer, draft, speech.psay("question", "Choose a day."), *by(2, buttons), turn)


def _day(viewer: Viewer, draft: DraftCard, free: Sequence[Span], rest: str) -> Screen:
    speech = viewer.speech
    day, _, page_text = rest.partition(":")
    page = int(page_text or 0)
    shown = free[page * TIMES_ON_PAGE : (page + 1) * TIMES_ON_PAGE]
    buttons = [Button(speech.hour(span.starts_at), tap(draft, "tick", _stamp(span))) for span in shown]
    turn = _turn(viewer, draft, f"day:{day}", page, len(free), TIMES_ON_PAGE)
    if not free:
        return ask(viewer, draft, speech.say("This day has no free time left."))
    text = speech.psay(
        "question", "{day}: choose a time ({offset}).", day=speech.day(free[0].starts_at), offset=speech.utc_offset
    )
    return ask(viewer, draft, text, *by(4, buttons), turn)


def _turn(viewer: Viewer, draft: DraftCard, view: str, page: int, n: int, size: int) -> tuple[Button, ...]:
    psay = viewer.speech.psay
    turn = []
    if page > 0:
        turn.append(Button(psay("button", "Previous page"), tap(draft, "look", f"{view}:{page - 1}")))
    if (page + 1) * size < n:
        turn.append(Button(psay("button", "Next page"), tap(draft, "look", f"{view}:{page + 1}")))
    return tuple(turn)


def _stamp(span: Span) -> str:
    return f"{span.starts_at:%Y%m%d%H%M}"
