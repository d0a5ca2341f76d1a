"""The life of a meeting as one table: in which state who may do what, and what it becomes."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from liaison.errors import LiaisonError
from storage.meetings import Meeting, Step

State = Literal["requested", "offered", "confirmed", "declined", "withdrawn", "cancelled"]
Side = Literal["representative", "official", "coordinator", "admin"]

SIDES: tuple[Side, ...] = ("official", "representative", "coordinator", "admin")
NGO: frozenset[Side] = frozenset({"representative"})
OFFICE: frozenset[Side] = frozenset({"official", "coordinator", "admin"})

# (state, action) -> (who may, the state afterwards)
TRANSITIONS: dict[tuple[str, str], tuple[frozenset[Side], State]] = {
    ("requested", "confirm"): (OFFICE, "confirmed"),
    ("requested", "other_times"): (OFFICE, "offered"),
    ("requested", "decline"): (OFFICE, "declined"),
    ("requested", "withdraw"): (NGO, "withdrawn"),
    ("offered", "confirm"): (OFFICE, "confirmed"),
    ("offered", "decline"): (OFFICE, "declined"),
    ("offered", "new_times"): (NGO, "requested"),
    ("offered", "withdraw"): (NGO, "withdrawn"),
    ("confirmed", "place"): (OFFICE, "confirmed"),
    ("confirmed", "cancel"): (NGO | OFFICE, "cancelled"),
}
OPEN = ("requested", "offered")  # an answer is still owed


class Stale(LiaisonError):
    """The meeting is no longer in a state that allows this: show what it is now."""

    def __init__(self, meeting_id: int, state: str) -> None:
        super().__init__("stale", meeting=meeting_id, state=state)
        self.meeting_id = meeting_id


def allowed(state: str, side: Side) -> frozenset[str]:
    """The actions open to one side in a state."""
    return frozenset(action for (at, action), (who, _) in TRANSITIONS.items() if at == state and side in who)


def advance(
    session: Session,
    meeting: Meeting,
    action: str,
    *,
    actor_id: int,
    side: Side,
    now: datetime,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take one step: compare-and-set on the state, raise the revision, write the history.

    ``changes`` are further columns of the meeting. Raises Stale if the table forbids it or somebody was faster.
    """
    row = TRANSITIONS.get((meeting.state, action))
    if row is None or side not in row[0]:
        raise Stale(meeting.id, meeting.state)
    before, after = meeting.state, row[1]
    won = session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.state == before, Meeting.rev == meeting.rev)
        .values(state=after, rev=meeting.rev + 1, updated_at=now, **changes)
        .returning(Meeting.id)
    ).first()
    if won is None:
        raise Stale(meeting.id, before)
    session.refresh(meeting)
    session.add(
        Step(
            meeting_id=meeting.id,
            at=now,
            actor_id=actor_id,
            acted_as=side,
            action=action,
            from_state=before,
            to_state=after,
            details=details or {},
        )
    )
