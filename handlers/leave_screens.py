"""The questions of a leave: from which day, until which, and who stands in."""

from calendar import monthrange
from datetime import date

from babel.dates import format_date
from markupsafe import Markup

from handlers import labels
from handlers.screen import Button, Rows, Screen, by
from handlers.viewer import Viewer
from liaison import leaves
from liaison.calendar import DAY
from liaison.deputy_cards import Candidate
from liaison.drafts import DraftCard

NEAREST = 14  # days offered at once
MONTHS = 6  # months that can be opened


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """The open question of the leave."""
    return await _whom(viewer, draft) if draft.step == "whom" else _day(viewer, draft)


def _day(viewer: Viewer, draft: DraftCard) -> Screen:
    speech = viewer.speech
    asked = speech.say("From which day are you away? Tap a day, or write both: 1.12 – 24.12")
    if draft.step == "until":
        first = date.fromisoformat(draft.data["from"])
        asked = speech.say(
            "Away from {date}. Until which day? Tap the last day, or write it: 24.12", date=speech.day(first)
        )
    rows = _days(viewer, draft) if draft.data.get("month") else _nearest(viewer, draft)
    return Screen(Markup("\n\n").join((_head(viewer, draft), asked)), (*rows, _ways_out(viewer, draft)))


def _nearest(viewer: Viewer, draft: DraftCard) -> Rows:
    first = _first(viewer, draft)
    days = [first + n * DAY for n in range(NEAREST)]
    months = [_month(first, n) for n in range(MONTHS)]
    return (
        *by(2, [Button(viewer.speech.short_day(day), _tap(draft, draft.step, day.isoformat())) for day in days]),
        *by(2, [Button(_name(viewer, month), _tap(draft, "month", f"{month:%Y-%m}")) for month in months]),
    )


def _days(viewer: Viewer, draft: DraftCard) -> Rows:
    month = date.fromisoformat(f"{draft.data['month']}-01")
    last = monthrange(month.year, month.month)[1]
    days = [month.replace(day=n) for n in range(1, last + 1)]
    open_ = [day for day in days if day >= _first(viewer, draft)]
    numbers = [Button(str(day.day), _tap(draft, draft.step, day.isoformat())) for day in open_]
    nearest = Button(viewer.speech.psay("button", "Nearest days"), _tap(draft, "month", ""))
    return (*by(7, numbers), (Button(_name(viewer, month), _tap(draft, "month", f"{month:%Y-%m}")), nearest))


async def _whom(viewer: Viewer, draft: DraftCard) -> Screen:
    speech, body_id = viewer.speech, draft.data["body"]
    days = {name: speech.day(date.fromisoformat(draft.data[name])) for name in ("from", "until")}
    asked = speech.say("Away from {from} until {until}. Who stands in? They have to accept first.", **days)
    found = await viewer.read(leaves.candidates, viewer.actor, body_id)
    rows = tuple((Button(_candidate(viewer, one), _tap(draft, "ask", str(one.person_id))),) for one in found)
    link = (Button(speech.psay("button", "Somebody else: make a link"), _tap(draft, "link")),)
    return Screen(Markup("\n\n").join((_head(viewer, draft), asked)), (*rows, link, _ways_out(viewer, draft)))


def _candidate(viewer: Viewer, one: Candidate) -> str:
    return labels.cut(f"{one.name}, {labels.of(viewer, viewer.tree.by_id[one.body_id])}", labels.LONGEST)


def _head(viewer: Viewer, draft: DraftCard) -> Markup:
    return viewer.speech.psay("line", "Leave at: <b>{body}</b>", body=viewer.body(draft.data["body"]))


def _ways_out(viewer: Viewer, draft: DraftCard) -> tuple[Button, ...]:
    return (Button(viewer.speech.psay("button", "Back"), _tap(draft, "back")),)


def _tap(draft: DraftCard, verb: str, argument: str = "") -> str:
    return f"lx:{draft.data['body']}:{draft.key}:{verb}:{argument}"


def _first(viewer: Viewer, draft: DraftCard) -> date:
    """The first day that can be chosen."""
    if draft.step == "until":
        return date.fromisoformat(draft.data["from"])
    return viewer.speech.local(viewer.now).date()


def _month(first: date, n: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
    return date(year, month + 1, 1)


def _name(viewer: Viewer, month: date) -> str:
    name = format_date(month, "LLLL y", locale=viewer.speech.locale)
    return name[:1].upper() + name[1:]
