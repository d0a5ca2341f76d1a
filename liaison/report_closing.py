"""How reports of wrong contacts end: by a coordinator's word or by another naming; each reporter is told once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import access, notices, records
from liaison.errors import LiaisonError, NotYours
from liaison.list_matching import fold
from liaison.people import Actor
from storage.notices import Notice
from storage.posts import Holder, Post
from storage.reports import ContactReport

RINGS = "report"  # the kind of the notice to coordinators
ANSWERS = "report_answer"  # the kind of the notice to the reporter
ALONE = "other"  # each of these is a matter of its own

Outcome = Literal["corrected", "confirmed"]


def may_close(session: Session, actor: Actor, body_id: int) -> bool:
    """Whether this person keeps the list in which the body stands."""
    if actor.admin:
        return True
    post_id = session.scalar(select(Post.id).where(Post.body_id == body_id))
    return post_id is not None and access.coordinates(session, actor, post_id)


def close(session: Session, actor: Actor, report_id: int, outcome: Outcome, *, now: datetime) -> None:
    """[Corrected] or [The contact is right]: ends the report, and with it the others that say the same of this body.

    Compare-and-set: of two coordinators the second gets LiaisonError("stale"). Raises NotYours.
    """
    report = session.get(ContactReport, report_id)
    if report is None or not may_close(session, actor, report.body_id):
        raise NotYours("report", f"person {actor.id} may not close report {report_id}")
    if outcome not in ("corrected", "confirmed"):
        raise NotYours("report", f"no outcome {outcome!r}")
    same = ContactReport.id == report.id
    if report.reason != ALONE:
        same = (ContactReport.body_id == report.body_id) & (ContactReport.reason == report.reason)
    # The post's row is where all that changes its contact takes turns: reports, closings, a naming.
    session.execute(select(Post.id).where(Post.body_id == report.body_id).with_for_update())
    if session.scalar(select(ContactReport.state).where(ContactReport.id == report_id)) != "open":
        raise LiaisonError("stale")
    ids = session.scalars(
        select(ContactReport.id).where(same, ContactReport.state == "open").order_by(ContactReport.id)
    ).all()
    _end(session, ids, outcome, actor.id, now)
    _settled(session, report.body_id)
    details = {"body": report.body_id, "reason": report.reason, "outcome": outcome, "reports": list(ids)}
    records.audit(session, actor.id, "report-closed", details, now=now)


def named(
    session: Session, body_id: int, formers: Iterable[Holder], holder: Holder, by: int | None, *, now: datetime
) -> None:
    """An official was named in place of others: what that changed is put right."""
    reasons = {"person", "phone", "email"}
    for former in formers:
        same = {
            "person": fold(former.full_name) == fold(holder.full_name),
            "phone": former.phones == holder.phones,
            "email": former.emails == holder.emails,
        }
        reasons -= {reason for reason, unchanged in same.items() if unchanged}
    corrected(session, body_id, reasons, by, now=now)


def corrected(session: Session, body_id: int, reasons: Collection[str], by: int | None, *, now: datetime) -> None:
    """The card was changed where these reasons say it was wrong: what was reported for them is put right.

    ``by`` is the person who did it, None for the command line.
    """
    found = select(ContactReport.id).where(
        ContactReport.body_id == body_id, ContactReport.state == "open", ContactReport.reason.in_(reasons)
    )
    ids = session.scalars(found.order_by(ContactReport.id)).all()
    if not ids:
        return
    _end(session, ids, "corrected", by, now)
    _settled(session, body_id)
    records.audit(session, by, "report-closed", {"body": body_id, "outcome": "named", "reports": list(ids)}, now=now)


def _end(session: Session, ids: Collection[int], outcome: Outcome, by: int | None, now: datetime) -> None:
    ended = session.execute(
        update(ContactReport)
        .where(ContactReport.id.in_(ids), ContactReport.state == "open")
        .values(state=outcome, closed_at=now, closed_by=by)
        .returning(ContactReport.id, ContactReport.reporter_id)
    )
    for report_id, reporter_id in sorted((row.id, row.reporter_id) for row in ended):
        if reporter_id != by:  # who acted has seen it himself
            notices.owe(
                session,
                key=f"report:{report_id}:answer",
                kind=ANSWERS,
                recipient_id=reporter_id,
                due_at=now,
                report=report_id,
            )


def _settled(session: Session, body_id: int) -> None:
    """What coordinators are still to be told of a body is pointless once nothing is open there."""
    remains = select(ContactReport.id).where(ContactReport.body_id == body_id, ContactReport.state == "open").limit(1)
    if session.scalar(remains) is None:
        session.execute(
            update(Notice)
            .where(Notice.kind == RINGS, Notice.state == "owed", Notice.key.like(f"report:body{body_id}:%"))
            .values(state="dropped", reason="the reports are closed")
        )
