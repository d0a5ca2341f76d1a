"""The dialogue of a request, driven through the rules."""

from collections.abc import Callable
from typing import Any

from liaison import drafts, request_form, requests
from liaison.drafts import DraftCard
from liaison.policy import Policy
from tests.liaison.cast import POLICY, Cast


class Dialogue:
    """A person's dialogue with a body's post."""

    def __init__(self, cast: Cast, person_id: int, body_id: int, policy: Policy = POLICY) -> None:
        self.cast, self.person_id, self.policy = cast, person_id, policy
        self.card: DraftCard = cast.do(person_id, requests.begin, body_id, policy)

    def answer(self, *values: str) -> "Dialogue":
        """Answer the open questions one after the other."""
        for value in values:
            self.card = self.do(requests.answer, self.card.key, self.card.rev, self.card.step, value, POLICY)
        return self

    def do(self, rule: Callable[..., Any], *args: Any) -> Any:
        """Another act in the dialogue."""
        return self.cast.do(self.person_id, rule, *args)

    def use(self) -> "Dialogue":
        """Take the ticked times."""
        self.card = self.do(requests.use_times, self.card.key, self.card.rev, POLICY)
        return self

    def send(self) -> int | None:
        """Send it."""
        sent: int | None = self.do(requests.send, self.card.key, self.card.rev, self.policy)
        return sent

    def to_preview(self, topic: str = "health", mode: str = "in_person") -> "Dialogue":
        """Answer everything that somebody known is asked, with the three nearest times."""
        return self.answer(topic, mode).use()

    def tap(self, rule: Callable[..., Any], *args: Any) -> "Dialogue":
        """A tap in the form: a rule that takes the key and the revision first."""
        self.card = self.do(rule, self.card.key, self.card.rev, *args)
        return self

    def refused(self, rule: Callable[..., Any], *args: Any) -> str:
        """The code with which such a tap is refused; nothing changes."""
        return self.cast.refused(self.person_id, rule, self.card.key, self.card.rev, *args)

    def back(self) -> "Dialogue":
        """Press [Back]."""
        assert self.do(requests.back, self.card.key, self.card.rev)[0]
        self.again()
        return self

    def pane(self, name: str) -> "Dialogue":
        """Open a part of the form."""
        return self.tap(request_form.open_pane, name)

    def again(self) -> DraftCard:
        """Read the dialogue anew."""
        found: DraftCard = self.cast.see(self.person_id, lambda s, a, now: drafts.find(s, a.id, requests.KIND, now=now))
        self.card = found
        return found
