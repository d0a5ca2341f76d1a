"""The rounds of a meeting: how often the times of one side did not suit the other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.meetings import Meeting, Slot, Step

TAKEN = ("confirm", "accept")


def refused(session: Session, meeting: Meeting) -> int:
    """How often the NGO had to choose anew since the start, or since a time was taken last: each is a round of both
    sides' offers that did not fit."""
    if meeting.round == 1:
        return 0
    steps = select(Step.action, Step.from_state, Step.details).where(Step.meeting_id == meeting.id).order_by(Step.id)
    count = before = 0
    for action, from_state, details in session.execute(steps):
        if action in TAKEN:
            count, before = 0, count
        elif action == "undo" and details.get("undone") in TAKEN:
            count = before
        elif action == "new_times" and from_state == "offered":
            count += 1
    return count


def apart(session: Session, meeting_id: int) -> list[list[str]]:
    """The times that need no offer, as pairs of ISO 8601 stamps for a draft: of a confirmed meeting the one it has,
    of an open request all that were offered for it."""
    meeting = session.get_one(Meeting, meeting_id)
    if meeting.state == "confirmed" and meeting.starts_at is not None and meeting.ends_at is not None:
        return [[meeting.starts_at.isoformat(), meeting.ends_at.isoformat()]]
    offered = select(Slot.starts_at, Slot.ends_at).where(Slot.meeting_id == meeting_id).order_by(Slot.id)
    return [[start.isoformat(), end.isoformat()] for start, end in session.execute(offered)]
