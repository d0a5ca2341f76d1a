"""What is owed to whom and when, planned in the transaction that causes it; its key makes planning repeatable."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import reach, told
from liaison.policy import Policy
from storage.inserts import insert_if_absent
from storage.meetings import Guest, Meeting, Step
from storage.notices import Notice
from storage.posts import Holder

NOT_HIS = "no longer answers for the post"  # why a request is not told to somebody after all
OUTCOME_AFTER = timedelta(hours=1)  # after the end both sides are asked what came of a meeting


def owe(
    session: Session,
    /,
    *,
    key: str,
    kind: str,
    recipient_id: int,
    due_at: datetime,
    meeting_id: int | None = None,
    **details: Any,
) -> None:
    """Owe one message; the same key twice is one message. ``due_at`` is on the calendar's clock."""
    added = insert_if_absent(
        session,
        Notice,
        key=f"{key}:to:{recipient_id}",
        kind=kind,
        recipient_id=recipient_id,
        meeting_id=meeting_id,
        details=details,
        due_at=due_at,
        state="owed",
        attempts=0,
        uncertain=0,
    )
    if added:
        session.info["owed"] = True


def request_sent(session: Session, meeting: Meeting, policy: Policy, *, now: datetime) -> int:
    """Tell whoever answers for the post about a request; the number of people told (0: nobody can be reached)."""
    told = reach.receivers(session, meeting.post_id, policy, now=now)
    for receiver in told:
        _about(session, meeting, "request", receiver.person_id, now, side=receiver.side)
    return len(told)


def tell_ngo(session: Session, meeting: Meeting, kind: str, *, at: datetime, but: int | None = None) -> None:
    """Tell the NGO's side at ``at`` what the office answered; ``but`` is the person who acted and has seen it."""
    for person_id, side in ngo_side(session, meeting):
        if person_id != but:
            _about(session, meeting, kind, person_id, at, side=side)


def confirmed(session: Session, meeting: Meeting, policy: Policy, *, now: datetime, at: datetime) -> None:
    """Owe both sides at ``at`` the confirmation with its calendar file, and the reminders."""
    withdraw(session, meeting, but_rev=meeting.rev)
    for person_id, side in both_sides(session, meeting, policy, now=now):
        _about(session, meeting, "confirmed", person_id, at, side=side)
    plan_reminders(session, meeting, policy, now=at)  # none before the confirmation itself is told


def place_told(session: Session, meeting: Meeting, policy: Policy, *, now: datetime) -> None:
    """Owe both sides the new place; the reminders are planned anew under the raised revision.

    Whoever has not been told yet that the meeting is confirmed hears both in one message.
    """
    withdraw(session, meeting, but_rev=meeting.rev)
    rev, _ = told.since(session, meeting, ("confirm", "accept"))
    knowing = told.knowing(session, meeting, ("confirmed",), rev)
    for person_id, side in both_sides(session, meeting, policy, now=now):
        _about(session, meeting, "place" if person_id in knowing else "confirmed", person_id, now, side=side)
    plan_reminders(session, meeting, policy, now=now)


def ended(
    session: Session,
    meeting: Meeting,
    kind: str,
    policy: Policy,
    *,
    now: datetime,
    at: datetime,
    but: int | None,
) -> None:
    """Take back what is still owed and tell at ``at`` everybody concerned, but the one who acted, that it is off."""
    withdraw(session, meeting, but_rev=meeting.rev)
    for person_id, side in both_sides(session, meeting, policy, now=now):
        if person_id != but:
            _about(session, meeting, kind, person_id, at, side=side)


def plan_reminders(session: Session, meeting: Meeting, policy: Policy, *, now: datetime) -> None:
    """Owe both sides a reminder before the start for each configured span; one whose time has passed is not planned."""
    if meeting.starts_at is None:
        raise ValueError("a meeting without a start has no reminders")
    for before in policy.reminders_before:
        due_at = meeting.starts_at - before
        if due_at <= now:
            continue
        # Who answers on the meeting's own day: a substitute's days may be over by then, or only begin.
        for person_id, side in both_sides(session, meeting, policy, now=meeting.starts_at):
            _about(session, meeting, "remind", person_id, due_at, side=side, before=before)
    _plan_outcome(session, meeting, policy, now)


def tell_one(session: Session, meeting: Meeting, kind: str, person_id: int, side: str, *, at: datetime) -> None:
    """Owe one person, who stands on that side, a word about a meeting."""
    _about(session, meeting, kind, person_id, at, side=side)


def _plan_outcome(session: Session, meeting: Meeting, policy: Policy, now: datetime) -> None:
    """Owe whoever asked, and of the office the one responsible, the question what came of the meeting."""
    if meeting.ends_at is None or meeting.ends_at + OUTCOME_AFTER <= now:
        return
    everybody = both_sides(session, meeting, policy, now=now)
    office = [one for one in everybody if one[1] not in ("representative", "guest")]
    for person_id, side in (*everybody[:1], *office[:1]):
        _about(session, meeting, "outcome", person_id, meeting.ends_at + OUTCOME_AFTER, side=side)


def withdraw(session: Session, meeting: Meeting, *, but_rev: int) -> None:
    """Drop what is still owed about earlier revisions of a meeting."""
    session.execute(
        update(Notice)
        .where(Notice.meeting_id == meeting.id, Notice.state == "owed", Notice.key.not_like(f"%:rev{but_rev}:%"))
        .values(state="dropped", reason="the meeting changed")
    )


def both_sides(session: Session, meeting: Meeting, policy: Policy, *, now: datetime) -> list[tuple[int, str]]:
    """The people of a meeting with the side each stands on: the NGOs', and whoever answers for the post at ``now``.

    A coordinator who recorded the answer stays responsible until an official is bound.
    """
    office = [(r.person_id, str(r.side)) for r in reach.receivers(session, meeting.post_id, policy, now=now)]
    if office and office[0][1] in ("coordinator", "admin"):
        answered_by = session.scalar(
            select(Step.actor_id)
            .where(Step.meeting_id == meeting.id, Step.acted_as.in_(("coordinator", "admin")))
            .order_by(Step.id.desc())
            .limit(1)
        )
        office = [one for one in office if one[0] == answered_by] or office
    ngo = ngo_side(session, meeting)
    return ngo + [one for one in office if one[0] not in {person_id for person_id, _ in ngo}]


def ngo_side(session: Session, meeting: Meeting) -> list[tuple[int, str]]:
    """Who asked, and the guests that joined. Their colleagues see the meeting in /my without being written to."""
    guests = select(Guest.person_id).where(Guest.meeting_id == meeting.id, Guest.state == "present")
    joined = [person_id for person_id in session.scalars(guests) if person_id != meeting.requester_id]
    return [(meeting.requester_id, "representative"), *((person_id, "guest") for person_id in joined)]


def waiting_for(session: Session, post_id: int, holder: Holder, policy: Policy, *, now: datetime) -> None:
    """Owe a newly bound official every request that waits at his post and every meeting still to come."""
    open_ones = select(Meeting).where(Meeting.post_id == post_id, Meeting.state == "requested")
    for meeting in session.scalars(open_ones):
        _about(session, meeting, "request", holder.person_id or 0, now, side="official")
    coming = select(Meeting).where(Meeting.post_id == post_id, Meeting.state == "confirmed", Meeting.starts_at > now)
    for meeting in session.scalars(coming):
        plan_reminders(session, meeting, policy, now=now)


def _about(
    session: Session,
    meeting: Meeting,
    kind: str,
    person_id: int,
    due_at: datetime,
    *,
    side: str,
    before: timedelta | None = None,
) -> None:
    occasion = kind if before is None else f"{kind}:{int(before.total_seconds())}s"
    details: dict[str, Any] = {"as": side, "rev": meeting.rev}
    if before is not None:
        details["before"] = int(before.total_seconds())
    owe(
        session,
        key=f"meeting:{meeting.id}:rev{meeting.rev}:{occasion}",
        kind=kind,
        recipient_id=person_id,
        due_at=due_at,
        meeting_id=meeting.id,
        **details,
    )
