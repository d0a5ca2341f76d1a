"""The coordinator's desk on the screen: what waits, the reports one by one, the queries that found nothing."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers import labels, report_screens
from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import aliases, desk
from liaison.aliases import MissCard
from liaison.drafts import DraftCard

PAGE = 8  # reports on a page


async def front(viewer: Viewer, rest: list[str]) -> Screen:
    """``desk``: how much waits, and the doors to it."""
    say, psay = viewer.speech.say, viewer.speech.psay
    counts = await viewer.read(desk.counts, viewer.actor)
    text = Markup("\n\n").join(
        (
            psay("title", "<b>Coordinator's desk</b>"),
            say(
                "Contacts that readers report as wrong, and what people looked for without finding it. "
                "Requests for meetings stand in /my."
            ),
        )
    )
    rows = (
        (Button(psay("button", "Wrong contacts: {n}", n=counts.reports), "rl:0"),),
        (Button(psay("button", "Not found: {n}", n=counts.misses), "qm:0"),),
        (Button(psay("button", "Back"), "my"),),
    )
    return Screen(text, rows)


async def reported(viewer: Viewer, rest: list[str]) -> Screen:
    """``rl:PAGE``: the open reports of one's regions, the oldest first."""
    say, psay = viewer.speech.say, viewer.speech.psay
    found = await viewer.read(desk.open_matters, viewer.actor)
    if not found:
        text = say("No wrong contact is reported at present.")
        return Screen(text, ((Button(psay("button", "Back"), "desk"),),))
    pages = -(-len(found) // PAGE)
    page = min(number(rest[0]), pages - 1)
    rows = [
        (Button(_report_label(viewer, matter.body_id, matter.reason), f"rp:{matter.report_id}"),)
        for matter in found[page * PAGE : (page + 1) * PAGE]
    ]
    title = psay("title", "Reported contacts, the oldest first")
    return _page(viewer, title, rows, "rl", page, pages)


async def missed(viewer: Viewer, rest: list[str]) -> Screen:
    """``qm:PAGE``: queries that found nothing, the most frequent first."""
    say, psay = viewer.speech.say, viewer.speech.psay
    page = number(rest[0])
    found, pages = await viewer.read(aliases.misses, viewer.actor, page)
    if not found:
        text = say("Everything that people looked for was found.")
        return Screen(text, ((Button(psay("button", "Back"), "desk"),),))
    rows = [(Button(f"{labels.cut(one.text, labels.LONGEST)} – {one.count}", f"qq:{one.id}"),) for one in found]
    title = say("What people looked for without finding it, and how often")
    return _page(viewer, title, rows, "qm", min(page, pages - 1), pages)


async def miss(viewer: Viewer, rest: list[str]) -> Screen:
    """``qq:MISS``: one query that found nothing; what does it mean?"""
    return _miss(viewer, await viewer.read(aliases.miss, viewer.actor, number(rest[0])))


async def candidates(viewer: Viewer, rest: list[str]) -> Screen:
    """``qc:MISS:ID.ID.…``: the bodies that the coordinator may mean."""
    found = await viewer.read(aliases.miss, viewer.actor, number(rest[0]))
    if found.state != "open":
        return _miss(viewer, found)
    psay = viewer.speech.psay
    entries = [viewer.tree.by_id[number(one)] for one in rest[1].split(".")]
    text = viewer.speech.say(
        "Which body does <i>{text}</i> mean? It will be found by these words at once. If it is not here, write its "
        "name in another way.",
        text=found.text,
    )
    rows = [(Button(labels.of(viewer, entry), f"qa:{found.id}:{entry.id}"),) for entry in entries]
    return Screen(text, (*rows, (Button(psay("button", "Back"), f"ql:{found.id}"),)))


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """Asks for the name of the body."""
    found = await viewer.read(aliases.miss, viewer.actor, draft.data["miss"])
    if found.state != "open":
        return _miss(viewer, found)
    text = viewer.speech.say("Which body does <i>{text}</i> mean? Please write its name.", text=found.text)
    return Screen(text, ((Button(viewer.speech.psay("button", "Back"), f"ql:{found.id}"),),))


def _miss(viewer: Viewer, found: MissCard) -> Screen:
    speech = viewer.speech
    say, psay = speech.say, speech.psay
    asked = speech.nsay(
        "<i>{text}</i>\nLooked for once, on {date}.",
        "<i>{text}</i>\nLooked for {n} times, last on {date}.",
        found.count,
        text=found.text,
        date=speech.date(found.last_at),
    )
    rows: list[tuple[Button, ...]] = []
    if found.state == "open":
        outcome = say("Nothing was found. Which body does it mean?")
        rows.append((Button(psay("button", "This is…"), f"qt:{found.id}", style="primary"),))
        rows.append((Button(psay("button", "It means no body"), f"qn:{found.id}"),))
    elif found.body_id is None:
        outcome = say("It is marked: it means no body.")
    else:
        outcome = say("These words now lead to: {body}.", body=viewer.body(found.body_id))
        rows.append((Button(psay("button", "Open the card"), f"b:{found.body_id}:qm.0"),))
    return Screen(Markup("\n\n").join((asked, outcome)), (*rows, (Button(psay("button", "Back"), "qm:0"),)))


def _report_label(viewer: Viewer, body_id: int, code: str) -> str:
    body = labels.cut(labels.of(viewer, viewer.tree.by_id[body_id]), labels.LONGEST // 2)
    return f"{body}: {report_screens.reason(viewer.speech, code).unescape()}"


def _page(
    viewer: Viewer, title: Markup, rows: Sequence[tuple[Button, ...]], address: str, page: int, pages: int
) -> Screen:
    psay = viewer.speech.psay
    text = Markup("<b>{}</b>").format(title)
    if pages > 1:
        text += "\n" + psay("line", "Page {page} of {pages}", page=page + 1, pages=pages)
    turn: list[Button] = []
    if page > 0:
        turn.append(Button(psay("button", "Previous page"), f"{address}:{page - 1}"))
    if page < pages - 1:
        turn.append(Button(psay("button", "Next page"), f"{address}:{page + 1}"))
    return Screen(text, (*rows, tuple(turn), (Button(psay("button", "Back"), "desk"),)))
