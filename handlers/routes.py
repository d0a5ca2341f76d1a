"""The whole order of handlers, and the guard that every update passes: who is it, and what if a rule says no."""

from collections.abc import Awaitable, Callable, Coroutine
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

from handlers import (
    attachments,
    coordinators,
    deputies,
    desk,
    follows,
    groups,
    inline,
    joins,
    lookup,
    meetings,
    outcomes,
    people,
    promises,
    proposals,
    reception,
    redirects,
    reports,
    requests,
    sharing,
    talks,
    texts,
    today,
    venues,
)
from handlers.context import Context
from handlers.errors import sentence
from handlers.places import PLACES
from handlers.viewer import Viewer
from liaison import leaves, proposal_times, records, updates
from liaison import people as persons
from liaison.drafts import OutOfStep
from liaison.errors import AlreadyTaken, LiaisonError, NotYours
from liaison.requests import KIND

Handler = Callable[[Update, Context], Awaitable[None]]

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
# The first part of a button's data, and what it does. What only leads to a screen is in ``places.PLACES``.
TAPS: dict[str, Handler] = {
    "l": people.choose_language,
    "ti": people.let_in,
    "vc": lookup.contact_card,
    "qr": sharing.qr,
    "hc": lookup.choose,
    "rs": lookup.set_region,
    "rq": requests.begin,
    "nt": requests.begin_new_times,
    "q": requests.step,
    "mc": meetings.confirm,
    "ma": meetings.accept,
    "mu": meetings.undo,
    "op": proposals.begin,
    "pp": proposals.step,
    "mo": meetings.other_times,
    "ot": meetings.other_times_bare,
    "md": meetings.decline,
    "mx": meetings.cancel,
    "mw": meetings.withdraw,
    "fs": attachments.show,
    "pc": meetings.change_place,
    "pl": meetings.last_place,
    "ps": meetings.skip_place,
    "po": venues.own_room,
    "pv": venues.new_room,
    "pr": venues.keep_room,
    "bk": meetings.leave_words,
    "os": outcomes.say,
    "oa": outcomes.answered,
    "oj": outcomes.settle,
    "on": outcomes.ask_again,
    "yf": outcomes.confirm_points,
    "yw": promises.begin,
    "yd": promises.decide,
    "yq": promises.step,
    "tc": today.take,
    "rd": redirects.begin,
    "rb": redirects.choose,
    "rr": redirects.send,
    "rk": redirects.leave,
    "lv": deputies.begin_leave,
    "lx": deputies.step,
    "da": deputies.answer,
    "de": deputies.end,
    "as": deputies.invite_assistant,
    "lg": deputies.leave_post,
    "iv": coordinators.invite,
    "nm": coordinators.name_official,
    "nb": coordinators.leave_naming,
    "wr": reports.choose_reason,
    "wa": reports.agree,
    "ws": reports.send_bare,
    "wl": reports.leave,
    "rc": reports.close,
    "qt": desk.this_is,
    "qa": desk.name_it,
    "qn": desk.means_none,
    "ql": desk.leave,
    "fo": follows.toggle,
    "ff": follows.choose,
    "fu": follows.unfollow,
    "ra": reception.tapped,
    "fp": reception.propose_fresh,
    "jq": joins.ask_line,
    "js": joins.send_bare,
    "jb": joins.leave_line,
    "jy": joins.answer,
    "jx": joins.leave,
    "jo": joins.own_request,
    "jw": joins.own_request_after,
    "tw": talks.write,
    "tb": talks.leave,
    "tm": talks.mute,
    "tr": talks.report,
    "tj": talks.judge,
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


async def tapped(update: Update, context: Context) -> None:
    """Any button: what it does by its first part, else the screen whose address it is."""
    kind = context.tap[0]
    handler = TAPS.get(kind) or (lookup.walk if kind in PLACES else None)
    if handler is None:
        raise NotYours("button", f"unknown button {kind!r}")
    await handler(update, context)


async def _identify(update: Update, context: Context) -> tuple[Viewer, str | None]:
    services, user = context.services, update.effective_user
    if user is None:
        raise NotYours("person", "an update without a person")
    actor, led_to = await context.read(updates.arrive, user.id, update.update_id, services.policy, now=services.now())
    if actor is None:
        actor = await services.db.write(persons.meet, user.id, services.policy, now=services.now())
    elif not actor.reachable:  # who writes can be written to
        await services.db.write(persons.mark_reach, user.id, reachable=True, now=services.now())
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
