"""One's day on the screen: today's and tomorrow's meetings, and what waits, a line and its buttons each."""

from datetime import date

from markupsafe import Markup

from handlers.screen import Button, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import today
from liaison.cards import MeetingCard
from liaison.deliveries import Due
from liaison.today import Today, Waiting
from liaison.topics import name

Row = tuple[Button, ...]
ON_PAGE = 8  # that wait, with two buttons each
ON_DAY = 12  # meetings shown of a day


async def day(viewer: Viewer, rest: list[str]) -> Screen:
    """``td[:PAGE]``: the day and a page of what waits."""
    found = await viewer.read(today.see, viewer.actor, viewer.policy, now=viewer.now)
    return _draw(viewer, found, number(rest[0]) if rest else 0)


async def digest(viewer: Viewer, due: Due) -> Screen:
    """The notice of the morning: as /today, with how much waits before it."""
    found = await viewer.read(today.see, viewer.actor, viewer.policy, now=viewer.now)
    first = viewer.speech.nsay(
        "<b>ACTION NEEDED: {n} request waits for your answer</b>",
        "<b>ACTION NEEDED: {n} requests wait for your answer</b>",
        len(found.waiting),
    )
    shown = _draw(viewer, found, 0)
    return Screen(Markup("\n\n").join((first, Markup(shown.text))), shown.rows)


def _draw(viewer: Viewer, found: Today, asked_page: int) -> Screen:
    psay = viewer.speech.psay
    pages = max(1, -(-len(found.waiting) // ON_PAGE))
    page = min(asked_page, pages - 1)
    shown = found.waiting[page * ON_PAGE : (page + 1) * ON_PAGE]
    parts = [_day(viewer, on, cards, n) for n, (on, cards) in enumerate(found.days)]
    parts.append(_waiting(viewer, found, shown, page, pages))
    rows: list[Row] = [_open(viewer, card) for _, cards in found.days for card in cards[:ON_DAY]]
    rows += [_buttons(viewer, one) for one in shown]
    turn: list[Button] = []
    if page > 0:
        turn.append(Button(psay("button", "Previous page"), f"td:{page - 1}"))
    if page < pages - 1:
        turn.append(Button(psay("button", "Next page"), f"td:{page + 1}"))
    return Screen(Markup("\n\n").join(parts), (*rows, tuple(turn), (Button(psay("button", "My meetings"), "my"),)))


def _day(viewer: Viewer, on: date, cards: tuple[MeetingCard, ...], which: int) -> Markup:
    speech = viewer.speech
    day = speech.day(on)
    title = (
        speech.psay("title", "<b>Tomorrow, {day}</b>", day=day)
        if which
        else speech.psay("title", "<b>Today, {day}</b> ({offset})", day=day, offset=speech.utc_offset)
    )
    if not cards:
        return Markup("\n").join((title, speech.psay("line", "No meetings.")))
    lines = [_meeting(viewer, card) for card in cards[:ON_DAY]]
    if len(cards) > ON_DAY:
        lines.append(speech.npsay("line", "And one more.", "And {n} more.", len(cards) - ON_DAY))
    return Markup("\n").join((title, *lines))


def _meeting(viewer: Viewer, card: MeetingCard) -> Markup:
    """«10:00–10:30, the other side, who comes; where»."""
    speech = viewer.speech
    hours = f"{speech.hour(card.starts_at)}–{speech.hour(card.ends_at)}" if card.starts_at and card.ends_at else ""
    if card.side in ("representative", "guest"):
        other = viewer.body(card.body_id)
        names = [card.holder.full_name] if card.holder else []
    else:
        other = card.organisation
        names = [one for one in (card.representative, *card.attendees) if one]
    place = card.place or speech.psay("place of a meeting", "place to follow")
    return speech.psay(
        "line",
        "{hours} {other}\n{names}; {topic}; {place}",
        hours=hours,
        other=other,
        names=", ".join(names) if names else speech.psay("who comes", "no names"),
        topic=name(card.topic, speech.language),
        place=place,
    )


def _waiting(viewer: Viewer, found: Today, shown: tuple[Waiting, ...], page: int, pages: int) -> Markup:
    speech = viewer.speech
    if not found.waiting:
        return speech.say("Nothing waits for your answer.")
    title = speech.psay("title", "<b>Waiting for your answer: {n}</b>", n=len(found.waiting))
    if pages > 1:
        title += Markup("\n") + speech.psay("line", "Page {page} of {pages}", page=page + 1, pages=pages)
    return Markup("\n").join((title, *(_line(viewer, one) for one in shown)))


def _line(viewer: Viewer, one: Waiting) -> Markup:
    speech, card = viewer.speech, one.card
    other = viewer.body(card.body_id) if card.side == "representative" else card.organisation
    first = speech.slot(one.asked) if one.asked else speech.psay("line", "no time named")
    return speech.psay(
        "line",
        "<b>{number}</b> {other}; {topic}; {time}; {since}",
        number=card.number,
        other=other,
        topic=name(card.topic, speech.language),
        time=first,
        since=_since(speech, one.workdays),
    )


def _since(speech: Speech, workdays: int) -> Markup:
    if not workdays:
        return speech.psay("how long it waits", "since today")
    return speech.npsay("how long it waits", "{n} working day", "{n} working days", workdays)


def _open(viewer: Viewer, card: MeetingCard) -> Row:
    start = viewer.speech.hour(card.starts_at) if card.starts_at else ""
    return (Button(f"{start} {card.number}", f"m:{card.id}"),)


def _buttons(viewer: Viewer, one: Waiting) -> Row:
    psay, card = viewer.speech.psay, one.card
    opens = Button(psay("button", "Open {number}", number=card.number), f"m:{card.id}")
    if one.first_free is None:
        return (opens,)
    time = viewer.speech.slot(one.first_free.starts_at)
    if one.first_free.offered_by == "office":
        label = psay("button", "Accept {time}", time=time)
    else:
        label = psay("button", "Confirm {time}", time=time)
    return (opens, Button(label, f"tc:{card.id}:{one.first_free.id}", style="success"))
