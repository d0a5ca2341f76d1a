"""What is done to share a card: its QR picture; and /find, the look-up as a command."""

import asyncio

from telegram import Update

from handlers import sharing_screens, texts
from handlers.context import Context
from handlers.lookup import look_up
from handlers.people import ask_language
from liaison import links
from liaison.errors import NotYours
from liaison.welcome import Wanted


async def qr(update: Update, context: Context) -> None:
    """Send the QR picture of a body's card."""
    body_id, view = context.number(1), context.view
    if body_id not in view.tree.by_id:
        raise NotYours("body", f"no body {body_id}")
    # Drawing takes some 10 ms of pure computing, in which nobody else need wait.
    png = await asyncio.to_thread(links.qr, links.to_card(view.services.username(), body_id))
    await context.answer()
    await context.post(sharing_screens.picture(view, body_id, png))


async def shared(update: Update, context: Context) -> None:
    """A card shared from the input line into the chat with the bot itself: the whole card. Other bots' texts: texts."""
    message = update.effective_message
    if message is None or message.via_bot is None or message.via_bot.id != context.bot.id:
        await (texts.text if message is not None and message.text else texts.other)(update, context)
        return
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    payload = next((button.url.rpartition("=")[2] for row in rows for button in row if button.url), "find")
    if context.actor.language is None:
        await ask_language(context, Wanted(payload=payload))
    else:
        await context.show(links.place_of(payload, context.view.tree))


async def find(update: Update, context: Context) -> None:
    """``/find text`` looks it up; ``/find`` alone asks what to look for."""
    words = " ".join(context.args or ())
    if context.actor.language is None:
        await ask_language(context, Wanted(query=words) if words else Wanted(payload="find"))
    elif words:
        await look_up(context, words)
    else:
        await context.show("fd")
