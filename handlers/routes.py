"""The whole order of handlers, and the guard that every update passes: who is it, and what if a rule says no."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from handlers import groups, inline, meetings, people, sharing, texts, today, venues
from handlers.context import Context
from handlers.errors import sentence
from handlers.taps import Handler, tapped
from handlers.viewer import Viewer
from liaison import leaves, presence, proposal_times, records, updates
from liaison import people as persons
from liaison.drafts import OutOfStep
from liaison.errors import AlreadyTaken, LiaisonError, NotYours
from liaison.requests import KIND

log = structlog.get_logger()

COMMANDS: dict[str, Handler] = {
    "start": people.start,
    "my": meetings.my,
    "today": today.today,
    "help": people.help_,
    "language": people.language,
    "privacy": people.privacy,
    "cancel": people.cancel,
    "find": sharing.find,
}
# What a group's bystanders may ask; any other of our commands concerns one person and is answered in private only.
IN_GROUPS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    "find": groups.find,
    "start": groups.hint,
    "help": groups.hint,
}


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Add all handlers, in the order in which they are asked."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    add = application.add_handler
    # Blocking the bot and coming back concerns the chat itself, not a message in it.
    add(ChatMemberHandler(groups.moved, ChatMemberHandler.MY_CHAT_MEMBER))
    # Commands come before texts: they answer in every state.
    for name, handler in COMMANDS.items():
        add(CommandHandler(name, guarded(handler), filters=private))
    add(MessageHandler(private & filters.VIA_BOT, guarded(sharing.shared)))
    add(MessageHandler(private & filters.COMMAND, guarded(texts.unknown_command)))
    add(MessageHandler(private & filters.TEXT, guarded(texts.text)))
    add(MessageHandler(private & filters.CONTACT, guarded(texts.contact)))
    add(MessageHandler(private & (filters.LOCATION | filters.VENUE), guarded(venues.location)))
    add(MessageHandler(private & ~filters.StatusUpdate.ALL, guarded(texts.other)))
    add(CallbackQueryHandler(guarded(tapped)))
    _register_elsewhere(add)


def _register_elsewhere(add: Callable[[Any], None]) -> None:
    """Groups and the input line of any chat. Not guarded: who asks there is not written down, and nothing changes."""
    add(InlineQueryHandler(inline.asked))
    # What was shared from our own input line names the bot and is not meant for it.
    group = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & ~filters.VIA_BOT
    for name in COMMANDS:
        add(CommandHandler(name, IN_GROUPS.get(name, groups.private_only), filters=group))
    add(MessageHandler(group & filters.TEXT & ~filters.COMMAND, groups.heard))


def guarded(handler: Handler) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Identify the person before, and turn a refusal into a sentence after. Nothing passes if that fails."""

    async def run(update: Update, context: Context) -> None:
        context.incoming = update
        if update.callback_query is not None:
            if not _in_private(update):
                await context.answer(_elsewhere(context))
                return
            context.expect_answer()
        try:
            context.viewer, led_to = await _identify(update, context)
            if led_to is None:
                await handler(update, context)
            else:  # the same update once more, after a crash: its effect is there, its answer may not be
                await context.show(led_to)
        except LiaisonError as refusal:
            try:
                await _refuse(context, refusal)
            except LiaisonError:  # what it was about cannot be shown to this person any more
                await context.show("start", **_told(context, sentence(context.view.speech, refusal)))
        finally:
            await context.answer()

    return run


async def _identify(update: Update, context: Context) -> tuple[Viewer, str | None]:
    services, user = context.services, update.effective_user
    if user is None:
        raise NotYours("person", "an update without a person")
    actor, led_to = await context.read(updates.arrive, user.id, update.update_id, services.policy, now=services.now())
    if actor is None:
        actor = await services.db.write(persons.meet, user.id, services.policy, now=services.now())
    elif not actor.reachable:  # who writes can be written to
        await services.db.write(presence.note, user.id, services.policy, reachable=True, now=services.now())
    return Viewer.of(services, actor), led_to


async def _refuse(context: Context, refusal: LiaisonError) -> None:
    """Say what happened and show what is, in the same message."""
    if context.viewer is None:
        raise refusal
    said = sentence(context.view.speech, refusal)
    if isinstance(refusal, AlreadyTaken):
        await context.show(context.place or "start")
    elif isinstance(refusal, NotYours):
        await _not_yours(context, refusal)
    elif isinstance(refusal, OutOfStep):
        await context.show(_present(context, refusal), toast=said)
    elif "meeting" in refusal.fields:
        await context.show(f"m:{refusal.fields['meeting']}", **_told(context, said))
    elif "body" in refusal.fields:
        await context.show(f"b:{refusal.fields['body']}", **_told(context, said))
    else:
        await context.show(context.place or "start", **_told(context, said))


def _present(context: Context, refusal: OutOfStep) -> str:
    """Where the dialogue stands. The buttons of the short ones carry their meeting, which says more than a question
    that is over."""
    if refusal.kind == KIND:
        return f"d:{refusal.kind}:{refusal.key}"
    if refusal.kind == leaves.KIND:
        return f"dp:{context.part(1)}"
    return f"pd:{context.part(1)}" if refusal.kind == proposal_times.KIND else f"m:{context.part(1)}"


def _told(context: Context, said: str) -> dict[str, str]:
    """A refusal of a tap is a toast, of a text it stands before the screen."""
    return {"toast": said} if context.incoming.callback_query is not None else {"note": said}


async def _not_yours(context: Context, refusal: NotYours) -> None:
    log.warning("refused", person=context.actor.id, what=refusal.fields["what"], why=refusal.why)
    await context.services.db.write(
        records.audit, context.actor.id, "refused", {"why": refusal.why}, now=context.services.now()
    )
    said = sentence(context.view.speech, refusal)
    if context.incoming.callback_query is not None:
        await context.answer(said)
    else:
        await context.show("start", note=said)


def _in_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == "private"


def _elsewhere(context: Context) -> str:
    return context.services.speech(None).say("Buttons work in the private chat with the bot.")
