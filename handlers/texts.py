"""What people type: the answer to an open question, else a query; and what is neither text nor tap."""

from collections.abc import Awaitable, Callable

from telegram import Update

from handlers import coordinators, desk, meetings, people, reports, requests
from handlers.context import Context
from handlers.lookup import look_up
from liaison import aliases, drafts, remarks
from liaison import reports as report_rules
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError
from liaison.requests import KIND, TYPED
from liaison.welcome import Wanted

# Which dialogues take a text as the answer, and at which of their questions.
LISTENERS: dict[str, tuple[tuple[str, ...], Callable[[Context, DraftCard, str], Awaitable[None]]]] = {
    KIND: (TYPED, requests.typed),
    remarks.PLACE: (("place",), meetings.typed_place),
    remarks.HOLDER: (remarks.HOLDER_STEPS, coordinators.typed_official),
    report_rules.KIND: (report_rules.STEPS, reports.typed),
    aliases.KIND: (("name",), desk.typed),
    **dict.fromkeys(remarks.WORDS, (("words",), meetings.typed_words)),
}


async def text(update: Update, context: Context) -> None:
    """A text message in the private chat."""
    words = (update.effective_message.text or "") if update.effective_message else ""
    await _heard(context, words)


async def contact(update: Update, context: Context) -> None:
    """A shared contact answers the question for a phone number; elsewhere it is not understood."""
    message = update.effective_message
    draft = await _listening(context)
    if message is None or message.contact is None or draft is None or draft.step not in ("phone", "contact"):
        await other(update, context)
        return
    await _heard(context, message.contact.phone_number)


async def other(update: Update, context: Context) -> None:
    """A sticker, voice, photo or file where a text is wanted."""
    if context.actor.language is None:
        await people.ask_language(context, Wanted())
        return
    say = context.view.speech.say
    draft = await _listening(context)
    if draft is None:
        note = say("I read texts only. Write a body, a place or a topic.")
        await context.show("start", note=note)
        return
    note = say("I read texts only. Please answer in words; nothing was lost.")
    await context.show(f"d:{draft.kind}", note=note)


async def unknown_command(update: Update, context: Context) -> None:
    """A command that does not exist."""
    await context.show("help", note=context.view.speech.say("I do not know this command."))


async def _heard(context: Context, words: str) -> None:
    if context.actor.language is None:
        await people.ask_language(context, Wanted(query=words))
        return
    draft = await _listening(context)
    if draft is None:
        await look_up(context, words)
    else:
        try:
            await LISTENERS[draft.kind][1](context, draft, words)
        except LiaisonError as refusal:
            if "meeting" in refusal.fields:  # decided meanwhile: the question is pointless, and must not listen on
                await context.services.db.write(drafts.drop, context.actor.id, draft.kind)
            raise


async def _listening(context: Context) -> DraftCard | None:
    """The dialogue whose question this text may answer, if it was asked a short while ago."""
    draft = await context.read(drafts.newest, context.actor.id, tuple(LISTENERS), now=context.view.now)
    if draft is None or not draft.listens or draft.step not in LISTENERS[draft.kind][0]:
        return None
    return draft
