"""The demo's page in a real browser: sandbox, bot and Chromium, and what the browser complained about or asked for."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from bot import demo_posts
from bot.app import App
from bot.commands import demo
from bot.sandbox import Sandbox

ALMATY = ZoneInfo("Asia/Almaty")
START = datetime(2026, 12, 1, 10, 0, tzinfo=ALMATY)  # a Tuesday
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
WAIT = 15_000  # milliseconds
# No sandbox of its own: tests may run as root. Fonts must not differ with the machine's screen.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Stack:
    """The sandbox with its page and the bot at it."""

    sandbox: Sandbox
    app: App


async def call(sandbox: Sandbox, method: str, **params: Any) -> Any:
    """A call of the Bot API as any bot could make it: for what the page must show and ours rarely says."""
    url = f"{sandbox.url}/bot{sandbox.token}/{method}"
    async with ClientSession() as client, client.post(url, json=params) as answer:
        return (await answer.json()).get("result")


@dataclass
class Visit:
    """An open page, and what must not have happened in it by the end."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # addresses outside of this machine

    def pane(self, role: str) -> Locator:
        """The pane of a role: ngo, official, coordinator."""
        return self.page.locator(f"#pane-{role}")

    async def tab(self, role: str) -> None:
        """On a phone: turn to this chat."""
        tab = self.page.locator(f'[role=tab][aria-controls="pane-{role}"]')
        if await tab.is_visible():
            await tab.click()

    async def tap(self, role: str, *labels: str) -> None:
        """Press buttons of the bot one after the other, each the newest one that begins with this label."""
        await self.tab(role)
        for label in labels:
            button = self.pane(role).locator(".key", has_text=label).last
            await button.click()
            await expect(self.pane(role).locator(".turning")).to_have_count(0, timeout=WAIT)

    async def say(self, role: str, text: str) -> None:
        """Type a text and press Enter."""
        await self.tab(role)
        line = self.pane(role).get_by_role("textbox").last
        await line.fill(text)
        await line.press("Enter")

    async def sees(self, role: str, text: str) -> None:
        """Wait until the bot's message with this text is there."""
        await self.tab(role)
        found = self.pane(role).locator(".from-bot .bubble", has_text=text).last
        await expect(found).to_be_visible(timeout=WAIT)


async def start_stack(folder: Path) -> Stack:
    """The demo as `uakil demo` puts it together, on a clock that does not depend on the day of the test."""
    sandbox = Sandbox(seed=1, clock_file=folder / "clock")
    sandbox.clock.put(START.timestamp() - datetime.now(UTC).timestamp())
    await sandbox.start()
    settings = demo.settings_for(sandbox, folder / "uakil.sqlite")
    await demo.prepare(sandbox, settings)
    app = App(settings, long_poll=1)
    sandbox.offers.update(demo_posts.offers(app))
    await app.start()
    return Stack(sandbox, app)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """A running demo; it ends with the list of violations empty and every tap answered."""
    opened = await start_stack(tmp_path)
    yield opened
    await opened.app.stop()
    await opened.sandbox.stop()
    assert [str(remark) for remark in opened.sandbox.violations] == []
    assert opened.sandbox.unanswered() == []


@pytest.fixture
async def alone() -> AsyncIterator[Sandbox]:
    """A sandbox with its page and three people, and no bot: the test says what a bot would."""
    sandbox = Sandbox(seed=1)
    await sandbox.start()
    for number, name in ((1001, "Aigerim"), (1002, "Erlan"), (1003, "Dana")):
        sandbox.person(number, name)
        sandbox.chats[number].started = True
    yield sandbox
    await sandbox.stop()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium of this system."""
    path = shutil.which("chromium")
    assert path, "chromium is not on the PATH; make test-browser installs it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Visits:
    """Opens pages of the demo, and asks each in the end what happened in it."""

    browser: Browser
    opened: list[tuple[BrowserContext, Visit]] = field(default_factory=list)

    async def open(self, sandbox: Sandbox, language: str, size: str) -> Visit:
        """The page of a sandbox in a language ("kk", "ru", "en") and a size ("desktop", "phone")."""
        width, height = SIZES[size]
        context = await self.browser.new_context(viewport={"width": width, "height": height})
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await context.new_page()
        visit = Visit(page)
        page.on("console", lambda said: visit.complaints.append(said.text) if said.type != "log" else None)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        context.on("request", lambda asked: _note(visit, asked.url))
        await page.goto(f"{sandbox.url}/?lang={language}")
        await expect(visit.page.locator(".pane-names h2").first).not_to_be_empty()
        self.opened.append((context, visit))
        return visit

    async def end(self) -> None:
        """Close all pages; AssertionError if one complained or asked for something outside of this machine."""
        for context, visit in self.opened:
            await context.close()
            assert visit.complaints == []
            assert visit.strangers == []


def _note(visit: Visit, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
        visit.strangers.append(url)


@pytest.fixture
async def visits(chromium: Browser) -> AsyncIterator[Visits]:
    """Pages of the demo; none of them may have complained or looked outside of this machine."""
    opened = Visits(chromium)
    yield opened
    await opened.end()
