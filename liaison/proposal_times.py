"""The dialogue in which the office proposes times of its own, for a request or to move a confirmed meeting."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import access, answers, cards, drafts, proposals, request_times, states
from liaison.confirming import refuse_begun
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import nearest
from storage.meetings import Meeting
from storage.posts import Post

KIND = "proposal"
SHOWN = 6  # the nearest times, to be ticked; further ones by day


def begin(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the dialogue with the nearest times free for both sides. One for this meeting goes on where it was.

    Raises NotYours, LiaisonError("begun"), or Stale where this side has nothing to propose.
    """
    meeting, _ = access.meeting(session, actor, meeting_id, to="propose|offer_move")
    _refuse(session, actor, meeting, now)
    present = drafts.find(session, actor.id, KIND, now=now)
    if present is not None and (present.data["meeting"], present.data["of_rev"]) == (meeting_id, meeting.rev):
        return present
    data: dict[str, Any] = {
        "meeting": meeting_id,
        "of_rev": meeting.rev,
        "body": session.get_one(Post, meeting.post_id).body_id,
        "organisation": meeting.organisation_id,
        "apart": _apart(session, meeting, now),
        "picked": [],
        "chosen": True,
        "view": "",
        "words": "",
    }
    data["candidates"] = _nearest(session, actor, data, policy, now)
    return drafts.card(drafts.open_one(session, actor.id, KIND, "times", data, now=now), now=now)


def say_words(session: Session, actor: Actor, key: str, words: str, *, now: datetime) -> DraftCard:
    """Keep the line that goes with the proposal. Raises LiaisonError("too-long" or "too-short")."""
    draft = drafts.lock(session, actor.id, KIND, key, None)
    return drafts.keep(session, draft, {"words": answers.passage(words, most=answers.REASON_LENGTH)}, now)


def send(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> bool:
    """Propose the ticked times and end the dialogue.

    False if one of them is not free any more: then nothing is sent, and the dialogue goes on without it.
    Raises LiaisonError("no-times") without any, ("begun"), NotYours, Stale.
    """
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    data = dict(draft.data)
    meeting, _ = access.meeting(session, actor, data["meeting"], to="propose|offer_move")
    if meeting.rev != data["of_rev"]:
        raise LiaisonError("stale", meeting=meeting.id, state=meeting.state)
    free = request_times.still_free(session, actor, data | {"times": data["picked"]}, policy, now=now)
    if len(free) < len(data["picked"]):
        picked = [span.starts_at.isoformat() for span in free]
        nearest_now = _nearest(session, actor, data, policy, now)
        drafts.keep(session, draft, {"picked": picked, "candidates": sorted({*picked, *nearest_now})}, now)
        return False
    proposals.propose(session, actor, data["meeting"], free, data["words"], policy, now=now)
    session.delete(draft)
    return True


def leave(session: Session, actor: Actor, key: str) -> int:
    """End the dialogue without a proposal; the meeting's id."""
    draft = drafts.lock(session, actor.id, KIND, key, None)
    session.delete(draft)
    return int(draft.data["meeting"])


def of_meeting(session: Session, actor: Actor, meeting_id: int, *, now: datetime) -> DraftCard | None:
    """The open dialogue about this meeting; none once the meeting has changed, since it was about what was before."""
    draft = drafts.find(session, actor.id, KIND, now=now)
    meeting = session.get(Meeting, meeting_id)
    if draft is None or meeting is None or draft.data["meeting"] != meeting_id:
        return None
    return draft if draft.data["of_rev"] == meeting.rev else None


def _nearest(session: Session, actor: Actor, data: dict[str, Any], policy: Policy, now: datetime) -> list[str]:
    free = nearest(*request_times.offers(session, actor, data, policy, now), after=now, count=SHOWN)
    return [span.starts_at.isoformat() for span in free]


def _refuse(session: Session, actor: Actor, meeting: Meeting, now: datetime) -> None:
    sides = access.sides_of(session, actor, meeting)
    if not any({"propose", "offer_move"} & states.allowed(meeting.state, side) for side in sides):
        raise LiaisonError("stale", meeting=meeting.id, state=meeting.state)
    if meeting.state == "confirmed":
        refuse_begun(meeting, now)


def _apart(session: Session, meeting: Meeting, now: datetime) -> list[list[str]]:
    """What one tap confirms needs no proposal, and what is to be moved is not proposed again."""
    if meeting.state == "confirmed" and meeting.starts_at is not None and meeting.ends_at is not None:
        spans = [(meeting.starts_at, meeting.ends_at)]
    else:
        spans = [(s.starts_at, s.ends_at) for s in cards.slots(session, meeting, now=now) if s.offered_by == "ngo"]
    return [[start.isoformat(), end.isoformat()] for start, end in spans]
