"""A bot as a process of its own: it is started, killed, stopped, and started again on the same database."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Self

from bot.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
SERVES_WITHIN = 60.0  # seconds; only so that a bot that hangs ends the test
ENDS_WITHIN = 30.0


def environment(sandbox: Sandbox, url: str, **more: str) -> dict[str, str]:
    """The variables of a bot at the sandbox, and nothing of what the machine happens to have set for one.

    ``more``: keys such as ``web__port``.
    """
    ours = {
        "telegram__token": sandbox.token,
        "telegram__base_url": sandbox.url,
        "database__url": url,
        "web__port": "0",
        "sandbox__clock": str(sandbox.clock.path),
        "privacy__operator": "Sample Foundation",
        "requests__undo": "0s",
        **more,
    }
    rest = {name: value for name, value in os.environ.items() if not name.startswith("UAKIL")}
    return {**rest, **{f"UAKIL__{name.upper()}": value for name, value in ours.items()}}


class Running:
    """A process that runs: its number, and how to wait for its exit code."""

    def __init__(self, pid: int, ended: Callable[[], Awaitable[int]]) -> None:
        self.pid = pid
        self._ended = ended

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the exit code (negative: the signal that killed it)."""
        with suppress(ProcessLookupError):  # it ended by itself; its exit code tells
            os.kill(self.pid, number)
        async with asyncio.timeout(ENDS_WITHIN):
            return await self._ended()


class Nursery:
    """Begins lives by forking; see ``nursery.py``."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def fork(self, folder: Path, variables: dict[str, str], output: Path) -> Running:
        """Begin a life; the one before it must have ended."""
        assert self._process.stdin is not None
        asked = {"cwd": str(folder), "environment": variables, "output": str(output)}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        return Running(await self._number(), self._number)

    async def _number(self) -> int:
        assert self._process.stdout is not None
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A process from which bots are forked; it ends with the test."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.nursery", cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        yield Nursery(process)
    finally:
        await process.communicate(b"")  # closes its input


class Life:
    """One life after the other. Everything that they write goes into one file."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path, *, forked: Nursery | None = None, **more: str) -> None:
        """``folder``: where the bot runs and its output is kept; ``more``: settings, see ``environment``.

        Each life is ``python -m bot run``, or ``forked`` from a nursery, which is quicker.
        """
        self._sandbox = sandbox
        self._folder = folder
        self._variables = environment(sandbox, url, **more)
        self._output = folder / "output"
        self._nursery = forked
        self._running: Running | None = None
        self._calls_before = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()  # a test that fails leaves no bot behind

    @property
    def output(self) -> str:
        """What all lives so far wrote, standard output and standard error together."""
        return self._output.read_text() if self._output.exists() else ""

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._running is not None, "the bot does not run"
        return self._running.pid

    async def start(self) -> None:
        """Begin a life, without waiting for it to serve."""
        assert self._running is None, "the bot runs already"
        self._calls_before = len(self._sandbox.calls)
        if self._nursery is not None:
            self._running = await self._nursery.fork(self._folder, self._variables, self._output)
            return
        with self._output.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self._folder,
                env=self._variables,
                stdout=output,
                stderr=output,
            )
        self._running = Running(process.pid, process.wait)

    async def serves(self) -> None:
        """Wait until this life asks for updates."""

        def look() -> bool | None:
            fresh = self._sandbox.calls[self._calls_before :]
            return True if any(call.method == "getUpdates" for call in fresh) else None

        assert await self._sandbox.bell.until(look, SERVES_WITHIN), f"the bot does not serve:\n{self.output}"

    async def kill(self) -> None:
        """``kill -9``; harmless when it does not run."""
        running, self._running = self._running, None
        if running is not None:
            assert await running.end(signal.SIGKILL) == -signal.SIGKILL, self.output

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; returns the exit code and the seconds it took."""
        assert self._running is not None, "the bot does not run"
        running, self._running = self._running, None
        began = time.monotonic()
        return await running.end(signal.SIGTERM), time.monotonic() - began
