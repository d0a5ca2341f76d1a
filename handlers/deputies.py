"""Taps and texts about leave, substitutes, assistants and leaving a post."""

from telegram import Update

from handlers import deputy_screens, handover_screens
from handlers.context import Context
from liaison import assistants, deputies, deputy_links, leaves, leaving
from liaison.drafts import DraftCard
from liaison.errors import NotYours


async def begin_leave(update: Update, context: Context) -> None:
    """``lv:BODY``: [On leave]."""
    context.place = f"dp:{context.number(1)}"  # where it is refused
    await context.do(leaves.begin, context.number(1), then=f"d:{leaves.KIND}")


async def step(update: Update, context: Context) -> None:
    """``lx:BODY:KEY:VERB:ARGUMENT``: an answer of the leave's dialogue."""
    body_id, key, verb, argument = context.number(1), context.part(2), context.part(3), context.part(4)
    if verb in leaves.TYPED:
        await context.do(leaves.choose, key, verb, argument, context.policy, then=_open())
    elif verb == "month":
        await context.do(leaves.look_at, key, argument, then=_open())
    elif verb == "back":
        await _back(context, key)
    elif verb == "ask":
        await _ask(context, key, argument)
    elif verb == "link":
        context.place = f"dp:{body_id}"
        payload = await context.write(leaves.link, context.actor, key, context.policy, now=context.view.now)
        await context.show(deputy_screens.substitute_link(context.view, body_id, payload))
    else:
        raise NotYours("button", f"unknown answer {verb!r}")


async def typed_leave(context: Context, draft: DraftCard, text: str) -> None:
    """Days of the leave, typed."""
    await context.do(leaves.say, draft.key, text, context.policy, then=_open())


async def answer(update: Update, context: Context) -> None:
    """``da:ID:y|n``: [Accept] or [I cannot]."""
    deputy_id = context.number(1)
    accepts = context.part(2) == "y"
    await context.do(deputies.answer, deputy_id, context.policy, accepts=accepts, then=f"dy:{deputy_id}")


async def end(update: Update, context: Context) -> None:
    """``de:ID``: [Yes, end it]."""
    deputy_id = context.number(1)
    await context.do(deputies.end, deputy_id, context.policy, then=f"dy:{deputy_id}")


async def invite_assistant(update: Update, context: Context) -> None:
    """``as:BODY``: a link to an assistant, shown once."""
    body_id = context.number(1)
    context.place = f"dp:{body_id}"
    payload = await context.write(assistants.invite, context.actor, body_id, now=context.view.now)
    await context.show(deputy_screens.assistant_link(context.view, body_id, payload))


async def leave_post(update: Update, context: Context) -> None:
    """``lg:BODY`` asks; ``lg:BODY:y`` tells the coordinator and gives the link for the successor."""
    body_id = context.number(1)
    context.place = f"dp:{body_id}"
    if len(context.tap) < 3:
        await context.show(f"lg:{body_id}")
        return
    payload = await context.write(leaving.leave, context.actor, body_id, context.policy, now=context.view.now)
    await context.show(handover_screens.successor_link(context.view, body_id, payload))


async def open_link(update: Update, context: Context, payload: str) -> None:
    """/start with a substitute's or an assistant's link."""
    context.place = f"dl:{deputy_links.digest_of(payload)}"
    name = update.effective_user.full_name if update.effective_user else ""
    await context.write(
        deputy_links.accept, context.actor, payload, context.policy, display_name=name, now=context.view.now
    )
    await context.refresh()
    await context.show(context.place)


async def _ask(context: Context, key: str, argument: str) -> None:
    if not (argument.isdecimal() and len(argument) < 10):
        raise NotYours("button", f"no person {argument!r}")
    context.place = _open()  # where it is refused: choose somebody else
    deputy_id = await context.write(leaves.ask, context.actor, key, int(argument), context.policy, now=context.view.now)
    await context.show(f"dy:{deputy_id}")


async def _back(context: Context, key: str) -> None:
    context.place = _open()
    body_id = await context.write(leaves.back, context.actor, key, now=context.view.now)
    await context.show(_open() if body_id is None else f"dp:{body_id}")


def _open() -> str:
    return f"d:{leaves.KIND}"
