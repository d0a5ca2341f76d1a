"""The one place where everything is put together, started in order and stopped in order."""

import asyncio
import secrets
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot

from bot.config import Settings
from bot.intake import PAUSES, AnyApplication, connect
from bot.polling import LONG_POLL, Polling
from bot.ticks import Ticks
from bot.transport import AiohttpRequest, bot_urls, on_loopback
from bot.web import WebServer
from bot.webhook import Webhook
from handlers import errors, notices, profile, routes
from handlers.context import Context
from handlers.delivery import Delivery
from handlers.retries import Pace
from handlers.viewer import Directory, Services
from liaison import bodies, duties, shipped, shipped_file
from storage import migrate
from storage.engine import Database
from storage.errors import DatabaseUnavailable

DUTIES_EVERY = 60  # ticks
STOP_WITHIN = 10.0  # seconds for everything together

log = structlog.get_logger()


class Clock:
    """The calendar's clock: the machine's, moved in the sandbox by the seconds that a file names."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._offset = timedelta()
        self.look()

    def look(self) -> None:
        """Read the offset again; an unreadable file leaves it as it was."""
        if self._file is None:
            return
        with suppress(OSError, ValueError, OverflowError):
            self._offset = timedelta(seconds=float(self._file.read_text().strip() or 0))

    def now(self) -> datetime:
        """The time people see, aware, in UTC."""
        return datetime.now(UTC) + self._offset


def machine_now() -> datetime:
    """The machine's time, for leases and pauses."""
    return datetime.now(UTC)


class App:
    """The bot: start it, let it run, stop it."""

    def __init__(
        self,
        settings: Settings,
        *,
        long_poll: int = LONG_POLL,
        pace: Pace | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """``long_poll``: seconds a request for updates may wait at Telegram; ``pace``: of delivery and its retries;
        ``pauses``: seconds between tries to reach Telegram or the database."""
        self.settings = settings
        self._long_poll = long_poll
        self._pace = pace
        self._pauses = pauses
        self._clock = Clock(settings.sandbox.clock)
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticked = 0
        self._username = ""
        self.services: Services

    async def run(self) -> None:
        """Start, serve until SIGTERM or SIGINT (or until Telegram refuses the token), stop in ten seconds.

        Raises BadToken, DatabaseInUse, DatabaseUnavailable, SchemaTooOld, CannotListen, ConfigError.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        try:
            await self._unless_stopped(asyncio.create_task(self.start()))
            if not self._stop.is_set():
                await self._unless_stopped(self._intake_task)
        finally:
            await self.stop()

    async def start(self) -> None:
        """Open the database, load the directory, meet Telegram and begin to take updates."""
        self.settings.check_zone(machine_now())
        await self._open_database()
        self._directory = await self._load_directory()
        self._application = self._build()
        self.services = self._application.bot_data["services"]
        self._delivery = self._make_delivery()
        self._intake, routes_of_intake = self._make_intake()
        web = self.settings.web
        self._web = WebServer(routes_of_intake, live=lambda: True, ready=self._ready, host=web.host, port=web.port)
        await self._web.start()
        await connect(self._application, pauses=self._pauses)
        self._username = self._application.bot.username
        self._ticks = Ticks(self._tick)
        self._ticks.start()
        self._spawn(self._delivery.run(), "delivery")
        self._intake_task = self._spawn(self._intake.run(), "intake")
        self._spawn(profile.keep_up(self.services, self._application.bot), "profile")
        log.info("started", bot=self._username, mode=self.settings.telegram.mode)

    async def stop(self) -> None:
        """Stop in the order intake, updates in hand, tick, settling, web, database; in ten seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN):
                for part in ("_intake", "_ticks", "_delivery", "_web"):
                    if (running := getattr(self, part, None)) is not None:
                        await running.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if (application := getattr(self, "_application", None)) is not None:
            with suppress(RuntimeError, TelegramError):
                await application.shutdown()
            for transport in (application.bot.request, self._fetching):  # also if Telegram was never reached
                await transport.shutdown()
        if (database := getattr(self, "_db", None)) is not None:
            await database.close()
        log.info("stopped")

    async def idle(self) -> None:
        """Wait until nothing due is left unsent. The clock is read again first, as at a tick."""
        self._clock.look()
        self._delivery.wake()
        await self._delivery.idle()

    @property
    def web_port(self) -> int:
        """The port of health and webhook, once started."""
        return self._web.port

    async def _unless_stopped(self, task: "asyncio.Task[None]") -> None:
        """Wait for a task, but not beyond the signal to stop; what it raises is raised here."""
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({stopped, task}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if task.done():
            task.result()
        elif task is not getattr(self, "_intake_task", None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _open_database(self) -> None:
        url = self.settings.database.url.get_secret_value()
        await asyncio.to_thread(migrate.prepare, url)
        self._db = await asyncio.to_thread(Database.open, url, exclusive=True)
        now = self._clock.now().astimezone(self.settings.calendar.timezone)
        loaded = await self._db.write(shipped.load_shipped, shipped_file.read_shipped(), now=now)
        log.info("directory-loaded", result=str(loaded))

    async def _load_directory(self) -> Directory:
        tree = await self._db.read(bodies.load)
        return await asyncio.to_thread(Directory.of, tree)

    def _build(self) -> AnyApplication:
        telegram = self.settings.telegram
        base_url, base_file_url = bot_urls(telegram.base_url)
        proxy = not on_loopback(telegram.base_url)
        self._fetching = AiohttpRequest(connections=2, use_environment_proxy=proxy)
        bot: ExtBot[None] = ExtBot(
            telegram.token.get_secret_value() if telegram.token else "",
            base_url=base_url,
            base_file_url=base_file_url,
            request=AiohttpRequest(use_environment_proxy=proxy),
            get_updates_request=self._fetching,
        )
        types = ContextTypes(context=Context)
        application: AnyApplication = ApplicationBuilder().bot(bot).updater(None).context_types(types).build()
        application.bot_data["services"] = Services(
            db=self._db,
            policy=self.settings.policy(),
            now=self._clock.now,
            machine_now=machine_now,
            directory=lambda: self._directory,
            username=lambda: self._username,
            operator=self.settings.privacy.operator,
        )
        routes.register(application)
        return application

    def _make_delivery(self) -> Delivery:
        alone = self.settings.database.url.get_secret_value().startswith("sqlite")
        owner = secrets.token_hex(8)
        delivery = Delivery(self.services, self._application.bot, notices.render, owner, alone=alone, pace=self._pace)
        self._db.on_owed = delivery.wake
        return delivery

    def _make_intake(self) -> tuple[Polling | Webhook, list[Any]]:
        telegram = self.settings.telegram
        if telegram.mode == "polling":
            polling = Polling(
                self._application,
                self._apologise,
                self._fetching,
                long_poll=self._long_poll,
                pauses=self._pauses,
            )
            return polling, []
        secret = telegram.secret_token.get_secret_value() if telegram.secret_token else ""
        webhook = Webhook(
            self._application, self._apologise, url=telegram.webhook_url or "", secret=secret, pauses=self._pauses
        )
        return webhook, webhook.routes()

    async def _tick(self) -> None:
        """Once a second: the clock, the directory's version, what is due, and once a minute the daily duties."""
        self._clock.look()
        self._delivery.wake()
        self._ticked += 1
        try:
            if await self._db.read(bodies.directory_version) != self._directory.tree.version:
                self._directory = await self._load_directory()
            if self._ticked % DUTIES_EVERY == 1:
                policy = self.services.policy
                await self._db.write(duties.run_due, policy, now=self._clock.now(), machine_now=machine_now())
        except DatabaseUnavailable as away:
            log.warning("database-away", why=str(away))

    async def _ready(self) -> Mapping[str, bool]:
        try:
            await self._db.read(bodies.directory_version)
        except DatabaseUnavailable:
            return {"database": False, "telegram": self._hears()}
        return {"database": True, "telegram": self._hears()}

    def _hears(self) -> bool:
        if isinstance(self._intake, Webhook):
            return self._intake.registered
        return self._intake.heard_within(self._long_poll + 30.0)

    async def _apologise(self, update: Update, number: str) -> None:
        await errors.apologise(self.services, self._application.bot, update, number)

    def _spawn(self, work: Any, name: str) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        return task
