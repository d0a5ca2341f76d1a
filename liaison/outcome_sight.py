"""What came of a meeting, as each may see it: his own word, what counts, the points; both words, who decides alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import access, cards, directory, drafts, outcomes, parties, promises, reach, request_times
from liaison.cards import MeetingCard
from liaison.errors import LiaisonError, NotYours
from liaison.outcomes import Said
from liaison.parties import Party
from liaison.people import Actor
from liaison.policy import Policy
from liaison.promises import PointCard
from liaison.states import Stale
from storage.meetings import Meeting, Step
from storage.posts import Post

ENDS = ("held", "not_held")
Result = Literal["open", "contradiction", "held", "not_held"]


@dataclass(frozen=True)
class OutcomeCard:
    """The outcome of one meeting for one reader."""

    meeting: MeetingCard
    party: Party | None  # of the reader; None for a guest or a coordinator
    judge: bool  # he may decide the contradiction
    own: Said | None
    words: dict[Party, Said]  # of both parties, once both have spoken: for a judge only
    result: Result
    by: str | None  # who decided the result: both, silence, coordinator
    points: tuple[PointCard, ...]
    may_write: bool


def see(
    session: Session, actor: Actor, meeting_id: int, party: str | None, policy: Policy, *, now: datetime
) -> OutcomeCard:
    """The outcome for a person of a party (``party``, if he speaks for both), a guest, or a coordinator who judges.

    Raises NotYours for anybody else, LiaisonError("not-over"), or Stale where the meeting ended in another way.
    """
    meeting, side = access.meeting(session, actor, meeting_id)
    if meeting.state not in ("confirmed", *ENDS):
        raise Stale(meeting.id, meeting.state)
    outcomes.must_be_over(meeting, now)
    speaks = parties.of(session, actor, meeting, policy, now=now)
    own = next((one for one in speaks if one == party), speaks[0] if speaks else None)
    said = outcomes.said_by(session, meeting.id)
    judge = not speaks and outcomes.may_judge(session, actor, meeting, policy, now=now)
    sides = frozenset(access.sides_of(session, actor, meeting))
    guest = "guest" in sides
    if own is None and not sides & {"guest", "coordinator", "admin"}:
        raise NotYours("outcome", f"person {actor.id} may not see what came of meeting {meeting_id}")
    views = {one: outcomes.view(row, actor, meeting, now) for one, row in said.items()}
    return OutcomeCard(
        meeting=cards.meeting(session, meeting, side, actor.id, now=now),
        party=own,
        judge=judge,
        own=views.get(own) if own else None,
        words={one: word for one, word in views.items() if word is not None} if judge and len(said) == 2 else {},
        result=_result(meeting, outcomes.contradicts(said)),
        by=_by(session, meeting),
        points=promises.visible(session, actor, meeting, speaks, guest=guest),
        may_write=own is not None and promises.may_write(session, meeting, own),
    )


def ask_again(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> None:
    """Open the request for a new meeting in place of one that was not held, with what was asked then.

    Raises NotYours, Stale if it was held, LiaisonError("nobody") where a request would reach no one.
    """
    meeting, _ = parties.door(session, actor, meeting_id, "ngo", policy, now=now)
    row = outcomes.said_by(session, meeting.id).get("ngo")
    if meeting.state != "not_held" and (meeting.state != "confirmed" or row is None or row.held == "held"):
        raise Stale(meeting.id, meeting.state)
    body_id = session.get_one(Post, meeting.post_id).body_id
    if not reach.receivers(session, directory.post_of(session, body_id).id, policy, now=now):
        raise LiaisonError("nobody", body=body_id)
    data: dict[str, Any] = {"body": body_id, "topic": meeting.topic, "mode": meeting.mode}
    data |= {"agenda": meeting.agenda or "", **({"phone": meeting.phone} if meeting.phone else {})}
    request_times.propose(session, actor, data, policy, now)
    drafts.open_one(session, actor.id, request_times.KIND, "times", data, now=now)


def _result(meeting: Meeting, contradiction: bool) -> Result:
    if meeting.state == "held":
        return "held"
    if meeting.state == "not_held":
        return "not_held"
    return "contradiction" if contradiction else "open"


def _by(session: Session, meeting: Meeting) -> str | None:
    if meeting.state not in ENDS:
        return None
    ended = select(Step.details).where(Step.meeting_id == meeting.id, Step.action.in_(("hold", "miss")))
    details = session.scalar(ended.order_by(Step.id.desc()).limit(1))
    return details.get("by") if details else None
