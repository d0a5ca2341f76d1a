"""What rules hand upwards: frozen values with everything a screen needs, so that no table row leaves this floor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from liaison import companions, rounds, stand_ins, states, taken, talk_cards, venues
from liaison.calendar import DAY
from liaison.companions import GuestCard
from liaison.slots import Span
from liaison.stand_ins import StandIn
from liaison.talk_cards import TalkCard
from storage.meetings import Attachment, Meeting, Slot
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
    offered_by: str  # ngo, office


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
    last_place: str | None  # of this post, for the office
    own_room: str | None  # the post's room for online meetings, for the office
    holder: HolderCard | None
    organisation: str
    bin: str | None
    organisation_verified: bool
    representative: str | None
    representative_title: str | None
    reason: str | None  # the words of the last step
    reason_code: str | None  # the ready-made reason chosen at the last step
    step: str | None  # the last step taken
    ended_by: str | None  # the side that took it
    changed_at: datetime  # when it was taken
    begun: bool
    over: bool  # it has ended by the clock
    undo: bool  # this person can take the last answer back now
    held_until: datetime | None
    refused_rounds: int  # rounds of offers that did not fit
    with_head: bool
    attendees: tuple[str, ...]
    files: int
    also_to: tuple[int, ...]  # bodies to which the same request was sent
    guests: tuple[GuestCard, ...]
    talk: TalkCard
    redirected_to: tuple[int, int] | None  # the new request and its body
    redirected_from: int | None  # the body that passed it on
    pin: tuple[float, float] | None  # latitude and longitude
    answered_as: states.Side | None  # how whoever answered last for the office did so
    stand_ins: tuple[StandIn, ...]  # today's and coming ones of the post

    @property
    def room(self) -> str | None:
        """The address of an online meeting."""
        return venues.link(self.place) if self.mode == "online" else None


def meeting(session: Session, found: Meeting, side: states.Side, actor_id: int, *, now: datetime) -> MeetingCard:
    """The card of a meeting for one side and person. What is free, begun or can be undone is as of ``now``."""
    post = session.get_one(Post, found.post_id)
    organisation = session.get_one(Organisation, found.organisation_id)
    person = session.get_one(Person, found.requester_id)
    title = session.scalar(
        select(Membership.title).where(Membership.organisation_id == organisation.id, Membership.person_id == person.id)
    )
    last = states.last_step(session, found.id)
    begun = found.starts_at is not None and found.starts_at <= now
    venue = venues.seen(session, found, side, actor_id)
    present = slots(session, found, now=now)
    return MeetingCard(
        id=found.id,
        number=found.number,
        rev=found.rev,
        state=found.state,
        side=side,
        may=_may(found, side, present, now),
        body_id=post.body_id,
        topic=found.topic,
        mode=found.mode,
        agenda=found.agenda,
        phone=found.phone if side != "guest" else None,
        slots=present,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=venue.place,
        last_place=venues.last(session, found).place if side in states.OFFICE else None,
        own_room=venues.own_room(session, found) if side in states.OFFICE else None,
        holder=holder(session, post.id),
        organisation=organisation.name,
        bin=organisation.bin,
        organisation_verified=organisation.verified_at is not None,
        representative=person.name,
        representative_title=title,
        reason=last.details.get("reason") if last else None,
        reason_code=last.details.get("reason_code") if last else None,
        step=last.action if last else None,
        ended_by=last.acted_as if last else None,
        changed_at=found.updated_at,
        begun=begun,
        over=found.ends_at is not None and found.ends_at <= now,
        undo=states.undoable(found, last, actor_id, now=now),
        held_until=found.held_until,
        refused_rounds=rounds.refused(session, found),
        with_head=found.with_head,
        attendees=tuple(found.attendees or ()),
        files=session.scalar(select(func.count()).where(Attachment.meeting_id == found.id)) or 0,
        also_to=companions.also_to(session, found),
        guests=companions.guests(session, found.id, side),
        talk=talk_cards.of(session, found, side, actor_id, now=now),
        redirected_to=companions.redirected_to(session, found),
        redirected_from=companions.redirected_from(session, found.id),
        pin=venue.pin,
        answered_as=stand_ins.answered_as(session, found.id),
        stand_ins=stand_ins.of(session, post.id, since=(now - DAY).date()),  # the day is the country's, not UTC's
    )


def can_be_taken(present: Iterable[SlotCard]) -> bool:
    """Whether one of the offered times is still to be had: as long as it is, the NGO waits for the answer."""
    return any(slot.free for slot in present)


def _may(found: Meeting, side: states.Side, present: Iterable[SlotCard], now: datetime) -> frozenset[str]:
    actions = states.may(found, side, now=now)
    return actions - {"new_times"} if found.state == "requested" and can_be_taken(present) else actions


def slots(session: Session, found: Meeting, *, now: datetime) -> tuple[SlotCard, ...]:
    """The times of the present offer, in order, with what is still free at the post and for the organisation.

    While they are held for this request, only a confirmed meeting stands in their way; afterwards others' holds do too.
    """
    held = found.held_until is not None and found.held_until > now
    post = session.get_one(Post, found.post_id)
    busy = taken.of(
        session, post_id=post.id, organisation_id=found.organisation_id, but=found.id, now=now, holds=not held
    )
    buffer = taken.buffer_of(post)
    present = select(Slot).where(Slot.meeting_id == found.id, Slot.round == found.round)
    rows = session.scalars(present.order_by(Slot.starts_at, Slot.id))
    return tuple(
        SlotCard(
            row.id,
            row.starts_at,
            row.ends_at,
            row.starts_at > now and not busy.blocks(Span(row.starts_at, row.ends_at), buffer),
            row.offered_by,
        )
        for row in rows
    )


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
