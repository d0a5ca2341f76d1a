"""What stands in the way of a meeting: the confirmed meetings of a post and of an organisation, and held times."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import states
from liaison.slots import Busy, Span
from storage.meetings import Guest, Meeting, Slot
from storage.posts import Post


def of(
    session: Session,
    *,
    post_id: int,
    organisation_id: int | None,
    but: int | None = None,
    now: datetime,
    holds: bool = True,
) -> Busy:
    """When a post and an organisation are not free: confirmed meetings, with ``holds`` also times held for requests.

    An organisation is not free either when it comes along to another's meeting. ``but`` is a meeting that does not
    count: its own times do not stand in its way.
    """
    concerned = Meeting.post_id == post_id
    if organisation_id is not None:
        joined = select(Guest.meeting_id).where(Guest.organisation_id == organisation_id, Guest.state == "present")
        concerned = concerned | (Meeting.organisation_id == organisation_id) | Meeting.id.in_(joined)
    if but is not None:
        concerned = concerned & (Meeting.id != but)
    whose = (Meeting.id, Meeting.post_id)
    confirmed = select(*whose, Meeting.starts_at, Meeting.ends_at).where(concerned, Meeting.state == "confirmed")
    held = select(*whose, Slot.starts_at, Slot.ends_at).join(Slot, Slot.meeting_id == Meeting.id)
    held = held.where(concerned, Meeting.state.in_(states.OPEN), Meeting.held_until > now, Slot.round == Meeting.round)
    at_post: defaultdict[int, list[Span]] = defaultdict(list)
    elsewhere: list[Span] = []
    for query in (confirmed, held) if holds else (confirmed,):
        for meeting_id, where, starts_at, ends_at in session.execute(query):
            if starts_at is not None and ends_at is not None:  # as every confirmed meeting has
                spans = at_post[meeting_id] if where == post_id else elsewhere
                spans.append(Span(starts_at, ends_at))
    return Busy(dict(at_post), tuple(elsewhere))


def buffer_of(post: Post) -> timedelta:
    """The time that a post keeps free after each of its meetings."""
    return timedelta(minutes=post.buffer_minutes or 0)
