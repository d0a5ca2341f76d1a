"""The coordinator's taps and texts at the desk: which body a query means that found nothing."""

from telegram import Update

from handlers.context import Context
from liaison import aliases, drafts
from liaison.drafts import DraftCard

MOST = 6  # bodies to choose from
LOOKED_AT = 50  # hits among which those of the coordinator's regions are sought


async def this_is(update: Update, context: Context) -> None:
    """``qt:MISS``: [This is …]; the name of the body is asked for."""
    context.place = f"qq:{context.number(1)}"
    await context.write(aliases.ask_body, context.actor, context.number(1), now=context.view.now)
    await context.show(f"d:{aliases.KIND}")


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The name of the body, typed: looked up, and several offered."""
    miss_id = int(draft.data["miss"])
    if (await context.read(aliases.miss, context.actor, miss_id)).state != "open":  # decided meanwhile
        await context.services.db.write(drafts.drop, context.actor.id, aliases.KIND)
        await context.show(f"qq:{miss_id}")
        return
    now = context.services.directory()
    hits = (hit.body_id for hit in now.index.find(text, limit=LOOKED_AT).hits)
    ids = [body_id for body_id in hits if aliases.may_name(context.actor, now.tree, body_id)][:MOST]
    if ids:
        await context.show(f"qc:{miss_id}:{'.'.join(map(str, ids))}")
        return
    say = context.view.speech.say
    note = say("I found no body for that among those whose list you keep. Please write its name in another way.")
    await context.show(f"d:{aliases.KIND}", note=note)


async def name_it(update: Update, context: Context) -> None:
    """``qa:MISS:BODY``: the query becomes an alias of that body."""
    miss_id, body_id = context.number(1), context.number(2)
    await context.do(aliases.answer, miss_id, body_id, context.view.tree, then=f"qq:{miss_id}")


async def means_none(update: Update, context: Context) -> None:
    """``qn:MISS``: [It means no body]."""
    await context.do(aliases.ignore, context.number(1), then=f"qq:{context.number(1)}")


async def leave(update: Update, context: Context) -> None:
    """``ql:MISS``: [Back] from the question."""
    context.place = f"qq:{context.number(1)}"
    await context.write(drafts.drop, context.actor.id, aliases.KIND)
    await context.show(context.place)
