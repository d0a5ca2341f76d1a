"""Following bodies and regions: once each, fifty at most, nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from liaison import follows
from liaison.errors import LiaisonError
from storage.engine import Database
from storage.follows import Follow
from tests.liaison.cast import Cast


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def test_following_twice_is_once_and_unfollowing_twice_too(cast: Cast) -> None:
    body, person = cast.body("sample"), cast.person(1)
    assert cast.see(person, follows.state, body) == frozenset()
    for _ in range(2):
        cast.do(person, follows.follow, body)
    assert cast.see(person, follows.state, body) == {"body"}
    (mine,) = cast.see(person, follows.mine)
    assert (mine.body_id, mine.scope) == (body, "body")
    assert cast.do(person, follows.toggle, body) is False
    assert cast.do(person, follows.toggle, body) is True
    (mine,) = cast.see(person, follows.mine)
    for _ in range(2):
        cast.do(person, follows.unfollow, mine.id)
    assert cast.rows(Follow) == []


def test_of_a_region_the_later_wish_stands(cast: Cast) -> None:
    region, person = cast.body("reg-sample", "region", region_id=0), cast.person(1)
    for scope in ("body", "region", "region", "body"):
        cast.do(person, follows.follow, region, scope)
        assert cast.see(person, follows.state, region) == {scope}
    cast.do(person, follows.stop, region)
    assert cast.see(person, follows.state, region) == frozenset()


def test_what_cannot_be_followed(cast: Cast) -> None:
    body, gone = cast.body("sample"), cast.body("gone", abolished_on=date(2026, 11, 1))
    person, other = cast.person(1), cast.person(2)
    cast.do(other, follows.follow, body)
    (foreign,) = cast.see(other, follows.mine)
    assert cast.refused(person, follows.follow, gone) == "body-gone"
    assert cast.refused(person, follows.toggle, gone) == "body-gone"
    for forged in ((999,), (body, "region"), (body, "sample")):
        assert cast.refused(person, follows.follow, *forged) == "not-yours"
    assert cast.refused(person, follows.unfollow, foreign.id) == "not-yours"


def test_one_person_follows_fifty_at_most(cast: Cast) -> None:
    person = cast.person(1)
    ids = [cast.body(f"sample-{number}") for number in range(follows.MOST - 1)]
    region, one_more = cast.body("reg-sample", "region", region_id=0), cast.body("one-more")
    for body in (*ids, region):
        cast.do(person, follows.follow, body)
    assert cast.refused(person, follows.follow, one_more) == "most-follows"
    cast.do(person, follows.follow, ids[0])  # what he follows already
    cast.do(person, follows.follow, region, "region")  # one in place of another
    cast.do(person, follows.stop, ids[0])
    cast.do(person, follows.follow, one_more)
    assert len(cast.see(person, follows.mine)) == follows.MOST


def test_taps_at_once_make_neither_doubles_nor_more_than_allowed(cast: Cast) -> None:
    person, ids = cast.person(1), [cast.body(f"sample-{number}") for number in range(6)]
    for number in range(follows.MOST - 3):
        cast.do(person, follows.follow, cast.body(f"before-{number}"))

    def tap(body: int) -> bool:
        try:
            cast.do(person, follows.follow, body)
        except LiaisonError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(tap, [ids[0]] * 6)) == {True}
        assert sorted(pool.map(tap, ids[1:])) == [False, False, False, True, True]
    followed = [one.body_id for one in cast.see(person, follows.mine)]
    assert (len(followed), len(set(followed))) == (follows.MOST, follows.MOST)
