"""Who is told of a guest: the NGO that is asked, the one that asks, and the office once it is let in."""

from datetime import datetime

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from liaison import notices
from liaison.policy import Policy
from liaison.states import OFFICE
from storage.meetings import Guest, Meeting
from storage.notices import Notice

ASKED = "join_asked"
ANSWERED = "join_answered"
JOINED = "joined"
LEFT = "guest_left"
GONE = "comes along no more"  # why what a guest was still to be told is dropped


def asked(session: Session, guest: Guest, to: int, *, now: datetime) -> None:
    """Tell the NGO that somebody wants to join its meeting."""
    _tell(session, guest, ASKED, to, now)


def answered(session: Session, guest: Guest, *, at: datetime) -> None:
    """Tell the asker what came of it."""
    _tell(session, guest, ANSWERED, guest.person_id, at)


def let_in(session: Session, guest: Guest, meeting: Meeting, policy: Policy, *, now: datetime) -> None:
    """Tell the office once, and owe the guest what the others have got: the confirmation and the reminders."""
    for person_id, side in notices.both_sides(session, meeting, policy, now=now):
        if side in OFFICE and person_id != guest.person_id:
            _tell(session, guest, JOINED, person_id, now)
    if meeting.state != "confirmed":
        return
    at = max(now, meeting.undo_until or now)  # not before the others are told
    notices.tell_one(session, meeting, "confirmed", guest.person_id, "guest", at=at)
    notices.plan_reminders(session, meeting, policy, now=now)  # those of the others are planned already
    again = _owed_to(guest, meeting, "dropped").where(
        Notice.reason == GONE, Notice.key.like(f"%:rev{meeting.rev}:%"), Notice.due_at > now
    )
    session.execute(again.values(state="owed", reason=None))


def gone(session: Session, guest: Guest, meeting: Meeting, policy: Policy, *, now: datetime, but: int) -> None:
    """Tell the first NGO and the office that a guest comes no more; drop what it was still to be told of the meeting.

    ``but`` is the person who said so.
    """
    session.execute(_owed_to(guest, meeting, "owed").values(state="dropped", reason=GONE))
    for person_id, side in notices.both_sides(session, meeting, policy, now=now):
        if side != "guest" and person_id != but:
            _tell(session, guest, LEFT, person_id, now)


def _owed_to(guest: Guest, meeting: Meeting, state: str) -> Update:
    return update(Notice).where(
        Notice.meeting_id == meeting.id, Notice.recipient_id == guest.person_id, Notice.state == state
    )


def _tell(session: Session, guest: Guest, kind: str, to: int, now: datetime) -> None:
    since = int(guest.created_at.timestamp())  # asked anew after it was taken back, it is told anew
    notices.owe(session, key=f"guest:{guest.id}:{since}:{kind}", kind=kind, recipient_id=to, due_at=now, guest=guest.id)
