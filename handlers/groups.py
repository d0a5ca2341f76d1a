"""In a group: a command, a mention or a reply is answered, with links into the private chat; all else is silence."""

import asyncio
import re

import structlog
from telegram import Chat, Message, ReplyParameters, Update
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from handlers import brief_screens, people, screen
from handlers.context import WAIT_AT_MOST, Context
from handlers.lookup import as_good
from handlers.screen import Screen
from handlers.sending import pause_of
from handlers.viewer import Viewer
from liaison import briefs
from liaison.briefs import Answer

MOST = 6  # hits to choose from
OUTSIDE = ("left", "kicked")

log = structlog.get_logger()


async def find(update: Update, context: Context) -> None:
    """``/find text``."""
    await _look_up(update, context, " ".join(context.args or ()))


async def hint(update: Update, context: Context) -> None:
    """``/start`` and ``/help``: how to ask here."""
    await _look_up(update, context, "")


async def private_only(update: Update, context: Context) -> None:
    """A command that concerns one person."""
    message = update.effective_message
    if message is None or _by_bot(message):
        return
    viewer = await _viewer(update, context)
    command = (message.text or "").removeprefix("/").partition(" ")[0].partition("@")[0].lower()
    await _reply(context, message, brief_screens.private_only(viewer, command))


async def heard(update: Update, context: Context) -> None:
    """A text of the group: answered if it names the bot or replies to its message."""
    message = update.effective_message
    if message is not None and (_named(message, context) or _replies(message, context)):
        name = re.escape(context.services.username())
        words = re.sub(rf"@{name}(?!\w)", " ", message.text or "", flags=re.IGNORECASE)
        await _look_up(update, context, words)


async def moved(update: Update, context: Context) -> None:
    """The bot's own place in a chat changed: a person blocked it or came back, or it was added to a group."""
    change = update.my_chat_member
    if change is None or change.chat.type == Chat.PRIVATE:
        await people.moved(update, context)
        return
    added = change.old_chat_member.status in OUTSIDE and change.new_chat_member.status not in OUTSIDE
    if added and change.chat.type in (Chat.GROUP, Chat.SUPERGROUP):
        viewer = Viewer.of(context.services, briefs.stranger(change.from_user.id))
        await _send(context, change.chat.id, brief_screens.hint(viewer))


async def _look_up(update: Update, context: Context, words: str) -> None:
    message, user = update.effective_message, update.effective_user
    if message is None or _by_bot(message):
        return
    if not words.strip():
        await _reply(context, message, brief_screens.hint(await _viewer(update, context)))
        return
    directory, who = context.services.directory(), user.id if user else briefs.NOBODY
    found = await context.read(
        briefs.answer,
        directory.tree,
        directory.index,
        who,
        words,
        context.policy,
        most=MOST,
        now=context.services.now(),
    )
    viewer = Viewer.passing(context.services, found.asker, user.language_code if user else None)
    await _reply(context, message, _told(viewer, found))


def _told(viewer: Viewer, answer: Answer) -> Screen:
    near = as_good(answer.found)
    if near and answer.found.confident:
        return brief_screens.card(viewer, answer.briefs[0])
    return brief_screens.choice(viewer, near) if near else brief_screens.nothing(viewer)


async def _viewer(update: Update, context: Context) -> Viewer:
    """Who asks, in his language; a stranger is not written down."""
    user = update.effective_user
    who = await context.read(
        briefs.asker, user.id if user else briefs.NOBODY, context.policy, now=context.services.now()
    )
    return Viewer.passing(context.services, who, user.language_code if user else None)


def _named(message: Message, context: Context) -> bool:
    name = f"@{context.services.username()}".casefold()
    return any(found.casefold() == name for found in message.parse_entities(["mention"]).values())


def _replies(message: Message, context: Context) -> bool:
    answered = message.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == context.bot.id)


def _by_bot(message: Message) -> bool:
    """Another bot: answering it could go on for ever. An anonymous administrator writes as a bot, for his group."""
    return bool(message.from_user and message.from_user.is_bot and message.sender_chat is None)


async def _reply(context: Context, message: Message, shown: Screen) -> None:
    """Answer a message where it stands; without it if it was deleted meanwhile."""
    topic = message.message_thread_id if message.is_topic_message else None
    to = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    await _send(context, message.chat_id, shown, reply_parameters=to, message_thread_id=topic)


async def _send(context: Context, chat_id: int, shown: Screen, **options: object) -> None:
    """One try, one more where the group moved or Telegram asks for a short pause; nobody is owed more in a group."""
    try:
        await screen.send(context.bot, chat_id, shown, **options)
        return
    except ChatMigrated as migrated:  # the message to reply to stayed in the old group
        chat_id, options = migrated.new_chat_id, {}
    except RetryAfter as asked:
        if pause_of(asked) > WAIT_AT_MOST:
            log.info("group-not-answered", why=str(asked))
            return
        await asyncio.sleep(pause_of(asked))
    except TelegramError as failed:  # removed from the group, or not allowed to write in it
        log.info("group-not-answered", why=str(failed))
        return
    try:
        await screen.send(context.bot, chat_id, shown, **options)
    except TelegramError as failed:
        log.info("group-not-answered", why=str(failed))
