"""What a deputy, the official and the NGOs are told of each other; each is said once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import notices
from storage.meetings import Meeting
from storage.notices import Notice
from storage.posts import Deputy, Holder


def asked(session: Session, row: Deputy, *, now: datetime) -> None:
    """Ask an official to stand in."""
    if row.person_id is not None:
        _owe(session, row, "deputy_asked", [row.person_id], now)


def answered(session: Session, row: Deputy, *, by: int, now: datetime) -> None:
    """Tell who asked, and the official, what came of it."""
    concerned = dict.fromkeys([row.invited_by, *_officials(session, row.post_id)])
    _owe(session, row, f"deputy_{row.state}", [one for one in concerned if one != by], now)


def ended(session: Session, row: Deputy, *, by: int | None, now: datetime) -> None:
    """Tell the deputy and the official, but not the one who did it, that it is over; nothing else is said any more."""
    session.execute(
        update(Notice)
        .where(Notice.state == "owed", Notice.key.like(f"deputy:{row.id}:%"))
        .values(state="dropped", reason="the deputy's time has ended")
    )
    concerned = dict.fromkeys([row.person_id, *_officials(session, row.post_id)])
    _owe(session, row, "deputy_ended", [one for one in concerned if one is not None and one != by], now)


def stands_in(session: Session, row: Deputy, meetings: Iterable[Meeting], *, now: datetime) -> None:
    """Tell the NGOs of these meetings whom they will meet, and why."""
    sides = (notices.ngo_side(session, meeting) for meeting in meetings)
    people = dict.fromkeys(person_id for side in sides for person_id, _ in side)
    screen = f"si:{row.id}"
    for person_id in people:
        if person_id != row.person_id:
            _owe(session, row, "stands_in", [person_id], now, screen)


def back(session: Session, row: Deputy, *, at: datetime) -> None:
    """Tell the official on his return what was done, and what waits for him."""
    _owe(session, row, "back", _officials(session, row.post_id), at, f"bw:{row.id}")


def _owe(
    session: Session, row: Deputy, kind: str, people: Iterable[int], due_at: datetime, screen: str | None = None
) -> None:
    for person_id in people:
        notices.owe(
            session,
            key=f"deputy:{row.id}:{kind}",
            kind=kind,
            recipient_id=person_id,
            due_at=due_at,
            deputy=row.id,
            place=screen or f"dy:{row.id}",
        )


def _officials(session: Session, post_id: int) -> list[int]:
    held = select(Holder.person_id).where(Holder.post_id == post_id, Holder.until.is_(None))
    return [one for one in session.scalars(held) if one is not None]
