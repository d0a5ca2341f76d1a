"""The questions of every dialogue, drawn from the draft: the request step by step, and the short ones of both sides."""

from collections.abc import Awaitable, Callable

from markupsafe import Markup

from handlers import (
    calendar_screens,
    desk_screens,
    join_screens,
    leave_screens,
    meeting_actions,
    meeting_screens,
    offer_lines,
    people_screens,
    promise_screens,
    proposal_screens,
    reasons,
    reception_screens,
    redirect_screens,
    report_screens,
    request_preview_screens,
    talk_screens,
)
from handlers.request_frame import ask, tap
from handlers.request_times_screens import times
from handlers.screen import Button, Screen, by
from handlers.viewer import Viewer
from liaison import (
    aliases,
    drafts,
    joins,
    leaves,
    meetings,
    online_links,
    promise_writing,
    proposal_times,
    redirects,
    remarks,
    reports,
    requests,
    talks,
)
from liaison.drafts import DraftCard
from liaison.request_answers import MODES
from liaison.topics import all_topics, name, topics_for

TOPICS_SHOWN = 6  # the body's own topics, before all of them


async def question(viewer: Viewer, rest: list[str]) -> Screen:
    """``d:KIND[:KEY]``: the question that stands open; if the dialogue is over, what came of it."""
    kind = rest[0]
    draft = await viewer.read(drafts.find, viewer.actor.id, kind, now=viewer.now)
    key = rest[1] if len(rest) > 1 else None
    if draft is None or (key is not None and draft.key != key):
        return await _over(viewer, key)
    if kind == requests.KIND:
        return await _STEPS[draft.step](viewer, draft)
    return await _SHORT[kind](viewer, draft)


async def confirmed(viewer: Viewer, rest: list[str]) -> Screen:
    """``cp:MEETING``: confirmed, and where will it be? Once that question is over, the meeting."""
    draft = await viewer.read(drafts.find, viewer.actor.id, remarks.PLACE, now=viewer.now)
    if draft is not None and str(draft.data["meeting"]) == rest[0]:
        return await _place(viewer, draft)
    return await meeting_screens.meeting(viewer, rest[:1])


async def _over(viewer: Viewer, key: str | None) -> Screen:
    meeting_id = await viewer.read(meetings.of_draft, viewer.actor, key) if key else None
    if meeting_id is not None:
        return await meeting_screens.meeting(viewer, [str(meeting_id)])
    return await people_screens.start(viewer, [])


async def _consent(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say(
        "First, your consent. To arrange meetings, {operator} keeps your name, role, organisation, phone (if you give "
        "it), requests and reports until you withdraw the consent. The official you write to sees them; they are not "
        "published. Messages pass through Telegram, whose servers are abroad. More: /privacy",
        operator=viewer.operator,
    )
    return ask(viewer, draft, text, (Button(psay("button", "I agree"), tap(draft, "consent"), style="primary"),))


async def _org_name(viewer: Viewer, draft: DraftCard) -> Screen:
    return ask(viewer, draft, viewer.speech.say("What is your organisation called? Please write its name."))


async def _bin(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say("Its BIN (12 digits)? You may go on without it.")
    return ask(viewer, draft, text, (Button(psay("button", "Without a BIN"), tap(draft, "no-bin")),))


async def _own_name(viewer: Viewer, draft: DraftCard) -> Screen:
    return ask(viewer, draft, viewer.speech.say("Your surname and first name?"))


async def _title(viewer: Viewer, draft: DraftCard) -> Screen:
    return ask(viewer, draft, viewer.speech.say("Your role in the organisation? For example: director, volunteer."))


async def _topic(viewer: Viewer, draft: DraftCard) -> Screen:
    say, lang = viewer.speech.say, viewer.speech.language
    psay = viewer.speech.psay
    entry = viewer.tree.by_id[draft.data["body"]]
    own = topics_for(entry, viewer.tree)
    shown = all_topics() if draft.data.get("all_topics") or not own else own[:TOPICS_SHOWN]
    buttons = [Button(name(topic.id, lang), tap(draft, "topic", topic.id)) for topic in shown]
    rows = by(1 if len(shown) <= TOPICS_SHOWN else 2, buttons)
    if len(shown) < len(all_topics()):
        rows = (*rows, (Button(psay("button", "Other topics"), tap(draft, "topics")),))
    return ask(viewer, draft, say("What is the meeting about?"), *rows)


async def _mode(viewer: Viewer, draft: DraftCard) -> Screen:
    rows = [(Button(reasons.mode(viewer.speech, mode), tap(draft, "mode", mode)),) for mode in MODES]
    return ask(viewer, draft, viewer.speech.say("How would you like to meet?"), *rows)


async def _phone(viewer: Viewer, draft: DraftCard) -> Screen:
    return ask(
        viewer, draft, viewer.speech.say("Which number should the official call? For example: +7 701 000 00 00.")
    )


async def _place(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    card = await viewer.read(meetings.see, viewer.actor, draft.data["meeting"], now=viewer.now)
    asked = {
        "in_person": say(
            "Where will it be? Please write the address and the room, or send a pin on the map (attach, location)."
        ),
        "online": say("Please send the link to the online meeting."),
        "phone": say("Which number will you call from? Please write it."),
    }
    parts = (reasons.confirmed_line(viewer.speech, card), offer_lines.take_back(viewer, card), asked[card.mode])
    text = Markup("\n\n").join(part for part in parts if part)
    rows: list[tuple[Button, ...]] = meeting_actions.undo(viewer, card)
    if card.last_place and card.last_place not in (card.place, card.own_room):
        short = card.last_place if len(card.last_place) <= 40 else card.last_place[:39] + "…"
        rows.append(
            (Button(psay("button", "As last time: {place}", place=short).unescape(), f"pl:{card.id}:{draft.key}"),)
        )
    rows += calendar_screens.room_buttons(viewer, card, draft.key)
    skip = say("Leave it as it is") if card.place else psay("button", "Skip for now")
    return Screen(text, (*rows, (Button(skip, f"ps:{card.id}:{draft.key}"),)))


async def _words(viewer: Viewer, draft: DraftCard) -> Screen:
    """A reason or a remark in one's own words about a meeting."""
    say, psay = viewer.speech.say, viewer.speech.psay
    meeting_id = draft.data["meeting"]
    asked = {
        "decline": say("Please write the reason; the NGO will read it."),
        "other_times": say("Which days and hours would suit you? Please write; the NGO will read it."),
        "cancel": say("Please write the reason; the other side will read it."),
    }
    rows: list[tuple[Button, ...]] = []
    if draft.kind == "other_times":
        rows.append((Button(psay("button", "Send without words"), f"ot:{meeting_id}:{draft.key}"),))
    return Screen(asked[draft.kind], (*rows, (Button(psay("button", "Back"), f"bk:{meeting_id}:{draft.kind}"),)))


async def _holder(viewer: Viewer, draft: DraftCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    title = psay("line", "Official of: <b>{body}</b>", body=viewer.body(draft.data["body"]))
    asked = {
        "full_name": say("Surname, first name and patronymic of the official?"),
        "position": psay("question", "The official's position?"),
        "contact": say("Work phone and e-mail, in one message?"),
    }
    return Screen(
        Markup("\n\n").join((title, asked[draft.step])),
        ((Button(psay("button", "Back"), f"nb:{draft.data['body']}"),),),
    )


_STEPS: dict[str, Callable[[Viewer, DraftCard], Awaitable[Screen]]] = {
    "consent": _consent,
    "org_name": _org_name,
    "bin": _bin,
    "own_name": _own_name,
    "title": _title,
    "topic": _topic,
    "join": join_screens.offer,
    "mode": _mode,
    "phone": _phone,
    "times": times,
    "preview": request_preview_screens.preview,
}
_SHORT: dict[str, Callable[[Viewer, DraftCard], Awaitable[Screen]]] = {
    "place": _place,
    "decline": _words,
    "other_times": _words,
    "cancel": _words,
    "holder": _holder,
    reports.KIND: report_screens.question,
    promise_writing.KIND: promise_screens.question,
    aliases.KIND: desk_screens.question,
    joins.KIND: join_screens.line,
    talks.KIND: talk_screens.question,
    leaves.KIND: leave_screens.question,
    redirects.KIND: redirect_screens.question,
    proposal_times.KIND: proposal_screens.question,
    online_links.KIND: reception_screens.link_question,
}
