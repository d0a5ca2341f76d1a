"""Where lives begin quickly: a process that has imported the bot already and forks one for each that is asked for.

A start costs a second or two of imports, the same each time. A forked bot is a process like any other: it has its own
number, is killed with ``kill -9``, and shares nothing with the next one.
"""

import json
import os
import sys
from typing import Any, NoReturn

import bot.app
from bot.__main__ import main

assert bot.app  # imported for its weight


def serve() -> None:
    """For each line ``{"cwd", "environment", "output"}``: fork a bot, write its number, then how it ended."""
    for line in sys.stdin:
        asked = json.loads(line)
        number = os.fork()
        if number == 0:
            be_born(asked)
        tell(number)
        _, status = os.waitpid(number, 0)
        tell(os.waitstatus_to_exitcode(status))


def tell(number: int) -> None:
    """Answer with a number on a line."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def be_born(asked: dict[str, Any]) -> NoReturn:
    """Become ``uakil run`` in the child."""
    code: Any = 1
    try:
        output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for file, number in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(file, number)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["uakil", "run"]
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    serve()
