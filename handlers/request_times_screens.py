"""Choosing times: the three nearest with their ticks, the days that have free ones, the hours of one day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from handlers.request_frame import ask, tap
from handlers.screen import Button, Screen, by
from handlers.viewer import Viewer
from liaison import request_times
from liaison.drafts import DraftCard
from liaison.slots import Span

DAYS_ON_PAGE = 8
TIMES_ON_PAGE = 12
Row = tuple[Button, ...]


@dataclass(frozen=True)
class Frame:
    """Whose dialogue it is: what its buttons carry, and how its questions are framed."""

    tap: Callable[..., str]  # draft, verb, argument
    ask: Callable[..., Screen]  # viewer, draft, text, rows


REQUEST = Frame(tap, ask)


async def times(viewer: Viewer, draft: DraftCard) -> Screen:
    """The question of times, in the view that is open: the three nearest, the days, or one day."""
    choice = await viewer.read(request_times.choice, viewer.actor, draft, viewer.policy, now=viewer.now)
    return by_day(viewer, draft, choice, REQUEST) or _candidates(viewer, draft, choice)


def by_day(viewer: Viewer, draft: DraftCard, choice: request_times.Choice, frame: Frame) -> Screen | None:
    """The days, or the hours of one day, if one of these views is open."""
    view, _, rest = str(draft.data.get("view", "")).partition(":")
    if view == "days":
        return _days(viewer, draft, choice.days, int(rest or 0), frame)
    if view == "day":
        return _day(viewer, draft, choice.day_times, rest, frame)
    return None


def ticks(viewer: Viewer, draft: DraftCard, choice: request_times.Choice, frame: Frame) -> list[Row]:
    """A button for each candidate, which says whether it is chosen."""
    psay = viewer.speech.psay
    rows: list[Row] = []
    for span in choice.candidates:
        time = viewer.speech.slot(span.starts_at)
        chosen = psay("button", "Chosen: {time}", time=time)
        label = chosen if span in choice.picked else psay("button", "Add: {time}", time=time)
        rows.append((Button(str(label), frame.tap(draft, "tick", _stamp(span))),))
    return rows


def nothing_free(viewer: Viewer) -> Markup:
    """There is nothing to choose from."""
    return viewer.speech.nsay(
        "There is no free time in the next {n} day. Please call, or try again later.",
        "There is no free time in the next {n} days. Please call, or try again later.",
        viewer.policy.horizon_days,
    )


def _candidates(viewer: Viewer, draft: DraftCard, choice: request_times.Choice) -> Screen:
    speech = viewer.speech
    if not choice.candidates:
        return ask(viewer, draft, nothing_free(viewer))
    rows = ticks(viewer, draft, choice, REQUEST)
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


def _days(viewer: Viewer, draft: DraftCard, days: Sequence[tuple[date, int]], page: int, frame: Frame) -> Screen:
    speech = viewer.speech
    shown = days[page * DAYS_ON_PAGE : (page + 1) * DAYS_ON_PAGE]
    buttons = [Button(speech.short_day(day), frame.tap(draft, "look", f"day:{day.isoformat()}")) for day, _ in shown]
    turn = _turn(viewer, draft, frame, "days", page, len(days), DAYS_ON_PAGE)
    return frame.ask(viewer, draft, speech.psay("question", "Choose a day."), *by(2, buttons), turn)


def _day(viewer: Viewer, draft: DraftCard, free: Sequence[Span], rest: str, frame: Frame) -> Screen:
    speech = viewer.speech
    day, _, page_text = rest.partition(":")
    page = int(page_text or 0)
    shown = free[page * TIMES_ON_PAGE : (page + 1) * TIMES_ON_PAGE]
    buttons = [Button(speech.hour(span.starts_at), frame.tap(draft, "tick", _stamp(span))) for span in shown]
    turn = _turn(viewer, draft, frame, f"day:{day}", page, len(free), TIMES_ON_PAGE)
    if not free:
        return frame.ask(viewer, draft, speech.say("This day has no free time left."))
    text = speech.psay(
        "question", "{day}: choose a time ({offset}).", day=speech.day(free[0].starts_at), offset=speech.utc_offset
    )
    return frame.ask(viewer, draft, text, *by(4, buttons), turn)


def _turn(viewer: Viewer, draft: DraftCard, frame: Frame, view: str, page: int, n: int, size: int) -> Row:
    psay = viewer.speech.psay
    turn = []
    if page > 0:
        turn.append(Button(psay("button", "Previous page"), frame.tap(draft, "look", f"{view}:{page - 1}")))
    if (page + 1) * size < n:
        turn.append(Button(psay("button", "Next page"), frame.tap(draft, "look", f"{view}:{page + 1}")))
    return tuple(turn)


def _stamp(span: Span) -> str:
    return f"{span.starts_at:%Y%m%d%H%M}"
