"""What the bot says about itself: names, descriptions, commands and menu buttons, per language and scope."""

from __future__ import annotations

from .errors import Json

Scope = tuple[str, int, int]  # type, chat, user


def scope_of(scope: Json | None) -> Scope:
    """A scope object as a key."""
    scope = scope or {}
    return (str(scope.get("type", "default")), int(scope.get("chat_id", 0)), int(scope.get("user_id", 0)))


class Profile:
    """Texts fall back to those of no language, as for people whose language has none of its own."""

    def __init__(self, name: str) -> None:
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}
        self.commands: dict[tuple[Scope, str], list[Json]] = {}
        self.menu_buttons: dict[int, Json] = {}

    def put(self, what: str, language: str, text: str) -> None:
        """Set or (with an empty text) remove "name", "description" or "short_description"."""
        if text:
            self._texts[what, language] = text
        else:
            self._texts.pop((what, language), None)

    def text(self, what: str, language: str) -> str:
        """What a person of this language reads."""
        return self._texts.get((what, language)) or self._texts.get((what, ""), "")

    def menu(self, chat: int, language: str) -> list[Json]:
        """The commands of a person in a private chat: the narrowest scope wins, and there his language."""
        scopes: list[Scope] = [("chat", chat, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
        for key in ((scope, code) for scope in scopes for code in (language, "")):
            if key in self.commands:
                return self.commands[key]
        return []

    def as_json(self) -> Json:
        """Everything that was set, for the page and for tests."""
        return {
            "texts": [{"what": what, "language": code, "text": text} for (what, code), text in self._texts.items()],
            "commands": [
                {"scope": list(scope), "language": code, "commands": commands}
                for (scope, code), commands in self.commands.items()
            ],
            "menu_buttons": self.menu_buttons,
        }
