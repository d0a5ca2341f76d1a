"""The office proposes times of its own: opened by [Other times] or [Move], ticked by taps, sent by one more."""

from datetime import UTC, datetime

from telegram import Update

from handlers.context import Context
from handlers.lookup import look_up
from liaison import drafts, proposal_times, request_times
from liaison.drafts import DraftCard
from liaison.errors import NotYours
from liaison.proposal_times import KIND


async def begin(update: Update, context: Context) -> None:
    """[Other times] under a request, [Move] under a confirmed meeting."""
    meeting_id = context.number(1)
    await context.do(proposal_times.begin, meeting_id, context.policy, then=_at(meeting_id))


async def step(update: Update, context: Context) -> None:
    """A button of the dialogue: ``pp:MEETING:KEY:REV:VERB[:ARGUMENT]``."""
    meeting_id, key, rev, verb = context.number(1), context.part(2), context.number(3), context.part(4)
    if verb not in _VERBS:
        raise NotYours("button", f"unknown verb {verb!r}")
    await _VERBS[verb](context, meeting_id, key, rev, ":".join(context.tap[5:]))


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The line that goes with the proposal; a query, once the meeting is no longer what the proposal was about."""
    meeting_id = draft.data["meeting"]
    present = await context.read(proposal_times.of_meeting, context.actor, meeting_id, now=context.view.now)
    if present is None:
        await context.services.db.write(drafts.drop, context.actor.id, KIND)
        await look_up(context, text)
        return
    await context.do(proposal_times.say_words, draft.key, text, then=_at(meeting_id))


async def _tick(context: Context, meeting_id: int, key: str, rev: int, argument: str) -> None:
    try:
        at = datetime.strptime(argument, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as broken:
        raise NotYours("button", f"no time {argument!r}") from broken
    context.place = _at(meeting_id)
    await context.do(request_times.tick, key, rev, at, context.policy, then=_at(meeting_id), kind=KIND)


async def _look(context: Context, meeting_id: int, key: str, rev: int, argument: str) -> None:
    await context.do(request_times.look_at, key, rev, argument, then=_at(meeting_id), kind=KIND)


async def _send(context: Context, meeting_id: int, key: str, rev: int, argument: str) -> None:
    context.place = f"m:{meeting_id}"
    sent = await context.write(proposal_times.send, context.actor, key, rev, context.policy, now=context.view.now)
    if sent:
        await context.show(context.place)
        return
    gone = context.view.speech.say("One of these times is not free any more. Nothing was sent; please look again.")
    await context.show(_at(meeting_id), note=gone)


async def _let_choose(context: Context, meeting_id: int, key: str, rev: int, argument: str) -> None:
    context.place = f"m:{meeting_id}:o"
    await context.write(proposal_times.leave, context.actor, key)
    await context.show(context.place)


async def _leave(context: Context, meeting_id: int, key: str, rev: int, argument: str) -> None:
    context.place = f"m:{meeting_id}"
    await context.write(proposal_times.leave, context.actor, key)
    await context.show(context.place)


def _at(meeting_id: int) -> str:
    return f"pd:{meeting_id}"


_VERBS = {"tick": _tick, "look": _look, "send": _send, "let": _let_choose, "leave": _leave}
