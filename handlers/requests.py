"""The representative's dialogue from the card to the sent request: each tap and text is one step of the draft."""

from datetime import UTC, datetime

from telegram import Update

from handlers import batches, request_form
from handlers.context import Context
from handlers.lookup import look_up
from handlers.request_frame import at
from liaison import request_pending, request_times, requests
from liaison.batches import siblings
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours


async def begin(update: Update, context: Context) -> None:
    """[Request a meeting] on a card."""
    body_id = context.number(1)
    try:
        await context.do(requests.begin, body_id, context.policy, then=f"d:{requests.KIND}")
    except LiaisonError as refusal:
        await batches.refused(context, refusal, f"b:{body_id}")


async def begin_new_times(update: Update, context: Context) -> None:
    """[Choose new times], after the official asked for others; [None of them fits] under his; [Move] by the NGO."""
    await context.do(requests.begin_new_times, context.number(1), context.policy, then=f"d:{requests.KIND}")


async def step(update: Update, context: Context) -> None:
    """A button of the dialogue: ``q:KEY:REV:VERB[:ARGUMENT]``."""
    key, rev, verb = context.part(1), context.number(2), context.part(3)
    argument = ":".join(context.tap[4:])
    context.place = at(key)
    if verb not in _VERBS:
        raise NotYours("button", f"unknown verb {verb!r}")
    await _VERBS[verb](context, key, rev, argument)


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """A text in a dialogue that listens: the answer to its question."""
    key, then = draft.key, at(draft.key)
    if draft.step == "preview" and draft.data.get("pane") in _PANES_TYPED:
        await _PANES_TYPED[draft.data["pane"]](context, draft, text)
    elif draft.step == "preview":
        await context.do(requests.set_agenda, key, text, then=then)
    elif context.services.directory().names_a_body(text):
        await context.do(request_pending.keep_pending, key, draft.step, text, then=then)
    else:
        await _answer(context, key, None, draft.step, text)


async def _answer(context: Context, key: str, rev: int | None, name: str, value: str) -> None:
    context.place = at(key)
    await context.write(requests.answer, context.actor, key, rev, name, value, context.policy, now=context.view.now)
    await context.refresh()  # agreed, or registered an organisation: another person than before
    await context.show(context.place)


async def _consent(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "consent", "yes")


async def _no_bin(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "bin", "")


async def _topic(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "topic", argument)


async def _mode(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "mode", argument)


async def _own(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "join", "own")


async def _topics(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(requests.all_topics_please, key, rev, then=at(key))


async def _tick(context: Context, key: str, rev: int, argument: str) -> None:
    try:
        starts_at = datetime.strptime(argument, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as broken:
        raise NotYours("button", f"no time {argument!r}") from broken
    await context.do(request_times.tick, key, rev, starts_at, context.policy, then=at(key))


async def _look(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(request_times.look_at, key, rev, argument, then=at(key))


async def _use(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(requests.use_times, key, rev, context.policy, then=at(key))


async def _send(context: Context, key: str, rev: int, argument: str) -> None:
    try:
        meeting_id = await context.write(requests.send, context.actor, key, rev, context.policy, now=context.view.now)
    except LiaisonError as refusal:
        await batches.refused(context, refusal, at(key))
        return
    if meeting_id is None:
        gone = context.view.speech.say(
            "None of the chosen times is free any more. Nothing was sent; please choose other times."
        )
        await context.show(at(key), note=gone)
        return
    # The preview loses its buttons; what people need later comes as a message of its own.
    await context.show(f"sn:{meeting_id}")
    together = await context.read(siblings, context.actor, meeting_id)
    await context.post(f"bt:{meeting_id}" if len(together) > 1 else f"m:{meeting_id}")


async def _back(context: Context, key: str, rev: int, argument: str) -> None:
    about = await context.read(request_times.about, context.actor, key)
    at_question, body_id = await context.write(requests.back, context.actor, key, rev, now=context.view.now)
    before = f"b:{body_id}" if about is None else f"m:{about}"
    await context.show(at(key) if at_question else before)


async def _leave(context: Context, key: str, rev: int, argument: str) -> None:
    about = await context.read(request_times.about, context.actor, key)
    body_id = await context.write(requests.leave, context.actor, key)
    if about is not None:
        note = context.view.speech.say("Nothing was sent; everything stays as it is.")
        await context.show(f"m:{about}", note=note)
        return
    note = context.view.speech.say("The request was not sent; what you had chosen is dropped.")
    await context.show(f"b:{body_id}", note=note)


async def _find(context: Context, key: str, rev: int, argument: str) -> None:
    pending = await context.write(request_pending.take_pending, context.actor, key, rev, now=context.view.now)
    await look_up(context, pending)


async def _mine(context: Context, key: str, rev: int, argument: str) -> None:
    await context.write(request_pending.answer_pending, context.actor, key, rev, context.policy, now=context.view.now)
    await context.refresh()
    await context.show(at(key))


_VERBS = {
    "consent": _consent,
    "no-bin": _no_bin,
    "topic": _topic,
    "topics": _topics,
    "own": _own,
    "mode": _mode,
    "tick": _tick,
    "look": _look,
    "use": _use,
    "send": _send,
    "back": _back,
    "leave": _leave,
    "find": _find,
    "mine": _mine,
    **request_form.VERBS,
    **batches.VERBS,
}
# Parts of the preview in which a text is not the agenda.
_PANES_TYPED = {"names": request_form.typed, "also": batches.typed}
