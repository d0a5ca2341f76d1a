"""Half-finished dialogues: one of a kind, locked by revision, listened to for half an hour, kept a week."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from liaison import drafts
from liaison.drafts import DraftCard, OutOfStep
from storage.drafts import Draft
from storage.engine import Database
from tests.liaison.cast import NOW, Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def opened(cast: Cast, person_id: int, kind: str = "request", minutes: int = 0) -> DraftCard:
    def rule(session: Session) -> DraftCard:
        now = NOW + timedelta(minutes=minutes)
        return drafts.card(drafts.open_one(session, person_id, kind, "topic", {"body": 1}, now=now), now=now)

    return cast.database.write_now(rule)


def test_a_new_one_replaces_the_older_of_its_kind_alone(cast: Cast) -> None:
    person = cast.person(1)
    first, place, second = opened(cast, person), opened(cast, person, "place"), opened(cast, person)
    assert {row["key"] for row in cast.rows(Draft)} == {place.key, second.key}
    assert first.key != second.key
    assert len(first.key) <= 11  # goes into callback data


def test_of_two_begun_at_the_same_moment_one_is_left(cast: Cast) -> None:
    person, together = cast.person(1), Barrier(4)

    def begin(_: int) -> str:
        together.wait()
        return opened(cast, person).key

    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            keys = list(pool.map(begin, range(4)))
            (left,) = cast.rows(Draft)
            assert (len(set(keys)), left["key"] in keys, left["rev"]) == (4, True, 1)


def test_locked_only_at_the_question_that_stands_open(cast: Cast) -> None:
    person, other = cast.person(1), cast.person(2)
    draft = opened(cast, person)

    def lock(session: Session, person_id: int, key: str, rev: int | None, step: str | None = None) -> str:
        return drafts.lock(session, person_id, "request", key, rev, step).step

    for rev, step in ((1, None), (None, None), (None, "topic"), (1, "topic")):
        assert cast.database.write_now(lock, person, draft.key, rev, step) == "topic"
    for wrong in ((other, draft.key, 1), (person, "nonsense", 1), (person, draft.key, 2), (person, draft.key, 0)):
        with pytest.raises(OutOfStep) as refusal:
            cast.database.write_now(lock, *wrong)
        assert refusal.value.fields == {"kind": "request", "key": wrong[1]}
    with pytest.raises(OutOfStep):
        cast.database.write_now(lock, person, draft.key, 1, "mode")


def test_every_answer_raises_the_revision_and_the_expiry(cast: Cast) -> None:
    person = cast.person(1)
    draft = opened(cast, person)
    later = NOW + timedelta(days=6)

    def keep(session: Session) -> DraftCard:
        row = drafts.lock(session, person, "request", draft.key, 1)
        return drafts.keep(session, row, {"agenda": "x"}, later)

    kept = cast.database.write_now(keep)
    assert (kept.rev, kept.step, kept.data, kept.listens) == (2, "topic", {"body": 1, "agenda": "x"}, True)
    (row,) = cast.rows(Draft)
    assert (row["asked_at"], row["expires_at"]) == (later, later + timedelta(days=7))


def test_listens_for_half_an_hour_and_is_offered_for_a_week(cast: Cast) -> None:
    person = cast.person(1)
    opened(cast, person)

    def after(**span: float) -> DraftCard | None:
        return cast.database.read_now(drafts.find, person, "request", now=NOW + timedelta(**span))

    listening, silent = after(minutes=30), after(minutes=31)
    assert listening is not None and listening.listens
    assert silent is not None and not silent.listens
    assert after(days=6, hours=23) is not None
    assert after(days=7) is None


def test_of_several_the_question_asked_last(cast: Cast) -> None:
    person = cast.person(1)
    place, request = opened(cast, person, "place", minutes=5), opened(cast, person, minutes=3)
    opened(cast, cast.person(2), "place", minutes=9)
    opened(cast, person, "start", minutes=8)

    def newest(*kinds: str) -> str | None:
        found = cast.database.read_now(drafts.newest, person, kinds, now=NOW + timedelta(minutes=10))
        return found.key if found else None

    assert newest("place", "request") == place.key
    assert newest("request") == request.key
    assert newest("decline") is None


def test_dropped_ones_are_named(cast: Cast) -> None:
    person = cast.person(1)
    for kind in ("request", "place", "cancel"):
        opened(cast, person, kind)
    opened(cast, cast.person(2))
    assert cast.database.write_now(drafts.drop, person, "place") == ("place",)
    assert sorted(cast.database.write_now(drafts.drop, person)) == ["cancel", "request"]
    assert cast.database.write_now(drafts.drop, person) == ()
    assert len(cast.rows(Draft)) == 1
