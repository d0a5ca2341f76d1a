"""The short dialogues after a tap: where it will be, a reason in one's own words, who the official is.

Each rule takes the draft, does what was asked and ends the dialogue in one transaction.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from liaison import (
    access,
    answers,
    confirming,
    drafts,
    endings,
    holders,
    meetings,
    proposals,
    reception_changes,
    states,
    venues,
)
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
    """Take the place of the last meeting at this post, with its pin."""
    meeting, side = access.meeting(session, actor, meeting_id, to="place")
    drafts.lock(session, actor.id, PLACE, key, None)
    venue = venues.last(session, meeting) if side in states.OFFICE else venues.NOWHERE
    if venue.place:
        confirming.set_place(session, actor, meeting_id, venue.place, policy, now=now, pin=venue.pin)
    drafts.drop(session, actor.id, PLACE)


def say_pin(
    session: Session, actor: Actor, key: str, pin: venues.Pin, name: str | None, policy: Policy, *, now: datetime
) -> int:
    """Keep the pin that was sent, with the name of the place if it came with one; the meeting's id.

    A bare pin goes to the place that was typed before; without one it is written as its coordinates.
    Raises LiaisonError("no-visit") for a meeting that is held otherwise, else as ``confirming.set_place``.
    """
    draft = drafts.lock(session, actor.id, PLACE, key, None)
    meeting_id = int(draft.data["meeting"])
    card = meetings.see(session, actor, meeting_id, now=now)
    if card.mode != "in_person":
        raise LiaisonError("no-visit")
    typed = None if card.place is None or (card.pin and card.place == venues.written(card.pin)) else card.place
    place = (name or "").strip()[: confirming.PLACE_LENGTH] or typed or venues.written(pin)
    confirming.set_place(session, actor, meeting_id, place, policy, now=now, pin=pin)
    session.delete(draft)
    return meeting_id


def own_room(session: Session, actor: Actor, meeting_id: int, key: str, policy: Policy, *, now: datetime) -> None:
    """Meet in the post's own online room."""
    meeting, side = access.meeting(session, actor, meeting_id, to="place")
    drafts.lock(session, actor.id, PLACE, key, None)
    address = venues.own_room(session, meeting)
    if side not in states.OFFICE or address is None:
        raise LiaisonError("stale", meeting=meeting_id, state=meeting.state)
    confirming.set_place(session, actor, meeting_id, address, policy, now=now)
    drafts.drop(session, actor.id, PLACE)


def new_room(session: Session, actor: Actor, meeting_id: int, key: str, policy: Policy, *, now: datetime) -> None:
    """Meet in a fresh room of the configured video server (``Policy.video_base``), with a name nobody can guess."""
    meeting, _ = access.meeting(session, actor, meeting_id, to="place")
    drafts.lock(session, actor.id, PLACE, key, None)
    if policy.video_base is None or meeting.mode != "online":
        raise LiaisonError("stale", meeting=meeting_id, state=meeting.state)
    confirming.set_place(session, actor, meeting_id, venues.new_room(policy.video_base), policy, now=now)
    drafts.drop(session, actor.id, PLACE)


def keep_room(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> None:
    """Keep the address of an online meeting as the post's own room, to be offered the next time.

    Raises NotYours for whoever may not set how the official receives, LiaisonError("stale") where there is no address
    that lasts.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="place")
    card = meetings.see(session, actor, meeting_id, now=now, side=side)
    if card.room is None or not venues.lasting(card.room):
        raise LiaisonError("stale", meeting=meeting_id, state=meeting.state)
    reception_changes.set_link(session, actor, card.body_id, card.room, policy, now=now)


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
