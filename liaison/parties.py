"""The two parties of a meeting that is over: for which of them a person speaks, and who is asked of each."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from liaison import access, notices, reach
from liaison.errors import NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.meetings import Meeting

Party = Literal["ngo", "office"]
PARTIES: tuple[Party, ...] = ("office", "ngo")
_AT_THE_POST = frozenset({"official", "substitute", "assistant"})
_ABOVE = frozenset({"coordinator", "admin"})


def of(session: Session, actor: Actor, meeting: Meeting, policy: Policy, *, now: datetime) -> tuple[Party, ...]:
    """The parties a person speaks for, his own post before his own organisation.

    A coordinator or an administrator is the office only where nobody nearer answers for the post; else he judges.
    """
    sides = set(access.sides_of(session, actor, meeting))
    office = bool(sides & _AT_THE_POST)
    if not office and sides & _ABOVE:
        answering = reach.receivers(session, meeting.post_id, policy, now=now)
        office = actor.id in {one.person_id for one in answering}
    speaks = {"office": office, "ngo": "representative" in sides}
    return tuple(party for party in PARTIES if speaks[party])


def door(
    session: Session, actor: Actor, meeting_id: int, party: str, policy: Policy, *, now: datetime
) -> tuple[Meeting, Party]:
    """The meeting, locked, for somebody who speaks for this party. Raises NotYours for anybody else."""
    meeting, _ = access.meeting(session, actor, meeting_id, to="outcome")
    own = next((one for one in of(session, actor, meeting, policy, now=now) if one == party), None)
    if own is None:
        raise NotYours("outcome", f"person {actor.id} does not speak for {party!r} of meeting {meeting_id}")
    return meeting, own


def asked(session: Session, meeting: Meeting, party: Party, policy: Policy, *, now: datetime) -> tuple[int, str] | None:
    """The one person who is written to of a party, and his side; None where the office has nobody left."""
    everybody = notices.both_sides(session, meeting, policy, now=now)
    guests = ("guest",)
    mine = [one for one in everybody if one[1] not in guests and (one[1] == "representative") == (party == "ngo")]
    return mine[0] if mine else None


def other(party: Party) -> Party:
    """The party across the table."""
    return "office" if party == "ngo" else "ngo"
