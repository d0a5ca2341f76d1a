"""Taps and texts of agreed points: writing them down, and saying on their day whether they are done."""

from telegram import Update

from handlers.context import Context
from liaison import drafts, promise_terms, promise_writing
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import NotYours

KIND = promise_writing.KIND


async def begin(update: Update, context: Context) -> None:
    """``yw:MEETING:PARTY``: [Write the points] or [Not agreed…]; asked in a message of its own."""
    context.place = f"d:{KIND}"
    await context.write(
        promise_writing.begin, context.actor, context.number(1), context.part(2), context.policy, now=context.view.now
    )
    await context.post(context.place)


async def decide(update: Update, context: Context) -> None:
    """``yd:POINT:VERDICT``: [Done], [Not yet …], [Yes, drop it]."""
    point_id = context.number(1)
    await context.do(promise_terms.decide, point_id, context.part(2), context.policy, then=f"yp:{point_id}")


async def step(update: Update, context: Context) -> None:
    """``yq:MEETING:KEY:REV:VERB[:ARGUMENT]``: a button of the dialogue."""
    meeting_id, key, rev, verb = context.number(1), context.part(2), context.number(3), context.part(4)
    context.place = f"d:{KIND}"
    try:
        await _taken(context, meeting_id, key, rev, verb)
    except OutOfStep:  # a double tap: the present question; if the dialogue is over, what came of it
        draft = await context.read(drafts.find, context.actor.id, KIND, now=context.view.now)
        here = draft is not None and draft.key == key
        await context.show(f"d:{KIND}" if here else f"oc:{meeting_id}")


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The lines, or another date, typed."""
    rule = promise_writing.write if draft.step == "write" else promise_writing.say_date
    await context.do(rule, draft.key, text, context.policy, then=f"d:{KIND}")


async def _taken(context: Context, meeting_id: int, key: str, rev: int, verb: str) -> None:
    actor, now, policy, then = context.actor, context.view.now, context.policy, f"d:{KIND}"
    if verb == "send":
        context.place = f"oc:{meeting_id}"
        await context.write(promise_writing.send, actor, key, rev, policy, now=now)
        await context.show(context.place, toast=context.view.speech.say("Sent. The other side is asked to confirm."))
    elif verb == "leave":
        await context.do(promise_writing.leave, key, then=f"oc:{meeting_id}")
    elif verb == "again":
        await context.do(promise_writing.again, key, rev, then=then)
    elif verb == "look":
        await context.do(promise_writing.look_at, key, rev, context.number(5), then=then)
    elif verb == "date":
        await context.do(promise_writing.ask_date, key, rev, context.number(5), then=then)
    elif verb == "term":
        await context.do(promise_writing.set_term, key, rev, context.number(5), context.part(6), policy, then=then)
    elif verb == "by":
        await context.do(promise_writing.set_by, key, rev, context.number(5), context.part(6), then=then)
    else:
        raise NotYours("button", f"unknown verb {verb!r}")
