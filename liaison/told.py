"""What stands of a meeting's history, and who has been told of it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.meetings import Meeting, Step
from storage.notices import Notice


def standing(session: Session, meeting: Meeting) -> list[tuple[int, str, int | None]]:
    """The steps that were not taken back, the oldest first: the revision each made, its action, who took it."""
    found = select(Step.action, Step.actor_id).where(Step.meeting_id == meeting.id).order_by(Step.id)
    kept: list[tuple[int, str, int | None]] = []
    for rev, (action, actor_id) in enumerate(session.execute(found), start=1):
        if action == "undo":
            kept.pop()
        else:
            kept.append((rev, action, actor_id))
    return kept


def since(session: Session, meeting: Meeting, actions: Iterable[str]) -> tuple[int, int | None]:
    """The revision made by the newest standing step of these, and who took it; (0, None) if there is none."""
    wanted = frozenset(actions)
    steps = reversed(standing(session, meeting))
    return next(((rev, actor_id) for rev, action, actor_id in steps if action in wanted), (0, None))


def knowing(session: Session, meeting: Meeting, kinds: Iterable[str], rev: int) -> frozenset[int]:
    """Who was sent a notice of these kinds about this revision or a later one; what is just being sent counts too."""
    on_its_way = (Notice.state == "sent") | Notice.lease_owner.is_not(None)
    sent = select(Notice.recipient_id, Notice.details).where(
        Notice.meeting_id == meeting.id, Notice.kind.in_(tuple(kinds)), on_its_way
    )
    return frozenset(person_id for person_id, details in session.execute(sent) if details.get("rev", 0) >= rev)
