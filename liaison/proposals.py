"""Other times: offered by the office, asked of the NGO, or a confirmed meeting moved by either side."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import access, answers, cards, holds, notices, states, taken
from liaison.confirming import refuse_begun
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span
from storage.meetings import Meeting, Slot
from storage.posts import Post

MOST_TIMES = 3
OTHER_TIMES_REASONS = ("away", "busy", "too_soon")
ROUNDS_UNTIL_CALL = 2  # after so many offers that did not fit, a call is suggested


def propose(
    session: Session,
    actor: Actor,
    meeting_id: int,
    times: Sequence[Span],
    words: str,
    policy: Policy,
    *,
    now: datetime,
) -> None:
    """The office offers up to three times of its own, for a request or to move a confirmed meeting.

    Raises LiaisonError("no-times"), ("most-times"), ("time-gone") for one that is not free, ("begun"), or Stale.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="propose|offer_move")
    action = "offer_move" if meeting.state == "confirmed" else "propose"
    if action == "offer_move":
        refuse_begun(meeting, now)
    _check(session, meeting, times, now)
    undo_until = holds.undo_until(policy, now=now)
    details = {"reason": answers.passage(words, most=answers.REASON_LENGTH)} if words else {}
    states.advance(
        session,
        meeting,
        action,
        actor_id=actor.id,
        side=side,
        now=now,
        details=details,
        undo_until=undo_until,
        **_next_round(meeting, policy, now),
    )
    offer(session, meeting, times, "office")
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    notices.tell_ngo(session, meeting, "offered", at=undo_until or now, but=actor.id)


def other_times(
    session: Session, actor: Actor, meeting_id: int, reason: dict[str, str], policy: Policy, *, now: datetime
) -> None:
    """The office asks the NGO for other times, with a reason and, if it likes, words about what would suit."""
    meeting, side = access.meeting(session, actor, meeting_id, to="other_times")
    undo_until = holds.undo_until(policy, now=now)
    details = answers.reason(reason, OTHER_TIMES_REASONS)
    states.advance(
        session,
        meeting,
        "other_times",
        actor_id=actor.id,
        side=side,
        now=now,
        details=details,
        undo_until=undo_until,
        held_until=None,
    )
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    notices.tell_ngo(session, meeting, "offered", at=undo_until or now, but=actor.id)


def new_times(
    session: Session,
    actor: Actor,
    meeting_id: int,
    times: Sequence[Span],
    agenda: str | None,
    policy: Policy,
    *,
    now: datetime,
) -> int:
    """The NGO offers other times: those of the office did not fit, its own can be had no more, or it moves a meeting.

    Raises LiaisonError("begun"), or Stale, also while a time it offered itself can still be taken.
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="new_times|move")
    action = "move" if meeting.state == "confirmed" else "new_times"
    if action == "move":
        refuse_begun(meeting, now)
    if meeting.state == "requested" and cards.can_be_taken(cards.slots(session, meeting, now=now)):
        raise states.Stale(meeting.id, meeting.state)
    states.advance(
        session,
        meeting,
        action,
        actor_id=actor.id,
        side=side,
        now=now,
        agenda=agenda,
        **_next_round(meeting, policy, now),
    )
    offer(session, meeting, times, "ngo")
    notices.withdraw(session, meeting, but_rev=meeting.rev)
    notices.request_sent(session, meeting, policy, now=now)
    if action == "move":  # those who come along, and who asked first if a colleague moves it
        notices.tell_ngo(session, meeting, "moving", at=now, but=actor.id)
    return meeting.id


def offer(session: Session, meeting: Meeting, times: Sequence[Span], offered_by: str) -> None:
    """Write the times of the meeting's present round."""
    session.add_all(
        Slot(
            meeting_id=meeting.id,
            round=meeting.round,
            offered_by=offered_by,
            starts_at=at.starts_at,
            ends_at=at.ends_at,
        )
        for at in times
    )
    session.flush()


def _next_round(meeting: Meeting, policy: Policy, now: datetime) -> dict[str, Any]:
    return {"round": meeting.round + 1, "held_until": holds.until(policy, now=now)}


def _check(session: Session, meeting: Meeting, times: Sequence[Span], now: datetime) -> None:
    if not times:
        raise LiaisonError("no-times")
    if len(times) > MOST_TIMES:
        raise LiaisonError("most-times", most=MOST_TIMES)
    post = session.get_one(Post, meeting.post_id)
    busy = taken.of(session, post_id=post.id, organisation_id=meeting.organisation_id, but=meeting.id, now=now)
    buffer = taken.buffer_of(post)
    if any(at.starts_at <= now or busy.blocks(at, buffer) for at in times):
        raise LiaisonError("time-gone", meeting=meeting.id)
