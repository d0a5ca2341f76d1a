"""Single days of a reception on the screen: the next two weeks, and what shall hold on one of them."""

from datetime import date, timedelta

from markupsafe import Markup

from handlers import reception_hours, reception_lines
from handlers.screen import Button, Screen, by
from handlers.viewer import Viewer
from liaison.reception_changes import ReceptionCard


def days(viewer: Viewer, card: ReceptionCard) -> Screen:
    """``rw:BODY:o``: the next two weeks, each day with its hours; one is chosen."""
    say, psay = viewer.speech.say, viewer.speech.psay
    today = viewer.speech.local(viewer.now).date()
    ahead = [today + timedelta(days=n) for n in range(reception_lines.AHEAD)]
    lines = [reception_lines.day_line(viewer.speech, card.reception, one) for one in ahead]
    title = say("On which day shall other hours hold than usual, or no reception?")
    stays = say("Confirmed meetings outside the hours; they stay as they are:")
    parts = [title, Markup("\n").join(lines), *reception_hours.stay(viewer, stays, card.outside)]
    open_days = [one for one in ahead if not viewer.policy.calendar.is_holiday(one)]
    buttons = [Button(viewer.speech.short_day(one), f"rw:{card.body_id}:o:{one:%Y%m%d}") for one in open_days]
    return Screen(
        Markup("\n\n").join(parts), (*by(2, buttons), (Button(psay("button", "Back"), f"rw:{card.body_id}"),))
    )


def day(viewer: Viewer, card: ReceptionCard, chosen: date) -> Screen:
    """``rw:BODY:o:YYYYMMDD``: what holds on a day, the meetings that are confirmed on it, and what can be set."""
    say, psay = viewer.speech.say, viewer.speech.psay
    here = [one for one in card.booked if viewer.speech.local(one.span.starts_at).date() == chosen]
    stays = say("Confirmed on this day; these meetings stay, whatever you choose:")
    line = reception_lines.day_line(viewer.speech, card.reception, chosen)
    stamp = f"{card.body_id}:{{}}:{chosen:%Y%m%d}"
    rows = []
    if card.reception.days.get(chosen) != ():
        rows.append((Button(psay("button", "No reception"), "ra:" + stamp.format("c")),))
    rows.append((Button(psay("button", "Other hours…"), "rw:" + stamp.format("b")),))
    if chosen in card.reception.days:
        rows.append((Button(psay("button", "As usual"), "ra:" + stamp.format("u")),))
    back = (Button(psay("button", "Back"), f"rw:{card.body_id}:o"),)
    return Screen(Markup("\n\n").join((line, *reception_hours.stay(viewer, stays, here))), (*rows, back))


def hours(viewer: Viewer, card: ReceptionCard, chosen: date, start: str | None) -> Screen:
    """``rw:BODY:b:YYYYMMDD[:HHMM]``: from which hour, and until which, on a day."""
    psay, shown = viewer.speech.psay, viewer.speech.short_day(chosen)
    address = f"{card.body_id}:{{}}:{chosen:%Y%m%d}"
    if start is None:
        text = psay("question", "{day}: from which hour?", day=shown)
        rows = reception_hours.starts(card.reception, "rw:" + address.format("b"))
        return Screen(text, (*rows, (Button(psay("button", "Back"), "rw:" + address.format("o")),)))
    text = psay("question", "{day}, from {start}: until which hour?", day=shown, start=f"{start[:2]}:{start[2:]}")
    rows = reception_hours.ends(card.reception, reception_hours.read_hour(start), "ra:" + address.format("h"))
    return Screen(text, (*rows, (Button(psay("button", "Back"), "rw:" + address.format("b")),)))
