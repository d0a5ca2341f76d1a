"""/today, and the taps on the waiting list: a time confirmed or accepted there leaves the list standing."""

from telegram import Update

from handlers.context import Context
from liaison import confirming, meetings


async def today(update: Update, context: Context) -> None:
    """/today."""
    await context.show("td")


async def take(update: Update, context: Context) -> None:
    """``tc:MEETING:SLOT``: one tap confirms (or accepts) the first free time; the place is asked for below the list."""
    meeting_id, slot_id = context.number(1), context.number(2)
    context.place, now = "td", context.view.now
    card = await context.read(meetings.see, context.actor, meeting_id, now=now)
    say = context.view.speech.say
    if "accept" in card.may and any(slot.id == slot_id and slot.offered_by == "office" for slot in card.slots):
        await context.write(confirming.accept, context.actor, meeting_id, slot_id, context.policy, now=now)
        await context.show("td", toast=say("Confirmed. Both sides are being told."))
        return
    await context.write(confirming.confirm, context.actor, meeting_id, slot_id, context.policy, now=now)
    await context.show("td", toast=say("Confirmed. The NGO is being told."))
    await context.post(f"cp:{meeting_id}")
