"""What a request may say besides the plain answers: with whom, who comes along, files; and answers given anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import answers, attachments, drafts
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.meetings import Wish
from liaison.people import Actor
from liaison.request_answers import AGENDA_LENGTH
from liaison.request_times import KIND
from liaison.slots import Span
from storage.drafts import Draft

MOST_NAMES = 10
ATTENDEE_LENGTH = 100
EDITABLE = ("topic", "mode", "phone", "times")
# What can be opened from the preview, and where [Back] leads from there; the preview itself is the empty one.
PANES = {"more": "", "edit": "", "whom": "more", "names": "more", "files": "more", "also": "more"}


def open_pane(session: Session, actor: Actor, key: str, rev: int, pane: str, *, now: datetime) -> DraftCard:
    """Open a part of the form from the preview; the empty name is the preview itself. Raises NotYours for another."""
    draft = _preview(session, actor, key, rev)
    if pane and (pane not in PANES or ("meeting" in draft.data and pane != "edit")):
        raise NotYours("pane", f"no pane {pane!r}")
    return drafts.keep(session, draft, {"pane": pane, "found": []}, now)


def with_whom(session: Session, actor: Actor, key: str, rev: int, whom: str, *, now: datetime) -> DraftCard:
    """Meet the "official", or the "head" of the body, whom the official asks. Raises NotYours for another word."""
    if whom not in ("official", "head"):
        raise NotYours("whom", f"nobody is called {whom!r}")
    draft = _preview(session, actor, key, rev)
    return drafts.keep(session, draft, {"with_head": whom == "head", "pane": ""}, now)


def set_attendees(session: Session, actor: Actor, key: str, text: str, *, now: datetime) -> DraftCard:
    """Keep who comes along, a name on each line, in place of those before.

    Raises LiaisonError("most-names", most=10), or "too-short", "too-long" for one name.
    """
    draft = _preview(session, actor, key, None)
    names = [answers.line(line, most=ATTENDEE_LENGTH) for line in text.splitlines() if line.strip()]
    if not names:
        raise LiaisonError("too-short")
    if len(names) > MOST_NAMES:
        raise LiaisonError("most-names", most=MOST_NAMES)
    return drafts.keep(session, draft, {"attendees": names, "pane": ""}, now)


def nobody_along(session: Session, actor: Actor, key: str, rev: int, *, now: datetime) -> DraftCard:
    """Take the names away again."""
    return drafts.keep(session, _preview(session, actor, key, rev), {"attendees": [], "pane": ""}, now)


def add_file(
    session: Session,
    actor: Actor,
    key: str,
    file: attachments.File,
    mime_type: str | None,
    caption: str,
    *,
    now: datetime,
) -> bool:
    """Keep a file that was sent while the preview is open. Words under it become the agenda if there is none yet.

    Says whether nothing of it was left out. Raises LiaisonError as ``attachments.take``; OutOfStep elsewhere.
    """
    draft = _preview(session, actor, key, None)
    more: dict[str, object] = {"files": attachments.take(file, mime_type, draft.data.get("files", []))}
    fits = 0 < len(caption.strip()) <= AGENDA_LENGTH and not draft.data.get("agenda")
    if fits:
        more["agenda"] = answers.passage(caption, most=AGENDA_LENGTH)
    drafts.keep(session, draft, more, now)
    return fits or not caption.strip()


def drop_file(session: Session, actor: Actor, key: str, rev: int, place: int, *, now: datetime) -> DraftCard:
    """Take away the file at a place (from 0). Raises NotYours where there is none."""
    draft = _preview(session, actor, key, rev)
    files = list(draft.data.get("files", []))
    if not 0 <= place < len(files):
        raise NotYours("file", f"no file {place}")
    return drafts.keep(session, draft, {"files": files[:place] + files[place + 1 :]}, now)


def edit(session: Session, actor: Actor, key: str, rev: int, step: str, *, now: datetime) -> DraftCard:
    """Ask one question anew and come back to the preview; [Back] there gives the answer of before.

    Raises NotYours for a question that was not asked. Of a request that was sent only the times can be changed.
    """
    draft = _preview(session, actor, key, rev)
    data = dict(draft.data)
    if step not in EDITABLE or step not in data or ("meeting" in data and step != "times"):
        raise NotYours("answer", f"{step!r} cannot be changed")
    data["kept"] = {name: data[name] for name in EDITABLE if name in data}
    data["pane"] = ""
    del data[step]
    drafts.move(draft, step, data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def wish(key: str, organisation_id: int, data: Mapping[str, Any], times: tuple[Span, ...]) -> Wish:
    """What a draft asks for at these times, for the body it was begun for."""
    return Wish(
        draft_key=key,
        organisation_id=organisation_id,
        body_id=data["body"],
        topic=data["topic"],
        mode=data["mode"],
        agenda=data.get("agenda") or None,
        phone=data.get("phone") or None,
        times=times,
        with_head=bool(data.get("with_head")),
        attendees=tuple(data.get("attendees", ())),
        files=tuple(data.get("files", ())),
    )


def _preview(session: Session, actor: Actor, key: str, rev: int | None) -> Draft:
    return drafts.lock(session, actor.id, KIND, key, rev, "preview")
