"""The preview of a request, and what can be opened from it: with whom, who comes along, files, answers given anew."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from markupsafe import Markup

from handlers import attachment_screens, batch_screens, labels, reasons
from handlers.request_frame import ask, head, tap, ways_out
from handlers.screen import Button, Row, Screen
from handlers.viewer import Viewer
from liaison import attachments, contacts, request_form
from liaison.drafts import DraftCard
from liaison.request_answers import AGENDA_LENGTH
from liaison.topics import name

FILE_LABEL = 30  # characters of a file's name on a button


async def preview(viewer: Viewer, draft: DraftCard) -> Screen:
    """What will be sent, with the buttons of the part of the form that is open."""
    return await _PANES[draft.data.get("pane", "")](viewer, draft)


async def _whole(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    hint = (
        say("You may write a new text to replace the agenda.")
        if draft.data.get("agenda")
        else say(
            "You may write what you want to discuss, up to {n} characters, or send without it.",
            n=AGENDA_LENGTH,
        )
    )
    facts = await _facts(viewer, draft)
    text = Markup("\n\n").join((facts, hint, say("This is a request to meet, not an official appeal.")))
    edit = Button(psay("button", "Edit"), tap(draft, "pane", "edit"))
    more = Button(psay("button", "More…"), tap(draft, "pane", "more"))
    more_rows = (edit,) if "meeting" in draft.data else (more, edit)
    send = Button(psay("button", "Send"), tap(draft, "send"), style="success")
    return Screen(text, ((send,), more_rows, ways_out(viewer, draft)))


async def _more(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    hint = say(
        "What else should the official know? You may also send documents or photos here, up to {n}.",
        n=attachments.MOST_FILES,
    )
    text = Markup("\n\n").join((await _facts(viewer, draft), hint))
    whom = Button(psay("button", "With whom"), tap(draft, "pane", "whom"))
    names = Button(psay("button", "Who comes along"), tap(draft, "pane", "names"))
    files = Button(psay("button", "Files"), tap(draft, "pane", "files"))
    also = Button(psay("button", "Also to other bodies"), tap(draft, "pane", "also"))
    return Screen(text, ((whom, names), (files, also), ways_out(viewer, draft)))


async def _whom(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say(
        "Whom would you like to meet? A meeting with the head of the body goes through the official, who arranges it."
    )
    official = Button(psay("button", "The official"), tap(draft, "whom", "official"))
    with_head = Button(psay("button", "The head of the body"), tap(draft, "whom", "head"))
    return ask(viewer, draft, text, (official,), (with_head,))


async def _names(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    asked = say(
        "Who comes along with you? Please write the names, each on a line of its own, at most {n}.",
        n=request_form.MOST_NAMES,
    )
    if not (names := draft.data.get("attendees")):
        return ask(viewer, draft, asked)
    nobody = Button(psay("button", "Nobody comes along"), tap(draft, "nobody"))
    now = psay("line", "Comes along: {names}", names=", ".join(names))
    again = say("New names replace these.")
    return ask(viewer, draft, Markup("\n\n").join((now, asked, again)), (nobody,))


async def _files(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    asked = say(
        "Send documents or photos here, up to {n}, at most {size} MB each: {types}.",
        n=attachments.MOST_FILES,
        size=attachments.MOST_BYTES // 1024**2,
        types=", ".join(attachments.TYPES),
    )
    rows: list[Row] = []
    for place, file in enumerate(draft.data.get("files", [])):
        label = labels.cut(attachment_screens.file_name(viewer.speech, file["name"], place + 1), FILE_LABEL)
        rows.append((Button(psay("button", "Take away: {file}", file=label), tap(draft, "file-off", str(place))),))
    return ask(viewer, draft, asked, *rows)


async def _edit(viewer: Viewer, draft: DraftCard) -> Screen:
    psay = viewer.speech.psay
    choices = {
        "topic": psay("button", "The topic"),
        "mode": psay("button", "The way to meet"),
        "phone": psay("button", "The number to call"),
        "times": psay("button", "The times"),
    }
    open_now = ["times"] if "meeting" in draft.data else [step for step in choices if step in draft.data]
    rows = [(Button(choices[step], tap(draft, "edit", step)),) for step in open_now]
    text = viewer.speech.say("What would you like to change? The rest stays as it is.")
    return Screen(Markup("\n\n").join((await _facts(viewer, draft), text)), (*rows, ways_out(viewer, draft)))


async def _facts(viewer: Viewer, draft: DraftCard) -> Markup:
    """Everything that was answered, line by line."""
    speech, data = viewer.speech, draft.data
    psay = speech.psay
    lines = [head(viewer, draft)]
    if data.get("with_head"):
        lines.append(speech.say("With the head of the body; the official arranges it"))
    lines.append(psay("line", "Topic: {topic}", topic=name(data["topic"], speech.language)))
    lines.append(psay("line", "How: {mode}", mode=reasons.mode(speech, data["mode"])))
    if data.get("phone"):
        lines.append(psay("line", "Number to call: {number}", number=contacts.show_phone(data["phone"]).number))
    offered = [speech.when(datetime.fromisoformat(stamp)) for stamp in data["times"]]
    lines.append(psay("line", "Times: {times}", times="; ".join(offered)))
    if data.get("attendees"):
        lines.append(psay("line", "Comes along: {names}", names=", ".join(data["attendees"])))
    if files := data.get("files"):
        named = [attachment_screens.file_name(speech, file["name"], place) for place, file in enumerate(files, start=1)]
        lines.append(psay("line", "Files: {names}", names=", ".join(named)))
    if data.get("agenda"):
        lines.append(psay("line", "Agenda: {agenda}", agenda=data["agenda"]))
    return Markup("\n").join((*lines, *await batch_screens.planned(viewer, draft)))


_PANES: dict[str, Callable[[Viewer, DraftCard], Awaitable[Screen]]] = {
    "": _whole,
    "more": _more,
    "whom": _whom,
    "names": _names,
    "files": _files,
    "edit": _edit,
    "also": batch_screens.also,
}
