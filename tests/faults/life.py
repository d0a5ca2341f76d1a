"""A bot as a process of its own: it is started, killed, stopped, and started again on the same database."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from bot.sandbox.server import Sandbox

START_WITHIN = 60.0  # seconds; only so that a hanging start ends the test
STOP_WITHIN = 30.0


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
        **more,
    }
    rest = {name: value for name, value in os.environ.items() if not name.startswith("UAKIL")}
    return {**rest, **{f"UAKIL__{name.upper()}": value for name, value in ours.items()}}


class Life:
    """The process, one life after the other. Everything it writes goes into one file."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path, **more: str) -> None:
        """``folder``: where the bot runs and its output is kept; ``more``: settings, see ``environment``."""
        self._sandbox = sandbox
        self._folder = folder
        self._environment = environment(sandbox, url, **more)
        self._output = folder / "output"
        self._process: asyncio.subprocess.Process | None = None
        self._calls_before = 0

    @property
    def output(self) -> str:
        """What all lives so far wrote, standard output and standard error together."""
        return self._output.read_text() if self._output.exists() else ""

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None, "the bot does not run"
        return self._process.pid

    async def start(self) -> None:
        """Begin a life, without waiting for it to serve."""
        assert self._process is None, "the bot runs already"
        self._calls_before = len(self._sandbox.calls)
        with self._output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=self._folder,
                env=self._environment,
                stdout=output,
                stderr=output,
            )

    async def serves(self) -> None:
        """Wait until this life asks for updates."""

        def look() -> bool | None:
            fresh = self._sandbox.calls[self._calls_before :]
            return True if any(call.method == "getUpdates" for call in fresh) else None

        assert await self._sandbox.bell.until(look, START_WITHIN), f"the bot does not serve:\n{self.output}"

    async def kill(self) -> None:
        """``kill -9``; harmless when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; returns the exit code and the seconds it took."""
        assert self._process is not None, "the bot does not run"
        process, self._process = self._process, None
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_WITHIN):
            code = await process.wait()
        return code, time.monotonic() - began
