"""What an owner sets for a bot in a talk with @BotFather, as switches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from .errors import Json


@dataclass
class Switches:
    """The settings with Telegram's defaults, but for inline mode, which Telegram leaves off.

    `inline_mode` (/setinline): people may type `@bot text`. `inline_feedback` (/setinlinefeedback): the bot is told
    which result was chosen. `privacy_mode` (/setprivacy): of a group the bot gets only what is meant for it; a change
    counts at once, where Telegram wants the bot to be taken out of the group and put back.
    """

    inline_mode: bool = True
    inline_feedback: bool = False
    privacy_mode: bool = True
    changed: Callable[[Json], None] = field(default=lambda switches: None, repr=False)

    def put(self, name: str, on: bool) -> None:
        """Turn a switch; ValueError for a name there is not."""
        if name not in self.as_json():
            raise ValueError(f"no such switch: {name}")
        setattr(self, name, bool(on))
        self.changed(self.as_json())

    def as_json(self) -> Json:
        """The names with how they stand."""
        return {name: value for name, value in asdict(self).items() if name != "changed"}

    @property
    def shown(self) -> Json:
        """What getMe tells of them."""
        return {"supports_inline_queries": self.inline_mode, "can_read_all_group_messages": not self.privacy_mode}
