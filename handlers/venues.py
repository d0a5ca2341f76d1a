"""The place of a meeting, answered by a pin on the map or by an online room."""

from telegram import Update

from handlers import texts
from handlers.context import Context
from liaison import remarks


async def own_room(update: Update, context: Context) -> None:
    """[My online room]."""
    meeting_id, key = context.number(1), context.part(2)
    await context.do(remarks.own_room, meeting_id, key, context.policy, then=f"pk:{meeting_id}")


async def new_room(update: Update, context: Context) -> None:
    """[New video room]."""
    meeting_id, key = context.number(1), context.part(2)
    await context.do(remarks.new_room, meeting_id, key, context.policy, then=f"pk:{meeting_id}")


async def keep_room(update: Update, context: Context) -> None:
    """[Offer this link every time]."""
    await context.do(remarks.keep_room, context.number(1), context.policy, then=f"pk:{context.number(1)}")


async def location(update: Update, context: Context) -> None:
    """A pin or a named place answers the question for the place of a visit; elsewhere it is not understood.

    A live location moves with its sender, so it is no place.
    """
    message, draft = update.effective_message, await texts.listening(context)
    sent = message.location if message else None
    if message is None or sent is None or sent.live_period or draft is None or draft.kind != remarks.PLACE:
        await texts.other(update, context)
        return
    named = ", ".join(part for part in (message.venue.title, message.venue.address) if part) if message.venue else None
    pin, then = (sent.latitude, sent.longitude), f"pk:{draft.data['meeting']}"
    act = context.do(remarks.say_pin, draft.key, pin, named, context.policy, then=then)
    await texts.answer(context, draft, act)
