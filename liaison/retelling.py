"""After an answer was taken back: what it had withdrawn before it was sent is owed again, to who does not know it."""

from datetime import datetime

from sqlalchemy.orm import Session

from liaison import notices, reach, told
from liaison.policy import Policy
from storage.meetings import Meeting

ASKED = ("request", "new_times", "move")
OFFERED = ("propose", "other_times", "offer_move")
CONFIRMED = ("confirm", "accept")


def after_undo(session: Session, meeting: Meeting, policy: Policy, *, now: datetime) -> None:
    """Owe everybody the state that holds again, if it was never told him; and the reminders of a confirmed meeting."""
    if meeting.state == "requested":
        rev, _ = told.since(session, meeting, ASKED)
        answering = [
            (one.person_id, str(one.side)) for one in reach.receivers(session, meeting.post_id, policy, now=now)
        ]
        _tell(session, meeting, "request", answering, told.knowing(session, meeting, ("request",), rev), now)
    elif meeting.state == "offered":
        rev, offered_by = told.since(session, meeting, OFFERED)
        knowing = told.knowing(session, meeting, ("offered",), rev) | {offered_by}
        _tell(session, meeting, "offered", notices.ngo_side(session, meeting), knowing, now)
    elif meeting.state == "confirmed":
        _confirmed(session, meeting, policy, now)
        notices.plan_reminders(session, meeting, policy, now=now)


def _confirmed(session: Session, meeting: Meeting, policy: Policy, now: datetime) -> None:
    rev, _ = told.since(session, meeting, CONFIRMED)
    placed, _ = told.since(session, meeting, ("place",))
    people = notices.both_sides(session, meeting, policy, now=now)
    knowing = told.knowing(session, meeting, ("confirmed",), rev)
    _tell(session, meeting, "confirmed", people, knowing, now)
    if placed > rev:
        knowing_place = told.knowing(session, meeting, ("confirmed", "place"), placed)
        _tell(session, meeting, "place", [one for one in people if one[0] in knowing], knowing_place, now)


def _tell(
    session: Session,
    meeting: Meeting,
    kind: str,
    people: list[tuple[int, str]],
    knowing: frozenset[int | None] | frozenset[int],
    now: datetime,
) -> None:
    for person_id, side in people:
        if person_id not in knowing:
            notices.tell_one(session, meeting, kind, person_id, side, at=now)
