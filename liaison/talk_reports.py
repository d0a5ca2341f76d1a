"""Words that were reported: the coordinators of the region read them and say what becomes of the talk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import access, notices, reach, records, states, talk_cards, talks
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from liaison.talk_cards import VERDICTS, Verdict
from storage.inserts import insert_if_absent
from storage.meetings import Meeting
from storage.posts import Post
from storage.records import Fact
from storage.talks import Word

REPORTED = "word_reported"  # the kind of the notice to coordinators
JUDGED = "word_judged"  # and of the one to who reported the word


@dataclass(frozen=True)
class ReportedCard:
    """A reported word as the coordinator sees it: no person is named."""

    id: int
    number: str
    body_id: int
    side: states.Side
    text: str
    at: datetime
    verdict: Verdict | None


def report(session: Session, actor: Actor, word_id: int, policy: Policy, *, now: datetime) -> None:
    """Give a word of the other side to the coordinators of the region, once. Raises NotYours for one's own side's."""
    word, meeting, side = talks.door(session, actor, word_id, policy, now=now)
    if word.side in talks.own_sides(side):
        raise NotYours("word", f"person {actor.id} may not report word {word_id} of his own side")
    first = update(Word).where(Word.id == word.id, Word.reported_at.is_(None))
    if session.execute(first.values(reported_by=actor.id, reported_at=now).returning(Word.id)).first() is None:
        return
    records.audit(session, actor.id, "word-reported", {"meeting": meeting.id, "word": word.id}, now=now)
    body_id = session.scalars(select(Post.body_id).where(Post.id == meeting.post_id)).one()
    keepers = reach.keepers(session, body_id, policy)
    if {one.person_id for one in keepers} <= {word.author_id}:  # nobody judges his own word
        keepers = reach.country_wide(session)
    for one in keepers:
        if one.person_id != word.author_id:
            key = f"word:{word.id}:reported"
            notices.owe(session, key=key, kind=REPORTED, recipient_id=one.person_id, due_at=now, word=word.id)


def see(session: Session, actor: Actor, word_id: int) -> ReportedCard:
    """A reported word. Raises NotYours to all but the coordinators of the region, and to its author."""
    word, meeting = _door(session, actor, word_id)
    return ReportedCard(
        id=word.id,
        number=meeting.number,
        body_id=session.scalars(select(Post.body_id).where(Post.id == meeting.post_id)).one(),
        side=talk_cards.side_of(word),
        text=word.text,
        at=word.at,
        verdict=talk_cards.verdict(session, word.id),
    )


def judge(session: Session, actor: Actor, word_id: int, verdict: str, *, now: datetime) -> None:
    """End the talk about the meeting for both sides ("closed"), or let it go on ("fine").

    Who reported the word is told. Of two coordinators the second gets LiaisonError("stale"). Raises NotYours.
    """
    word, meeting = _door(session, actor, word_id)
    if verdict not in VERDICTS:
        raise NotYours("word", f"no verdict {verdict!r}")
    given = {"outcome": verdict}
    if not insert_if_absent(session, Fact, name=talk_cards.verdict_name(word.id), value=given):
        raise LiaisonError("stale")
    if verdict == "closed":
        insert_if_absent(session, Fact, name=talk_cards.closing(meeting.id), value={"word": word.id})
    details = {"meeting": meeting.id, "word": word.id, **given}
    records.audit(session, actor.id, "word-judged", details, now=now)
    if word.reported_by not in (None, actor.id):
        key, reporter = f"word:{word.id}:judged", word.reported_by or 0
        notices.owe(session, key=key, kind=JUDGED, recipient_id=reporter, due_at=now, word=word.id)


def _door(session: Session, actor: Actor, word_id: int) -> tuple[Word, Meeting]:
    word = session.get(Word, word_id)
    if word is None or word.reported_at is None or word.author_id == actor.id:
        raise NotYours("word", f"word {word_id} is not for person {actor.id} to judge")
    meeting = session.get_one(Meeting, word.meeting_id)
    if not actor.admin and not access.coordinates(session, actor, meeting.post_id):
        raise NotYours("word", f"person {actor.id} may not judge word {word_id}")
    return word, meeting
