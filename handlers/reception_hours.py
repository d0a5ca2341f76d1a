"""What the screens of a reception share: hours chosen by two taps, and the confirmed meetings that stay."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from markupsafe import Markup

from handlers.screen import Button, Rows, by
from handlers.viewer import Viewer
from liaison.reception import Booked, Reception

FIRST, LAST = time(8), time(20)  # hours that are offered; at any time of the night nobody receives
STEP = timedelta(minutes=30)
IN_A_ROW = 4
SHOWN = 5  # confirmed meetings told on one screen
LABEL = 30  # characters on a button


def starts(reception: Reception, address: str) -> Rows:
    """A button for each hour from which at least one meeting fits in; ``address`` takes the hour at its end."""
    fitting = [at for at in _hours() if any(reception.fits(at, end) for end in _hours())]
    lunch = reception.policy.lunch()
    free = [at for at in fitting if not any(from_ <= at < to for from_, to in lunch)]
    return by(IN_A_ROW, [Button(f"{at:%H:%M}", f"{address}:{at:%H%M}") for at in free])


def ends(reception: Reception, start: time, address: str) -> Rows:
    """A button for each hour until which at least one meeting fits in after ``start``."""
    lunch = reception.policy.lunch()
    fitting = [at for at in _hours() if reception.fits(start, at)]
    free = [at for at in fitting if not any(from_ < at <= to for from_, to in lunch)]
    return by(IN_A_ROW, [Button(f"{at:%H:%M}", f"{address}:{start:%H%M}:{at:%H%M}") for at in free])


def read_hour(text: str) -> time:
    """An hour in an address, "1530". Raises ValueError for what is none (a forged button)."""
    if not (text.isdecimal() and text.isascii() and len(text) == 4):
        raise ValueError(f"no hour: {text!r}")
    return time(int(text[:2]), int(text[2:]))


def read_day(text: str) -> date:
    """A day in an address, "20261203". Raises ValueError for what is none (a forged button)."""
    if not (text.isdecimal() and text.isascii() and len(text) == 8):
        raise ValueError(f"no day: {text!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def stay(viewer: Viewer, title: Markup, meetings: Sequence[Booked]) -> list[Markup]:
    """Confirmed meetings under a title that says that they stay; nothing where there are none."""
    if not meetings:
        return []
    speech = viewer.speech
    lines = [title]
    for one in meetings[:SHOWN]:
        when = speech.slot(one.span.starts_at)
        lines.append(Markup("– {}, {}, {}").format(when, one.number, one.organisation))
    if len(meetings) > SHOWN:
        lines.append(speech.npsay("line", "And one more.", "And {n} more.", len(meetings) - SHOWN))
    return [Markup("\n").join(lines)]


def _hours() -> list[time]:
    """Every half hour that is offered."""
    step = STEP.seconds // 60
    return [time(*divmod(minutes, 60)) for minutes in range(FIRST.hour * 60, LAST.hour * 60 + 1, step)]
