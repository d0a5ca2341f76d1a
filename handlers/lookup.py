"""A text outside a dialogue is a query; a tap walks from level to body."""

from telegram import Update
from telegram.constants import MessageLimit

from handlers import directory_screens
from handlers.context import Context
from handlers.screen import Button, Contact, Screen
from liaison import directory, documents

MOST = 6  # hits to choose from
FITS = 0.6  # a worse score is only the nearest name
AS_GOOD = 0.85  # of the best score: what is further behind is not what was meant


async def look_up(context: Context, query: str) -> None:
    """One clear hit: the card at once. Several: a choice. None: the nearest names and the way to browse."""
    directory_now = context.services.directory()
    found = directory_now.index.find(query[: MessageLimit.MAX_TEXT_LENGTH], limit=MOST)
    ids = [hit.body_id for hit in found.hits]
    best = found.hits[0].score if found.hits else 0.0
    if found.confident and ids:
        await context.show(f"b:{ids[0]}")
    elif best < FITS:
        await context.show(directory_screens.nothing_found(context.view, ids))
    else:
        near = [str(hit.body_id) for hit in found.hits if hit.score >= best * AS_GOOD]
        await context.show(f"h:{'.'.join(near)}")


async def walk(update: Update, context: Context) -> None:
    """A tap that only leads to another screen: its data is the screen's address."""
    await context.show(":".join(context.tap))


async def contact_card(update: Update, context: Context) -> None:
    """The official as a Telegram contact with a vCard."""
    body_id = context.number(1)
    card = await context.read(directory.card, context.view.tree, body_id, context.services.policy, now=context.view.now)
    if card.holder is None or not card.holder.phones:
        await context.show(f"b:{body_id}")
        return
    vcard = documents.vcard(
        card.holder.full_name,
        card.holder.position,
        context.view.body(body_id),
        card.holder.phones,
        card.holder.emails,
        card.website,
        language=context.view.speech.language,
    )
    number = card.holder.phones[0].partition(";")[0]
    await context.answer()
    back = Button(context.view.speech.psay("button", "Back"), f"b:{body_id}")
    await context.post(Screen("", ((back,),), contact=Contact(number, card.holder.full_name[:64], vcard.decode())))
