"""What people type: the answer to an open question, else a query; and what is neither text nor tap."""

from collections.abc import Awaitable, Callable

from telegram import Update

from handlers import (
    coordinators,
    deputies,
    desk,
    joins,
    meetings,
    people,
    promises,
    proposals,
    reception,
    redirects,
    reports,
    request_form,
    requests,
    talks,
)
from handlers.context import Context
from handlers.lookup import look_up
from liaison import aliases, drafts, leaves, online_links, promise_writing, proposal_times, remarks
from liaison import joins as join_rules
from liaison import redirects as redirect_rules
from liaison import reports as report_rules
from liaison import talks as talk_rules
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
    promise_writing.KIND: (promise_writing.STEPS, promises.typed),
    aliases.KIND: (("name",), desk.typed),
    leaves.KIND: (leaves.TYPED, deputies.typed_leave),
    redirect_rules.KIND: (redirect_rules.STEPS, redirects.typed),
    proposal_times.KIND: (("times",), proposals.typed),
    online_links.KIND: ((online_links.STEP,), reception.typed_link),
    join_rules.KIND: (("line",), joins.typed),
    talk_rules.KIND: (("word",), talks.typed),
    **dict.fromkeys(remarks.WORDS, (("words",), meetings.typed_words)),
}


async def text(update: Update, context: Context) -> None:
    """A text message in the private chat."""
    words = (update.effective_message.text or "") if update.effective_message else ""
    await _heard(context, words)


async def contact(update: Update, context: Context) -> None:
    """A shared contact answers the question for a phone number; elsewhere it is not understood."""
    message = update.effective_message
    draft = await listening(context)
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
    draft = await listening(context)
    if draft is None:
        note = say("I read texts only. Write a body, a place or a topic.")
        await context.show("start", note=note)
        return
    if request_form.takes_files(draft):
        if message := request_form.with_file(update.effective_message):
            await answer(context, draft, request_form.sent_file(context, draft, message))
            return
        note = say("Here I take texts, documents and photos only. Nothing was lost.")
        await context.show(f"d:{draft.kind}", note=note)
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
    draft = await listening(context)
    if draft is None:
        await look_up(context, words)
    else:
        await answer(context, draft, LISTENERS[draft.kind][1](context, draft, words))


async def answer(context: Context, draft: DraftCard, acting: Awaitable[object]) -> None:
    """Answer the question of a dialogue by ``acting``; what was decided meanwhile ends the dialogue."""
    try:
        await acting
    except LiaisonError as refusal:
        if "meeting" in refusal.fields:  # the question is pointless, and must not listen on
            await context.services.db.write(drafts.drop, context.actor.id, draft.kind)
        raise


async def listening(context: Context) -> DraftCard | None:
    """The dialogue whose question this text may answer, if it was asked a short while ago."""
    draft = await context.read(drafts.newest, context.actor.id, tuple(LISTENERS), now=context.view.now)
    if draft is None or not draft.listens or draft.step not in LISTENERS[draft.kind][0]:
        return None
    return draft
