"""What the office sees while it proposes times, and the buttons under a meeting that lead there."""

from markupsafe import Markup

from handlers import meeting_screens, request_times_screens
from handlers.request_times_screens import Frame
from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import meetings, proposal_times, request_times
from liaison.cards import MeetingCard
from liaison.drafts import DraftCard
from liaison.proposals import MOST_TIMES

Row = tuple[Button, ...]


async def place(viewer: Viewer, rest: list[str]) -> Screen:
    """``pd:MEETING``: the proposal that is being put together; once it is over, the meeting."""
    draft = await viewer.read(proposal_times.of_meeting, viewer.actor, number(rest[0]), now=viewer.now)
    if draft is None:
        return await meeting_screens.meeting(viewer, rest[:1])
    return await question(viewer, draft)


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """The times to propose, in the view that is open: the nearest with their ticks, the days, or one day."""
    card = await viewer.read(meetings.see, viewer.actor, draft.data["meeting"], now=viewer.now)
    if not {"propose", "offer_move"} & card.may:  # decided meanwhile
        return meeting_screens.draw(viewer, card)
    choice = await viewer.read(request_times.choice, viewer.actor, draft, viewer.policy, now=viewer.now)
    by_day = request_times_screens.by_day(viewer, draft, choice, FRAME)
    return by_day or _nearest(viewer, draft, card, choice)


def _nearest(viewer: Viewer, draft: DraftCard, card: MeetingCard, choice: request_times.Choice) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    rows: list[Row] = request_times_screens.ticks(viewer, draft, choice, FRAME)
    if choice.picked:
        rows.append((Button(psay("button", "Send the proposal"), _tap(draft, "send"), style="primary"),))
    if rows:
        rows.append((Button(psay("button", "Other days"), _tap(draft, "look", "days:0")),))
    if "other_times" in card.may:
        rows.append((Button(psay("button", "Let the NGO choose"), _tap(draft, "let")),))
    parts = [_about(viewer, card)]
    if choice.candidates:
        text = say(
            "Which times suit you? Choose up to {n}; they are free for the NGO as well ({offset}).",
            n=MOST_TIMES,
            offset=viewer.speech.utc_offset,
        )
        parts += [text, _line(viewer, draft)]
    else:
        parts.append(request_times_screens.nothing_free(viewer))
    return Screen(Markup("\n\n").join(parts), (*rows, (Button(psay("button", "Back"), _tap(draft, "leave")),)))


def _about(viewer: Viewer, card: MeetingCard) -> Markup:
    speech = viewer.speech
    if card.state == "confirmed" and card.starts_at is not None:
        return speech.psay(
            "title",
            "<b>Move meeting {number}</b>\n{organisation}, {when}",
            number=card.number,
            organisation=card.organisation,
            when=speech.when(card.starts_at),
        )
    return speech.say(
        "<b>Other times for request {number}</b>\n{organisation}", number=card.number, organisation=card.organisation
    )


def _line(viewer: Viewer, draft: DraftCard) -> Markup:
    psay, say = viewer.speech.psay, viewer.speech.say
    if not draft.data["words"]:
        return say("If you like, write a line to go with them.")
    words = psay("line", "Your line: {words}", words=draft.data["words"])
    return Markup("\n").join((words, say("A new text replaces it.")))


def _ask(viewer: Viewer, draft: DraftCard, text: Markup, *rows: Row) -> Screen:
    """A view of one day or of the days; [Back] leads to the nearest times."""
    return Screen(text, (*rows, (Button(viewer.speech.psay("button", "Back"), _tap(draft, "look")),)))


def _tap(draft: DraftCard, verb: str, argument: str = "") -> str:
    """The data of a button of this dialogue at its present view."""
    data = f"pp:{draft.data['meeting']}:{draft.key}:{draft.rev}:{verb}"
    return f"{data}:{argument}" if argument else data


FRAME = Frame(_tap, _ask)
