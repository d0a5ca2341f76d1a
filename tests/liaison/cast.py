"""Invented people, bodies and organisations in a database, and their acts through the rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from inspect import Parameter, signature
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import meetings, people
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.slots import Span
from storage.bodies import Body, BodyName
from storage.engine import Database
from storage.notices import Notice
from storage.people import Membership, Organisation, Person, Role
from storage.posts import Holder, Post
from storage.schema import Table
from tests.liaison.owed import NOW, POLICY

__all__ = ["CONSENTED", "NOW", "POLICY", "WEDNESDAY", "Cast"]

WEDNESDAY = datetime(2026, 12, 2, 9, tzinfo=POLICY.zone)  # the day after NOW
CONSENTED = people.CONSENT_VERSION


@dataclass
class Cast:
    """Everybody of one test. ``now`` is the calendar's clock, moved by assigning to it."""

    database: Database
    now: datetime = NOW
    posts: dict[int, int] = field(default_factory=dict)  # body -> its post

    def add(self, row: Table) -> int:
        """Write a row; its id."""

        def rule(session: Session) -> int:
            session.add(row)
            session.flush()
            return int(row.id)  # type: ignore[attr-defined]

        return self.database.write_now(rule)

    def body(self, code: str, level: str = "central", **values: Any) -> int:
        """A body with its post and its names; ``region_id=0`` stands for itself."""

        def rule(session: Session) -> tuple[int, int]:
            body = Body(code=code, level=level, **{k: v for k, v in values.items() if v != 0})
            session.add(body)
            session.flush()
            if values.get("region_id") == 0:
                body.region_id = body.id
            for lang in people.LANGUAGES:
                session.add_all(
                    BodyName(body_id=body.id, kind=kind, lang=lang, text=code) for kind in ("name", "short")
                )
            post = Post(body_id=body.id)
            session.add(post)
            session.flush()
            return body.id, post.id

        body_id, post_id = self.database.write_now(rule)
        self.posts[body_id] = post_id
        return body_id

    def person(self, telegram_id: int, **values: Any) -> int:
        """Somebody who wrote to the bot."""
        return self.add(Person(telegram_id=telegram_id, language="en", created_at=NOW, **values))

    def official(self, body_id: int, telegram_id: int, name: str = "Sample Official") -> int:
        """Somebody bound to the post of a body; the person's id."""
        person_id = self.person(telegram_id)
        self.add(Holder(post_id=self.posts[body_id], full_name=name, person_id=person_id, created_at=NOW))
        return person_id

    def coordinator(self, telegram_id: int, region_id: int | None = None) -> int:
        """A coordinator of a region or of the whole country; the person's id."""
        person_id = self.person(telegram_id)
        self.add(Role(person_id=person_id, kind="coordinator", region_id=region_id, created_at=NOW))
        return person_id

    def ngo(self, telegram_id: int, name: str = "Sample NGO", bin_number: str | None = None) -> int:
        """A representative who has agreed and speaks for an organisation; the person's id."""
        person_id = self.person(telegram_id, name="Sampleva Aigerim", consent_version=CONSENTED, consent_at=NOW)
        organisation = self.add(Organisation(name=name, bin=bin_number, created_at=NOW))
        self.add(
            Membership(
                organisation_id=organisation, person_id=person_id, title="director", state="present", created_at=NOW
            )
        )
        return person_id

    def actor(self, person_id: int) -> Actor:
        """The person as the rules see him now."""
        return self.database.read_now(people.actor, person_id, POLICY, now=self.now)

    def do(self, person_id: int, rule: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Let a person do something, in one transaction."""
        return self.database.write_now(self._as(person_id, rule), *args, **kwargs)

    def see(self, person_id: int, rule: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Let a person look at something."""
        return self.database.read_now(self._as(person_id, rule), *args, **kwargs)

    def refused(self, person_id: int, rule: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
        """The code with which a rule refuses; AssertionError if it does not, or if it changed anything."""
        before = self.everything()
        with pytest.raises(LiaisonError) as refusal:
            self.do(person_id, rule, *args, **kwargs)
        assert self.everything() == before
        return refusal.value.code

    def request(self, person_id: int, body_id: int, *times: datetime, key: str = "", **values: Any) -> int:
        """A request sent by a representative (by default for Wednesday 09:00 and 10:00); the meeting's id."""
        given = times or (WEDNESDAY, WEDNESDAY + timedelta(hours=1))
        wish: dict[str, Any] = {
            "draft_key": key or f"draft-{person_id}-{len(self.rows(Notice))}",
            "organisation_id": self.actor(person_id).organisations[0],
            "body_id": body_id,
            "topic": "health",
            "mode": "in_person",
            "agenda": None,
            "phone": None,
            "times": tuple(Span(at, at + POLICY.slot_length) for at in given),
        }
        return int(self.do(person_id, meetings.request, meetings.Wish(**{**wish, **values}), POLICY))

    def slots(self, meeting_id: int, person_id: int) -> list[int]:
        """The ids of the times offered for a meeting."""
        return [slot.id for slot in self.see(person_id, meetings.see, meeting_id).slots]

    def rows(self, table: type[Table]) -> list[dict[str, Any]]:
        """All rows of a table, in the order in which they were written."""
        kept = table.__table__

        def rule(session: Session) -> list[dict[str, Any]]:
            return [dict(row) for row in session.execute(select(kept).order_by(*kept.primary_key)).mappings()]

        return self.database.read_now(rule)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of all tables."""
        return {mapper.class_.__tablename__: self.rows(mapper.class_) for mapper in Table.registry.mappers}

    def owed(self, kind: str | None = None) -> list[tuple[str, int, str]]:
        """Kind, recipient and state of the notices, in the order in which they were written."""
        return [
            (row["kind"], row["recipient_id"], row["state"]) for row in self.rows(Notice) if kind in (None, row["kind"])
        ]

    def _as(self, person_id: int, rule: Callable[..., Any]) -> Callable[..., Any]:
        def run(session: Session, *args: Any, **kwargs: Any) -> Any:
            given = signature(rule).parameters
            if "now" in given:
                kwargs.setdefault("now", self.now)
            if "policy" in given and given["policy"].kind is Parameter.KEYWORD_ONLY:
                kwargs.setdefault("policy", POLICY)
            return rule(session, people.actor(session, person_id, POLICY, now=self.now), *args, **kwargs)

        return run
