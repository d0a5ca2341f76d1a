"""What a query found: several bodies to choose from, or nothing and where to go on."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers import labels
from handlers.screen import Button, Rows, Screen, number
from handlers.viewer import Viewer

QUOTED = 100  # characters of a query that are shown again, and counted


async def hits(viewer: Viewer, rest: list[str]) -> Screen:
    """``h:ID.ID.…``: the bodies a query fitted equally well, to choose from."""
    ids = [number(one) for one in ".".join(rest).split(".")]  # the way back writes dots, an address colons
    return choose(viewer, ids, viewer.speech.say("Which one do you mean?"))


def ambiguous(viewer: Viewer, query: str, ids: Sequence[int]) -> Screen:
    """Which of several? The query stands in the text in italics: a choice is counted for it, without the person."""
    shown = query if len(query) <= QUOTED else query[: QUOTED - 1] + "…"
    question = viewer.speech.say("<i>{query}</i>\nWhich one do you mean?", query=shown)
    return choose(viewer, ids, question, tap="hc")


def choose(viewer: Viewer, ids: Sequence[int], question: Markup, *, tap: str = "b") -> Screen:
    """A question over several bodies, each a button to its card and back again; those of one's own region first."""
    home = viewer.actor.region_id
    back = "h." + ".".join(map(str, ids))
    ordered = sorted(ids, key=lambda one: home is None or viewer.tree.by_id[one].region_id != home)
    rows: list[tuple[Button, ...]] = [
        (Button(labels.of(viewer, viewer.tree.by_id[one]), f"{tap}:{one}:{back}"),) for one in ordered
    ]
    regions = {viewer.tree.by_id[one].region_id for one in ids}
    if home is None and len(regions) > 1:
        rows.append((Button(viewer.speech.psay("button", "Choose my region"), f"rg:{back}"),))
    return Screen(question, (*rows, *doors(viewer)))


def nothing_found(viewer: Viewer, nearest: Sequence[int], *, kept: bool) -> Screen:
    """No body fits: the nearest names, the way to browse, and what becomes of the query."""
    say = viewer.speech.say
    text = say("I found no state body for that. Perhaps you mean one of these, or you browse the list.")
    if len(nearest) == 1:
        text = say("I found no state body for that. Perhaps you mean this one, or you browse the list.")
    elif not nearest:
        text = say("I found no state body for that. Write a name, a place or a topic, or browse the list.")
    if kept:
        text += Markup("\n\n") + say("These words, without your name, go to the coordinators, who extend the list.")
    return choose(viewer, nearest, text) if nearest else Screen(text, doors(viewer))


def doors(viewer: Viewer) -> Rows:
    """The ways into the list of bodies, and back."""
    psay = viewer.speech.psay
    return (
        (Button(psay("button", "Central bodies"), "w:c"), Button(psay("button", "Regions"), "w:r")),
        (Button(viewer.speech.say("What is it about?"), "tp"),),
        (Button(psay("button", "Back"), "start"),),
    )
