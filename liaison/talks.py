"""A word between the sides of a meeting: passed on without accounts and phones, limited, and muted by whoever likes.

Open from the confirmation until the end of the day after the meeting. Each side writes to the people of the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from liaison import access, answers, drafts, holds, notices, states, talk_cards, talk_masking
from liaison.calendar import DAY, local
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.inserts import insert_if_absent
from storage.meetings import Meeting
from storage.talks import Mute, Word

KIND = "word"  # of the dialogue and of the notice
LENGTH = 300  # characters
AN_HOUR = 10  # words of a person about one meeting
A_DAY = 30  # words of a person about all meetings, on one local day
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class WordCard:
    """A word as somebody of the meeting sees it."""

    id: int
    meeting_id: int
    number: str
    side: states.Side
    text: str
    at: datetime
    own: bool
    may_answer: bool
    muted: bool  # by who looks
    may_report: bool
    reported: bool
    verdict: talk_cards.Verdict | None  # what became of the report


@dataclass(frozen=True)
class Passed:
    """What came of a word that was passed on."""

    meeting_id: int
    masked: bool  # something of it was not passed on


def ask(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the question for a word. Raises as ``say``, so that nobody types in vain."""
    meeting, side = _open(session, actor, meeting_id, policy, now)
    _refuse_too_many(session, actor, meeting, policy, now)
    _listeners(session, actor, meeting, side, policy, now)
    draft = drafts.open_one(session, actor.id, KIND, KIND, {"meeting": meeting.id}, now=now)
    return drafts.card(draft, now=now)


def say(session: Session, actor: Actor, key: str, text: str, policy: Policy, *, now: datetime) -> Passed:
    """Pass a word on to the other side's people and end the question.

    Raises NotYours; LiaisonError("talk-closed"), ("words-an-hour" or "words-a-day", most=…, at=when the next may be
    written), ("not-passed-on") when nobody there takes words, ("too-long", most=300), ("only-contacts") when nothing
    is left of it.
    """
    draft = drafts.lock(session, actor.id, KIND, key, None)
    meeting, side = _open(session, actor, int(draft.data["meeting"]), policy, now)
    _refuse_too_many(session, actor, meeting, policy, now)
    told = _listeners(session, actor, meeting, side, policy, now)
    passed, masked = talk_masking.mask(answers.passage(text, most=LENGTH))
    if masked and not any(letter.isalnum() for letter in passed):
        raise LiaisonError("only-contacts")
    word = Word(meeting_id=meeting.id, author_id=actor.id, side=side, text=passed, at=now)
    session.add(word)
    session.flush()
    for person_id in told:
        notices.owe(session, key=f"word:{word.id}", kind=KIND, recipient_id=person_id, due_at=now, word=word.id)
    session.delete(draft)
    return Passed(meeting.id, masked)


def mute(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, muted: bool, now: datetime) -> None:
    """Hear no more words about a meeting, or hear them again. What is still owed to him is not sent."""
    meeting, side = access.meeting(session, actor, meeting_id)
    if not _concerned(session, actor, meeting, side, policy, now):
        raise NotYours("talk", f"person {actor.id} has no part in the talk about meeting {meeting_id}")
    if muted:
        insert_if_absent(session, Mute, meeting_id=meeting.id, person_id=actor.id)
    else:
        session.execute(delete(Mute).where(Mute.meeting_id == meeting.id, Mute.person_id == actor.id))


def see(session: Session, actor: Actor, word_id: int, policy: Policy, *, now: datetime) -> WordCard:
    """A word, for the people of its meeting. Raises NotYours."""
    word, meeting, side = door(session, actor, word_id, policy, now=now)
    talk = talk_cards.of(session, meeting, side, actor.id, now=now)
    own_side = word.side in own_sides(side)
    return WordCard(
        id=word.id,
        meeting_id=meeting.id,
        number=meeting.number,
        side=talk_cards.side_of(word),
        text=word.text,
        at=word.at,
        own=word.author_id == actor.id,
        may_answer=talk_cards.is_open(meeting.state, meeting.ends_at, talk, policy, now=now) and not own_side,
        muted=talk_cards.is_muted(session, meeting.id, actor.id),
        may_report=not own_side and word.reported_at is None,
        reported=word.reported_at is not None,
        verdict=talk_cards.verdict(session, word.id),
    )


def heard(session: Session, actor: Actor, word_id: int, policy: Policy, *, now: datetime) -> WordCard:
    """A word that is about to be told. Raises NotYours to whom it is not to be told any more: he muted the talk, or
    a coordinator ended it."""
    card = see(session, actor, word_id, policy, now=now)
    if card.muted or talk_cards.is_closed(session, card.meeting_id):
        raise NotYours("word", f"word {word_id} is not to be told to person {actor.id} any more")
    return card


def door(
    session: Session, actor: Actor, word_id: int, policy: Policy, *, now: datetime
) -> tuple[Word, Meeting, states.Side]:
    """A word with its meeting and the side on which this person stands. Raises NotYours for who has no part in it."""
    word = session.get(Word, word_id)
    if word is None:
        raise NotYours("word", f"no word {word_id}")
    meeting, side = access.meeting(session, actor, word.meeting_id)
    if not _concerned(session, actor, meeting, side, policy, now):
        raise NotYours("word", f"person {actor.id} has no part in word {word_id}")
    return word, meeting, side


def own_sides(side: states.Side) -> frozenset[states.Side]:
    """The sides that sit on the same side of the table; guests sit with the NGO that asked."""
    return states.OFFICE if side in states.OFFICE else frozenset({"representative", "guest"})


def _open(
    session: Session, actor: Actor, meeting_id: int, policy: Policy, now: datetime
) -> tuple[Meeting, states.Side]:
    meeting, side = access.meeting(session, actor, meeting_id)
    talk = talk_cards.of(session, meeting, side, actor.id, now=now)
    if not talk_cards.is_open(meeting.state, meeting.ends_at, talk, policy, now=now):
        raise LiaisonError("talk-closed", meeting=meeting_id)
    return meeting, side


def _concerned(
    session: Session, actor: Actor, meeting: Meeting, side: states.Side, policy: Policy, now: datetime
) -> bool:
    """Whether this person is one of those who meet. A coordinator is where he answers for want of an official."""
    if talk_cards.takes_part(session, meeting.id, side, actor.id):
        return True
    return actor.id in {one for one, _ in notices.both_sides(session, meeting, policy, now=now)}


def _listeners(
    session: Session, actor: Actor, meeting: Meeting, side: states.Side, policy: Policy, now: datetime
) -> list[int]:
    """The people across the table who take words. Raises LiaisonError("not-passed-on") if there is none."""
    muted = set(session.scalars(select(Mute.person_id).where(Mute.meeting_id == meeting.id)))
    own = own_sides(side)
    everybody = notices.both_sides(session, meeting, policy, now=now)
    found = [one for one, at in everybody if at not in own and one != actor.id and one not in muted]
    if not found:
        raise LiaisonError("not-passed-on", meeting=meeting.id)
    return found


def _refuse_too_many(session: Session, actor: Actor, meeting: Meeting, policy: Policy, now: datetime) -> None:
    by_him = Word.author_id == actor.id
    within = (by_him & (Word.meeting_id == meeting.id), now - HOUR)
    if (since := _nth_newest(session, *within, AN_HOUR)) is not None:
        raise LiaisonError("words-an-hour", meeting=meeting.id, most=AN_HOUR, at=since + HOUR)
    today = local(now, policy.zone).date()
    if _nth_newest(session, by_him, holds.end_of(policy, today - DAY), A_DAY) is not None:
        raise LiaisonError("words-a-day", meeting=meeting.id, most=A_DAY, at=holds.end_of(policy, today))


def _nth_newest(session: Session, which: ColumnElement[bool], after: datetime, n: int) -> datetime | None:
    """When the nth newest of these words was written, if that was after a moment."""
    said = select(Word.at).where(which, Word.at > after).order_by(Word.at.desc(), Word.id.desc())
    return session.scalar(said.offset(n - 1).limit(1))
