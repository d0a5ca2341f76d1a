"""What rules hand upwards: frozen values with everything a screen needs, so that no table row leaves this floor."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import states
from liaison.slots import Span
from storage.meetings import Meeting, Slot, Step
from storage.people import Membership, Organisation, Person
from storage.posts import Holder, Post


@dataclass(frozen=True)
class HolderCard:
    """The official who holds a post now."""

    full_name: str
    position: str | None
    phones: tuple[str, ...]  # E.164
    emails: tuple[str, ...]
    source_title: str | None
    source_url: str | None
    retrieved_at: datetime | None
    verified_at: datetime | None
    verified_by: str | None  # official, coordinator, list
    bound: bool  # has a Telegram account here
    since: date | datetime  # when the duty began, or since when he is known here
    named_since: bool  # which of both


@dataclass(frozen=True)
class SlotCard:
    """A time offered for a meeting, and whether it can still be taken."""

    id: int
    starts_at: datetime
    ends_at: datetime
    free: bool


@dataclass(frozen=True)
class MeetingCard:
    """A meeting as one side sees it."""

    id: int
    number: str
    rev: int
    state: str
    side: states.Side
    may: frozenset[str]  # the actions open to this side now
    body_id: int
    topic: str
    mode: str
    agenda: str | None
    phone: str | None
    slots: tuple[SlotCard, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    place: str | None
    last_place: str | None
    holder: HolderCard | None
    organisation: str
    bin: str | None
    organisation_verified: bool
    representative: str | None
    representative_title: str | None
    reason: str | None  # the words of the last step
    reason_code: str | None  # the ready-made reason chosen at the last step
    ended_by: str | None  # the side that took the last step
    begun: bool


def meeting(session: Session, found: Meeting, side: states.Side, *, now: datetime) -> MeetingCard:
    """The card of a meeting for one side. ``begun`` and the free slots are as of ``now``."""
    post = session.get_one(Post, found.post_id)
    organisation = session.get_one(Organisation, found.organisation_id)
    person = session.get_one(Person, found.requester_id)
    title = session.scalar(
        select(Membership.title).where(Membership.organisation_id == organisation.id, Membership.person_id == person.id)
    )
    last = session.scalars(select(Step).where(Step.meeting_id == found.id).order_by(Step.id.desc()).limit(1)).first()
    begun = found.starts_at is not None and found.starts_at <= now
    return MeetingCard(
        id=found.id,
        number=found.number,
        rev=found.rev,
        state=found.state,
        side=side,
        may=frozenset() if begun else states.allowed(found.state, side),
        body_id=post.body_id,
        topic=found.topic,
        mode=found.mode,
        agenda=found.agenda,
        phone=found.phone,
        slots=slots(session, found, now=now),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=found.place,
        last_place=last_place(session, found),
        holder=holder(session, post.id),
        organisation=organisation.name,
        bin=organisation.bin,
        organisation_verified=organisation.verified_at is not None,
        representative=person.name,
        representative_title=title,
        reason=last.details.get("reason") if last else None,
        reason_code=last.details.get("reason_code") if last else None,
        ended_by=last.acted_as if last else None,
        begun=begun,
    )


def last_place(session: Session, found: Meeting) -> str | None:
    """Where this post met last in the same way: the room for a visit, the link for an online meeting."""
    return session.scalar(
        select(Meeting.place)
        .where(Meeting.post_id == found.post_id, Meeting.mode == found.mode)
        .where(Meeting.place.is_not(None), Meeting.id != found.id)
        .order_by(Meeting.updated_at.desc(), Meeting.id.desc())
        .limit(1)
    )


def slots(session: Session, found: Meeting, *, now: datetime) -> tuple[SlotCard, ...]:
    """The times offered for a meeting, in order, with what is still free at the post and for the organisation."""
    taken = busy(session, post_id=found.post_id, organisation_id=found.organisation_id, but=found.id)
    rows = session.scalars(select(Slot).where(Slot.meeting_id == found.id).order_by(Slot.starts_at, Slot.id))
    return tuple(
        SlotCard(
            row.id,
            row.starts_at,
            row.ends_at,
            row.starts_at > now and not any(t.starts_at < row.ends_at and row.starts_at < t.ends_at for t in taken),
        )
        for row in rows
    )


def busy(session: Session, *, post_id: int, organisation_id: int | None, but: int | None = None) -> tuple[Span, ...]:
    """The confirmed times of a post and of an organisation, without those of the meeting ``but``."""
    concerned = Meeting.post_id == post_id
    if organisation_id is not None:
        concerned = concerned | (Meeting.organisation_id == organisation_id)
    query = select(Meeting.starts_at, Meeting.ends_at).where(
        concerned, Meeting.state == "confirmed", Meeting.starts_at.is_not(None)
    )
    if but is not None:
        query = query.where(Meeting.id != but)
    return tuple(Span(start, end) for start, end in session.execute(query) if start and end)


def holder(session: Session, post_id: int) -> HolderCard | None:
    """Who holds the post now; of two at once (a list may say so) the one named last."""
    row = session.scalars(
        select(Holder).where(Holder.post_id == post_id, Holder.until.is_(None)).order_by(Holder.id.desc()).limit(1)
    ).first()
    return None if row is None else held(row)


def held(row: Holder) -> HolderCard:
    """The card of a row of holders."""
    return HolderCard(
        full_name=row.full_name,
        position=row.position,
        phones=tuple(row.phones),
        emails=tuple(row.emails),
        source_title=row.source_title,
        source_url=row.source_url,
        retrieved_at=row.retrieved_at,
        verified_at=row.verified_at,
        verified_by=row.verified_by,
        bound=row.person_id is not None,
        since=row.since or row.created_at,
        named_since=row.since is not None,
    )
