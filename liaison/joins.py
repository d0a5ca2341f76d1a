"""Joining a meeting that another NGO has asked for: asked, let in or not, left, and one's own request instead.

Neither side learns the other's name before the first NGO was asked, nor its texts before it agreed. When the first NGO
withdraws or cancels, no guest takes the meeting over: each is told, and offered a request of its own with what it
wrote. So nobody is lost, and nobody is bound to times that another NGO chose.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from liaison import access, answers, cards, drafts, holds, join_notices, joinable, requests
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.inserts import insert_if_absent
from storage.meetings import Guest, Meeting
from storage.people import Membership, Organisation, Person
from storage.posts import Post

KIND = "join"  # the dialogue in which a line is written
LINE_LENGTH = 300  # characters
ANSWER_WORKDAYS = 2  # after so many working days without an answer nobody is let in any more
MOMENT = timedelta(microseconds=1)  # before the midnight of a term is its last day


@dataclass(frozen=True)
class JoinCard:
    """A wish to join. To the asker nothing of the meeting is shown before it is let in."""

    id: int
    meeting_id: int
    number: str
    body_id: int
    topic: str
    state: str  # asked, present, refused, left
    organisation: str  # which asks
    representative: str | None
    title: str | None
    line: str | None
    answer_by: datetime
    asks: bool  # this person speaks for the NGO that asks, not for the first one
    open: bool  # the meeting is still to come


def ask_line(session: Session, actor: Actor, key: str, rev: int, *, now: datetime) -> DraftCard:
    """[Ask to join]: open the question for a line; the request that was begun waits meanwhile."""
    begun = drafts.lock(session, actor.id, requests.KIND, key, rev, "join")
    data = {"body": begun.data["body"], "topic": begun.data["topic"], "request": key}
    return drafts.card(drafts.open_one(session, actor.id, KIND, "line", data, now=now), now=now)


def ask(session: Session, actor: Actor, key: str, line: str, policy: Policy, *, now: datetime) -> int | None:
    """Ask the other NGO; the id of the wish. None if nothing can be joined any more: one's own request goes on.

    ``line`` is what the asker adds, at most 300 characters, or empty. Raises LiaisonError as ``answers.line``.
    """
    draft = drafts.lock(session, actor.id, KIND, key, None)
    said = answers.line(line, most=LINE_LENGTH) if line else None
    meeting = _held(session, actor, draft.data["body"], draft.data["topic"], now)
    begun = draft.data["request"]
    session.delete(draft)
    session.flush()
    if meeting is None:
        requests.answer(session, actor, begun, None, "join", "own", policy, now=now)
        return None
    drafts.drop(session, actor.id, requests.KIND)
    guest = _write(session, actor, meeting.id, said, now)
    join_notices.asked(session, guest, meeting.requester_id, now=now)
    return guest.id


def answer(session: Session, actor: Actor, guest_id: int, policy: Policy, *, welcome: bool, now: datetime) -> None:
    """The first NGO lets a guest in or not. Compare-and-set: raises LiaisonError("stale") for the second answer.

    Raises NotYours, LiaisonError("join-over", meeting=…) once the meeting has begun or is off.
    """
    guest, meeting = _door(session, actor, guest_id)
    if not _speaks_first(actor, meeting):
        raise NotYours("join", f"person {actor.id} does not speak for the first NGO of meeting {meeting.id}")
    _lock(session, meeting)
    if welcome and not joinable.is_to_come(meeting, now=now):
        raise LiaisonError("join-over", meeting=meeting.id)
    if not _become(session, guest, "asked", "present" if welcome else "refused"):
        raise LiaisonError("stale")
    if welcome:
        join_notices.let_in(session, guest, meeting, policy, now=now)
    join_notices.answered(session, guest, at=now)


def leave(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> int:
    """A guest comes along no more; the first NGO and the office are told. The id of its wish. Raises NotYours."""
    guest = _own(session, actor, meeting_id, Guest.state == "present")
    meeting = session.get_one(Meeting, meeting_id)
    _lock(session, meeting)
    if _become(session, guest, "present", "left"):
        join_notices.gone(session, guest, meeting, policy, now=now, but=actor.id)
    return guest.id


def request_instead(session: Session, actor: Actor, guest_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Begin one's own request with the body, the topic and the line that are known; a wish still open is taken back.

    Raises as ``requests.begin``; LiaisonError("stale") for a guest that is present at a meeting still to come.
    """
    guest, meeting = _door(session, actor, guest_id)
    if guest.organisation_id not in actor.organisations:
        raise NotYours("join", f"person {actor.id} does not speak for guest {guest_id}")
    _lock(session, meeting)
    if guest.state == "present" and joinable.is_to_come(meeting, now=now):
        raise LiaisonError("stale")
    _become(session, guest, "asked", "left")
    body_id = session.scalars(select(Post.body_id).where(Post.id == meeting.post_id)).one()
    draft = requests.begin(session, actor, body_id, policy, now=now)
    for step, value in (("topic", meeting.topic), ("join", "own")):
        if draft.step == step:
            draft = requests.answer(session, actor, draft.key, draft.rev, step, value, policy, now=now)
    if not guest.agenda or draft.data.get("agenda"):
        return draft
    row = drafts.lock(session, actor.id, requests.KIND, draft.key, draft.rev)
    return drafts.keep(session, row, {"agenda": guest.agenda}, now)


def request_after(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """The same for a guest of a meeting that is off. Raises as ``request_instead``."""
    guest = _own(session, actor, meeting_id, Guest.state == "present")
    return request_instead(session, actor, guest.id, policy, now=now)


def newest(session: Session, actor: Actor) -> int | None:
    """The id of the newest wish of this person, if there is one."""
    mine = select(Guest.id).where(Guest.person_id == actor.id)
    return session.scalar(mine.order_by(Guest.created_at.desc(), Guest.id.desc()).limit(1))


def see(session: Session, actor: Actor, guest_id: int, policy: Policy, *, now: datetime) -> JoinCard:
    """A wish to join, for the NGO that asks and the one that is asked. Raises NotYours."""
    guest, meeting = _door(session, actor, guest_id)
    member = select(Membership.title).where(
        Membership.organisation_id == guest.organisation_id, Membership.person_id == guest.person_id
    )
    return JoinCard(
        id=guest.id,
        meeting_id=meeting.id,
        number=meeting.number,
        body_id=session.scalars(select(Post.body_id).where(Post.id == meeting.post_id)).one(),
        topic=meeting.topic,
        state=guest.state,
        organisation=session.get_one(Organisation, guest.organisation_id).name,
        representative=session.get_one(Person, guest.person_id).name,
        title=session.scalar(member),
        line=guest.agenda,
        answer_by=holds.after_workdays(policy, ANSWER_WORKDAYS, now=guest.created_at),
        asks=guest.organisation_id in actor.organisations,
        open=joinable.is_to_come(meeting, now=now),
    )


def for_others(session: Session, actor: Actor, guest_id: int, *, now: datetime) -> tuple[cards.MeetingCard, str]:
    """The meeting that a guest joined or left, and the guest's name, for everybody who is told. Raises NotYours."""
    guest = session.get(Guest, guest_id)
    if guest is None:
        raise NotYours("join", f"no guest {guest_id}")
    meeting, side = access.meeting(session, actor, guest.meeting_id)
    card = cards.meeting(session, meeting, side, actor.id, now=now)
    return card, session.get_one(Organisation, guest.organisation_id).name


def end_unanswered(session: Session, policy: Policy, *, now: datetime) -> int:
    """Tell those who have waited for two working days, or whose meeting is off or has begun; how many they are."""
    rows = select(Guest, Meeting).join(Meeting, Meeting.id == Guest.meeting_id).where(Guest.state == "asked")
    ended = 0
    for guest, meeting in session.execute(rows.order_by(Guest.id)):
        in_vain = holds.after_workdays(policy, ANSWER_WORKDAYS, now=guest.created_at) <= now
        if (in_vain or not joinable.is_to_come(meeting, now=now)) and _become(session, guest, "asked", "refused"):
            join_notices.answered(session, guest, at=holds.by_day(policy, now=now))
            ended += 1
    return ended


def _held(session: Session, actor: Actor, body_id: int, topic: str, now: datetime) -> Meeting | None:
    """The meeting that can be joined, locked so that its places are counted by one after the other."""
    found = joinable.find(session, actor, body_id, topic, now=now)
    if found is None:
        return None
    _lock(session, found)
    return joinable.find(session, actor, body_id, topic, now=now)


def _lock(session: Session, meeting: Meeting) -> None:
    access.lock_times(session, meeting.organisation_id, meeting.post_id)
    session.refresh(meeting, with_for_update=True)


def _write(session: Session, actor: Actor, meeting_id: int, line: str | None, now: datetime) -> Guest:
    """The wish; one that was taken back before is asked anew."""
    given: dict[str, Any] = {"person_id": actor.id, "state": "asked", "agenda": line, "created_at": now}
    whose = {"meeting_id": meeting_id, "organisation_id": actor.organisations[0]}
    insert_if_absent(session, Guest, **whose, **{**given, "state": "left"})
    row = select(Guest).filter_by(**whose).with_for_update()
    guest = session.scalars(row).one()
    if guest.state != "left":  # a colleague was faster
        raise OutOfStep(KIND, "")
    for name, value in given.items():
        setattr(guest, name, value)
    session.flush()
    return guest


def _become(session: Session, guest: Guest, before: str, after: str) -> bool:
    """Compare-and-set on the state of a wish."""
    changed = update(Guest).where(Guest.id == guest.id, Guest.state == before).values(state=after)
    won = session.execute(changed.returning(Guest.id)).first() is not None
    session.refresh(guest)
    return won


def _speaks_first(actor: Actor, meeting: Meeting) -> bool:
    return meeting.requester_id == actor.id or meeting.organisation_id in actor.organisations


def _door(session: Session, actor: Actor, guest_id: int) -> tuple[Guest, Meeting]:
    guest = session.get(Guest, guest_id)
    if guest is None:
        raise NotYours("join", f"no guest {guest_id}")
    meeting = session.get_one(Meeting, guest.meeting_id)
    asks = guest.organisation_id in actor.organisations
    if not asks and not (_speaks_first(actor, meeting) and guest.state != "left"):
        raise NotYours("join", f"person {actor.id} has no part in guest {guest_id}")
    return guest, meeting


def _own(session: Session, actor: Actor, meeting_id: int, which: ColumnElement[bool]) -> Guest:
    mine = select(Guest).where(Guest.meeting_id == meeting_id, Guest.organisation_id.in_(actor.organisations), which)
    guest = session.scalars(mine.order_by(Guest.id)).first()
    if guest is None:
        raise NotYours("join", f"person {actor.id} is no guest of meeting {meeting_id}")
    return guest
