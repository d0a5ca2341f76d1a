"""How an official receives, on the screen of whoever may set it: the week and the bounds of a meeting."""

from markupsafe import Markup

from handlers import labels, reception_days_screens, reception_hours, reception_lines
from handlers.reception_hours import read_day, read_hour
from handlers.screen import Button, Rows, Screen, by, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import reception_changes
from liaison.drafts import DraftCard
from liaison.reception_changes import CHOICES, ReceptionCard


async def reception(viewer: Viewer, rest: list[str]) -> Screen:
    """``rw``: one's own reception; ``rw:BODY`` that of a body, and what can be set there by a further part."""
    if not rest:
        return await _mine(viewer)
    card = await viewer.read(reception_changes.see, viewer.actor, number(rest[0]), viewer.policy, now=viewer.now)
    what, given = (rest[1], rest[2:]) if len(rest) > 1 else ("", [])
    if what == "o":
        return _days(viewer, card, given)
    if what == "b":
        return reception_days_screens.hours(viewer, card, read_day(given[0]), given[1] if len(given) > 1 else None)
    drawn = {"": _whole, "p": _week, "d": _weekday, "s": _until, "v": _choices}
    return drawn[what](viewer, card, given)


async def link_question(viewer: Viewer, draft: DraftCard) -> Screen:
    """Asks for the official's own room."""
    psay, body_id = viewer.speech.psay, int(draft.data["body"])
    card = await viewer.read(reception_changes.see, viewer.actor, body_id, viewer.policy, now=viewer.now)
    asked = viewer.speech.say(
        "Please send the link to the official's own room for online meetings; it begins with https://. It is "
        "offered as the place of each online meeting and shown to the NGO only after confirmation."
    )
    rows: list[tuple[Button, ...]] = []
    if card.reception.online_link:
        rows.append((Button(psay("button", "Remove the link"), f"ra:{body_id}:n"),))
    rows.append((Button(psay("button", "Back"), f"ra:{body_id}:q"),))
    return Screen(Markup("\n\n").join((asked, _link(viewer.speech, card))), tuple(rows))


async def _mine(viewer: Viewer) -> Screen:
    """The reception of the one post a person holds or assists at; of several, which?"""
    psay = viewer.speech.psay
    bodies = await viewer.read(reception_changes.bodies, viewer.actor)
    if len(bodies) == 1:
        return await reception(viewer, [str(bodies[0])])
    back = (Button(psay("button", "Back"), "my"),)
    if not bodies:
        text = viewer.speech.say("Reception hours are set by officials, their assistants and the coordinators.")
        return Screen(text, (back,))
    rows = [(Button(labels.of(viewer, viewer.tree.by_id[one]), f"rw:{one}"),) for one in bodies]
    return Screen(viewer.speech.say("Which one do you mean?"), (*rows, back))


def _whole(viewer: Viewer, card: ReceptionCard, given: list[str]) -> Screen:
    """``rw:BODY``: everything that is set, and the doors to change it."""
    speech, received = viewer.speech, card.reception
    today = speech.local(viewer.now).date()
    parts = [
        Markup("\n").join((_title(viewer, card), reception_lines.weekly(speech, received))),
        reception_lines.bounds(speech, received),
        Markup("\n").join(reception_lines.differing(speech, received, today)),
        _link(speech, card),
        *_outside(viewer, card),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), _doors(viewer, card))


def _doors(viewer: Viewer, card: ReceptionCard) -> Rows:
    psay, body = viewer.speech.psay, card.body_id
    return (
        (Button(psay("button", "Working hours"), f"ra:{body}:p:working-hours"),
         Button(psay("button", "Tue and Thu 15–17"), f"ra:{body}:p:tue-thu")),
        (Button(psay("button", "Own hours…"), f"rw:{body}:p"),),
        (Button(psay("button", "Length"), f"rw:{body}:v:length"),
         Button(psay("button", "Free time after"), f"rw:{body}:v:buffer")),
        (Button(psay("button", "Notice"), f"rw:{body}:v:notice"),
         Button(psay("button", "Most a day"), f"rw:{body}:v:most")),
        (Button(psay("button", "Days off, other hours"), f"rw:{body}:o"),),
        (Button(psay("button", "Online link"), f"ra:{body}:l"),),
        (Button(psay("button", "Back"), "my" if card.own else f"b:{body}"),),
    )  # fmt: skip


def _week(viewer: Viewer, card: ReceptionCard, given: list[str]) -> Screen:
    """``rw:BODY:p``: the weekdays, each with its hours."""
    speech, received = viewer.speech, card.reception
    buttons = []
    for weekday in range(7):
        own = [(window.start, window.end) for window in received.windows if window.weekday == weekday]
        label = f"{speech.weekday(weekday)} {reception_lines.spans(tuple(own))}".rstrip()
        buttons.append(Button(labels.cut(label, reception_hours.LABEL), f"rw:{card.body_id}:d:{weekday}"))
    question = speech.say("For which weekday do you want to set hours?")
    first = [] if received.windows else [speech.say("The first hours you choose take the place of the working hours.")]
    week = Markup("\n").join((_title(viewer, card), reception_lines.weekly(speech, received)))
    done = (Button(speech.psay("button", "Done"), f"rw:{card.body_id}"),)
    text = Markup("\n\n").join((week, *_outside(viewer, card), *first, question))
    return Screen(text, (*by(1 if received.windows else 2, buttons), done))


def _weekday(viewer: Viewer, card: ReceptionCard, given: list[str]) -> Screen:
    """``rw:BODY:d:WEEKDAY``: from which hour, or which hours to take away; what is confirmed there stays."""
    speech, received, weekday = viewer.speech, card.reception, _weekday_of(given[0])
    own = [window for window in received.windows if window.weekday == weekday]
    here = [one for one in card.booked if speech.local(one.span.starts_at).weekday() == weekday]
    stays = speech.say("Confirmed on this weekday; these meetings stay, whatever you choose:")
    parts = [speech.psay("question", "{day}: from which hour?", day=_long(speech, weekday))]
    if own and len(own) == len(received.windows) == 1:
        parts.append(speech.say("These are your only hours: without them the working hours hold again."))
    parts += reception_hours.stay(viewer, stays, here)
    rows = list(reception_hours.starts(received, f"rw:{card.body_id}:s:{weekday}"))
    for window in own:
        label = speech.psay("button", "Remove {times}", times=reception_lines.spans(((window.start, window.end),)))
        rows.append((Button(label, f"ra:{card.body_id}:r:{weekday}:{window.start:%H%M}:{window.end:%H%M}"),))
    back = (Button(speech.psay("button", "Back"), f"rw:{card.body_id}:p"),)
    return Screen(Markup("\n\n").join(parts), (*rows, back))


def _until(viewer: Viewer, card: ReceptionCard, given: list[str]) -> Screen:
    """``rw:BODY:s:WEEKDAY:HHMM``: until which hour."""
    psay, weekday, start = viewer.speech.psay, _weekday_of(given[0]), read_hour(given[1])
    text = psay("question", "{day}, from {start}: until which hour?", day=_long(viewer.speech, weekday),
                start=f"{start:%H:%M}")  # fmt: skip
    rows = reception_hours.ends(card.reception, start, f"ra:{card.body_id}:w:{weekday}")
    return Screen(text, (*rows, (Button(psay("button", "Back"), f"rw:{card.body_id}:d:{weekday}"),)))


def _choices(viewer: Viewer, card: ReceptionCard, given: list[str]) -> Screen:
    """``rw:BODY:v:BOUND``: what can be chosen for the length, the buffer, the notice or the number a day."""
    speech, bound = viewer.speech, given[0]
    say, received = speech.say, card.reception
    asked = {
        "length": (say("How long shall a meeting be?"), reception_lines.minutes(received.length)),
        "buffer": (
            say("How much time shall stay free after each meeting?"),
            reception_lines.minutes(received.buffer),
        ),
        "notice": (say("How many calendar days ahead must a meeting be asked for?"), received.notice_days),
        "most": (say("How many meetings may there be on one day?"), received.most_per_day or 0),
    }
    question, present = asked[bound]
    now = speech.psay("line", "At present: {value}", value=_choice(speech, bound, present))
    buttons = [Button(_choice(speech, bound, one), f"ra:{card.body_id}:v:{bound}:{one}") for one in CHOICES[bound][1]]
    back = (Button(speech.psay("button", "Back"), f"rw:{card.body_id}"),)
    return Screen(Markup("\n\n").join((question, now)), (*by(3, buttons), back))


def _choice(speech: Speech, bound: str, n: int) -> Markup:
    """A choice as its button says it."""
    if bound == "most":
        return Markup(n) if n else speech.psay("button", "No limit")
    if bound == "notice":
        return speech.npsay("button", "{n} day", "{n} days", n) if n else speech.psay("button", "Same day")
    return speech.npsay("button", "{n} minute", "{n} minutes", n) if n else speech.psay("button", "None")


def _days(viewer: Viewer, card: ReceptionCard, given: list[str]) -> Screen:
    if given:
        return reception_days_screens.day(viewer, card, read_day(given[0]))
    return reception_days_screens.days(viewer, card)


def _title(viewer: Viewer, card: ReceptionCard) -> Markup:
    title = viewer.speech.say("<b>When the official meets NGOs</b>")
    return Markup("\n").join((title, Markup(viewer.body(card.body_id))))


def _outside(viewer: Viewer, card: ReceptionCard) -> list[Markup]:
    stays = viewer.speech.say("Confirmed meetings outside the hours; they stay as they are:")
    return reception_hours.stay(viewer, stays, card.outside)


def _link(speech: Speech, card: ReceptionCard) -> Markup:
    if card.reception.online_link:
        return speech.psay("line", "Online: {link}", link=card.reception.online_link)
    return speech.say("No link for online meetings is set.")


def _weekday_of(text: str) -> int:
    weekday = number(text)
    if weekday > 6:
        raise ValueError(f"no weekday: {text!r}")
    return weekday


def _long(speech: Speech, weekday: int) -> str:
    name = str(speech.locale.days["stand-alone"]["wide"][weekday])
    return name[:1].upper() + name[1:]
