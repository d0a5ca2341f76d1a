"""Another person holds a post: the former one's access and deputies end, what is open stays and finds the new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from liaison import deputies, directory, notices, stand_ins, standing_in, states
from liaison.deputy_days import SUBSTITUTE, not_over
from liaison.errors import NotYours
from liaison.list_matching import fold
from liaison.people import Actor
from liaison.policy import Policy
from liaison.standing_in import Affected
from storage.meetings import Meeting
from storage.outcomes import Promise
from storage.people import Invitation, Person
from storage.posts import Deputy, Holder, Post

OVER = "duty_over"  # kind of the notice to a former official
SUCCESSOR = "successor"  # kind of the invitation by which an official is followed
UNKEPT = ("proposed", "agreed")  # states of a promise that is not done yet


@dataclass(frozen=True)
class Brief:
    """What a new official finds."""

    body_id: int
    requests: int
    meetings: int
    promises: int

    @property
    def anything(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.requests or self.meetings or self.promises)


@dataclass(frozen=True)
class Change:
    """A change of the official as an NGO is told it, with what it has open there."""

    body_id: int
    official: str | None
    meetings: tuple[Affected, ...]


def changed(session: Session, body_id: int, policy: Policy, *, by: int | None, now: datetime) -> None:
    """Holders of a post were ended just now, or somebody was named: nothing of what is open is lost.

    Deputies end with the official who chose them, his own standing in for others too, and the link for a successor.
    ``by`` is the person who did it, None for the command line. NGOs are told of another name, once, and so is the
    official whose duty has ended.
    """
    session.flush()
    post_id = session.scalars(select(Post.id).where(Post.body_id == body_id)).one()
    ended = select(Holder).where(Holder.post_id == post_id, Holder.until == now)
    formers = session.scalars(ended.order_by(Holder.id)).all()
    if formers:
        end_deputies(session, post_id, policy, by=by, now=now)
        for former in formers:
            _end_standing_in(session, former.person_id, policy, by=by, now=now)
    standing_in.hand_on(session, post_id, policy, now=now)
    present, before = _newest(session, post_id, present=True), _newest(session, post_id, present=False)
    gone = [one for one in formers if present is None or fold(present.full_name) != fold(one.full_name)]
    if gone:
        _forget_room(session, post_id)
    for former in gone:
        _tell_former(session, former, now)
    if present and before and fold(present.full_name) != fold(before.full_name):
        _tell_ngos(session, post_id, present, now)


def bound(session: Session, post: Post, holder: Holder, policy: Policy, *, former: int | None, now: datetime) -> None:
    """An official has joined: he gets each request, before them a brief if he follows another, who is out at once."""
    session.flush()
    if former is not None and former != holder.person_id:
        end_deputies(session, post.id, policy, by=holder.person_id, now=now)
        _forget_room(session, post.id)
        _end_standing_in(session, former, policy, by=holder.person_id, now=now)
    follows = former is not None or _newest(session, post.id, present=False) is not None
    if follows and holder.person_id is not None and _count(session, post, now).anything:
        notices.owe(
            session,
            key=f"holder:{holder.id}:brief",
            kind="brief",
            recipient_id=holder.person_id,
            due_at=now,
            place=f"bf:{post.body_id}",
        )
    notices.waiting_for(session, post.id, holder, policy, now=now)
    standing_in.reminders_anew(session, post.id, policy, now=now)


def end_deputies(session: Session, post_id: int, policy: Policy, *, by: int | None, now: datetime) -> None:
    """End all substitutes and assistants of a post, and the links for a successor that its official made."""
    live = select(Deputy).where(Deputy.post_id == post_id, not_over(now.astimezone(policy.zone).date()))
    deputies.finish(session, session.scalars(live.order_by(Deputy.id)).all(), policy, by=by, now=now)
    links = update(Invitation).where(Invitation.post_id == post_id, Invitation.kind == SUCCESSOR)
    session.execute(links.where(Invitation.used_at.is_(None), Invitation.expires_at > now).values(expires_at=now))


def brief(session: Session, actor: Actor, body_id: int, *, now: datetime) -> Brief:
    """What waits at a post, for its official. Raises NotYours for anybody else."""
    post = directory.post_of(session, body_id)
    if post.id not in actor.posts:
        raise NotYours("brief", f"person {actor.id} does not hold the post of body {body_id}")
    return _count(session, post, now)


def told(session: Session, actor: Actor, body_id: int, *, now: datetime) -> Change:
    """What an NGO has open at a post that somebody else holds now. Raises NotYours where there is nothing."""
    post = directory.post_of(session, body_id)
    here = _open(session, post.id, now)
    found = [one for one in here if actor.id in {who for who, _ in notices.ngo_side(session, one)}]
    if not found:
        raise NotYours("change", f"person {actor.id} has nothing open at body {body_id}")
    return Change(body_id, stand_ins.official_name(session, post.id), standing_in.affected(found))


def over(session: Session, actor: Actor, holder_id: int) -> int:
    """The body for which the reader was the official once. Raises NotYours for anybody else."""
    holder = session.get(Holder, holder_id)
    if holder is None or holder.person_id != actor.id or holder.until is None:
        raise NotYours("duty", f"person {actor.id} is not the former holder {holder_id}")
    return session.scalars(select(Post.body_id).where(Post.id == holder.post_id)).one()


def _forget_room(session: Session, post_id: int) -> None:
    """The room for online meetings may be the former official's own."""
    session.execute(update(Post).where(Post.id == post_id).values(online_link=None))


def _tell_former(session: Session, former: Holder, now: datetime) -> None:
    """Thank an official whose duty has ended, if he used the bot, can be reached and did not get the post again."""
    if former.person_id is None or session.get_one(Person, former.person_id).unreachable_since is not None:
        return
    again = select(Holder.id).where(Holder.post_id == former.post_id, Holder.person_id == former.person_id)
    if session.scalar(again.where(Holder.until.is_(None)).limit(1)) is None:
        key, place = f"holder:{former.id}:over", f"ov:{former.id}"
        notices.owe(session, key=key, kind=OVER, recipient_id=former.person_id, due_at=now, place=place)


def _end_standing_in(session: Session, person_id: int | None, policy: Policy, *, by: int | None, now: datetime) -> None:
    """Who was asked to stand in for others as an official does so no more, once he is none."""
    still = select(Holder.id).where(Holder.person_id == person_id, Holder.until.is_(None)).limit(1)
    if person_id is None or session.scalar(still) is not None:
        return
    chosen = select(Deputy).where(Deputy.person_id == person_id, Deputy.kind == SUBSTITUTE, Deputy.digest.is_(None))
    rows = session.scalars(chosen.where(not_over(now.astimezone(policy.zone).date())).order_by(Deputy.id)).all()
    deputies.finish(session, rows, policy, by=by, now=now)


def _tell_ngos(session: Session, post_id: int, holder: Holder, now: datetime) -> None:
    body_id = session.scalars(select(Post.body_id).where(Post.id == post_id)).one()
    sides = (notices.ngo_side(session, one) for one in _open(session, post_id, now))
    for person_id in dict.fromkeys(person_id for side in sides for person_id, _ in side):
        notices.owe(
            session,
            key=f"holder:{holder.id}:changed",
            kind="holder_changed",
            recipient_id=person_id,
            due_at=now,
            place=f"nh:{body_id}",
        )


def _open(session: Session, post_id: int, now: datetime) -> list[Meeting]:
    coming = (Meeting.state == "confirmed") & (Meeting.starts_at > now)
    found = select(Meeting).where(Meeting.post_id == post_id, Meeting.state.in_(states.OPEN) | coming)
    return list(session.scalars(found.order_by(Meeting.starts_at.nulls_last(), Meeting.id)))


def _count(session: Session, post: Post, now: datetime) -> Brief:
    found = _open(session, post.id, now)
    promises = select(func.count()).select_from(Promise).join(Meeting, Meeting.id == Promise.meeting_id)
    promises = promises.where(Meeting.post_id == post.id, Promise.state.in_(UNKEPT))
    return Brief(
        body_id=post.body_id,
        requests=sum(one.state != "confirmed" for one in found),
        meetings=sum(one.state == "confirmed" for one in found),
        promises=session.scalar(promises) or 0,
    )


def _newest(session: Session, post_id: int, *, present: bool) -> Holder | None:
    """The official named last of those who hold a post, or of those who held it once."""
    when = Holder.until.is_(None) if present else Holder.until.is_not(None)
    found = select(Holder).where(Holder.post_id == post_id, when)
    return session.scalars(found.order_by(Holder.until.desc(), Holder.id.desc()).limit(1)).first()
