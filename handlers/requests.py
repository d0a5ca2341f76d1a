"""The representative's dialogue from the card to the sent request: each tap and text is one step of the draft."""

from datetime import UTC, datetime

from telegram import Update

from handlers.context import Context
from handlers.lookup import look_up
from liaison import drafts, request_times, requests
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import NotYours


async def begin(update: Update, context: Context) -> None:
    """[Request a meeting] on a card."""
    context.place = f"d:{requests.KIND}"
    body_id = context.number(1)
    await context.write(requests.begin, context.actor, body_id, context.services.policy, now=context.view.now)
    await context.show(context.place)


async def begin_new_times(update: Update, context: Context) -> None:
    """[Choose new times], after the official asked for others."""
    context.place = f"d:{requests.KIND}"
    meeting_id = context.number(1)
    await context.write(
        requests.begin_new_times, context.actor, meeting_id, context.services.policy, now=context.view.now
    )
    await context.show(context.place)


async def step(update: Update, context: Context) -> None:
    """A button of the dialogue: ``q:KEY:REV:VERB[:ARGUMENT]``."""
    key, rev, verb = context.part(1), context.number(2), context.part(3)
    argument = ":".join(context.tap[4:])
    context.place = f"d:{requests.KIND}:{key}"
    if verb not in _VERBS:
        raise NotYours("button", f"unknown verb {verb!r}")
    await _VERBS[verb](context, key, rev, argument)


async def _answer(context: Context, key: str, rev: int, name: str, value: str) -> None:
    policy, now = context.services.policy, context.view.now
    await context.write(requests.answer, context.actor, key, rev, name, value, policy, now=now)
    await context.refresh()
    await context.show(f"d:{requests.KIND}:{key}")


async def _consent(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "consent", "yes")


async def _no_bin(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "bin", "")


async def _topic(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "topic", argument)


async def _mode(context: Context, key: str, rev: int, argument: str) -> None:
    await _answer(context, key, rev, "mode", argument)


async def _topics(context: Context, key: str, rev: int, argument: str) -> None:
    await context.write(requests.all_topics_please, context.actor, key, rev, now=context.view.now)
    await context.show(f"d:{requests.KIND}:{key}")


async def _tick(context: Context, key: str, rev: int, argument: str) -> None:
    try:
        at = datetime.strptime(argument, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as broken:
        raise NotYours("button", f"no time {argument!r}") from broken
    policy, now = context.services.policy, context.view.now
    await context.write(request_times.tick, context.actor, key, rev, at, policy, now=now)
    await context.show(f"d:{requests.KIND}:{key}")


async def _look(context: Context, key: str, rev: int, argument: str) -> None:
    await context.write(request_times.look_at, context.actor, key, rev, argument, now=context.view.now)
    await context.show(f"d:{requests.KIND}:{key}")


async def _use(context: Context, key: str, rev: int, argument: str) -> None:
    await context.write(requests.use_times, context.actor, key, rev, context.services.policy, now=context.view.now)
    await context.show(f"d:{requests.KIND}:{key}")


async def _send(context: Context, key: str, rev: int, argument: str) -> None:
    policy, now = context.services.policy, context.view.now
    meeting_id = await context.write(requests.send, context.actor, key, rev, policy, now=now)
    # The preview loses its buttons; what people need later comes as a message of its own.
    await context.show(f"sn:{meeting_id}")
    await context.say(f"m:{meeting_id}")


async def _back(context: Context, key: str, rev: int, argument: str) -> None:
    draft = await context.write(
        requests.back, context.actor, key, rev, policy=context.services.policy, now=context.view.now
    )
    body_id = await _body(context) if draft is None else None
    await context.show(f"d:{requests.KIND}:{key}" if body_id is None else f"b:{body_id}")


async def _leave(context: Context, key: str, rev: int, argument: str) -> None:
    body_id = await context.write(requests.leave, context.actor, key)
    note = context.view.speech.say("The request was not sent; what you had chosen is dropped.")
    await context.show(f"b:{body_id}", note=note)


async def _find(context: Context, key: str, rev: int, argument: str) -> None:
    pending = await context.write(requests.take_pending, context.actor, key, rev, now=context.view.now)
    await look_up(context, pending)


async def _mine(context: Context, key: str, rev: int, argument: str) -> None:
    policy, now = context.services.policy, context.view.now
    await context.write(requests.answer_pending, context.actor, key, rev, policy, now=now)
    await context.refresh()
    await context.show(f"d:{requests.KIND}:{key}")


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """A text in a dialogue that listens: the answer to its question."""
    context.place = f"d:{requests.KIND}:{draft.key}"
    policy, now = context.services.policy, context.view.now
    if draft.step == "preview":
        await context.write(requests.set_agenda, context.actor, draft.key, text, now=now)
    elif context.services.directory().names_a_body(text):
        await context.write(requests.keep_pending, context.actor, draft.key, draft.step, text, now=now)
    else:
        await context.write(requests.answer, context.actor, draft.key, None, draft.step, text, policy, now=now)
    await context.refresh()
    await context.show(context.place)


async def _body(context: Context) -> int | None:
    draft = await context.read(drafts.find, context.actor.id, requests.KIND, now=context.view.now)
    if draft is None:
        raise OutOfStep(requests.KIND, "")
    return int(draft.data["body"])


_VERBS = {
    "consent": _consent,
    "no-bin": _no_bin,
    "topic": _topic,
    "topics": _topics,
    "mode": _mode,
    "tick": _tick,
    "look": _look,
    "use": _use,
    "send": _send,
    "back": _back,
    "leave": _leave,
    "find": _find,
    "mine": _mine,
}
