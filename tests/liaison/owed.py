"""Invented people, a meeting between them and notices owed to them, for the tests of the queue and its delivery."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from liaison.calendar import WorkingCalendar
from liaison.policy import Policy
from storage.bodies import Body
from storage.meetings import Meeting
from storage.notices import Notice
from storage.people import Organisation, Person, Role
from storage.posts import Holder, Post

ADMIN = 900  # Telegram id
POLICY = Policy(
    zone=ZoneInfo("Asia/Almaty"),
    calendar=WorkingCalendar(),
    hours=((time(9), time(13)),),
    undo=timedelta(),  # the other side is told at once; the tests of taking back have a policy of their own
    admins=frozenset({ADMIN}),
)
NOW = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)  # the calendar's clock
MACHINE = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # the machine's; a week apart, so that no test mixes them up


def person(session: Session, /, telegram_id: int, language: str | None = "en", **values: Any) -> int:
    """Write down a person and return the id."""
    row = Person(telegram_id=telegram_id, language=language, created_at=NOW, **values)
    session.add(row)
    session.flush()
    return row.id


def official(session: Session, post_id: int, telegram_id: int) -> int:
    """Bind a person to a post; the person's id."""
    person_id = person(session, telegram_id)
    session.add(Holder(post_id=post_id, full_name="Sample Official", person_id=person_id, created_at=NOW))
    return person_id


def coordinator(session: Session, telegram_id: int) -> int:
    """A coordinator of the whole country; the person's id."""
    person_id = person(session, telegram_id)
    session.add(Role(person_id=person_id, kind="coordinator", created_at=NOW))
    return person_id


def meeting(session: Session, requester_id: int, **values: Any) -> Meeting:
    """A request to a post of its own."""
    body = Body(code=f"sample-{requester_id}", level="central")
    organisation = Organisation(name="Sample NGO", created_at=NOW)
    session.add_all([body, organisation])
    session.flush()
    post = Post(body_id=body.id)
    session.add(post)
    session.flush()
    given: dict[str, Any] = {"state": "requested", "rev": 1, **values}
    row = Meeting(
        number=f"UKL-26-{requester_id:06d}",
        draft_key=f"sample-{requester_id}",
        post_id=post.id,
        organisation_id=organisation.id,
        requester_id=requester_id,
        topic="other",
        mode="phone",
        created_at=NOW,
        updated_at=NOW,
        **given,
    )
    session.add(row)
    session.flush()
    return row


def notice(session: Session, recipient_id: int, key: str, **values: Any) -> int:
    """Something owed, due now unless told otherwise; the id."""
    given: dict[str, Any] = {"kind": "sample", "due_at": NOW, "state": "owed", "details": {}, **values}
    row = Notice(key=key, recipient_id=recipient_id, **given)
    session.add(row)
    session.flush()
    return row.id


def many(session: Session, recipient_id: int, number: int, **values: Any) -> list[int]:
    """So many notices to one person, each due a second after the one before."""
    first = values.pop("due_at", NOW - timedelta(seconds=number))
    return [
        notice(session, recipient_id, f"many:{i}", due_at=first + timedelta(seconds=i), **values) for i in range(number)
    ]


def row(session: Session, notice_id: int) -> Notice:
    """The notice as it stands."""
    return session.get_one(Notice, notice_id)
