"""A refusal that a person is told about: a code and fields, turned into a sentence by handlers/errors.py alone."""

from typing import Any


class LiaisonError(Exception):
    """A rule said no. ``code`` names the sentence, ``fields`` fill it; nothing was changed."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields


class NotYours(LiaisonError):
    """Missing or forbidden: to the person both look alike, the log keeps them apart."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__("not-yours", what=what)
        self.why = why


class AlreadyTaken(LiaisonError):
    """The same update came a second time: its effect is there already, only the present state is shown."""

    def __init__(self) -> None:
        super().__init__("already-taken")
