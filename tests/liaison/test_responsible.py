"""Whatever happens to who holds which post, in any order: every open request has one who is responsible for it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from liaison import (
    access,
    assistants,
    deputies,
    deputy_links,
    handover,
    holders,
    invitations,
    leaving,
    people,
    presence,
    reach,
    redirects,
    standing_in,
)
from liaison.errors import LiaisonError
from storage.engine import Database
from storage.meetings import Meeting
from storage.notices import Notice
from storage.people import Person
from storage.posts import Deputy, Holder
from tests.conftest import TEMPLATE
from tests.liaison.cast import POLICY, Cast
from tests.liaison.offices import Offices, offices

POSTS = 3
POST = st.integers(0, POSTS - 1)
PERSON = st.integers(0, 5)  # three officials, three people more
DAY = timedelta(days=1)


class Changes(RuleBasedStateMachine):
    """Three departments, their officials, whoever comes after them, their substitutes and assistants."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.here: Offices = offices(Cast(self.database), POSTS)
        self.cast = self.here.cast
        self.people = [*self.here.officials, *(self.cast.person(100 + n) for n in range(3))]
        self.named = 0
        self.serial = 0

    def tries(self, person_id: int, what: Any, *args: Any, **kwargs: Any) -> Any:
        """Let somebody try something; a refusal changes nothing and is no matter here."""
        try:
            return self.cast.do(person_id, what, *args, **kwargs)
        except LiaisonError:
            return None

    @rule(post=POST)
    def a_request_comes(self, post: int) -> None:
        self.serial += 1
        with suppress(LiaisonError):  # nobody can be reached
            at, key = self.cast.now + 9 * DAY, f"request-{self.serial}"
            self.cast.request(self.here.ngo, self.here.bodies[post], at, key=key)

    @rule(post=POST)
    def somebody_is_named(self, post: int) -> None:
        self.named += 1
        given = {"full_name": f"Sample Named {self.named}", "position": "", "contact": "a@sample.example"}
        self.tries(self.here.keeper, holders.name_official, self.here.bodies[post], **given)

    @rule(post=POST, person=PERSON)
    def somebody_joins(self, post: int, person: int) -> None:
        make = invitations.invite_official
        link = self.cast.database.write_now(make, self.here.bodies[post], invited_by=None, now=self.cast.now)
        self.tries(self.people[person], invitations.accept, link, POLICY, display_name="Sample Name")

    @rule(post=POST)
    def the_official_goes_and_nobody_comes(self, post: int) -> None:
        def go(session: Session) -> None:
            held = select(Holder).where(Holder.post_id == self.post(post), Holder.until.is_(None))
            for holder in session.scalars(held):
                holder.until = self.cast.now
            handover.changed(session, self.here.bodies[post], POLICY, by=None, now=self.cast.now)

        self.cast.database.write_now(go)

    @rule(post=POST, official=PERSON, successor=PERSON)
    def the_official_passes_it_on(self, post: int, official: int, successor: int) -> None:
        link = self.tries(self.people[official], leaving.leave, self.here.bodies[post], POLICY)
        if link:
            self.tries(self.people[successor], invitations.accept, link, POLICY, display_name="Sample Successor")

    @rule(post=POST, by=PERSON, whom=PERSON, first=st.integers(0, 3), length=st.integers(0, 3))
    def a_substitute_is_asked(self, post: int, by: int, whom: int, first: int, length: int) -> None:
        today = self.cast.now.astimezone(POLICY.zone).date()
        span = (today + first * DAY, today + (first + length) * DAY)
        given = (self.here.bodies[post], span, self.people[whom], None, POLICY)
        self.tries(self.people[by], deputies.ask, *given)

    @rule(person=PERSON, accepts=st.booleans())
    def who_is_asked_answers(self, person: int, accepts: bool) -> None:
        for row in self.cast.rows(Deputy):
            if row["person_id"] == self.people[person] and row["state"] == "asked":
                self.tries(self.people[person], deputies.answer, row["id"], POLICY, accepts=accepts)

    @rule(person=PERSON)
    def who_stands_in_stops(self, person: int) -> None:
        for row in self.cast.rows(Deputy):
            if row["person_id"] == self.people[person]:
                self.tries(self.people[person], deputies.end, row["id"], POLICY)

    @rule(post=POST, by=PERSON, who=PERSON)
    def an_assistant_comes(self, post: int, by: int, who: int) -> None:
        link = self.tries(self.people[by], assistants.invite, self.here.bodies[post])
        if link:
            self.tries(self.people[who], deputy_links.accept, link, POLICY, display_name="Sample Helper")

    @rule(post=POST, by=PERSON)
    def a_request_is_passed_on(self, post: int, by: int) -> None:
        for row in self.cast.rows(Meeting):
            given = (row["id"], self.here.bodies[post], {"reason_code": "not_mine"}, POLICY)
            self.tries(self.people[by], redirects.redirect, *given)

    @rule(telegram_id=st.sampled_from((10, 11, 12, 90, 100)), reachable=st.booleans())
    def somebody_blocks_the_bot(self, telegram_id: int, reachable: bool) -> None:
        self.cast.database.write_now(presence.note, telegram_id, POLICY, reachable=reachable, now=self.cast.now)

    @rule(count=st.integers(1, 3))
    def days_pass(self, count: int) -> None:
        self.cast.now += count * DAY
        self.cast.database.write_now(standing_in.begin_due, POLICY, now=self.cast.now)

    def post(self, which: int) -> int:
        return self.cast.posts[self.here.bodies[which]]

    @invariant()
    def every_open_request_has_one_who_is_responsible_and_was_told(self) -> None:
        unreachable = {row["id"] for row in self.cast.rows(Person) if row["unreachable_since"]}
        told = {(row["meeting_id"], row["recipient_id"]) for row in self.cast.rows(Notice) if row["kind"] == "request"}
        responsible = self.cast.database.read_now(self.whoever_is_responsible)
        for row in self.cast.rows(Meeting):
            if row["state"] != "requested":
                continue
            found = responsible[row["post_id"]]
            if found is None:  # nobody can be reached: neither an official, nor a deputy, nor the coordinator
                assert self.here.keeper in unreachable
                continue
            assert found.person_id not in unreachable
            if found.side in ("official", "substitute"):
                returned = found.side == "official" and self.stood_in(row["post_id"], row["created_at"])
                assert (row["id"], found.person_id) in told or returned

    def whoever_is_responsible(self, session: Session) -> dict[int, reach.Receiver | None]:
        posts = self.cast.posts.values()
        return {post: reach.responsible(session, post, POLICY, now=self.cast.now) for post in posts}

    def stood_in(self, post_id: int, at: Any) -> bool:
        """Whether a substitute answered when the request came: then the official finds it in his own message."""
        day = at.astimezone(POLICY.zone).date()
        return any(
            row["post_id"] == post_id and row["kind"] == "substitute" and row["from_day"] <= day <= row["until_day"]
            for row in self.cast.rows(Deputy)
        )

    @invariant()
    def nobody_stands_in_while_he_is_away(self) -> None:
        held = {(row["person_id"], row["post_id"]) for row in self.cast.rows(Holder) if row["until"] is None}
        rows = [row for row in self.cast.rows(Deputy) if row["kind"] == "substitute"]
        for one in rows:
            for other in rows:
                if one["state"] == "accepted" and other["state"] == "accepted":
                    own = (one["person_id"], other["post_id"]) in held
                    apart = one["until_day"] < other["from_day"] or other["until_day"] < one["from_day"]
                    assert apart or not own

    @invariant()
    def who_is_out_is_out(self) -> None:
        present = {(row["person_id"], row["post_id"]) for row in self.cast.rows(Holder) if row["until"] is None}
        today = self.cast.now.astimezone(POLICY.zone).date()
        serving = {
            (row["person_id"], row["post_id"])
            for row in self.cast.rows(Deputy)
            if row["state"] == "accepted"
            and (row["kind"] == "assistant" or row["from_day"] <= today <= row["until_day"])
        }

        def look(session: Session) -> list[tuple[int, int, bool]]:
            actors = [people.actor(session, one, POLICY, now=self.cast.now) for one in self.people]
            rows = session.scalars(select(Meeting)).all()
            return [(one.id, row.post_id, bool(access.sides_of(session, one, row))) for one in actors for row in rows]

        for person_id, post_id, sees in self.cast.database.read_now(look):
            assert sees == ((person_id, post_id) in present | serving)

    @invariant()
    def no_request_is_passed_on_in_a_circle(self) -> None:
        rows = {row["id"]: row for row in self.cast.rows(Meeting)}
        for row in rows.values():
            been = [row["post_id"]]
            while row["redirected_to_id"] is not None:
                row = rows[row["redirected_to_id"]]
                been.append(row["post_id"])
            assert len(set(been)) == len(been)


Fresh = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def fresh_sqlite(sqlite_template: Path) -> Fresh:
    """Gives a migrated database without rows, as often as it is asked."""

    @contextmanager
    def fresh() -> Iterator[str]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "uakil.sqlite"
            copyfile(sqlite_template, path)
            yield f"sqlite:///{path}"

    return fresh


@pytest.fixture
def fresh_postgres(postgres_server: URL, postgres_admin: "psycopg.Connection[tuple[str]]") -> Fresh:
    """The same on PostgreSQL."""

    @contextmanager
    def fresh() -> Iterator[str]:
        name = f"uakil_{uuid4().hex}"
        postgres_admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            yield postgres_server.set(database=name).render_as_string(hide_password=False)
        finally:
            postgres_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return fresh


def run(fresh: Fresh, *, examples: int, steps: int) -> None:
    """So many sequences of so many steps, each on a database of its own."""

    class Run(Changes):
        def __init__(self) -> None:
            self.closing = ExitStack()
            self.database = self.closing.enter_context(Database.open(self.closing.enter_context(fresh())))
            super().__init__()

        def teardown(self) -> None:
            self.closing.close()

    given = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Run, settings=given)


def test_in_any_order(fresh_sqlite: Fresh) -> None:
    run(fresh_sqlite, examples=6, steps=25)


def test_in_any_order_on_postgresql(fresh_postgres: Fresh) -> None:
    run(fresh_postgres, examples=2, steps=25)
