"""Who looks: what is needed to draw a screen for one person, whether a tap asked for it or a notice is due."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from handlers.speech import Speech
from liaison.bodies import Tree
from liaison.people import DEFAULT_LANGUAGE, LANGUAGES, Actor
from liaison.policy import Policy
from liaison.search import Index
from liaison.search_typing import Typing
from storage.engine import Database

P = ParamSpec("P")
T = TypeVar("T")

UNNAMED = "the operator of this bot"  # what privacy.operator says until somebody is named


@dataclass(frozen=True)
class Directory:
    """The look-up's snapshot: the tree of bodies, the index built from it, and all names as people may type them."""

    tree: Tree
    index: Index
    typing: Typing  # the same for texts that are not finished yet
    names: frozenset[str]

    @classmethod
    def of(cls, tree: Tree) -> "Directory":
        """The snapshot of a tree; takes a second at most, in a thread of its own."""
        texts = (text for e in tree.entries for text in (*e.names.values(), *e.shorts.values(), *e.aliases))
        index = Index.build(tree)
        return cls(tree, index, Typing(tree, index), frozenset(text.casefold() for text in texts))

    def names_a_body(self, text: str) -> bool:
        """Whether the whole text is a body's name, short name or alias."""
        return " ".join(text.split()).casefold() in self.names


@dataclass(frozen=True)
class Services:
    """What the whole program shares, built once in bot/app.py."""

    db: Database
    policy: Policy
    now: Callable[[], datetime]  # the calendar's clock
    machine_now: Callable[[], datetime]  # the machine's clock: leases, pauses
    directory: Callable[[], Directory]  # the newest snapshot
    username: Callable[[], str]  # the bot's own name, known after getMe
    operator: str  # who runs this bot: named in the consent (Law 94-V art. 8)

    def speech(self, language: str | None) -> Speech:
        """The texts of one language; Kazakh while none was chosen."""
        return Speech(language or DEFAULT_LANGUAGE, self.policy.zone, self.policy.offset_name)


@dataclass(frozen=True)
class Viewer:
    """One person looking at the program."""

    services: Services
    actor: Actor
    speech: Speech
    now: datetime

    @classmethod
    def of(cls, services: Services, actor: Actor) -> "Viewer":
        """The view of a person in his own language, now."""
        return cls(services, actor, services.speech(actor.language), services.now())

    @classmethod
    def passing(cls, services: Services, actor: Actor, code: str | None) -> "Viewer":
        """The view of somebody outside the private chat, in the language he chose there, else in that of his Telegram
        (``code``, «ru-RU») if it is one of ours, else in Kazakh."""
        spoken = (code or "").partition("-")[0].lower()
        language = actor.language or (spoken if spoken in LANGUAGES else DEFAULT_LANGUAGE)
        return cls.of(services, replace(actor, language=language))

    @property
    def tree(self) -> Tree:
        """The bodies as they are known now."""
        return self.services.directory().tree

    @property
    def policy(self) -> Policy:
        """The configured rules."""
        return self.services.policy

    async def read(self, rule: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading rule."""
        return await self.services.db.read(rule, *args, **kwargs)

    def as_actor(self, actor: Actor) -> "Viewer":
        """The same view for the person as he is after a change, in the language he has then."""
        return replace(self, actor=actor, speech=self.services.speech(actor.language))

    @property
    def operator(self) -> str:
        """Who runs this bot; where the configuration names nobody, in the reader's words."""
        named = self.services.operator
        return self.speech.psay("name", "the operator of this bot") if named == UNNAMED else named

    def body(self, body_id: int) -> str:
        """The name of a body in the reader's language."""
        return self.tree.name(body_id, self.speech.language)
