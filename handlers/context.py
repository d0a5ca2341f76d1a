"""What a handler holds while it treats one update: the person, the database, and the one answer to a tap."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from markupsafe import Markup
from telegram import Bot, Message, Update
from telegram.constants import CallbackQueryLimit
from telegram.error import RetryAfter, TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from handlers import places, screen
from handlers.screen import Screen
from handlers.sending import Outcome, classify, pause_of
from handlers.viewer import Services, Viewer
from liaison import notices, people, presence, updates
from liaison.errors import NotYours
from liaison.people import Actor
from liaison.policy import Policy

P = ParamSpec("P")
T = TypeVar("T")

ANSWER_WITHIN = 0.8  # seconds: a tap is answered by then, with the result or empty
WAIT_AT_MOST = 2.0  # seconds: a longer pause asked by Telegram turns the reply into a notice

log = structlog.get_logger()


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """One update's context. ``handlers.routes`` fills it before any other handler sees it."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], chat_id: int | None = None,
                 user_id: int | None = None) -> None:  # fmt: skip
        super().__init__(application, chat_id, user_id)
        self.incoming = Update(0)
        self.viewer: Viewer | None = None
        self.place: str | None = None  # what is shown when this update turns out to have had its effect before
        self._answered = False
        self._answering: asyncio.Task[None] | None = None

    @property
    def services(self) -> Services:
        """What the program shares."""
        services: Services = self.application.bot_data["services"]
        return services

    @property
    def view(self) -> Viewer:
        """The person looking. Raises LookupError where nobody was identified (a handler in a wrong group)."""
        if self.viewer is None:
            raise LookupError("nobody was identified for this update")
        return self.viewer

    @property
    def policy(self) -> Policy:
        """The configured rules."""
        return self.services.policy

    @property
    def tap(self) -> list[str]:
        """The tapped button's data, split at its colons."""
        query = self.incoming.callback_query
        return (query.data or "").split(":") if query else []

    def part(self, n: int) -> str:
        """A part of the tapped button's data. Raises NotYours if it is missing (forged, or of another version)."""
        if n >= len(self.tap):
            raise NotYours("button", f"broken button {self.tap!r}")
        return self.tap[n]

    def number(self, n: int) -> int:
        """A part that is an id. Raises NotYours if it is not a number that a database can hold."""
        try:
            return screen.number(self.part(n))
        except ValueError as broken:
            raise NotYours("button", f"broken button {self.tap!r}") from broken

    @property
    def actor(self) -> Actor:
        """The person who wrote or tapped."""
        return self.view.actor

    @property
    def chat_id(self) -> int:
        """The private chat, which has the person's own id."""
        return self.actor.telegram_id

    async def write(self, rule: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a rule that changes something, once for this update. Raises AlreadyTaken if it came before."""
        taken_at = self.services.machine_now()
        return await self.services.db.write(
            updates.once, self.incoming.update_id, taken_at, self.place, rule, *args, **kwargs
        )

    async def do(self, rule: Callable[..., T], *args: Any, then: str, **kwargs: Any) -> T:
        """What most taps are: run ``rule(session, actor, *args, now=…)`` once, and show the place ``then``.

        The place is drawn from the database, so it is the right answer also when this update had its effect before.
        """
        self.place = then
        done = await self.write(rule, self.actor, *args, now=self.view.now, **kwargs)
        await self.show(then)
        return done

    async def read(self, rule: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a rule that only reads."""
        return await self.services.db.read(rule, *args, **kwargs)

    async def refresh(self) -> None:
        """Read the person again after a rule changed who he is."""
        actor = await self.read(people.actor, self.actor.id, self.services.policy, now=self.services.now())
        self.viewer = self.view.as_actor(actor)

    def expect_answer(self) -> None:
        """Begin to count: the tap is answered empty if the result is not there in time."""
        self._answering = asyncio.create_task(self._answer_later())

    async def answer(self, toast: str | None = None) -> None:
        """Answer the tap, once; a toast beyond Telegram's limit is cut at a word."""
        if self.incoming.callback_query is None or self._answered:
            return
        self._answered = True
        if self._answering is not None and self._answering is not asyncio.current_task():
            self._answering.cancel()
        try:
            await self.incoming.callback_query.answer(_fits(toast))
        except TelegramError as failed:  # too old, or the network: the message below says it all the same
            log.info("tap-not-answered", why=str(failed))

    async def show(self, what: str | Screen, *, toast: str | None = None, note: str | None = None) -> None:
        """Show a place (or a ready screen) to the person: a tap edits its message, a text gets a new one.

        ``note`` is a sentence put before the place's text.
        """
        shown = await places.draw(self.view, what) if isinstance(what, str) else what
        if note:
            shown = replace(shown, text=f"{note}\n\n{shown.text}")
        place = what if isinstance(what, str) else None
        await asyncio.gather(self.answer(toast), self._deliver(shown, place))

    async def post(self, what: str | Screen) -> None:
        """Send a place or screen as a message of its own, also after a tap."""
        shown = await places.draw(self.view, what) if isinstance(what, str) else what
        await self._deliver(shown, what if isinstance(what, str) else None, fresh=True)

    async def _deliver(self, shown: Screen, place: str | None, *, fresh: bool = False) -> None:
        try:
            await self._try(shown, fresh)
        except RetryAfter as asked:
            if pause_of(asked) > WAIT_AT_MOST:
                await self._owe(place, str(asked))
                return
            await asyncio.sleep(pause_of(asked))
            try:
                await self._try(shown, fresh)
            except TelegramError as failed:
                await self._after(failed, place)
        except TelegramError as failed:
            await self._after(failed, place)

    async def _try(self, shown: Screen, fresh: bool) -> None:
        bot: Bot = self.bot
        tapped = self.incoming.callback_query.message if self.incoming.callback_query else None
        if isinstance(tapped, Message) and not fresh:
            await screen.edit(bot, self.chat_id, tapped, shown)
        else:
            await screen.send(bot, self.chat_id, shown)

    async def _after(self, failed: TelegramError, place: str | None) -> None:
        verdict = classify(failed)
        if verdict.outcome is Outcome.BLOCKED:
            now = self.services.now()
            telegram_id = self.actor.telegram_id
            await self.services.db.write(presence.note, telegram_id, self.policy, reachable=False, now=now)
        elif verdict.outcome in (Outcome.NOT_SENT, Outcome.UNCERTAIN, Outcome.WAIT):
            await self._owe(place, verdict.text)
        elif verdict.outcome is Outcome.REFUSED:
            log.error("reply-refused", why=verdict.text, place=place)

    async def _owe(self, place: str | None, why: str) -> None:
        """The reply did not go out: owe it as a notice that renders the present screen when it is sent."""
        log.warning("reply-owed", why=why, place=place)
        await self.services.db.write(
            notices.owe,
            key=f"place:{self.incoming.update_id}:{place or 'start'}",
            kind="place_to_show",
            recipient_id=self.actor.id,
            due_at=self.services.now(),
            place=place or "start",
        )

    async def _answer_later(self) -> None:
        await asyncio.sleep(ANSWER_WITHIN)
        await self.answer()


def _fits(toast: str | None) -> str | None:
    limit = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    if isinstance(toast, Markup):  # a toast is plain text
        toast = toast.unescape()
    if toast is None or len(toast) <= limit:
        return toast
    return toast[: limit - 1].rsplit(" ", 1)[0] + "…"
