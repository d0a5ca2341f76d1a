"""The taps and files with which a request says more than the plain answers."""

from telegram import Message

from handlers.context import Context
from handlers.request_frame import at, numbered
from liaison import request_form
from liaison.attachments import File
from liaison.drafts import DraftCard
from liaison.request_times import KIND


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The names of those who come along, typed."""
    await context.do(request_form.set_attendees, draft.key, text, then=at(draft.key))


async def sent_file(context: Context, draft: DraftCard, message: Message) -> None:
    """A document or photo sent while the preview is open; of an album each file comes as a message of its own."""
    context.place = at(draft.key)
    whole = await context.write(
        request_form.add_file,
        context.actor,
        draft.key,
        *_read(message),
        message.caption or "",
        now=context.view.now,
    )
    note = context.view.speech.say("The words under the file are not kept; write them here as the agenda.")
    await context.show(context.place, note=None if whole else note)


def takes_files(draft: DraftCard) -> bool:
    """Whether files may be sent now: the preview of a request that is not sent yet is open."""
    return draft.kind == KIND and draft.step == "preview" and "meeting" not in draft.data


def with_file(message: Message | None) -> Message | None:
    """The message, if it brings a document or a photo."""
    return message if message is not None and (message.document or message.photo) else None


async def _pane(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(request_form.open_pane, key, rev, argument, then=at(key))


async def _whom(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(request_form.with_whom, key, rev, argument, then=at(key))


async def _nobody(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(request_form.nobody_along, key, rev, then=at(key))


async def _file_off(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(request_form.drop_file, key, rev, numbered(argument), then=at(key))


async def _edit(context: Context, key: str, rev: int, argument: str) -> None:
    await context.do(request_form.edit, key, rev, argument, then=at(key))


def _read(message: Message) -> tuple[File, str | None]:
    if message.document is not None:
        sent = message.document
        return File("document", sent.file_id, sent.file_unique_id, sent.file_name, sent.file_size), sent.mime_type
    photo = message.photo[-1]  # the largest of its sizes
    return File("photo", photo.file_id, photo.file_unique_id, None, photo.file_size), None


VERBS = {
    "pane": _pane,
    "whom": _whom,
    "nobody": _nobody,
    "file-off": _file_off,
    "edit": _edit,
}
