"""A meeting that is over, and what the tests of its outcome ask about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from liaison import confirming, outcome_sight, outcomes, promise_writing, promises
from liaison.outcome_sight import OutcomeCard
from liaison.promises import PointCard
from liaison.still_due import Drop, Due, prepare
from storage.meetings import Meeting
from storage.notices import Notice
from tests.liaison.cast import NOW, POLICY, WEDNESDAY, Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
END = WEDNESDAY + POLICY.slot_length
ASKED = END + HOUR
SILENT = datetime(2026, 12, 10, tzinfo=POLICY.zone)  # the end of the fifth working day after the meeting's


@dataclass
class Met:
    """One meeting on Wednesday at nine, confirmed by its official; the clock stands an hour after its end."""

    cast: Cast
    body: int
    official: int
    ngo: int
    id: int

    @classmethod
    def held_in(cls, cast: Cast, *, code: str = "sample", number: int = 10, region: int | None = None) -> "Met":
        """A meeting at a body of its own, with people of its own (their Telegram ids begin at ``number``)."""
        body = cast.body(code, level="region_department", region_id=region) if region else cast.body(code)
        official, ngo = cast.official(body, number), cast.ngo(number + 1)
        cast.now = NOW
        meeting_id = cast.request(ngo, body)
        cast.do(official, confirming.confirm, meeting_id, cast.slots(meeting_id, official)[0], POLICY)
        cast.now = ASKED
        return cls(cast, body, official, ngo, meeting_id)

    def say(self, person: int, party: str, held: str, why: str | None = None) -> None:
        """What a person says for a party."""
        self.cast.do(person, outcomes.say, self.id, party, held, why, POLICY)

    def refused(self, person: int, rule: Any, *args: Any) -> str:
        """The code with which a rule about this meeting is refused; nothing is changed then."""
        return self.cast.refused(person, rule, self.id, *args, POLICY)

    def both(self, held: str = "held", why: str | None = None) -> "Met":
        """Both parties say the same."""
        self.say(self.ngo, "ngo", held, why)
        self.say(self.official, "office", held, why)
        return self

    def see(self, person: int, party: str | None = None) -> OutcomeCard:
        """How it stands for a person."""
        card: OutcomeCard = self.cast.see(person, outcome_sight.see, self.id, party, POLICY)
        return card

    @property
    def state(self) -> str:
        """The meeting's state."""
        return next(str(row["state"]) for row in self.cast.rows(Meeting) if row["id"] == self.id)

    def write(self, person: int, party: str, text: str, *, by: dict[int, str] | None = None) -> list[PointCard]:
        """Points written down and sent by a person; ``by`` says who promises a point, counted from 1."""
        draft = self.cast.do(person, promise_writing.begin, self.id, party, POLICY)
        draft = self.cast.do(person, promise_writing.write, draft.key, text, POLICY)
        for which, one in (by or {}).items():
            draft = self.cast.do(person, promise_writing.set_by, draft.key, draft.rev, which, one)
        self.cast.do(person, promise_writing.send, draft.key, draft.rev, POLICY)
        return list(self.points())

    def confirm(self, person: int, party: str) -> None:
        """[Confirm all] of what is proposed."""
        last = self.points("proposed")[-1].id
        self.cast.do(person, promises.confirm, self.id, party, last, POLICY)

    def points(self, *states: str) -> tuple[PointCard, ...]:
        """The points of the meeting as they are kept."""
        return self.cast.database.read_now(promises.of_meeting, self.id, states or promises.LIVE)

    def duty(self, rule: Any, at: datetime | None = None) -> None:
        """A duty at a moment."""
        self.cast.now = at or self.cast.now
        self.cast.database.write_now(rule, POLICY, now=self.cast.now)

    def due(self, kind: str) -> dict[int, str | None]:
        """Who would be sent a notice of this kind now, and why not (None: it is sent)."""
        rows = [row for row in self.cast.rows(Notice) if row["kind"] == kind and row["due_at"] <= self.cast.now]
        ids = [row["id"] for row in rows]
        decided = self.cast.database.read_now(prepare, ids, POLICY, now=self.cast.now)
        return {row["recipient_id"]: _why(one) for row, one in zip(rows, decided, strict=True)}


def _why(one: Due | Drop) -> str | None:
    return one.reason if isinstance(one, Drop) else None


def day(number: int, month: int = 12, year: int = 2026) -> date:
    """A day, of December 2026 unless told otherwise."""
    return date(year, month, number)
