"""Asked once more before a notice is sent: does it still make sense, and to this person?

Each kind of notice names the questions it has to pass; a kind that is not in the table is sent as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import afterwards, news, notices, people, reach, states
from liaison.people import Actor
from liaison.policy import Policy
from storage.meetings import Meeting
from storage.notices import Notice
from storage.people import Person

LATE = timedelta(minutes=5)  # less is not worth a word: a pause after a failure, a restart


@dataclass(frozen=True)
class Due:
    """A notice that still makes sense: what to render, and for whom."""

    notice_id: int
    kind: str
    recipient: Actor
    meeting_id: int | None
    details: Mapping[str, Any]
    late: bool  # comes noticeably after its time, and says so


@dataclass(frozen=True)
class Drop:
    """A notice that makes no sense any more, and why."""

    notice_id: int
    reason: str


@dataclass(frozen=True)
class Case:
    """What the questions are asked about."""

    notice: Notice
    meeting: Meeting | None
    receivers: Callable[[int], frozenset[int]]  # post -> the persons who answer for it now
    now: datetime
    reminders: tuple[timedelta, ...]  # the configured spans before a meeting
    pointless_news: Callable[[Notice], str | None]  # why a day's news tell nothing
    pointless_after: Callable[[Notice], str | None]  # why what comes after a meeting, or a digest, is settled


Question = Callable[[Case], str | None]  # the reason to drop the notice, or None


def prepare(
    session: Session,
    notice_ids: Sequence[int],
    policy: Policy,
    *,
    now: datetime,
    caught_up: datetime | None = None,
) -> tuple[Due | Drop, ...]:
    """Decide for each claimed notice whether it is still to be sent, in the order given; all in one reading.

    ``caught_up`` is when nothing was due the last time: what fell due since then is not late, however far the
    calendar's clock was moved meanwhile (None: after a start, when nobody has looked yet).
    """
    found = (
        select(Notice, Person.unreachable_since, Meeting)
        .join(Person, Person.id == Notice.recipient_id)
        .outerjoin(Meeting, Meeting.id == Notice.meeting_id)
        .where(Notice.id.in_(notice_ids))
    )
    rows = {notice.id: (notice, since, meeting) for notice, since, meeting in session.execute(found)}
    receivers, pointless = _receivers(session, policy, now), partial(news.pointless, session, now=now)
    after = partial(afterwards.pointless, session, policy, now=now)
    kept: list[Due | Drop] = []
    actors: dict[int, Actor] = {}
    for notice_id in notice_ids:
        notice, unreachable, meeting = rows[notice_id]
        case = Case(notice, meeting, receivers, now, policy.reminders_before, pointless, after)
        reason = "unreachable" if unreachable else _reason(case)
        if reason:
            kept.append(Drop(notice_id, reason))
            continue
        if notice.recipient_id not in actors:
            actors[notice.recipient_id] = people.actor(session, notice.recipient_id, policy, now=now)
        kept.append(_due(notice, actors[notice.recipient_id], now, caught_up))
    return tuple(kept)


def still_owed(case: Case) -> str | None:
    """It was not taken back since it was claimed."""
    return None if case.notice.state == "owed" else case.notice.reason or case.notice.state


def same_revision(case: Case) -> str | None:
    """The meeting is as it was; after a change a newer notice tells the newest."""
    if case.meeting is not None and case.meeting.rev == case.notice.details.get("rev"):
        return None
    return "the meeting changed"


def state_is(state: str) -> Question:
    """The meeting is in this state."""

    def question(case: Case) -> str | None:
        present = case.meeting.state if case.meeting else "gone"
        return None if present == state else f"the meeting is {present}"

    return question


def not_begun(case: Case) -> str | None:
    """The meeting has not begun; nobody wants to be reminded of what is under way."""
    starts_at = case.meeting.starts_at if case.meeting else None
    return None if starts_at is None or starts_at > case.now else "the meeting has begun"


def newest_due(case: Case) -> str | None:
    """No later reminder of the same meeting is due as well: after downtime one is enough."""
    starts_at, before = case.meeting.starts_at if case.meeting else None, case.notice.details.get("before", 0)
    if starts_at is None:
        return None
    later = (span for span in case.reminders if span < timedelta(seconds=before))
    return "a later reminder is due" if any(starts_at - span <= case.now for span in later) else None


def times_passed(case: Case) -> str | None:
    """The answer is still owed, and the times that have passed are those of the present round."""
    meeting = case.meeting
    if meeting is not None and meeting.state in states.OPEN and meeting.round == case.notice.details.get("round"):
        return None
    return "the meeting changed"


def still_answers(case: Case) -> str | None:
    """The recipient still answers for the post the request is for."""
    if case.meeting is not None and case.notice.recipient_id in case.receivers(case.meeting.post_id):
        return None
    return notices.NOT_HIS


def still_news(case: Case) -> str | None:
    """Something is left to tell that he follows still, and no later message tells it too."""
    return case.pointless_news(case.notice)


def still_open(case: Case) -> str | None:
    """What comes after a meeting, or waits in a digest, is not settled yet, and this person still has a part in it."""
    return case.pointless_after(case.notice)


QUESTIONS: dict[str, tuple[Question, ...]] = {
    **dict.fromkeys(afterwards.KINDS, (still_open,)),
    "request": (state_is("requested"), same_revision, still_answers),
    "confirmed": (state_is("confirmed"), same_revision),
    "place": (state_is("confirmed"), same_revision),
    "remind": (state_is("confirmed"), same_revision, not_begun, newest_due),
    "offered": (state_is("offered"), same_revision),
    "declined": (state_is("declined"), same_revision),
    "moving": (state_is("requested"), same_revision),
    "still_wanted": (times_passed,),
    "withdrawn": (state_is("withdrawn"),),
    "cancelled": (state_is("cancelled"), same_revision),
    "expired": (state_is("expired"),),
    "redirected": (state_is("redirected"),),
    news.KIND: (still_news,),
}


def _reason(case: Case) -> str | None:
    questions = (still_owed, *QUESTIONS.get(case.notice.kind, ()))
    return next((reason for question in questions if (reason := question(case))), None)


def _due(notice: Notice, recipient: Actor, now: datetime, caught_up: datetime | None) -> Due:
    late = now - notice.due_at > LATE and (caught_up is None or notice.due_at <= caught_up)
    return Due(notice.id, notice.kind, recipient, notice.meeting_id, dict(notice.details), late)


def _receivers(session: Session, policy: Policy, now: datetime) -> Callable[[int], frozenset[int]]:
    known: dict[int, frozenset[int]] = {}

    def of(post_id: int) -> frozenset[int]:
        if post_id not in known:
            known[post_id] = frozenset(one.person_id for one in reach.receivers(session, post_id, policy, now=now))
        return known[post_id]

    return of
