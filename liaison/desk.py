"""The coordinator's desk: reports of wrong contacts in his regions, and queries that found nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from liaison import report_closing, reports
from liaison.cards import HolderCard
from liaison.errors import NotYours
from liaison.people import Actor
from storage.bodies import Body
from storage.people import Person
from storage.queries import QueryMiss
from storage.reports import ContactReport

WORDS_SHOWN = 5  # lines of reporters on one screen


@dataclass(frozen=True)
class Counts:
    """How much waits at the desk."""

    reports: int
    misses: int


@dataclass(frozen=True)
class Matter:
    """What one or more people report of one body: the oldest of their reports stands for all."""

    report_id: int
    body_id: int
    reason: str
    since: datetime
    reporters: int


@dataclass(frozen=True)
class ReportCard:
    """A matter as the coordinator sees it; the reporters stay unnamed."""

    matter: Matter
    words: tuple[str, ...]
    holder: HolderCard | None  # whom the card names now
    renamed: bool  # the card named somebody else when it was reported
    state: str  # open, corrected, confirmed
    closed_at: datetime | None
    closed_by: str | None  # a name, where it is known
    closed_by_me: bool
    closed_by_person: bool  # and not by a new list
    others: tuple[Matter, ...]  # what else is open at this body


def counts(session: Session, actor: Actor) -> Counts:
    """What waits for this coordinator. Raises NotYours for anybody else."""
    misses = select(func.count()).select_from(QueryMiss).where(QueryMiss.state == "open")
    return Counts(len(open_matters(session, actor)), session.scalar(misses) or 0)


def open_matters(session: Session, actor: Actor) -> tuple[Matter, ...]:
    """The open reports of this coordinator's regions, the oldest first. Raises NotYours for anybody else."""
    must_coordinate(actor)
    return _matters(session, _in_regions(actor))


def report(session: Session, actor: Actor, report_id: int) -> ReportCard:
    """One matter by any of its reports. Raises NotYours where it is not in this coordinator's regions."""
    found = session.get(ContactReport, report_id)
    if found is None or not report_closing.may_close(session, actor, found.body_id):
        raise NotYours("report", f"person {actor.id} may not see report {report_id}")
    here = _matters(session, ContactReport.body_id == found.body_id)
    alone = Matter(found.id, found.body_id, found.reason, found.created_at, 1)
    same = next((each for each in here if _one_matter(each, found)), alone) if found.state == "open" else alone
    closer = session.get(Person, found.closed_by) if found.closed_by else None
    return ReportCard(
        matter=same,
        words=_words(session, found),
        holder=reports.contact(session, found.body_id),
        renamed=found.holder_id != reports.present_holder(session, found.body_id),
        state=found.state,
        closed_at=found.closed_at,
        closed_by=closer.name if closer else None,
        closed_by_me=found.closed_by == actor.id,
        closed_by_person=closer is not None,
        others=tuple(each for each in here if each.report_id != same.report_id),
    )


def oldest_at(session: Session, actor: Actor, body_id: int) -> int:
    """The oldest open report on a body. Raises NotYours where nothing is open or it is not this coordinator's."""
    first = select(ContactReport.id).where(ContactReport.body_id == body_id, ContactReport.state == "open")
    found = session.scalar(first.order_by(ContactReport.created_at, ContactReport.id).limit(1))
    if found is None or not report_closing.may_close(session, actor, body_id):
        raise NotYours("report", f"nothing of body {body_id} waits for person {actor.id}")
    return found


def must_coordinate(actor: Actor) -> None:
    """Raises NotYours for somebody who is no coordinator."""
    if not actor.coordinates:
        raise NotYours("desk", f"person {actor.id} is no coordinator")


def _in_regions(actor: Actor) -> ColumnElement[bool]:
    if actor.admin or None in actor.regions:
        return true()
    return ContactReport.body_id.in_(select(Body.id).where(Body.region_id.in_(actor.regions)))


def _matters(session: Session, where: ColumnElement[bool]) -> tuple[Matter, ...]:
    columns = (ContactReport.id, ContactReport.body_id, ContactReport.reason, ContactReport.created_at)
    rows = session.execute(
        select(*columns)
        .where(where, ContactReport.state == "open")
        .order_by(ContactReport.created_at, ContactReport.id)
    )
    found: dict[tuple[int, str, int], Matter] = {}
    for row in rows:
        key = (row.body_id, row.reason, row.id if row.reason == report_closing.ALONE else 0)
        first = found.get(key)
        reporters = first.reporters + 1 if first else 1
        since, of = (first.since, first.report_id) if first else (row.created_at, row.id)
        found[key] = Matter(of, row.body_id, row.reason, since, reporters)
    return tuple(found.values())


def _one_matter(each: Matter, found: ContactReport) -> bool:
    return each.report_id == found.id or (each.reason == found.reason and found.reason != report_closing.ALONE)


def _words(session: Session, found: ContactReport) -> tuple[str, ...]:
    if found.reason == report_closing.ALONE or found.state != "open":
        return (found.words,) if found.words else ()
    same = select(ContactReport.words).where(
        ContactReport.body_id == found.body_id,
        ContactReport.reason == found.reason,
        ContactReport.state == "open",
        ContactReport.words.is_not(None),
    )
    order = (ContactReport.created_at, ContactReport.id)
    return tuple(words for words in session.scalars(same.order_by(*order).limit(WORDS_SHOWN)) if words)
