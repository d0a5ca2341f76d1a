"""What one person sees of the talk about a meeting: the last words, and whether he hears the other side."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import holds, states
from liaison.calendar import DAY, local
from liaison.policy import Policy
from storage.meetings import Meeting, Step
from storage.records import Fact
from storage.talks import Mute, Word

Verdict = Literal["closed", "fine"]  # the talk is ended for both sides, or goes on
VERDICTS: dict[str, Verdict] = {"closed": "closed", "fine": "fine"}
SHOWN = 3  # words on the card
TALKED_OF = ("confirmed", "held", "not_held")  # once a time is taken, and after the outcome was told
ABOVE = frozenset({"coordinator", "admin"})


@dataclass(frozen=True)
class SaidCard:
    """A word that was passed on."""

    id: int
    side: states.Side
    text: str
    at: datetime
    own: bool


@dataclass(frozen=True)
class TalkCard:
    """The talk about a meeting as one person sees it."""

    words: tuple[SaidCard, ...] = ()  # the last three, the oldest first
    part: bool = False  # this person may write and is written to
    muted: bool = False  # he does not hear the other side
    closed: bool = False  # a coordinator ended it
    settled: bool = False  # the office's answer cannot be taken back any more


def of(session: Session, found: Meeting, side: states.Side, actor_id: int, *, now: datetime) -> TalkCard:
    """The talk of a meeting for one side and person; empty for those who have no part in it, such as a coordinator
    who only watches over the post."""
    if found.state not in TALKED_OF or not takes_part(session, found.id, side, actor_id):
        return TalkCard()
    muted = is_muted(session, found.id, actor_id)
    said = select(Word).where(Word.meeting_id == found.id).order_by(Word.id.desc()).limit(SHOWN)
    if muted:
        own = states.OFFICE if side in states.OFFICE else {"representative", "guest"}
        said = said.where(Word.side.in_(sorted(own)))
    return TalkCard(
        words=tuple(reversed([_said(word, actor_id) for word in session.scalars(said)])),
        part=True,
        muted=muted,
        closed=is_closed(session, found.id),
        settled=found.undo_until is None or found.undo_until <= now,
    )


def takes_part(session: Session, meeting_id: int, side: states.Side, actor_id: int) -> bool:
    """Whether the words are meant for this person: a coordinator's only if he answered for the office himself."""
    if side not in ABOVE:
        return True
    answered = select(Step.id).where(Step.meeting_id == meeting_id, Step.actor_id == actor_id)
    return session.scalar(answered.where(Step.acted_as.in_(sorted(ABOVE))).limit(1)) is not None


def closes_at(ends_at: datetime, policy: Policy) -> datetime:
    """When the talk about a meeting ends by itself: with the day after it, on the country's clock."""
    return holds.end_of(policy, local(ends_at - timedelta(microseconds=1), policy.zone).date() + DAY)


def is_open(state: str, ends_at: datetime | None, talk: TalkCard, policy: Policy, *, now: datetime) -> bool:
    """Whether this person may write a word about a meeting in this state, which ends at ``ends_at``."""
    if state not in TALKED_OF or ends_at is None or not talk.part or talk.closed or not talk.settled:
        return False
    return now < closes_at(ends_at, policy)


def is_muted(session: Session, meeting_id: int, person_id: int) -> bool:
    """Whether a person does not want to be written to about a meeting."""
    muted = select(Mute.id).where(Mute.meeting_id == meeting_id, Mute.person_id == person_id)
    return session.scalar(muted) is not None


def closing(meeting_id: int) -> str:
    """The name of the fact that a coordinator ended the talk about a meeting."""
    return f"talk-closed:{meeting_id}"


def is_closed(session: Session, meeting_id: int) -> bool:
    """Whether a coordinator ended the talk about a meeting."""
    return session.get(Fact, closing(meeting_id)) is not None


def verdict_name(word_id: int) -> str:
    """The name of the fact what a coordinator found a reported word to be."""
    return f"word-verdict:{word_id}"


def verdict(session: Session, word_id: int) -> Verdict | None:
    """What a coordinator found a reported word to be; None while nobody has judged it."""
    found = session.get(Fact, verdict_name(word_id))
    return VERDICTS[found.value["outcome"]] if found else None


def side_of(word: Word) -> states.Side:
    """The side from which a word came."""
    return _SIDES[word.side]


def _said(word: Word, actor_id: int) -> SaidCard:
    return SaidCard(word.id, side_of(word), word.text, word.at, word.author_id == actor_id)


_SIDES: dict[str, states.Side] = {side: side for side in states.SIDES}
