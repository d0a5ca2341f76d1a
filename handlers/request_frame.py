"""What every question of the request has in common: whom it is for, the buttons' data, the ways out."""

from markupsafe import Markup

from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison.drafts import DraftCard
from liaison.errors import NotYours
from liaison.request_times import KIND


def at(key: str) -> str:
    """The address of a dialogue's present question."""
    return f"d:{KIND}:{key}"


def numbered(argument: str) -> int:
    """A button's argument that is an id or a place. Raises NotYours for anything else: buttons can be forged."""
    try:
        return number(argument)
    except ValueError as broken:
        raise NotYours("button", f"no number {argument!r}") from broken


def tap(draft: DraftCard, verb: str, argument: str = "") -> str:
    """The data of a button of this dialogue at its present question."""
    return f"q:{draft.key}:{draft.rev}:{verb}" + (f":{argument}" if argument else "")


def ways_out(viewer: Viewer, draft: DraftCard, *, back: bool = True) -> tuple[Button, ...]:
    """The last row of every question: leave, or one step back."""
    psay = viewer.speech.psay
    # Of a request that is sent only the times are chosen anew; to leave that cancels nothing.
    label = viewer.speech.say("Leave it as it is") if "meeting" in draft.data else psay("button", "Cancel the request")
    leave = Button(label, tap(draft, "leave"))
    return (leave, Button(psay("button", "Back"), tap(draft, "back"))) if back else (leave,)


def head(viewer: Viewer, draft: DraftCard) -> Markup:
    """Whom the request goes to."""
    return viewer.speech.psay("line", "Request to: <b>{body}</b>", body=viewer.body(draft.data["body"]))


def ask(viewer: Viewer, draft: DraftCard, text: Markup, *rows: tuple[Button, ...]) -> Screen:
    """A question with its buttons; where a text was also a body's name, the question what was meant."""
    if "pending" in draft.data:
        return _search_or_text(viewer, draft)
    return Screen(Markup("\n\n").join((head(viewer, draft), text)), (*rows, ways_out(viewer, draft)))


def _search_or_text(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say("“{text}” is also the name of a state body. What do you mean?", text=draft.data["pending"])
    return Screen(
        text,
        (
            (Button(psay("button", "Search for it"), tap(draft, "find")),),
            (Button(say("It is my answer"), tap(draft, "mine")),),
        ),
    )
