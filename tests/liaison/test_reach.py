"""Who receives a request: the official, else the region's coordinators, else the country's, else administrators."""

import pytest

from liaison import people, reach
from liaison.reach import Receiver
from storage.engine import Database
from storage.posts import Holder
from tests.liaison.cast import NOW, POLICY, Cast
from tests.liaison.owed import ADMIN


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


def receivers(cast: Cast, body_id: int) -> tuple[Receiver, ...]:
    return cast.database.read_now(reach.receivers, cast.posts[body_id], POLICY, now=cast.now)


def block(cast: Cast, telegram_id: int) -> None:
    cast.database.write_now(people.mark_reach, telegram_id, reachable=False, now=NOW)


def test_rung_by_rung(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    body = cast.body("dep-sample", "region_department", region_id=region)
    cast.coordinator(22, cast.body("reg-far", "region", region_id=0))
    assert receivers(cast, body) == ()
    admin = cast.person(ADMIN)
    assert receivers(cast, body) == (Receiver(admin, "admin"),)
    country = cast.coordinator(21)
    assert receivers(cast, body) == (Receiver(country, "coordinator"),)
    near, also = cast.coordinator(20, region), cast.coordinator(23, region)
    assert receivers(cast, body) == (Receiver(near, "coordinator"), Receiver(also, "coordinator"))
    official = cast.official(body, 10)
    assert receivers(cast, body) == (Receiver(official, "official"),)
    for telegram_id, left in ((10, [near, also]), (20, [also]), (23, [country]), (21, [admin]), (ADMIN, [])):
        block(cast, telegram_id)
        assert [receiver.person_id for receiver in receivers(cast, body)] == left


def test_a_central_body_has_the_countrys_coordinators(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    body = cast.body("min-sample")
    cast.coordinator(20, region)
    assert receivers(cast, body) == ()
    country = cast.coordinator(21)
    assert receivers(cast, body) == (Receiver(country, "coordinator"),)
    cast.add(Holder(post_id=cast.posts[body], full_name="Not joined", created_at=NOW))
    assert receivers(cast, body) == (Receiver(country, "coordinator"),)


def test_the_summary_counts_posts_without_anyone(cast: Cast) -> None:
    region = cast.body("reg-sample", "region", region_id=0)
    cast.body("dep-sample", "region_department", region_id=region)
    central = cast.body("min-sample")
    cast.body("gone", abolished_on=NOW.date())

    def alone() -> tuple[int, int, int, int]:
        found = cast.database.read_now(reach.summary, POLICY)
        return found.officials, found.coordinators, found.admins, found.posts_without_anyone

    assert alone() == (0, 0, 0, 3)
    cast.official(central, 10)
    assert alone() == (1, 0, 0, 2)
    cast.coordinator(20, region)
    assert alone() == (1, 1, 0, 0)
    block(cast, 10)
    assert alone() == (0, 1, 0, 1)
    cast.person(ADMIN)
    assert alone() == (0, 1, 1, 0)
