"""[Show the files]: each is sent by the id under which Telegram keeps it."""

from typing import Any

from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from handlers.attachment_screens import file_name
from handlers.context import Context
from handlers.screen import Button, Screen
from handlers.sending import Outcome, classify
from liaison import attachments
from liaison.attachments import File


async def show(update: Update, context: Context) -> None:
    """Send the files of a meeting to somebody who may see it, each with its number and name."""
    meeting_id = context.number(1)
    number, files = await context.read(attachments.of, context.actor, meeting_id, now=context.view.now)
    await context.answer()
    unsent = [said for place, file in enumerate(files, start=1) if (said := await _send(context, number, file, place))]
    if unsent:
        back = Button(context.view.speech.say("Back to the meeting"), f"m:{meeting_id}")
        await context.post(Screen("\n".join(unsent), ((back,),)))


async def _send(context: Context, number: str, file: File, place: int) -> str | None:
    """Send one file; what is to be said if that failed."""
    say, name = context.view.speech.say, file_name(context.view.speech, file.name, place)
    caption = context.view.speech.psay("file", "{number}: {name}", number=number, name=name)
    options: dict[str, Any] = {"caption": caption, "parse_mode": ParseMode.HTML}
    try:
        if file.kind == "photo":
            await context.bot.send_photo(context.chat_id, file.file_id, **options)
        else:
            await context.bot.send_document(context.chat_id, file.file_id, **options)
    except TelegramError as failed:
        if classify(failed).outcome is Outcome.REFUSED:
            return say("Telegram does not have this file any more: {name}. Please ask the NGO for it.", name=name)
        return say("This file could not be sent just now: {name}. Please try once more.", name=name)
    return None
