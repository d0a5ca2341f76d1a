"""``python -m tests.bench``: all figures in one run, side by side with what they are compared with."""

import asyncio
import platform
import sys

from tests.bench import lookup, machine, start, updates


def main() -> None:
    """Print everything; takes about six minutes."""
    print(f"Python {platform.python_version()} on {platform.machine()}, {sys.platform}")
    lookup.report()
    asyncio.run(start.report())
    asyncio.run(updates.report())
    machine.report()


if __name__ == "__main__":
    main()
