"""What a person sees at one moment: a text with buttons, or a document or contact with them; and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Button:
    """One button: it calls back with ``data``, opens ``url``, copies ``copy`` or asks the bot in another chat."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    switch_inline: str | None = None  # what is asked there: `@bot …` in the chat that the person chooses
    style: str | None = None  # Telegram's colour; never the only carrier of meaning

    def inline(self) -> InlineKeyboardButton:
        """The button as Telegram's type."""
        text = self.text.unescape() if isinstance(self.text, Markup) else self.text  # a button is plain text
        return InlineKeyboardButton(
            text,
            callback_data=self.data,
            url=self.url,
            copy_text=CopyTextButton(self.copy) if self.copy else None,
            switch_inline_query=self.switch_inline,
            style=self.style,
        )


Row = tuple[Button, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Document:
    """A file to send with the text as its caption."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Contact:
    """A Telegram contact with a vCard; it cannot carry a text of its own."""

    phone: str
    name: str
    vcard: str


@dataclass(frozen=True)
class Pin:
    """A point on the map, in degrees, with the name and the address it is shown under; it carries no text."""

    latitude: float
    longitude: float
    name: str | None = None  # without it the point alone is sent
    address: str = ""


@dataclass(frozen=True)
class Screen:
    """One message: HTML text (the caption of ``document``), inline buttons by rows."""

    text: str
    rows: Rows = ()
    document: Document | None = None
    contact: Contact | None = None
    reply_keyboard: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = field(default=None)
    pin: Pin | None = None

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The inline keyboard, or None without buttons."""
        rows = [[button.inline() for button in row] for row in self.rows if row]
        return InlineKeyboardMarkup(rows) if rows else None


def by(n: int, buttons: Sequence[Button]) -> Rows:
    """Buttons in rows of ``n``."""
    return tuple(tuple(buttons[i : i + n]) for i in range(0, len(buttons), n))


def paired(buttons: Sequence[Button], most: int) -> Rows:
    """Buttons in their order, two in a row where both are at most so many characters long."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= most >= len(button.text):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return tuple(rows)


def number(text: str) -> int:
    """An id or a page in an address. Raises ValueError for what no database holds: addresses can be forged."""
    if not (text.isdecimal() and len(text) < 10):
        raise ValueError(f"no number: {text!r}")
    return int(text)


async def send(bot: Bot, chat_id: int, screen: Screen, **options: Any) -> Message:
    """Send a screen as a new message: exactly one Bot API call. Raises telegram.error.TelegramError."""
    if screen.document is not None:
        file = InputFile(screen.document.content, filename=screen.document.name)
        return await bot.send_document(
            chat_id, file, caption=screen.text, parse_mode=ParseMode.HTML, reply_markup=screen.markup, **options
        )
    if screen.contact is not None:
        who = screen.contact
        return await bot.send_contact(
            chat_id, who.phone, who.name, vcard=who.vcard, reply_markup=screen.markup, **options
        )
    if screen.pin is not None:
        return await _send_pin(bot, chat_id, screen.pin, reply_markup=screen.markup, **options)
    return await bot.send_message(
        chat_id,
        screen.text,
        parse_mode=ParseMode.HTML,
        reply_markup=screen.reply_keyboard or screen.markup,
        link_preview_options=NO_PREVIEW,
        **options,
    )


async def _send_pin(bot: Bot, chat_id: int, pin: Pin, **options: Any) -> Message:
    if pin.name is None:
        return await bot.send_location(chat_id, pin.latitude, pin.longitude, **options)
    return await bot.send_venue(chat_id, pin.latitude, pin.longitude, pin.name, pin.address, **options)


async def edit(bot: Bot, chat_id: int, message: Message, screen: Screen, **options: Any) -> None:
    """Turn a message into a screen. What cannot be edited is sent anew; an unchanged message is a success.

    Raises telegram.error.TelegramError.
    """
    if any((screen.document, screen.contact, screen.pin)) or not message.text:
        await send(bot, chat_id, screen, **options)
        return
    try:
        await bot.edit_message_text(
            screen.text,
            chat_id,
            message.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.markup,
            link_preview_options=NO_PREVIEW,
            **options,
        )
    except BadRequest as refused:
        if "not modified" in refused.message.lower():
            return
        if not any(words in refused.message.lower() for words in ("can't be edited", "not found")):
            raise
        await send(bot, chat_id, screen, **options)
