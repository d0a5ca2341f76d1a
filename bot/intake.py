"""Taking updates in at least once: what polling and webhook have in common.

python-telegram-bot confirms an update as soon as it lies in memory, and swallows what its handlers raise. So we fetch
ourselves, and learn each update's fate from an error handler: only what is settled gets confirmed to Telegram.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import structlog
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationHandlerStop, CallbackContext

from bot.per_person import PerPerson
from storage.engine import DatabaseUnavailable

T = TypeVar("T")
log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member", "inline_query", "chosen_inline_result")
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds between tries while Telegram or the database cannot be reached
LIMIT = 10.0  # seconds one update may take
_APOLOGY_LIMIT = 5.0  # seconds
_NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread when told over the phone

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
AnyContext: TypeAlias = CallbackContext[Any, Any, Any, Any]
Apologise: TypeAlias = Callable[[Update, str], Awaitable[None]]


class BadToken(Exception):
    """Telegram does not know the token; the text says so in one sentence, without the token."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram does not accept the bot's token: compare telegram.token (and telegram.base_url) "
            "with what @BotFather shows."
        )


class Settled(StrEnum):
    """An update's fate."""

    HANDLED = "handled"
    OUR_BUG = "our_bug"  # logged with a number, apologised for, and counted as processed
    UNAVAILABLE = "unavailable"  # the database cannot be reached: not processed, wanted again


class Intake:
    """Runs updates through the application and says what became of each."""

    def __init__(
        self,
        application: AnyApplication,
        apologise: Apologise,
        *,
        holds: bool = False,
        at_once: int = 64,
        limit: float = LIMIT,
    ) -> None:
        """`apologise` tells the person a number under which the failure stands in the log.

        `holds`: once the database is away, give back all that has not begun, until resume(): keeps a person's updates
        in order when the same ones come again. One intake an application: it adds an error handler.
        """
        self._application = application
        self._apologise = apologise
        self._holds = holds
        self._limit = limit
        self._processor = PerPerson(at_once)
        self._apologies: set[asyncio.Task[None]] = set()
        self.held = False
        application.add_error_handler(self._learn, block=True)

    def resume(self) -> None:
        """Begins updates again after the database was away."""
        self.held = False

    async def settle(self, update: Update) -> Settled:
        """Handles an update in its person's turn; a hanging one is cut off after the limit and counts as our bug."""
        fate = _Fate()
        with structlog.contextvars.bound_contextvars(update=update.update_id):
            await self._processor.process_update(update, _Later(lambda: self._run(update, fate)))
        return fate.settled

    def read(self, raw: dict[str, Any]) -> Update | None:
        """Makes an update of Telegram's JSON; None (and a log line) when the library can make nothing of it."""
        try:
            return Update.de_json(raw, self._application.bot)
        except Exception:
            log.exception("an update cannot be read", update=raw.get("update_id"), number=_number())
            return None

    async def close(self, within: float) -> None:
        """Lets apologies under way finish within so many seconds."""
        await finish(self._apologies, within)

    async def _run(self, update: Update, fate: "_Fate") -> None:
        if self.held:
            fate.settled = Settled.UNAVAILABLE
            return
        _fate.set(fate)
        try:
            async with asyncio.timeout(self._limit):
                await self._application.process_update(update)
        except Exception as error:  # noqa: BLE001 - logged there; an update without a fate would come for ever
            # The application lets nothing out of its handlers: this is our time limit, or the application itself.
            self._our_bug(update, fate, error)

    async def _learn(self, update: object, context: AnyContext) -> None:
        """The application's error handler. Stops the update: a guard that fails must not let it through."""
        error = context.error
        fate = _fate.get()
        if fate is None or context.coroutine is not None or not isinstance(update, Update):
            log.error("a task in the background failed", number=_number(), exc_info=error)
            return
        if isinstance(error, DatabaseUnavailable):
            log.warning("the database cannot be reached, the update is wanted again", reason=str(error))
            fate.settled = Settled.UNAVAILABLE
            self.held = self._holds
        elif error is not None:
            self._our_bug(update, fate, error)
        raise ApplicationHandlerStop

    def _our_bug(self, update: Update, fate: "_Fate", error: Exception) -> None:
        number = _number()
        what = next((kind for kind in ALLOWED_UPDATES if getattr(update, kind) is not None), "other")
        log.error("handling an update failed", number=number, what=what, exc_info=error)
        fate.settled = Settled.OUR_BUG
        task = asyncio.create_task(self._say_sorry(update, number))
        self._apologies.add(task)
        task.add_done_callback(self._apologies.discard)

    async def _say_sorry(self, update: Update, number: str) -> None:
        try:
            async with asyncio.timeout(_APOLOGY_LIMIT):
                await self._apologise(update, number)
        except Exception:
            log.warning("the apology was not delivered", number=number, exc_info=True)


class _Fate:
    def __init__(self) -> None:
        self.settled = Settled.HANDLED


class _Later:
    """An awaitable that makes its coroutine when awaited, so that none is left behind when the wait is cancelled."""

    def __init__(self, make: Callable[[], Awaitable[None]]) -> None:
        self._make = make

    def __await__(self) -> Generator[Any, None, None]:
        return self._make().__await__()


_fate: ContextVar[_Fate | None] = ContextVar("fate", default=None)


async def connect(application: AnyApplication, *, pauses: Sequence[float] = PAUSES) -> None:
    """Initialises the application (getMe), trying until Telegram answers; raises BadToken when it refuses the token."""
    tries = 0
    while True:
        try:
            return await application.initialize()
        except InvalidToken:
            await application.bot.shutdown()
            raise BadToken from None  # the library's own text quotes the token
        except TelegramError as exc:
            pause = pauses[min(tries, len(pauses) - 1)]
            log.warning("Telegram does not answer", reason=str(exc), again_in=pause)
            await asyncio.sleep(pause)
            tries += 1
        except BaseException:
            await application.bot.shutdown()
            raise


async def finish(tasks: set[asyncio.Task[T]], within: float) -> None:
    """Waits for the tasks, cancels those that take longer, and gives them half a second to take note."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=within)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=0.5)


def _number() -> str:
    return "".join(secrets.choice(_NUMBER_ALPHABET) for _ in range(6))
