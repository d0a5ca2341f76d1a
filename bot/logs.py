"""The log: structlog through the standard library, one line an event, without secrets.

The token stands in every Bot API address, so it turns up in exceptions and in other libraries' debug lines. The
finished line is searched, whatever part of the record it came from.
"""

import json as json_format
import logging
import re
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.types import Processor

# They write addresses and whole messages at INFO and DEBUG.
_TALKATIVE = {"httpx": "WARNING", "httpcore": "WARNING", "telegram": "WARNING", "aiohttp.access": "WARNING"}
# Its warning says at every slow tick that the next one is left out, which is what we ask for.
_TALKATIVE |= {"apscheduler": "ERROR", "alembic": "WARNING"}
_ANY_TOKEN = (
    r"(?<!\d)\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"  # a token's form, as BotFather gives it; one we were not told of
)
_HIDDEN = "[secret]"
_SHORTEST = 6  # characters; hiding anything shorter would tear ordinary words


class Redaction:
    """Replaces the given secrets, and whatever looks like a bot token, in a text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
        patterns = [re.escape(form) for form in sorted(forms, key=len, reverse=True)]
        self._pattern = re.compile("|".join([*patterns, _ANY_TOKEN]), re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """Returns the text without the secrets."""
        return self._pattern.sub(_HIDDEN, text)


def configure(
    secrets: Iterable[str], *, json: bool | None = None, level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Sets up all logging of the process, in place of what was set up before.

    `secrets` never appear in a line, in whatever form; `json` None chooses lines for people on a terminal and JSON
    elsewhere; `stream` is standard error unless given. Uncaught exceptions go the same way.
    """
    target = stream or sys.stderr
    as_json = not target.isatty() if json is None else json
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    handler = _Handler(target)
    handler.setFormatter(_Formatter(Redaction(secrets), common, as_json=as_json))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for name, quiet in _TALKATIVE.items():
        logging.getLogger(name).setLevel(quiet)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *common,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record, ours or a library's, and searches the finished line."""

    def __init__(self, redaction: Redaction, common: list[Processor], *, as_json: bool) -> None:
        # Plain tracebacks: the pretty ones show local variables, and those hold people's data.
        ending: list[Processor] = (
            [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
            if as_json
            else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        )
        super().__init__(
            foreign_pre_chain=common, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending]
        )
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return self._redaction(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """The standard one prints the message's raw arguments."""
        self.stream.write(f"a line of {record.name}:{record.lineno} could not be logged\n")


def _forms(secret: str) -> Iterable[str]:
    """The ways a secret may be written: bare, in an address, inside JSON, as Python shows it, a token's second half."""
    yield from (secret, quote(secret, safe=""), json_format.dumps(secret)[1:-1], repr(secret)[1:-1])
    yield json_format.dumps(secret, ensure_ascii=False)[1:-1]
    number, colon, rest = secret.partition(":")
    if colon and number.isdigit():
        yield rest


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger("uncaught").critical("the program fails", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
