"""Asked before a word about what came after a meeting, or a digest, is sent: is it still open, and to this person?"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from liaison import outcomes, parties, people, promise_terms, promises, today
from liaison.policy import Policy
from storage.meetings import Meeting
from storage.notices import Notice
from storage.outcomes import Promise


def pointless(session: Session, policy: Policy, notice: Notice, *, now: datetime) -> str | None:
    """Why a notice of one of these kinds is not sent, or None."""
    if notice.kind == today.DIGEST:
        return today.pointless_digest(session, notice, policy, now=now)
    meeting = session.get(Meeting, notice.meeting_id) if notice.meeting_id is not None else None
    if meeting is None:
        return "the meeting is gone"
    return _speaks(session, notice, meeting, policy, now) or _OPEN[notice.kind](session, notice, meeting)


def _speaks(session: Session, notice: Notice, meeting: Meeting, policy: Policy, now: datetime) -> str | None:
    reader = people.actor(session, notice.recipient_id, policy, now=now)
    if notice.kind == "contradiction":
        free = outcomes.may_judge(session, reader, meeting, policy, now=now)
        return None if free else "may not decide"
    own = parties.of(session, reader, meeting, policy, now=now)
    return None if _party(notice) in own else "no longer speaks for this side"


def _outcome(session: Session, notice: Notice, meeting: Meeting) -> str | None:
    if meeting.state != "confirmed":
        return f"the meeting is {meeting.state}"
    if meeting.rev != notice.details.get("rev"):
        return "the meeting changed"
    return "answered" if _party(notice) in outcomes.said_by(session, meeting.id) else None


def _contradiction(session: Session, notice: Notice, meeting: Meeting) -> str | None:
    still = meeting.state == "confirmed" and outcomes.contradicts(outcomes.said_by(session, meeting.id))
    return None if still else "no contradiction any more"


def _settled(session: Session, notice: Notice, meeting: Meeting) -> str | None:
    return None if meeting.state in ("held", "not_held") else f"the meeting is {meeting.state}"


def _points(session: Session, notice: Notice, meeting: Meeting) -> str | None:
    proposed = promises.of_meeting(session, meeting.id, ("proposed",))
    return None if notice.details.get("last") in {card.id for card in proposed} else "the points changed"


def _promise(session: Session, notice: Notice, meeting: Meeting) -> str | None:
    row = session.get(Promise, notice.details.get("promise"))
    same = row is not None and row.state == "agreed" and str(row.due_on) == notice.details.get("due")
    return None if same else "the point changed"


def _party(notice: Notice) -> parties.Party:
    return "ngo" if notice.details.get("as") == "representative" else "office"


_OPEN: dict[str, Callable[[Session, Notice, Meeting], str | None]] = {
    "outcome": _outcome,
    "contradiction": _contradiction,
    "settled": _settled,
    "points": _points,
    promise_terms.DUE: _promise,
}
KINDS = (today.DIGEST, *_OPEN)
