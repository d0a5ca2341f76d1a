"""A text outside a dialogue is a query; a tap walks from level to body."""

from collections.abc import Sequence

from telegram import Update
from telegram.constants import MessageEntityType, MessageLimit

from handlers import directory_screens
from handlers.context import Context
from handlers.screen import Button, Contact, Document, Screen
from liaison import directory, documents, people, queries
from liaison.search import Found

MOST = 6  # hits to choose from
FITS = 0.6  # a worse score is only the nearest name
AS_GOOD = 0.92  # of the best score: what is further behind is not what was meant
PHONE_NAME = 64  # characters of a contact's first name (Bot API, sendContact)


async def look_up(context: Context, query: str) -> None:
    """One clear hit: the card at once. Several: a choice. None: the nearest names and the way to browse."""
    query = query[: MessageLimit.MAX_TEXT_LENGTH]
    index, home = context.services.directory().index, context.actor.region_id
    found = index.find(query, limit=MOST, region_id=home)
    if found.confident and found.hits:
        await context.show(f"b:{found.hits[0].body_id}")
        return
    near = as_good(found)
    if not near:
        kept = await context.services.db.write(queries.missed, query, now=context.view.now)
        nearest = [hit.body_id for hit in found.hits]
        await context.show(directory_screens.nothing_found(context.view, nearest, kept=kept))
        return
    if prefer := await context.read(queries.preferred, query):
        near = as_good(index.find(query, limit=MOST, region_id=home, prefer=prefer))
    await context.show(directory_screens.ambiguous(context.view, query, near))


async def choose(update: Update, context: Context) -> None:
    """A tap on one of several hits: the card, and the choice is counted for the words it was made after."""
    body_id = context.number(1)
    place = ":".join(["b", *context.tap[1:]])
    if query := _quoted(update):
        context.place = place
        await context.write(queries.chosen, query, body_id)
    await context.show(place)


async def set_region(update: Update, context: Context) -> None:
    """A tap on the region one works in (0: none), then back to where the question came from."""
    region_id, back = context.number(1) or None, context.part(2).replace(".", ":")
    context.place = back
    await context.write(people.choose_region, context.actor, region_id)
    await context.refresh()
    say = context.view.speech.say
    toast = say("Noted: bodies of your region come first.") if region_id else say("Noted: no region comes first.")
    await context.show(back, toast=toast)


async def walk(update: Update, context: Context) -> None:
    """A tap that only leads to another screen: its data is the screen's address."""
    await context.show(":".join(context.tap))


async def contact_card(update: Update, context: Context) -> None:
    """The official as a Telegram contact with a vCard; without a phone, which a contact needs, as a file."""
    body_id = context.number(1)
    view = context.view
    card = await context.read(directory.card, view.tree, body_id, context.policy, now=view.now)
    if card.holder is None:
        await context.show(f"b:{body_id}")
        return
    holder = card.holder
    vcard = documents.vcard(
        holder.full_name,
        holder.position,
        view.body(body_id),
        holder.phones,
        holder.emails,
        card.website,
        language=view.speech.language,
    )
    rows = ((Button(view.speech.psay("button", "Back"), f"b:{body_id}"),),)
    await context.answer()
    if holder.phones:
        number = holder.phones[0].partition(";")[0]
        contact = Contact(number, holder.full_name[:PHONE_NAME], vcard.decode())
        await context.post(Screen("", rows, contact=contact))
    else:
        name = view.tree.by_id[body_id].code
        await context.post(Screen(view.body(body_id), rows, Document(f"{name}.vcf", vcard, "text/vcard")))


def as_good(found: Found) -> Sequence[int]:
    """The hits that answer nearly as well as the best one; none if even that is only near."""
    best = found.hits[0].score if found.hits else 0.0
    return [hit.body_id for hit in found.hits if hit.score >= best * AS_GOOD] if best >= FITS else []


def _quoted(update: Update) -> str | None:
    """The query that the question repeats in italics: from the message itself, so nothing has to be kept of it."""
    message = update.effective_message
    entities = message.parse_entities([MessageEntityType.ITALIC]) if message is not None and message.text else {}
    return next(iter(entities.values()), None)
