"""Taps and texts about joining another NGO's meeting: the asker's, the first NGO's and a guest's."""

from telegram import Update

from handlers.context import Context
from liaison import drafts, joins, requests
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import LiaisonError

OWN = f"d:{requests.KIND}"  # one's own request, at the question that stands open
WISH = "jn"  # one's newest wish


async def ask_line(update: Update, context: Context) -> None:
    """``jq:KEY:REV``: [Ask to join]."""
    await context.do(joins.ask_line, context.part(1), context.number(2), then=f"d:{joins.KIND}")


async def send_bare(update: Update, context: Context) -> None:
    """``js:KEY``: [Ask without a line]."""
    await _send(context, context.part(1), "")


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The line, typed."""
    await _send(context, draft.key, text)


async def leave_line(update: Update, context: Context) -> None:
    """``jb:KEY``: [Back] from the question for a line."""
    context.place = OWN
    await context.write(drafts.drop, context.actor.id, joins.KIND)
    await context.show(OWN)


async def answer(update: Update, context: Context) -> None:
    """``jy:WISH:y|n``: [Welcome] or [No]."""
    wish_id = context.number(1)
    welcome = context.part(2) == "y"
    await context.do(joins.answer, wish_id, context.policy, welcome=welcome, then=f"{WISH}:{wish_id}")


async def leave(update: Update, context: Context) -> None:
    """``jx:MEETING``: [Yes, leave]."""
    context.place = WISH
    wish_id = await context.write(joins.leave, context.actor, context.number(1), context.policy, now=context.view.now)
    await context.show(f"{WISH}:{wish_id}")


async def own_request(update: Update, context: Context) -> None:
    """``jo:WISH``: [Send my own request]."""
    await context.do(joins.request_instead, context.number(1), context.policy, then=OWN)


async def own_request_after(update: Update, context: Context) -> None:
    """``jw:MEETING``: [Send my own request] on a meeting that is off."""
    await context.do(joins.request_after, context.number(1), context.policy, then=OWN)


async def _send(context: Context, key: str, line: str) -> None:
    context.place = WISH
    try:
        wish_id = await context.write(joins.ask, context.actor, key, line, context.policy, now=context.view.now)
    except OutOfStep:  # tapped twice: it has been asked
        await context.show(WISH)
        return
    except LiaisonError as refusal:
        if refusal.code in ("too-long", "too-short"):  # the line is written once more
            context.place = f"d:{joins.KIND}"
        raise
    if wish_id is None:
        gone = context.view.speech.say("That meeting cannot be joined any more. Please go on with your own request.")
        await context.show(OWN, note=gone)
    else:
        await context.show(f"{WISH}:{wish_id}")
