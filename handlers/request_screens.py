"""The questions of every dialogue, drawn from the draft: the request step by step, and the short ones of both sides."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime

from markupsafe import Markup

from handlers import meeting_screens, people_screens, reasons
from handlers.screen import Button, Rows, Screen
from handlers.viewer import Viewer
from liaison import contacts, drafts, meetings, request_times, requests
from liaison.drafts import DraftCard
from liaison.slots import Span
from liaison.topics import all_topics, name, topics_for

DAYS_ON_PAGE = 8
TIMES_ON_PAGE = 12
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


async def _over(viewer: Viewer, key: str | None) -> Screen:
    meeting_id = await viewer.read(meetings.of_draft, viewer.actor, key) if key else None
    if meeting_id is not None:
        return await meeting_screens.meeting(viewer, [str(meeting_id)])
    return await people_screens.start(viewer, [])


def _tap(draft: DraftCard, verb: str, argument: str = "") -> str:
    return f"q:{draft.key}:{draft.rev}:{verb}" + (f":{argument}" if argument else "")


def _ways_out(viewer: Viewer, draft: DraftCard, *, back: bool = True) -> tuple[Button, ...]:
    say = viewer.speech.say
    leave = Button(say("Cancel the request"), _tap(draft, "leave"))
    return (leave, Button(say("Back"), _tap(draft, "back"))) if back else (leave,)


def _head(viewer: Viewer, draft: DraftCard) -> Markup:
    return viewer.speech.say("Request to: <b>{body}</b>", body=viewer.body(draft.data["body"]))


def _ask(viewer: Viewer, draft: DraftCard, text: Markup, *rows: tuple[Button, ...]) -> Screen:
    if "pending" in draft.data:
        return _search_or_text(viewer, draft)
    return Screen(Markup("\n\n").join((_head(viewer, draft), text)), (*rows, _ways_out(viewer, draft)))


def _search_or_text(viewer: Viewer, draft: DraftCard) -> Screen:
    say = viewer.speech.say
    text = say("“{text}” is also the name of a state body. What do you mean?", text=draft.data["pending"])
    return Screen(
        text,
        ((Button(say("Search for it"), _tap(draft, "find")),), (Button(say("It is my answer"), _tap(draft, "mine")),)),
    )


async def _consent(viewer: Viewer, draft: DraftCard) -> Screen:
    say = viewer.speech.say
    text = say(
        "First, your consent. To arrange meetings, {operator} keeps your name, role, organisation, phone (if you give "
        "it) and requests until you withdraw the consent. The official you write to sees them; they are not "
        "published. Messages pass through Telegram, whose servers are abroad. More: /privacy",
        operator=viewer.operator,
    )
    return _ask(viewer, draft, text, (Button(say("I agree"), _tap(draft, "consent"), style="primary"),))


async def _org_name(viewer: Viewer, draft: DraftCard) -> Screen:
    return _ask(viewer, draft, viewer.speech.say("What is your organisation called? Please write its name."))


async def _bin(viewer: Viewer, draft: DraftCard) -> Screen:
    say = viewer.speech.say
    text = say("Its BIN (12 digits)? You may go on without it.")
    return _ask(viewer, draft, text, (Button(say("Without a BIN"), _tap(draft, "no-bin")),))


async def _own_name(viewer: Viewer, draft: DraftCard) -> Screen:
    return _ask(viewer, draft, viewer.speech.say("Your surname and first name?"))


async def _title(viewer: Viewer, draft: DraftCard) -> Screen:
    return _ask(viewer, draft, viewer.speech.say("Your role in the organisation? For example: director, volunteer."))


async def _topic(viewer: Viewer, draft: DraftCard) -> Screen:
    say, lang = viewer.speech.say, viewer.speech.language
    entry = viewer.tree.by_id[draft.data["body"]]
    own = topics_for(entry, viewer.tree)
    shown = all_topics() if draft.data.get("all_topics") or not own else own[:TOPICS_SHOWN]
    buttons = [Button(name(topic.id, lang), _tap(draft, "topic", topic.id)) for topic in shown]
    rows = _by(1 if len(shown) <= TOPICS_SHOWN else 2, buttons)
    if len(shown) < len(all_topics()):
        rows = (*rows, (Button(say("Other topics"), _tap(draft, "topics")),))
    return _ask(viewer, draft, say("What is the meeting about?"), *rows)


async def _mode(viewer: Viewer, draft: DraftCard) -> Screen:
    rows = [(Button(reasons.mode(viewer.speech, mode), _tap(draft, "mode", mode)),) for mode in requests.MODES]
    return _ask(viewer, draft, viewer.speech.say("How would you like to meet?"), *rows)


async def _phone(viewer: Viewer, draft: DraftCard) -> Screen:
    return _ask(
        viewer, draft, viewer.speech.say("Which number should the official call? For example: +7 701 000 00 00.")
    )


async def _times(viewer: Viewer, draft: DraftCard) -> Screen:
    choice = await viewer.read(request_times.choice, viewer.actor, draft, viewer.policy, now=viewer.now)
    view, _, rest = str(draft.data.get("view", "")).partition(":")
    if view == "days":
        return _days(viewer, draft, choice.days, int(rest or 0))
    if view == "day":
        return _day(viewer, draft, choice.day_times, rest)
    return _candidates(viewer, draft, choice)


def _candidates(viewer: Viewer, draft: DraftCard, choice: request_times.Choice) -> Screen:
    speech = viewer.speech
    if not choice.candidates:
        text = speech.say("There is no free time in the next {n} days. Please call, or try again later.",
                          n=viewer.policy.horizon_days)  # fmt: skip
        return _ask(viewer, draft, text)
    rows: list[tuple[Button, ...]] = []
    for span in choice.candidates:
        time = speech.slot(span.starts_at)
        ticked = span in choice.picked
        label = speech.say("Chosen: {time}", time=time) if ticked else speech.say("Add: {time}", time=time)
        rows.append((Button(str(label), _tap(draft, "tick", _stamp(span))),))
    n = len(choice.picked)
    if n:
        use = speech.nsay("Use this time", "Use these {n} times", n)
        rows.append((Button(use, _tap(draft, "use"), style="primary"),))
    rows.append((Button(speech.say("Other days"), _tap(draft, "look", "days:0")),))
    text = speech.say(
        "These are the nearest possible times ({offset}). The official will choose one of those you leave chosen.",
        offset=speech.utc_offset,
    )
    return _ask(viewer, draft, text, *rows)


def _days(viewer: Viewer, draft: DraftCard, days: Sequence[tuple[date, int]], page: int) -> Screen:
    speech = viewer.speech
    shown = days[page * DAYS_ON_PAGE : (page + 1) * DAYS_ON_PAGE]
    buttons = [Button(speech.short_day(day), _tap(draft, "look", f"day:{day.isoformat()}")) for day, _ in shown]
    turn = _turn(viewer, draft, "days", page, len(days), DAYS_ON_PAGE)
    return _ask(viewer, draft, speech.say("Choose a day."), *_by(2, buttons), turn)


def _day(viewer: Viewer, draft: DraftCard, times: Sequence[Span], rest: str) -> Screen:
    speech = viewer.speech
    day, _, page_text = rest.partition(":")
    page = int(page_text or 0)
    shown = times[page * TIMES_ON_PAGE : (page + 1) * TIMES_ON_PAGE]
    buttons = [Button(speech.hour(span.starts_at), _tap(draft, "tick", _stamp(span))) for span in shown]
    turn = _turn(viewer, draft, f"day:{day}", page, len(times), TIMES_ON_PAGE)
    if not times:
        return _ask(viewer, draft, speech.say("This day has no free time left."))
    text = speech.say("{day}: choose a time ({offset}).", day=speech.day(times[0].starts_at), offset=speech.utc_offset)
    return _ask(viewer, draft, text, *_by(4, buttons), turn)


def _turn(viewer: Viewer, draft: DraftCard, view: str, page: int, n: int, size: int) -> tuple[Button, ...]:
    say = viewer.speech.say
    turn = []
    if page > 0:
        turn.append(Button(say("Previous page"), _tap(draft, "look", f"{view}:{page - 1}")))
    if (page + 1) * size < n:
        turn.append(Button(say("Next page"), _tap(draft, "look", f"{view}:{page + 1}")))
    return tuple(turn)


async def _preview(viewer: Viewer, draft: DraftCard) -> Screen:
    speech, data = viewer.speech, draft.data
    say = speech.say
    times = [speech.when(datetime.fromisoformat(stamp)) for stamp in data["times"]]
    lines = [
        _head(viewer, draft),
        say("Topic: {topic}", topic=name(data["topic"], speech.language)),
        say("How: {mode}", mode=reasons.mode(speech, data["mode"])),
    ]
    if data.get("phone"):
        lines.append(say("Number to call: {number}", number=contacts.show_phone(data["phone"]).number))
    lines += [say("Times: {times}", times="; ".join(times))]
    if data.get("agenda"):
        lines.append(say("Agenda: {agenda}", agenda=data["agenda"]))
    hint = (
        say("You may write a new text to replace the agenda.")
        if data.get("agenda")
        else say(
            "You may write what you want to discuss, up to {n} characters, or send without it.",
            n=requests.AGENDA_LENGTH,
        )
    )
    text = Markup("\n\n").join(
        (Markup("\n").join(lines), hint, say("This is a request to meet, not an official appeal."))
    )
    return Screen(text, ((Button(say("Send"), _tap(draft, "send"), style="success"),), _ways_out(viewer, draft)))


async def _place(viewer: Viewer, draft: DraftCard) -> Screen:
    say = viewer.speech.say
    card = await viewer.read(meetings.see, viewer.actor, draft.data["meeting"], now=viewer.now)
    asked = {
        "in_person": say("Where will it be? Please write the address and the room."),
        "online": say("Please send the link to the online meeting."),
        "phone": say("Which number will you call from? Please write it."),
    }
    text = Markup("\n\n").join((reasons.confirmed_line(viewer.speech, card), asked[card.mode]))
    rows: list[tuple[Button, ...]] = []
    if card.last_place and card.last_place != card.place:
        short = card.last_place if len(card.last_place) <= 40 else card.last_place[:39] + "…"
        rows.append((Button(say("As last time: {place}", place=short).unescape(), f"pl:{card.id}:{draft.key}"),))
    skip = say("Leave it as it is") if card.place else say("Skip for now")
    return Screen(text, (*rows, (Button(skip, f"ps:{card.id}:{draft.key}"),)))


async def _words(viewer: Viewer, draft: DraftCard) -> Screen:
    """A reason or a remark in one's own words about a meeting."""
    say = viewer.speech.say
    meeting_id = draft.data["meeting"]
    asked = {
        "decline": say("Please write the reason; the NGO will read it."),
        "other_times": say("Which days and hours would suit you? Please write; the NGO will read it."),
        "cancel": say("Please write the reason; the other side will read it."),
    }
    rows: list[tuple[Button, ...]] = []
    if draft.kind == "other_times":
        rows.append((Button(say("Send without words"), f"ot:{meeting_id}:{draft.key}"),))
    return Screen(asked[draft.kind], (*rows, (Button(say("Back"), f"bk:{meeting_id}:{draft.kind}"),)))


async def _holder(viewer: Viewer, draft: DraftCard) -> Screen:
    say = viewer.speech.say
    head = say("Official of: <b>{body}</b>", body=viewer.body(draft.data["body"]))
    asked = {
        "full_name": say("Surname, first name and patronymic of the official?"),
        "position": say("The official's position?"),
        "contact": say("Work phone and e-mail, in one message?"),
    }
    return Screen(Markup("\n\n").join((head, asked[draft.step])), ((Button(say("Back"), f"nb:{draft.data['body']}"),),))


def _by(n: int, buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[i : i + n]) for i in range(0, len(buttons), n))


def _stamp(span: Span) -> str:
    return f"{span.starts_at:%Y%m%d%H%M}"


_STEPS: dict[str, Callable[[Viewer, DraftCard], Awaitable[Screen]]] = {
    "consent": _consent,
    "org_name": _org_name,
    "bin": _bin,
    "own_name": _own_name,
    "title": _title,
    "topic": _topic,
    "mode": _mode,
    "phone": _phone,
    "times": _times,
    "preview": _preview,
}
_SHORT: dict[str, Callable[[Viewer, DraftCard], Awaitable[Screen]]] = {
    "place": _place,
    "decline": _words,
    "other_times": _words,
    "cancel": _words,
    "holder": _holder,
}
