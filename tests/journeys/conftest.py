"""Whole dialogues: the sandbox's Bot API server, the real bot over HTTP, a real database, people who type and tap."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from bot.app import App
from bot.config import Settings
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from handlers.speech import Speech
from liaison import duties, invitations, shipped
from liaison.bodies import Tree
from liaison.search import Index
from liaison.shipped_file import read_shipped
from liaison.words import WordLists
from storage.bodies import Body
from storage.drafts import Draft
from storage.engine import Database
from storage.meetings import Guest, Meeting, Slot, Step
from storage.notices import Notice
from storage.people import Invitation, Membership, Organisation, Role
from storage.people import Person as PersonRow
from storage.posts import Holder, Post
from storage.schema import Table
from storage.talks import Mute, Word
from tests.conftest import TEMPLATE

ALMATY = ZoneInfo("Asia/Almaty")
START = datetime(2026, 12, 1, 10, 0, tzinfo=ALMATY)  # a Tuesday
LOADED = "uakil_loaded"
KEPT: tuple[type[Table], ...] = (
    PersonRow,
    Organisation,
    Membership,
    Role,
    Invitation,
    Post,
    Holder,
    Meeting,
    Slot,
    Step,
    Guest,
    Word,
    Mute,
    Draft,
    Notice,
)


@dataclass
class World:
    """Everything of one journey: the sandbox with its people, the bot, and its database."""

    sandbox: Sandbox
    app: App
    settings: Settings

    def person(self, number: int, name: str) -> Person:
        """Somebody with a Telegram account."""
        return self.sandbox.person(number, name)

    async def says(self, person: Person, text: str) -> None:
        """Type a text and wait until the bot has dealt with it."""
        await self.sandbox.settled(person.says(text))

    async def taps(self, person: Person, *labels: str) -> None:
        """Tap buttons one after the other, each when the bot has dealt with the one before."""
        for label in labels:
            await self.sandbox.settled(person.taps(label))

    async def move(self, **span: float) -> None:
        """Move time and let what falls due go out."""
        self.sandbox.clock.move(timedelta(**span).total_seconds())
        await self.app.idle()

    async def go_to(self, at: datetime) -> None:
        """Move time to a moment and let what falls due go out."""
        self.sandbox.clock.put(at.timestamp() - datetime.now(UTC).timestamp())
        await self.app.idle()

    async def duties(self) -> None:
        """Do the daily duties that are due, which the bot does once a minute, and let what they owe go out."""
        services = self.app.services
        now, machine_now = services.now(), services.machine_now()
        await self.db.write(duties.run_due, services.policy, now=now, machine_now=machine_now)
        await self.app.idle()

    async def rest(self) -> None:
        """Wait until the bot has nothing left to do."""
        await self.sandbox.quiet()
        await self.app.idle()
        await self.sandbox.quiet()

    async def stop_bot(self) -> None:
        """Stop the bot; people may write and time may move meanwhile."""
        await self.app.stop()

    async def start_bot(self) -> None:
        """Start a new bot on the same database and let it do what waits."""
        self.app = App(self.settings, long_poll=1)
        await self.app.start()
        await self.rest()

    async def restart(self) -> None:
        """Stop the bot and start a new one on the same database."""
        await self.stop_bot()
        await self.start_bot()

    def speech(self, language: str) -> Speech:
        """The bot's texts in one language."""
        return self.app.services.speech(language)

    async def rows(self, table: type[Table]) -> list[dict[str, Any]]:
        """All rows of a table, in the order in which they were written."""
        return await self.db.read(_rows, table)

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All that is kept, but for the log of refusals and what the program notes for itself."""
        return {table.__tablename__: await self.rows(table) for table in KEPT}

    @property
    def db(self) -> Database:
        """The bot's own database."""
        return self.app.services.db

    async def newcomer(self, number: int, name: str, language: str = "English") -> Person:
        """Somebody who pressed START and chose a language."""
        person = self.person(number, name)
        await self.sandbox.settled(person.start())
        await self.taps(person, language)
        return person

    async def official_of(self, code: str, number: int, name: str, language: str = "English") -> Person:
        """An official bound to the post of a body by an invitation."""
        await self.name_official(code, name)
        payload = await self.db.write(_invite, code)
        person = self.person(number, name)
        await self.sandbox.settled(person.start(payload))
        await self.taps(person, language)
        return person

    async def name_official(self, code: str, name: str, phone: str = "+77172000000") -> None:
        """Put an official on the list."""
        await self.db.write(_name, code, name, phone)

    async def notices(self) -> list[tuple[str, str]]:
        """Kind and state of every notice, in the order in which they were written."""
        return await self.db.read(_notices)

    def body(self, code: str) -> int:
        """The id of a body."""
        return int(self.app.services.directory().tree.by_code[code].id)


def _invite(session: Session, code: str) -> str:
    body = session.scalars(select(Body).where(Body.code == code)).one()
    return invitations.invite_official(session, body.id, invited_by=None, now=datetime.now(UTC))


def _name(session: Session, code: str, name: str, phone: str) -> None:
    post = session.scalars(select(Post).join(Body, Body.id == Post.body_id).where(Body.code == code)).one()
    session.add(
        Holder(
            post_id=post.id,
            full_name=name,
            position="Deputy head of department",
            phones=[phone],
            emails=["sample@sample.example"],
            source_title="Sample list",
            verified_at=START.astimezone(UTC),
            verified_by="list",
            created_at=START.astimezone(UTC),
        )
    )


def _rows(session: Session, table: type[Table]) -> list[dict[str, Any]]:
    kept = table.__table__
    return [dict(row) for row in session.execute(select(kept).order_by(kept.c.id)).mappings()]


def _notices(session: Session) -> list[tuple[str, str]]:
    return [(row.kind, row.state) for row in session.scalars(select(Notice).order_by(Notice.id))]


def _load(url: str) -> None:
    with Database.open(url) as database:
        database.write_now(shipped.load_shipped, read_shipped(), now=START)


@pytest.fixture(scope="session", autouse=True)
def one_index() -> Iterator[None]:
    """Builds the look-up's index once for each content of the directory: it takes most of a bot's start."""
    build, kept = Index.build, list[tuple[Tree, Index]]()

    def build_once(tree: Tree, lists: WordLists | None = None) -> Index:
        if lists is not None:
            return build(tree, lists)
        for known, index in kept:
            if known.entries == tree.entries:
                return index
        kept.append((tree, build(tree)))
        return kept[-1][1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Index, "build", build_once)
        yield


@pytest.fixture(scope="session")
def loaded_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the shipped directory, to be copied."""
    path = tmp_path_factory.mktemp("loaded") / "uakil.sqlite"
    shutil.copyfile(sqlite_template, path)
    _load(f"sqlite:///{path}")
    with Database.open(f"sqlite:///{path}", exclusive=True):
        pass  # moves the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def loaded_postgres(postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> str:
    """A PostgreSQL database with the shipped directory, to be a template."""
    postgres_admin.execute(f"CREATE DATABASE {LOADED} TEMPLATE {TEMPLATE}")
    _load(postgres_server.set(database=LOADED).render_as_string(hide_password=False))
    return LOADED


@pytest.fixture(params=["sqlite", "postgresql"])
def directory_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the shipped directory; the test runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "uakil.sqlite"
        shutil.copyfile(request.getfixturevalue("loaded_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("loaded_postgres")
    server: URL = request.getfixturevalue("postgres_server")
    admin: psycopg.Connection[tuple[str]] = request.getfixturevalue("postgres_admin")
    name = f"journey_{abs(hash(tmp_path))}"
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


Opened = Callable[..., Settings]


def settings_for(sandbox: Sandbox, url: str, **sections: dict[str, Any]) -> Settings:
    """Settings of a bot at the sandbox; ``sections`` replace or add keys."""
    base: dict[str, dict[str, Any]] = {
        "telegram": {"token": sandbox.token, "base_url": sandbox.url},
        "database": {"url": url},
        "web": {"port": 0},
        "sandbox": {"clock": sandbox.clock.path},
        "privacy": {"operator": "Sample Foundation"},
        "requests": {"undo": "0s"},  # journeys about taking back set it
    }
    for section, keys in sections.items():
        base[section] = {**base.get(section, {}), **keys}
    return Settings.model_validate(base)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A local Telegram; a journey ends with its list of violations empty and every tap answered."""
    local = Sandbox(seed=1)
    await local.start()
    local.clock.put(START.timestamp() - datetime.now(UTC).timestamp())
    yield local
    await local.stop()
    assert [str(remark) for remark in local.violations] == []
    assert local.unanswered() == []


@pytest.fixture
async def world(sandbox: Sandbox, directory_url: str, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A running bot. ``@pytest.mark.parametrize("settings", …, indirect=True)`` is not needed: see ``settings_for``."""
    extra: dict[str, dict[str, Any]] = getattr(request, "param", {})
    settings = settings_for(sandbox, directory_url, **extra)
    app = App(settings, long_poll=1)
    await app.start()
    opened = World(sandbox, app, settings)
    await opened.duties()  # else the first tick does them in the midst of the journey
    try:
        yield opened
        await opened.rest()
    finally:
        await opened.app.stop()
