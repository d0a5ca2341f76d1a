"""What must hold after every step, whatever happened before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import reach
from liaison.states import OPEN, TRANSITIONS, UNDOABLE
from storage.meetings import Meeting, Step
from storage.notices import Notice
from storage.people import Person, Role
from storage.posts import Deputy, Holder
from storage.schema import Table
from tests.liaison.machine_town import RULES

# Which notices about a meeting may be owed in which state. What is asked or told after the end fits "confirmed" too.
FITS = {
    "request": {"requested"},
    "moving": {"requested"},
    "offered": {"offered"},
    "still_wanted": {"requested", "offered"},
    "confirmed": {"confirmed"},
    "place": {"confirmed"},
    "remind": {"confirmed"},
    "outcome": {"confirmed"},
    "declined": {"declined"},
    "withdrawn": {"withdrawn"},
    "cancelled": {"cancelled"},
    "expired": {"expired"},
    "redirected": {"redirected"},
    "calendar_off": {"declined", "withdrawn", "cancelled", "expired"},
}
# The answer that a state stands for: the steps that lead to it, and the notice that tells it.
ANSWER = {
    "requested": ({"request", "new_times", "move"}, "request"),
    "confirmed": ({"confirm", "accept"}, "confirmed"),
    "offered": ({"propose", "other_times", "offer_move"}, "offered"),
    "declined": ({"decline"}, "declined"),
    "cancelled": ({"cancel"}, "cancelled"),
    "expired": ({"expire"}, "expired"),
    "redirected": ({"redirect"}, "redirected"),
}


@dataclass
class Life:
    """A meeting with its history and its notices. ``standing`` are the steps that were not taken back, with the
    revision that each made."""

    meeting: Any  # rows of the tables
    steps: list[Any]
    notices: list[Any]
    standing: list[tuple[int, Any]] = field(default_factory=list)

    def base(self, actions: set[str]) -> tuple[int, Any] | None:
        """The newest step of these that stands."""
        return next((one for one in reversed(self.standing) if one[1].action in actions), None)

    def told(self, kind: str, person_id: int, since: int) -> int:
        """How often a person was sent a notice of a kind about a revision since that one."""
        return sum(
            one.state == "sent" and one.kind == kind and one.recipient_id == person_id and one.details["rev"] >= since
            for one in self.notices
        )


def lives(session: Session) -> list[Life]:
    """All meetings, replayed."""
    found = [Life(meeting, [], []) for meeting in _rows(session, Meeting)]
    by_id = {life.meeting.id: life for life in found}
    for step in _rows(session, Step):
        by_id[step.meeting_id].steps.append(step)
    for notice in _rows(session, Notice):
        if notice.meeting_id is not None:
            by_id[notice.meeting_id].notices.append(notice)
    for life in found:
        replay(life)
    return found


def _rows(session: Session, table: type[Table]) -> Sequence[Any]:
    """All rows of a table in the order in which they were written, as plain tuples: this runs after every act."""
    kept = table.__table__
    return session.execute(select(kept).order_by(kept.c.id)).all()


def replay(life: Life) -> None:
    """History explains the state: each step is one of the table's, or takes back the one before it in time."""
    for rev, step in enumerate(life.steps, start=1):
        before = life.standing[-1][1] if life.standing else None
        assert step.from_state == (before.to_state if before else None)
        if step.action == "undo":
            undone = life.standing.pop()[1]
            assert undone is life.steps[rev - 2], "only the last step can be taken back"
            assert undone.action in UNDOABLE and undone.actor_id == step.actor_id
            assert step.at < undone.at + RULES.undo
            assert step.to_state == (life.standing[-1][1].to_state if life.standing else None)
            continue
        if before is not None:
            who, after = TRANSITIONS[step.from_state or "", step.action]
            assert (step.acted_as in who, step.to_state) == (True, after)
        else:
            assert (step.action, step.to_state) == ("request", "requested")
        life.standing.append((rev, step))
    assert (life.meeting.state, life.meeting.rev) == (life.standing[-1][1].to_state, len(life.steps))


def always(session: Session, now: datetime) -> None:
    """The laws that hold at any moment. AssertionError names the meeting."""
    found, everybody = lives(session), answerers(session, now)
    no_double_booking([life.meeting for life in found if life.meeting.state == "confirmed"])
    for life in found:
        where = f"{life.meeting.number} is {life.meeting.state}, {[step.action for step in life.steps]}"
        assert list(unfit(life)) == [], where
        assert list(told_of_what_was_undone(life)) == [], where
        assert list(told_twice(life)) == [], where
        assert reminders_of_the_ngo(life, now) == [], where
        if life.meeting.state in OPEN:
            one_is_responsible(session, life.meeting, everybody, now)


def when_calm(session: Session, now: datetime, there: set[int]) -> None:
    """The laws that hold once all that is due has gone out: everybody knows the present answer.

    ``there`` are those who were always in reach: what was sent to another's post meanwhile is told to nobody twice.
    """
    away = set(session.scalars(select(Person.id).where(Person.unreachable_since.is_not(None))))
    for life in lives(session):
        meeting = life.meeting
        where = f"{meeting.number} is {meeting.state}, {[step.action for step in life.steps]}"
        assert [one.key for one in life.notices if one.state == "owed" and one.due_at <= now] == [], where
        actions, kind = ANSWER.get(meeting.state, (set(), ""))
        base = life.base(actions)
        if base is None:
            continue
        rev, step = base
        if meeting.state == "requested":
            answering = reach.responsible(session, meeting.post_id, RULES, now=now)
            if answering is not None and answering.side in ("official", "substitute") and answering.person_id in there:
                assert life.told(kind, answering.person_id, rev) == 1, f"{answering} does not know: {where}"
        elif meeting.requester_id not in away and (step.action == "accept" or step.actor_id != meeting.requester_id):
            assert life.told(kind, meeting.requester_id, rev) == 1, f"the NGO does not know: {where}"
        if meeting.state == "confirmed" and meeting.requester_id not in away:
            place = life.base({"place"})
            if place is not None and place[0] > rev:
                told = life.told("place", meeting.requester_id, place[0])
                told += life.told("confirmed", meeting.requester_id, place[0])
                assert told == 1, f"the NGO does not know the place: {where}"


def no_double_booking(confirmed: list[Any]) -> None:
    """No post and no organisation is in two places at once."""
    for one, other in combinations(confirmed, 2):
        if one.post_id == other.post_id or one.organisation_id == other.organisation_id:
            assert one.starts_at and one.ends_at and other.starts_at and other.ends_at
            apart = one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
            assert apart, f"{one.number} and {other.number} overlap"


def unfit(life: Life) -> Iterator[str]:
    """What is owed about an earlier revision, or does not fit the state."""
    for one in life.notices:
        if one.state == "owed" and one.kind in FITS:
            about = ("round", life.meeting.round) if one.kind == "still_wanted" else ("rev", life.meeting.rev)
            if life.meeting.state not in FITS[one.kind] or one.details.get(about[0]) != about[1]:
                yield f"{one.key} {one.kind}"


def told_of_what_was_undone(life: Life) -> Iterator[str]:
    """What was sent about a step that was taken back, to others than whoever took it."""
    for rev, step in enumerate(life.steps, start=1):
        if step.action == "undo":
            undone = life.steps[rev - 2]
            for one in life.notices:
                if one.state == "sent" and one.details.get("rev") == rev - 1 and one.recipient_id != undone.actor_id:
                    yield one.key


def told_twice(life: Life) -> Iterator[str]:
    """The same answer sent twice to the same person."""
    for actions, kind in ANSWER.values():
        revisions = [rev for rev, step in life.standing if step.action in actions]
        sent: Counter[tuple[int, int]] = Counter()
        for one in life.notices:
            if one.kind == kind and one.state == "sent":
                base = max((rev for rev in revisions if rev <= one.details["rev"]), default=0)
                sent[base, one.recipient_id] += 1
        yield from (f"{kind} of {base} to {who}" for (base, who), count in sent.items() if count > 1)


def reminders_of_the_ngo(life: Life, now: datetime) -> list[str]:
    """Reminders are owed to the NGO exactly for a confirmed meeting that has not begun: one for each span to come."""
    meeting = life.meeting
    owed = sorted(
        one.due_at
        for one in life.notices
        if one.kind == "remind" and one.state == "owed" and one.recipient_id == meeting.requester_id
    )
    to_come: list[datetime] = []
    if meeting.state == "confirmed" and meeting.starts_at is not None:
        to_come = sorted(meeting.starts_at - span for span in RULES.reminders_before)
    wanting = [f"no reminder at {at}" for at in to_come if at > now and at not in owed and at > _planned_from(life)]
    return wanting + [f"a reminder at {at}" for at in owed if at not in to_come]


def _planned_from(life: Life) -> Any:
    """A reminder due before the answer can be told is not planned."""
    return life.standing[-1][1].at + RULES.undo


def answerers(session: Session, now: datetime) -> tuple[set[tuple[int, int]], set[int]]:
    """Who can be reached and answer: pairs of post and person, and those who may answer everywhere."""
    there = Person.unreachable_since.is_(None)
    held = select(Holder.post_id, Holder.person_id).join(Person, Person.id == Holder.person_id)
    deputies = select(Deputy.post_id, Deputy.person_id).join(Person, Person.id == Deputy.person_id)
    today = now.astimezone(RULES.zone).date()
    serving = (Deputy.state == "accepted") & (Deputy.from_day <= today) & (Deputy.until_day >= today)
    posts = [(post, who) for post, who in session.execute(held.where(there, Holder.until.is_(None)))]
    assert len({post for post, _ in posts}) == len(posts), "one official holds a post"
    posts += [(post, who) for post, who in session.execute(deputies.where(there, serving))]
    anywhere = select(Role.person_id).join(Person, Person.id == Role.person_id).where(there, Role.until.is_(None))
    return {(post, who) for post, who in posts if who}, set(session.scalars(anywhere))


def one_is_responsible(
    session: Session, meeting: Any, answering: tuple[set[tuple[int, int]], set[int]], now: datetime
) -> None:
    """Where anybody who may answer can be reached, exactly one owes the answer, and he may give it."""
    receivers = [one.person_id for one in reach.receivers(session, meeting.post_id, RULES, now=now)]
    able = {who for post, who in answering[0] if post == meeting.post_id} | answering[1]
    assert len(set(receivers)) == len(receivers)
    assert bool(able) == bool(receivers), f"{meeting.number}: {able} could answer, {receivers} are asked"
    assert set(receivers) <= able, f"{meeting.number}: {able} may answer, {receivers} are asked"
