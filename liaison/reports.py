"""A contact that is wrong: who saw it says so on the card, the coordinators of the region look at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from liaison import answers, cards, directory, drafts, notices, people, reach, report_closing
from liaison.cards import HolderCard
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from storage.drafts import Draft
from storage.people import Person
from storage.posts import Holder, Post
from storage.reports import ContactReport

KIND = "report"  # of the draft
REASONS = ("person", "phone", "email", "other")
NEEDS_WORDS = report_closing.ALONE  # "something else" says nothing without words
STEPS = ("consent", "words")
A_DAY = 5  # reports of one person
WORDS_LENGTH = 300
RINGS_AGAIN = timedelta(days=1)  # further reports on a body with open ones stay silent for so long


@dataclass(frozen=True)
class OwnReport:
    """A person's report as he sees it."""

    id: int
    body_id: int
    reason: str
    state: str  # open, corrected, confirmed
    created_at: datetime


@dataclass(frozen=True)
class Standing:
    """What a person may still report about a body."""

    open: OwnReport | None  # the one that waits
    resets_at: datetime | None  # set when today's reports are used up: when one may report again


def standing(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> Standing:
    """Whether this person may report the contact of a body now. Raises NotYours for a body that is not there."""
    directory.post_of(session, body_id)
    return Standing(_open_one(session, actor.id, body_id), _resets_at(session, actor.id, policy, now))


def ask(session: Session, actor: Actor, body_id: int, reason: str, policy: Policy, *, now: datetime) -> DraftCard:
    """Keep the reason and ask for a line; words of one's own need the consent first.

    Raises NotYours for what is no body or no reason, LiaisonError("reported") or ("reports-a-day").
    """
    if reason not in REASONS:
        raise NotYours("report", f"no reason {reason!r}")
    directory.post_of(session, body_id)
    _may_report(session, actor, body_id, policy, now)
    step = "words" if actor.consented else "consent"
    draft = drafts.open_one(session, actor.id, KIND, step, {"body": body_id, "reason": reason}, now=now)
    return drafts.card(draft, now=now)


def agree(session: Session, actor: Actor, key: str, *, now: datetime) -> None:
    """Keep the consent and ask for the line. Raises LiaisonError("out-of-step")."""
    draft = _lock(session, actor, key, "consent")
    people.consent(session, actor, now=now)
    drafts.move(draft, "words", draft.data, now=now)


def send(session: Session, actor: Actor, key: str, words: str, policy: Policy, *, now: datetime) -> int:
    """Report, with a line of one's own or (empty) without; the report's id.

    Raises LiaisonError: "out-of-step", "too-long", "too-short" for something else without words, "reported",
    "reports-a-day".
    """
    draft = _lock(session, actor, key, "words" if words else None)
    body_id, reason = int(draft.data["body"]), str(draft.data["reason"])
    said = answers.line(words, most=WORDS_LENGTH) if words or reason == NEEDS_WORDS else None
    # The reporter's own reports come one after the other, and so do those on one body, so that one of them rings.
    session.execute(select(Person.id).where(Person.id == actor.id).with_for_update(key_share=True))
    post_id = directory.post_of(session, body_id).id
    session.execute(select(Post.id).where(Post.id == post_id).with_for_update())
    _may_report(session, actor, body_id, policy, now)
    report = ContactReport(
        body_id=body_id,
        holder_id=present_holder(session, body_id),
        reporter_id=actor.id,
        reason=reason,
        words=said,
        state="open",
        created_at=now,
    )
    session.add(report)
    session.delete(draft)
    session.flush()
    _ring(session, report, policy, now)
    return report.id


def own(session: Session, actor: Actor, report_id: int) -> OwnReport:
    """A person's own report. Raises NotYours."""
    report = session.get(ContactReport, report_id)
    if report is None or report.reporter_id != actor.id:
        raise NotYours("report", f"report {report_id} is not of person {actor.id}")
    return _own(report)


def contact(session: Session, body_id: int) -> HolderCard | None:
    """What the card of a body says now; also of an abolished one, whose reports outlive it."""
    post_id = session.scalar(select(Post.id).where(Post.body_id == body_id))
    return None if post_id is None else cards.holder(session, post_id)


def present_holder(session: Session, body_id: int) -> int | None:
    """The id of whom the card of a body names now."""
    held = select(Holder.id).join(Post, Post.id == Holder.post_id).where(Post.body_id == body_id)
    return session.scalar(held.where(Holder.until.is_(None)).order_by(Holder.id.desc()).limit(1))


def _lock(session: Session, actor: Actor, key: str, step: str | None) -> Draft:
    try:
        return drafts.lock(session, actor.id, KIND, key, None, step)
    except OutOfStep as late:  # the buttons carry their body, whose page shows how things stand
        raise LiaisonError(late.code) from late


def _may_report(session: Session, actor: Actor, body_id: int, policy: Policy, now: datetime) -> None:
    if _open_one(session, actor.id, body_id) is not None:
        raise LiaisonError("reported")
    resets_at = _resets_at(session, actor.id, policy, now)
    if resets_at is not None:
        raise LiaisonError("reports-a-day", most=A_DAY, at=resets_at)


def _open_one(session: Session, person_id: int, body_id: int) -> OwnReport | None:
    found = session.scalars(
        select(ContactReport)
        .where(ContactReport.reporter_id == person_id, ContactReport.body_id == body_id, ContactReport.state == "open")
        .limit(1)
    ).first()
    return None if found is None else _own(found)


def _resets_at(session: Session, person_id: int, policy: Policy, now: datetime) -> datetime | None:
    """The next midnight on the country's clock if today's reports are used up."""
    midnight = now.astimezone(policy.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    today = select(func.count()).where(ContactReport.reporter_id == person_id, ContactReport.created_at >= midnight)
    return midnight + timedelta(days=1) if (session.scalar(today) or 0) >= A_DAY else None


def _ring(session: Session, report: ContactReport, policy: Policy, now: datetime) -> None:
    """Tell the coordinators, unless they were told of an open report on this body within a day."""
    times = session.execute(
        select(ContactReport.id, ContactReport.created_at)
        .where(ContactReport.body_id == report.body_id, ContactReport.state == "open")
        .order_by(ContactReport.created_at, ContactReport.id)
    ).all()
    rang = times[0]
    for each in times[1:]:
        if each.created_at - rang.created_at >= RINGS_AGAIN:
            rang = each
    if rang.id != report.id:
        return
    for keeper in reach.keepers(session, report.body_id, policy):
        notices.owe(
            session,
            key=f"report:body{report.body_id}:{report.id}",
            kind=report_closing.RINGS,
            recipient_id=keeper.person_id,
            due_at=now,
            body=report.body_id,
        )


def _own(report: ContactReport) -> OwnReport:
    return OwnReport(report.id, report.body_id, report.reason, report.state, report.created_at)
