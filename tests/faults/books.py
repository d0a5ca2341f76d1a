"""The database beside a bot in another process: prepared before, looked into meanwhile, compared afterwards."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.sandbox.server import Sandbox
from liaison import deliveries, invitations, notices
from storage.bodies import Body
from storage.engine import Database
from storage.notices import Notice
from storage.people import Person
from storage.posts import Holder, Post
from storage.schema import Table
from tests.journeys.conftest import START

LOOK_EVERY = 0.01  # seconds
AT_REST_WITHIN = 60.0
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

# What differs between two runs of the same: moments, secrets, and who happened to hold a lease.
_MOMENTS = {
    "created_at",
    "updated_at",
    "at",
    "asked_at",
    "expires_at",
    "sent_at",
    "consent_at",
    "used_at",
    "taken_at",
    "bound_at",
}
_VOLATILE = {
    *_MOMENTS,
    "verified_at",
    "digest",
    "draft_key",
    "not_before",
    "lease_until",
    "lease_owner",
    "next_due",
    "last_run",
    "message_id",
    "attempts",
    "uncertain",
}
# The directory as shipped; and what the program notes for itself in the background: profile texts, daily duties.
_NOT_OF_THE_JOB = {"bodies", "body_names", "posts", "facts", "duties"}
# Columns that hold a random key by themselves or inside an address.
_SECRET_KEYS = {"drafts": "key", "taken_updates": "place"}


class Books:
    """The database of a bot, opened beside it as the command line does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._database = Database.open(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close_now()

    def invite_official(self, code: str, name: str) -> str:
        """Put an official on the list and return the payload of his invitation."""
        return self._database.write_now(_invited, code, name)

    def owe_places(self, place: str, telegram_ids: list[int], due_at: datetime) -> None:
        """Owe each of these people one message that shows a place."""
        self._database.write_now(_owe_places, place, telegram_ids, due_at)

    def body(self, code: str) -> int:
        """The id of a body."""
        return self._database.read_now(lambda session: session.scalars(select(Body.id).where(Body.code == code)).one())

    def count(self, **equal: str) -> int:
        """How many notices there are of a kind, in a state …"""
        return self._database.read_now(_count, equal)

    async def at_rest(self, sandbox: Sandbox) -> None:
        """Wait until the bot in the other process has settled everything that is due.

        The database has no bell that rings here, so it is looked at again and again.
        """
        async with asyncio.timeout(AT_REST_WITHIN):
            while self._database.read_now(_unsent, sandbox.clock.now()):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_EVERY)

    def let_leases_pass(self) -> int:
        """The minute passes after which another process may take what a dead one held; returns how much that was.

        On SQLite the next start ends them, since nobody else can hold any.
        """
        return self._database.write_now(_end_leases)

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table that the bot writes, without what differs between two runs of the same."""
        return self._database.read_now(_state)


def _invited(session: Session, code: str, name: str) -> str:
    body_id, post_id = session.execute(
        select(Body.id, Post.id).join(Post, Post.body_id == Body.id).where(Body.code == code)
    ).one()
    session.add(
        Holder(
            post_id=post_id,
            full_name=name,
            position="Deputy head of department",
            phones=["+77172000000"],
            emails=["sample@sample.example"],
            source_title="Sample list",
            verified_at=START.astimezone(UTC),
            verified_by="list",
            created_at=START.astimezone(UTC),
        )
    )
    return invitations.invite_official(session, body_id, invited_by=None, now=START.astimezone(UTC))


def _owe_places(session: Session, place: str, telegram_ids: list[int], due_at: datetime) -> None:
    for person_id in session.scalars(select(Person.id).where(Person.telegram_id.in_(telegram_ids))):
        notices.owe(
            session, key=f"load:{due_at:%H%M}", kind="place_to_show", recipient_id=person_id, due_at=due_at, place=place
        )


def _count(session: Session, equal: dict[str, str]) -> int:
    return session.scalar(select(func.count()).select_from(Notice).filter_by(**equal)) or 0


def _unsent(session: Session, calendar: float) -> bool:
    now = datetime.fromtimestamp(calendar, UTC)
    return deliveries.look(session, now=now, machine_now=datetime.now(UTC)).unsent


def _end_leases(session: Session) -> int:
    held = update(Notice).where(Notice.state == "owed", Notice.lease_until.is_not(None)).values(lease_until=LONG_AGO)
    return len(session.scalars(held.returning(Notice.id)).all())


def _state(session: Session) -> dict[str, list[dict[str, Any]]]:
    tables = [table for table in Table.metadata.sorted_tables if table.name not in _NOT_OF_THE_JOB]
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        columns = [column for column in table.columns if column.name not in _VOLATILE]
        secret = _SECRET_KEYS.get(table.name)
        columns = [column for column in columns if column.name != secret]
        rows = [dict(row) for row in session.execute(select(*columns)).mappings()]
        found[table.name] = sorted((_plain(row) for row in rows), key=repr)
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Of a notice due at once only that it is due matters; a reminder's time is part of the result."""
    kept = {name: value for name, value in row.items() if name != "due_at" or row.get("kind") == "remind"}
    if isinstance(data := kept.get("data"), dict):
        kept["data"] = {name: value for name, value in data.items() if name != "payload"}  # a secret
    return kept
