"""What came of a meeting: after its end each party says whether it was held, and what both say counts.

A contradiction is for a coordinator to settle and counts for nobody until then; nothing of it is published.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, notices, parties, promises, reach, records, states
from liaison.errors import LiaisonError, NotYours
from liaison.parties import Party
from liaison.people import Actor
from liaison.policy import Policy
from liaison.states import Side, Stale
from storage.meetings import Meeting
from storage.outcomes import Outcome
from storage.posts import Post

HELD = ("held", "moved", "not_held")
WHYS = ("they", "we", "by_phone")  # of a meeting that was not held, as whoever says so sees it
ANSWERED = ("yes", "partly", "no", "not_expected")
VERDICTS = ("held", "not_held", "open")
CORRECTED_WITHIN = timedelta(days=1)
By = Literal["both", "silence", "coordinator"]


@dataclass(frozen=True)
class Said:
    """What one party says."""

    held: str  # held, moved, not_held
    why: str | None
    answered: str | None
    can_change: bool  # by whoever looks, now


def say(
    session: Session,
    actor: Actor,
    meeting_id: int,
    party: str,
    held: str,
    why: str | None,
    policy: Policy,
    *,
    now: datetime,
) -> None:
    """Keep what a party says, or correct it within a day; where both agree, the meeting gets its last state.

    Raises NotYours for somebody else's meeting and forged words, LiaisonError("not-over"), or Stale if a colleague has
    answered, the day is over, or it is decided.
    """
    meeting, own = parties.door(session, actor, meeting_id, party, policy, now=now)
    if held not in HELD or why not in ((*WHYS,) if held == "not_held" else (None,)):
        raise NotYours("outcome", f"no outcome {held!r}, {why!r}")
    must_be_over(meeting, now)
    if meeting.state != "confirmed":
        raise Stale(meeting.id, meeting.state)
    row = said_by(session, meeting.id).get(own)
    if row is None:
        row = Outcome(meeting_id=meeting.id, side=own, person_id=actor.id, held=held, why=why, at=now)
        session.add(row)
    elif (row.held, row.why) == (held, why):
        return  # a double tap
    elif not _correctable(row, actor, meeting, now):
        raise Stale(meeting.id, meeting.state)
    else:
        row.held, row.why = held, why
        row.answered = row.answered if held == "held" else None
    session.flush()
    _weigh(session, meeting, policy, now)


def answered(session: Session, actor: Actor, meeting_id: int, value: str, policy: Policy, *, now: datetime) -> None:
    """Keep whether the NGO's question was answered, of a meeting that it says was held. Raises as ``say``."""
    meeting, _ = parties.door(session, actor, meeting_id, "ngo", policy, now=now)
    if value not in ANSWERED:
        raise NotYours("outcome", f"no answer {value!r}")
    row = said_by(session, meeting.id).get("ngo")
    if row is None or row.held != "held" or meeting.state not in ("confirmed", "held"):
        raise Stale(meeting.id, meeting.state)
    if row.answered is not None and (row.person_id != actor.id or now >= row.at + CORRECTED_WITHIN):
        raise Stale(meeting.id, meeting.state)
    row.answered = value


def settle(session: Session, actor: Actor, meeting_id: int, verdict: str, policy: Policy, *, now: datetime) -> None:
    """A coordinator decides a contradiction, or leaves it open: then it counts for nobody.

    Raises NotYours for whoever is a party himself or has spoken for one, Stale if there is no contradiction (any more).
    """
    meeting, side = access.meeting(session, actor, meeting_id, to="hold|miss")
    if verdict not in VERDICTS or not may_judge(session, actor, meeting, policy, now=now):
        raise NotYours("outcome", f"person {actor.id} may not decide meeting {meeting_id} as {verdict!r}")
    if meeting.state != "confirmed" or not contradicts(said_by(session, meeting.id)):
        raise Stale(meeting.id, meeting.state)
    if verdict == "open":
        records.audit(session, actor.id, "outcome-left-open", {"meeting": meeting.id}, now=now)
        return
    decide(session, meeting, held=verdict == "held", by="coordinator", actor_id=actor.id, side=side, now=now)
    for party in parties.PARTIES:
        told = parties.asked(session, meeting, party, policy, now=now)
        if told is not None and told[0] != actor.id:
            notices.tell_one(session, meeting, "settled", told[0], told[1], at=now)


def decide(
    session: Session, meeting: Meeting, *, held: bool, by: By, actor_id: int | None, side: Side, now: datetime
) -> None:
    """Give a meeting its last state; points proposed at one that was not held fall away."""
    action = "hold" if held else "miss"
    states.advance(session, meeting, action, actor_id=actor_id, side=side, now=now, details={"by": by})
    if not held:
        promises.drop_proposed(session, meeting.id, now=now)


def may_judge(session: Session, actor: Actor, meeting: Meeting, policy: Policy, *, now: datetime) -> bool:
    """Whether a coordinator is free to decide: neither a party himself nor one who has spoken for one."""
    sides = access.sides_of(session, actor, meeting)
    spoke = actor.id in {row.person_id for row in said_by(session, meeting.id).values()}
    own = parties.of(session, actor, meeting, policy, now=now)
    return not spoke and not own and "guest" not in sides and ("coordinator" in sides or "admin" in sides)


def said_by(session: Session, meeting_id: int) -> dict[Party, Outcome]:
    """What the parties have said so far."""
    rows = session.scalars(select(Outcome).where(Outcome.meeting_id == meeting_id))
    return {"ngo" if row.side == "ngo" else "office": row for row in rows}


def contradicts(said: dict[Party, Outcome]) -> bool:
    """One party says that the meeting was held, the other that it was not (to have moved it is not to have held it)."""
    return len(said) == 2 and len({row.held == "held" for row in said.values()}) == 2


def absent(said: dict[Party, Outcome]) -> Party | None:
    """The party that did not come to a meeting that was not held: only if nobody says otherwise.

    A substitute who came counts as the office; called off by phone, or moved, is nobody's absence.
    """
    accused: set[Party | None] = set()
    for party, row in said.items():
        named = {"they": parties.other(party), "we": party}
        accused.add(named.get(row.why or "") if row.held == "not_held" else None)
    return accused.pop() if len(accused) == 1 else None


def view(row: Outcome | None, actor: Actor, meeting: Meeting, now: datetime) -> Said | None:
    """A row as whoever looks may see it."""
    if row is None:
        return None
    return Said(row.held, row.why, row.answered, _correctable(row, actor, meeting, now))


def must_be_over(meeting: Meeting, now: datetime) -> None:
    """Raises LiaisonError("not-over") while the meeting has not ended by the clock, or never had a time."""
    if meeting.ends_at is None or meeting.ends_at > now:
        raise LiaisonError("not-over", meeting=meeting.id)


def _correctable(row: Outcome, actor: Actor, meeting: Meeting, now: datetime) -> bool:
    return meeting.state == "confirmed" and row.person_id == actor.id and now < row.at + CORRECTED_WITHIN


def _weigh(session: Session, meeting: Meeting, policy: Policy, now: datetime) -> None:
    said = said_by(session, meeting.id)
    if len(said) < 2:
        return
    if not contradicts(said):
        held = said["ngo"].held == "held"
        decide(session, meeting, held=held, by="both", actor_id=None, side="system", now=now)
        return
    involved = {row.person_id for row in said.values()}
    for keeper in _judges(session, meeting, policy, involved):
        notices.tell_one(session, meeting, "contradiction", keeper.person_id, keeper.side, at=now)


def _judges(session: Session, meeting: Meeting, policy: Policy, involved: set[int]) -> list[reach.Receiver]:
    """The coordinators of the region (else of the country) who are no party; nobody if there is none: it stays open."""
    body_id = session.get_one(Post, meeting.post_id).body_id
    found = (reach.keepers(session, body_id, policy), reach.country_wide(session))
    free = ([one for one in some if one.person_id not in involved] for some in found)
    return next((some for some in free if some), [])
