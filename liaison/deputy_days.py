"""The days on which somebody stands in, and whether he can: nobody stands in while he is away himself."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from liaison import cards, stand_ins
from liaison.errors import LiaisonError
from storage.inserts import insert_if_absent
from storage.posts import Deputy, Holder, Post
from storage.records import Counter

SUBSTITUTE, ASSISTANT = "substitute", "assistant"
LIVE = ("asked", "accepted")
LONGEST = timedelta(days=366)

Days = tuple[date, date]  # from and until, both included, on the country's calendar


def refuse_dates(days: Days, today: date) -> None:
    """Raises LiaisonError("bad-dates") for days that are past, backwards or longer than a year."""
    if not (today <= days[0] <= days[1] <= days[0] + LONGEST) or days[0] > today + LONGEST:
        raise LiaisonError("bad-dates")


def refuse_unfit(session: Session, post_id: int, person_id: int, days: Days) -> None:
    """Why a person cannot stand in: LiaisonError("deputy-self"), or ("deputy-away", name=…, until=…) if he is away."""
    if person_id in officials(session, post_id):
        raise LiaisonError("deputy-self")
    own = select(Holder.post_id).where(Holder.person_id == person_id, Holder.until.is_(None))
    away = select(Deputy).where(Deputy.post_id.in_(own), Deputy.state.in_(LIVE), _overlap(days))
    found = session.scalars(away.order_by(Deputy.until_day.desc()).limit(1)).first()
    if found is not None:
        name = stand_ins.person_name(session, person_id) or ""
        raise LiaisonError("deputy-away", name=name, until=found.until_day)


def one_at_a_time(session: Session, post_id: int) -> None:
    """Deputies are named one after the other, lest two at once close a loop; then the post's row, for its requests."""
    insert_if_absent(session, Counter, name="deputies", value=0)
    session.execute(update(Counter).where(Counter.name == "deputies").values(value=Counter.value + 1))
    session.execute(select(Post.id).where(Post.id == post_id).with_for_update())


def refuse_leave(session: Session, post: Post, days: Days) -> None:
    """Why an official cannot be away on these days: LiaisonError("not-bound") for a post that nobody has joined,
    ("leave-overlaps", since=…, until=…), or ("stands-in", name=…, until=…) if he stands in for another."""
    away = officials(session, post.id)
    if not away:
        raise LiaisonError("not-bound")
    there = session.scalars(live(post.id, days).where(Deputy.state == "accepted").limit(1)).first()
    if there is not None:
        raise LiaisonError("leave-overlaps", since=there.from_day, until=there.until_day)
    serving = select(Deputy).where(Deputy.person_id.in_(away), Deputy.state == "accepted", _overlap(days))
    elsewhere = session.scalars(serving.order_by(Deputy.until_day.desc()).limit(1)).first()
    if elsewhere is not None:
        holder = cards.holder(session, elsewhere.post_id)
        raise LiaisonError("stands-in", name=holder.full_name if holder else "", until=elsewhere.until_day)


def officials(session: Session, post_id: int) -> list[int]:
    """Who is bound to a post."""
    held = select(Holder.person_id).where(Holder.post_id == post_id, Holder.until.is_(None))
    return [one for one in session.scalars(held) if one is not None]


def live(post_id: int, days: Days) -> Select[Deputy]:
    """The substitutes of a post, asked or accepted, on any of these days."""
    return select(Deputy).where(Deputy.post_id == post_id, Deputy.state.in_(LIVE), _overlap(days)).order_by(Deputy.id)


def not_over(today: date) -> ColumnElement[bool]:
    """Deputies who are asked or have agreed, and whose days are not all past."""
    return Deputy.state.in_(LIVE) & (Deputy.until_day.is_(None) | (Deputy.until_day >= today))


def _overlap(days: Days) -> ColumnElement[bool]:
    return (Deputy.kind == SUBSTITUTE) & (Deputy.from_day <= days[1]) & (Deputy.until_day >= days[0])


def of(row: Deputy) -> Days:
    """The days of a substitute."""
    if row.from_day is None or row.until_day is None:
        raise ValueError(f"substitute {row.id} has no days")
    return row.from_day, row.until_day
