"""When an official receives, in words: the weekly hours, the days that differ, what bounds a meeting."""

from datetime import date, timedelta

from markupsafe import Markup

from handlers.speech import Speech
from liaison.policy import Hours
from liaison.reception import Reception

AHEAD = 14  # days whose exceptions a card tells


def weekly(speech: Speech, reception: Reception) -> Markup:
    """The official's own weekly hours, else the working hours of the bodies."""
    if not reception.windows:
        times = spans(reception.policy.hours)
        return speech.psay("line", "Hours: working days, {times} ({offset})", times=times, offset=speech.utc_offset)
    days = ", ".join(
        f"{speech.weekday(window.weekday)} {spans(((window.start, window.end),))}" for window in reception.windows
    )
    return speech.psay("line", "Reception: {times} ({offset})", times=days, offset=speech.utc_offset)


def differing(speech: Speech, reception: Reception, today: date) -> list[Markup]:
    """A line for each of the next days on which the weekly hours do not hold."""
    last = today + timedelta(days=AHEAD - 1)
    return [day_line(speech, reception, day) for day in sorted(reception.days) if today <= day <= last]


def day_line(speech: Speech, reception: Reception, day: date) -> Markup:
    """«Thu 3 Dec: no reception», «Fri 4 Dec: 10:00–12:00»."""
    hours, shown = reception.hours(day), speech.short_day(day)
    if hours:
        return speech.psay("line", "{day}: {times}", day=shown, times=spans(hours))
    if reception.policy.calendar.is_holiday(day):
        return speech.psay("line", "{day}: holiday", day=shown)
    return speech.psay("line", "{day}: no reception", day=shown)


def spans(hours: Hours) -> str:
    """«09:00–13:00, 14:30–18:30»."""
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in hours)


def bounds(speech: Speech, reception: Reception) -> Markup:
    """Length, time kept free, notice and number a day, each on its line."""
    lines = [length(speech, minutes(reception.length)), buffer(speech, minutes(reception.buffer))]
    lines += [notice(speech, reception.notice_days), most(speech, reception.most_per_day or 0)]
    return Markup("\n").join(lines)


def length(speech: Speech, n: int) -> Markup:
    """How long a meeting is."""
    return speech.npsay("line", "Meeting: {n} minute", "Meeting: {n} minutes", n)


def buffer(speech: Speech, n: int) -> Markup:
    """How much is kept free after a meeting."""
    if not n:
        return speech.say("No time is kept free between meetings")
    return speech.npsay("line", "Kept free after each: {n} minute", "Kept free after each: {n} minutes", n)


def notice(speech: Speech, n: int) -> Markup:
    """How far ahead one has to ask."""
    if not n:
        return speech.say("Can be asked for on the same day")
    return speech.npsay("line", "To be asked for {n} day ahead", "To be asked for {n} days ahead", n)


def most(speech: Speech, n: int) -> Markup:
    """How many meetings a day at most; 0 is no limit."""
    if not n:
        return speech.say("As many meetings a day as fit in")
    return speech.npsay("line", "At most {n} meeting a day", "At most {n} meetings a day", n)


def minutes(span: timedelta) -> int:
    """A duration in whole minutes."""
    return int(span.total_seconds()) // 60
