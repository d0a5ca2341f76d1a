"""`@bot akimat of Aktobe` typed in any chat: cards to share there. Nothing is written down, nobody is met."""

import structlog
from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from handlers import brief_screens
from handlers.context import Context
from handlers.lookup import FITS
from handlers.screen import NO_PREVIEW
from handlers.viewer import Viewer
from liaison import briefs
from liaison.briefs import Answer, Brief

MOST = 50  # results in all, which is also the most that one answer takes (Bot API, answerInlineQuery)
PAGE = 20  # results an answer; the client asks for more as the person scrolls
CACHE = 300  # seconds, for this person alone: language and region are his own

log = structlog.get_logger()


async def asked(update: Update, context: Context) -> None:
    """Answer an inline query, in the asker's language: the one he chose, else that of his Telegram, else Kazakh."""
    query = update.inline_query
    if query is None:
        return
    directory, user, first = context.services.directory(), query.from_user, _first(query.offset)
    found = await context.read(
        briefs.answer,
        directory.tree,
        directory.typing,
        user.id,
        query.query,
        context.policy,
        first=first,
        most=min(PAGE, MOST - first),
        limit=MOST,
        now=context.services.now(),
    )
    viewer = Viewer.passing(context.services, found.asker, user.language_code)
    shown = first + len(found.briefs)
    try:
        await query.answer(
            [_article(viewer, brief) for brief in found.briefs],
            cache_time=CACHE,
            is_personal=True,
            next_offset=str(shown) if shown < len(found.found.hits) else "",
            button=_button(viewer, query.query, found) if first == 0 else None,
        )
    except TelegramError as failed:  # too old: the next letter was typed already
        log.info("inline-not-answered", why=str(failed))


def _article(viewer: Viewer, brief: Brief) -> InlineQueryResultArticle:
    card = brief_screens.card(viewer, brief)
    return InlineQueryResultArticle(
        f"b_{brief.body_id}",
        viewer.body(brief.body_id),
        InputTextMessageContent(card.text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW),
        reply_markup=card.markup,
        description=brief_screens.summary(viewer, brief),
    )


def _button(viewer: Viewer, query: str, found: Answer) -> InlineQueryResultsButton | None:
    """The way into the private chat, where nothing was asked yet or nothing fits well."""
    psay, hits = viewer.speech.psay, found.found.hits
    if not query.strip():
        return InlineQueryResultsButton(psay("button", "Find a body").unescape(), start_parameter="find")
    if not hits or hits[0].score < FITS:
        return InlineQueryResultsButton(psay("button", "Nothing fits: ask in the chat").unescape(),
                                        start_parameter="find")  # fmt: skip
    return None


def _first(offset: str) -> int:
    """The number of the first result wanted; an offset that we never gave begins anew."""
    return min(int(offset), MOST) if offset.isascii() and offset.isdecimal() and len(offset) < 4 else 0
