"""Whatever is followed, left and named in whatever order: each follower is told of each change once."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest

from liaison import follows, news
from storage.engine import Database
from tests.liaison.cast import Cast
from tests.liaison.morning import ZONE, at, deliver, name

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def cast(database: Database) -> Cast:
    opened = Cast(database)
    opened.now = at(1, 12)  # Tuesday
    return opened


@dataclass
class Model:
    """What should come of it, kept without a database: who follows what since when, and what happened."""

    region: int
    inside: frozenset[int]
    follows: dict[int, dict[tuple[int, str], datetime]] = field(default_factory=dict)
    happened: list[tuple[int, datetime, int]] = field(default_factory=list)  # body, when, by whom
    told_until: dict[int, datetime] = field(default_factory=dict)  # person: what happened before needs no telling

    def wants(self, person: int, body: int, when: datetime) -> bool:
        return any(
            since <= when and (followed == body if scope == "body" else body in self.inside)
            for (followed, scope), since in self.follows[person].items()
        )

    def tells(self, now: datetime) -> dict[int, set[int]]:
        """Who is to be told of which bodies at ten o'clock."""
        until = now - news.CLOSED
        told = {}
        for person in self.follows:
            since = self.told_until.get(person)
            found = {
                body
                for body, when, by in self.happened
                if when < until and (since is None or when >= since) and by != person and self.wants(person, body, when)
            }
            if found:
                told[person], self.told_until[person] = found, until
        return told


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_tells_each_follower_each_change_once(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    region = cast.body("reg-sample", "region", region_id=0)
    inside = [cast.body(f"in-{number}", "city", region_id=region) for number in range(2)]
    everywhere = [region, *inside, cast.body("out")]
    keepers = [cast.coordinator(20), cast.coordinator(21)]
    persons = [cast.person(1), cast.person(2), keepers[0]]
    model = Model(region, frozenset((region, *inside)), {person: {} for person in persons})
    messages = 0
    for number in range(60):
        cast.now += chance.choice((MINUTE, 7 * MINUTE, HOUR, 5 * HOUR))
        person, body = chance.choice(persons), chance.choice(everywhere)
        act = chance.choice(("follow", "region", "stop", "name", "name", "name", "ten"))
        if act == "ten":
            local = cast.now.astimezone(ZONE)
            ten = datetime.combine(local.date() + chance.choice((1, 1, 3)) * DAY, time(10), ZONE).astimezone(UTC)
            told = {who: {one for one, _ in lines} for who, lines in deliver(cast, ten).items()}
            assert told == model.tells(ten), f"step {number}"
            messages += len(told)
        elif act == "name":
            by = chance.choice(keepers)
            name(cast, by, body, f"Sample {'I' * (number + 1)}")
            model.happened.append((body, cast.now, by))
        elif act == "stop":
            cast.do(person, follows.stop, body)
            for scope in follows.SCOPES:
                model.follows[person].pop((body, scope), None)
        else:
            scope, body = ("body", body) if act == "follow" else ("region", region)
            cast.do(person, follows.follow, body, scope)
            kept = model.follows[person]
            kept.pop((body, "region" if scope == "body" else "body"), None)
            kept.setdefault((body, scope), cast.now)
    assert messages > 3
