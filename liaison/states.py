"""The life of a meeting as one table: in which state who may do what, and what it becomes."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison.errors import LiaisonError
from storage.meetings import Meeting, Step

State = Literal[
    "requested",
    "offered",
    "confirmed",
    "held",
    "not_held",
    "declined",
    "withdrawn",
    "cancelled",
    "expired",
    "redirected",
]
Side = Literal["official", "substitute", "assistant", "representative", "guest", "coordinator", "admin", "system"]

# The sides on which a person may stand, the closest first: in a small office one may stand on several.
SIDES: tuple[Side, ...] = ("official", "substitute", "assistant", "representative", "guest", "coordinator", "admin")
NGO: frozenset[Side] = frozenset({"representative"})
OFFICE: frozenset[Side] = frozenset({"official", "substitute", "assistant", "coordinator", "admin"})
JUDGE: frozenset[Side] = frozenset({"system", "coordinator", "admin"})  # who decides what came of a meeting
SYSTEM: frozenset[Side] = frozenset({"system"})

# (state, action) -> (who may, the state afterwards)
TRANSITIONS: dict[tuple[str, str], tuple[frozenset[Side], State]] = {
    ("requested", "confirm"): (OFFICE, "confirmed"),
    ("requested", "propose"): (OFFICE, "offered"),  # with times of the office's own
    ("requested", "other_times"): (OFFICE, "offered"),  # the NGO is to choose others
    ("requested", "decline"): (OFFICE, "declined"),
    ("requested", "redirect"): (OFFICE, "redirected"),
    ("requested", "new_times"): (NGO, "requested"),  # once none of those offered can be had any more
    ("requested", "withdraw"): (NGO, "withdrawn"),
    ("requested", "expire"): (SYSTEM, "expired"),
    ("offered", "accept"): (NGO, "confirmed"),
    ("offered", "confirm"): (OFFICE, "confirmed"),  # a time of the NGO's that fits after all
    ("offered", "propose"): (OFFICE, "offered"),
    ("offered", "decline"): (OFFICE, "declined"),
    ("offered", "redirect"): (OFFICE, "redirected"),
    ("offered", "new_times"): (NGO, "requested"),
    ("offered", "withdraw"): (NGO, "withdrawn"),
    ("offered", "expire"): (SYSTEM, "expired"),
    ("confirmed", "place"): (OFFICE, "confirmed"),
    ("confirmed", "move"): (NGO, "requested"),
    ("confirmed", "offer_move"): (OFFICE, "offered"),
    ("confirmed", "cancel"): (NGO | OFFICE, "cancelled"),
    ("confirmed", "hold"): (JUDGE, "held"),
    ("confirmed", "miss"): (JUDGE, "not_held"),
}
OPEN = ("requested", "offered")  # an answer is still owed
OVER = ("held", "not_held", "declined", "withdrawn", "cancelled", "expired", "redirected")
# What the office answered can be taken back for a minute by whoever gave it, before anybody else is told.
UNDOABLE = frozenset({"confirm", "propose", "other_times", "decline", "cancel", "offer_move"})
BEFORE_BEGIN = frozenset({"place", "move", "offer_move", "cancel"})  # pointless once the meeting has begun
AFTER_END = frozenset({"hold", "miss"})
_KEPT = ("starts_at", "ends_at", "place", "pin", "round", "held_until")  # what an undo gives back


class Stale(LiaisonError):
    """The meeting is no longer in a state that allows this: show what it is now."""

    def __init__(self, meeting_id: int, state: str) -> None:
        super().__init__("stale", meeting=meeting_id, state=state)
        self.meeting_id = meeting_id


def allowed(state: str, side: Side) -> frozenset[str]:
    """The actions open to one side in a state, whatever the hour."""
    return frozenset(action for (at, action), (who, _) in TRANSITIONS.items() if at == state and side in who)


def may(meeting: Meeting, side: Side, *, now: datetime) -> frozenset[str]:
    """The actions open to one side now: some end when the meeting begins, others begin when it has ended."""
    actions = allowed(meeting.state, side)
    if meeting.starts_at is not None and meeting.starts_at <= now:
        actions -= BEFORE_BEGIN
    if meeting.ends_at is None or meeting.ends_at > now:
        actions -= AFTER_END
    return actions


def advance(
    session: Session,
    meeting: Meeting,
    action: str,
    *,
    actor_id: int | None,
    side: Side,
    now: datetime,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take one step: compare-and-set on the state, raise the revision, write the history.

    ``changes`` are further columns of the meeting; what they replace is kept with the step, for an undo.
    Raises Stale if the table forbids the step or somebody was faster.
    """
    row = TRANSITIONS.get((meeting.state, action))
    if row is None or side not in row[0]:
        raise Stale(meeting.id, meeting.state)
    before, kept = meeting.state, {name: _stamp(getattr(meeting, name)) for name in _KEPT}
    _move(session, meeting, row[1], now, {"undo_until": None, **changes})
    session.add(
        Step(
            meeting_id=meeting.id,
            at=now,
            actor_id=actor_id,
            acted_as=side,
            action=action,
            from_state=before,
            to_state=meeting.state,
            details={**(details or {}), "before": kept},
        )
    )
    session.flush()


def undo(session: Session, meeting: Meeting, *, actor_id: int, side: Side, now: datetime) -> str:
    """Take back the last step, which must be this person's own and not older than ``undo_until``; its action.

    Raises Stale if there is nothing to take back any more.
    """
    last = last_step(session, meeting.id)
    if not undoable(meeting, last, actor_id, now=now) or last is None or last.from_state is None:
        raise Stale(meeting.id, meeting.state)
    before, kept = meeting.state, last.details["before"]
    restored = {name: _unstamp(name, kept[name]) for name in _KEPT}
    _move(session, meeting, last.from_state, now, {"undo_until": None, **restored})
    session.add(
        Step(
            meeting_id=meeting.id,
            at=now,
            actor_id=actor_id,
            acted_as=side,
            action="undo",
            from_state=before,
            to_state=meeting.state,
            details={"undone": last.action},
        )
    )
    session.flush()
    return last.action


def undoable(meeting: Meeting, last: Step | None, actor_id: int, *, now: datetime) -> bool:
    """Whether the last step can be taken back by this person now."""
    if last is None or meeting.undo_until is None or now >= meeting.undo_until:
        return False
    return last.action in UNDOABLE and last.actor_id == actor_id and "before" in last.details


def last_step(session: Session, meeting_id: int) -> Step | None:
    """The newest entry of a meeting's history."""
    return session.scalars(select(Step).where(Step.meeting_id == meeting_id).order_by(Step.id.desc()).limit(1)).first()


def _move(session: Session, meeting: Meeting, after: str, now: datetime, changes: dict[str, Any]) -> None:
    """Compare-and-set: nobody else took a step meanwhile, or Stale."""
    before = meeting.state
    won = session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.state == before, Meeting.rev == meeting.rev)
        .values(state=after, rev=meeting.rev + 1, updated_at=now, **changes)
        .returning(Meeting.id)
    ).first()
    if won is None:
        raise Stale(meeting.id, before)
    session.refresh(meeting)


def _stamp(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _unstamp(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name.endswith(("_at", "_until")) else value
