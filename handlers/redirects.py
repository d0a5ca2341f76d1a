"""Taps and texts that pass a request on to another body."""

from telegram import Update

from handlers.context import Context
from liaison import drafts, redirects
from liaison.drafts import DraftCard

MOST = 6  # bodies to choose from


async def begin(update: Update, context: Context) -> None:
    """``rd:MEETING``: [Not my area]."""
    meeting_id = context.number(1)
    await context.do(redirects.ask, meeting_id, context.policy, then=f"rd:{meeting_id}")


async def choose(update: Update, context: Context) -> None:
    """``rb:MEETING:BODY``: a body; the reason is asked for."""
    meeting_id, body_id = context.number(1), context.number(2)
    await context.do(redirects.choose, meeting_id, body_id, context.policy, then=f"rb:{meeting_id}:{body_id}")


async def send(update: Update, context: Context) -> None:
    """``rr:MEETING:KEY:CODE``: a ready reason."""
    meeting_id, key, code = context.number(1), context.part(2), context.part(3)
    await context.do(redirects.say, key, {"reason_code": code}, context.policy, then=f"m:{meeting_id}")


async def leave(update: Update, context: Context) -> None:
    """``rk:MEETING``: [Back]; nothing is passed on."""
    context.place = f"m:{context.number(1)}"
    await context.write(drafts.drop, context.actor.id, redirects.KIND)
    await context.show(context.place)


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The name of a body, or the reason in one's own words."""
    meeting_id = int(draft.data["meeting"])
    if draft.step == "reason":
        await context.do(redirects.say, draft.key, {"reason": text}, context.policy, then=f"m:{meeting_id}")
        return
    hits = context.services.directory().index.find(text, limit=MOST, region_id=context.actor.region_id).hits
    if hits:
        await context.show(f"rf:{meeting_id}:{'.'.join(str(hit.body_id) for hit in hits)}")
        return
    say = context.view.speech.say
    note = say("I found no body for that. Please write its name in another way.")
    await context.show(f"d:{redirects.KIND}", note=note)
