"""The bot's own account, as Telegram knows it."""

from telegram import Bot, User

from bot.config import Settings
from bot.transport import AiohttpRequest, bot_urls


async def username(settings: Settings) -> str:
    """Ask Telegram for the bot's user name. Raises TelegramError: InvalidToken, or one of the network's."""
    return str((await account(settings)).username)


async def account(settings: Settings) -> User:
    """The bot as Telegram knows it (getMe), with the switches that are set at @BotFather. Raises like ``username``."""
    base_url, base_file_url = bot_urls(settings.telegram.base_url)
    token = settings.telegram.token.get_secret_value() if settings.telegram.token else ""
    async with Bot(
        token,
        base_url=base_url,
        base_file_url=base_file_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    ) as bot:
        return bot.bot
