"""The short dialogues after a tap: where it will be, a reason in one's own words, who the official is.

Each rule takes the draft, does what was asked and ends the dialogue in one transaction.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from liaison import answers, confirming, drafts, endings, holders, meetings, proposals
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy

PLACE = "place"
HOLDER = "holder"
WORDS = ("decline", "other_times", "cancel")
HOLDER_STEPS = ("full_name", "position", "contact")


def ask_place(session: Session, actor: Actor, meeting_id: int, *, now: datetime) -> DraftCard:
    """Open the question for the place of a confirmed meeting. Raises NotYours or Stale."""
    card = meetings.see(session, actor, meeting_id, now=now)
    if "place" not in card.may:
        raise LiaisonError("stale", meeting=meeting_id, state=card.state)
    draft = drafts.open_one(session, actor.id, PLACE, "place", {"meeting": meeting_id}, now=now)
    return drafts.card(draft, now=now)


def say_place(session: Session, actor: Actor, key: str, place: str, policy: Policy, *, now: datetime) -> int:
    """Keep the place that was typed; the meeting's id."""
    draft = drafts.lock(session, actor.id, PLACE, key, None)
    meeting_id = int(draft.data["meeting"])
    confirming.set_place(session, actor, meeting_id, place, policy, now=now)
    session.delete(draft)
    return meeting_id


def last_place(session: Session, actor: Actor, meeting_id: int, key: str, policy: Policy, *, now: datetime) -> None:
    """Take the place of the last meeting at this post."""
    card = meetings.see(session, actor, meeting_id, now=now)
    drafts.lock(session, actor.id, PLACE, key, None)
    if card.last_place:
        confirming.set_place(session, actor, meeting_id, card.last_place, policy, now=now)
    drafts.drop(session, actor.id, PLACE)


def skip_place(session: Session, actor: Actor, meeting_id: int, key: str, *, now: datetime) -> None:
    """Leave the place open; both sides have been told that it follows."""
    meetings.see(session, actor, meeting_id, now=now)
    drafts.lock(session, actor.id, PLACE, key, None)
    drafts.drop(session, actor.id, PLACE)


def ask_words(
    session: Session, actor: Actor, kind: str, meeting_id: int, reason_code: str | None, *, now: datetime
) -> DraftCard:
    """Open the question for a reason (or a remark) in one's own words. Raises NotYours or LiaisonError("stale")."""
    card = meetings.see(session, actor, meeting_id, now=now)
    if kind not in card.may:
        raise LiaisonError("stale", meeting=meeting_id, state=card.state)
    if reason_code is not None and reason_code not in proposals.OTHER_TIMES_REASONS:
        raise LiaisonError("stale", meeting=meeting_id, state=card.state)
    data = {"meeting": meeting_id, "reason_code": reason_code}
    draft = drafts.open_one(session, actor.id, kind, "words", data, now=now)
    return drafts.card(draft, now=now)


def say_words(session: Session, actor: Actor, kind: str, key: str, words: str, policy: Policy, *, now: datetime) -> int:
    """Decline, ask for other times or cancel with the words that were typed (empty: without); the meeting's id."""
    draft = drafts.lock(session, actor.id, kind, key, None)
    meeting_id = int(draft.data["meeting"])
    reason = {"reason": words} if words else {}
    if draft.data.get("reason_code"):
        reason["reason_code"] = draft.data["reason_code"]
    if kind == "decline":
        endings.decline(session, actor, meeting_id, reason, policy, now=now)
    elif kind == "other_times":
        proposals.other_times(session, actor, meeting_id, reason, policy, now=now)
    else:
        endings.cancel(session, actor, meeting_id, reason, policy, now=now)
    session.delete(draft)
    return meeting_id


def leave_words(session: Session, actor: Actor, kind: str, meeting_id: int, *, now: datetime) -> None:
    """Leave the question without an answer."""
    meetings.see(session, actor, meeting_id, now=now)
    drafts.drop(session, actor.id, kind)


def ask_official(session: Session, actor: Actor, body_id: int, *, now: datetime) -> DraftCard:
    """Open the questions by which a coordinator names an official. Raises LiaisonError("not-yours")."""
    holders.must_keep(session, actor, body_id)
    draft = drafts.open_one(session, actor.id, HOLDER, HOLDER_STEPS[0], {"body": body_id}, now=now)
    return drafts.card(draft, now=now)


def say_official(session: Session, actor: Actor, key: str, words: str, *, policy: Policy, now: datetime) -> int:
    """Keep one answer about the official; with the last one he is named. The body's id."""
    draft = drafts.lock(session, actor.id, HOLDER, key, None)
    data = {**draft.data, draft.step: answers.line(words, most=holders.NAME_LENGTH)}
    body_id = int(data["body"])
    following = HOLDER_STEPS[HOLDER_STEPS.index(draft.step) + 1 :]
    if following:
        drafts.move(draft, following[0], data, now=now)
        return body_id
    holders.name_official(
        session,
        actor,
        body_id,
        full_name=data["full_name"],
        position=data["position"],
        contact=data["contact"],
        policy=policy,
        now=now,
    )
    session.delete(draft)
    return body_id
