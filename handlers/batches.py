"""The taps and texts with which one request goes to several bodies."""

from markupsafe import Markup

from handlers.context import Context
from handlers.errors import sentence
from handlers.lookup import FITS
from handlers.request_frame import at, numbered
from liaison import batches
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError

FOUND = 6  # bodies that a typed name may mean


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """A body's name: what it may mean becomes buttons."""
    index = context.services.directory().index
    found = index.find(text, limit=FOUND, region_id=context.actor.region_id)
    hits = [hit.body_id for hit in found.hits if hit.score >= FITS]
    context.place = at(draft.key)
    await context.write(batches.keep_found, context.actor, draft.key, hits, now=context.view.now)
    note = context.view.speech.say("Nothing was found by these words. Please write the name in another way.")
    await context.show(at(draft.key), note=None if hits else note)


async def refused(context: Context, refusal: LiaisonError, place: str) -> None:
    """Why a request cannot be sent, in the message itself: it names numbers, hours and bodies that must stay readable.

    Raises the refusal again if it is none of caps or batches.
    """
    if refusal.code == "cap-open":
        await context.show("ow")
    elif "at_body" in refusal.fields or refusal.code == "cap-day":
        said = sentence(context.view.speech, refusal)
        if "at_body" in refusal.fields:
            said = Markup("<b>{}</b>\n{}").format(context.view.body(refusal.fields["at_body"]), said)
        await context.show(place, note=said)
    else:
        raise refusal


async def _add(context: Context, key: str, rev: int, argument: str) -> None:
    try:
        await context.do(batches.add, key, rev, numbered(argument), context.policy, then=at(key))
    except LiaisonError as refusal:
        await refused(context, refusal, at(key))


async def _remove(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(batches.remove, key, rev, numbered(argument), then=at(key))


VERBS = {"also": _add, "also-off": _remove}
