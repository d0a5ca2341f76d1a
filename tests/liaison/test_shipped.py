"""The shipped directory in the database: first load, again, later versions with people's edits in between."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from liaison import bodies
from liaison.shipped import Loaded, load_shipped
from liaison.shipped_file import ShippedRow, read_shipped
from storage.bodies import Body, BodyName
from storage.engine import Database
from storage.posts import Post

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALMATY = timezone(timedelta(hours=5))


def row(code: str, **fields: Any) -> ShippedRow:
    plain = ShippedRow(code, "central", None, None, None, {"kk": "к", "ru": "р", "en": "e"}, {}, (), None)
    return replace(plain, **fields)


MINISTRY = row(
    "min-a",
    names={"kk": "А министрлігі", "ru": "Министерство А", "en": "Ministry A"},
    shorts={"ru": "МА", "kk": "АМ"},
    aliases=("Мина", "Министерство Б", "Ая"),
    website="https://a.example",
)
COMMITTEE = row("com-a", parent="min-a")
REGION = row("reg-a", level="region", region="reg-a", kato="100000000")
FIRST = (MINISTRY, COMMITTEE, REGION)


def entry(session: Session, code: str) -> bodies.BodyEntry:
    return bodies.load(session).by_code[code]


def body_id(session: Session, code: str) -> int:
    return session.scalars(select(Body.id).where(Body.code == code)).one()


def rename(session: Session, code: str, kind: str, lang: str, text: str) -> None:
    where = (BodyName.body_id == body_id(session, code), BodyName.kind == kind, BodyName.lang == lang)
    session.execute(update(BodyName).where(*where).values(text=text))


def load(database: Database, *rows: ShippedRow, now: datetime = NOW) -> Loaded:
    return database.write_now(load_shipped, rows, now=now)


def see(database: Database, code: str) -> bodies.BodyEntry:
    return database.read_now(entry, code)


def test_the_whole_file_is_loaded_once(database: Database) -> None:
    rows = read_shipped()
    assert load(database, *rows) == Loaded(new=484, updated=0, kept=0, abolished=0)
    assert load(database, *rows) == Loaded(new=0, updated=0, kept=484, abolished=0)
    loaded, shipped = database.read_now(bodies.load), bodies.shipped_tree()
    assert loaded.version == 1
    assert [body.code for body in loaded.entries] == [body.code for body in shipped.entries]
    for body in shipped.entries:
        twin = loaded.by_code[body.code]
        assert (twin.names, twin.shorts, twin.aliases) == (body.names, body.shorts, body.aliases)
        assert (twin.level, twin.website, twin.abolished_on) == (body.level, body.website, None)
        above, region = loaded.parent(twin.id), loaded.region(twin.id)
        assert (above and above.code) == ((known := shipped.parent(body.id)) and known.code)
        assert (region and region.code) == ((known := shipped.region(body.id)) and known.code)
    posts = database.read_now(lambda session: session.scalar(select(func.count()).select_from(Post)))
    assert posts == 484


def test_untouched_fields_follow_the_file(database: Database) -> None:
    load(database, *FIRST)
    new = replace(
        MINISTRY,
        names={**MINISTRY.names, "ru": "Министерство Я"},
        shorts={"ru": "МЯ", "en": "MY"},
        aliases=("Мина", "Минь"),
        website=None,
    )
    moved = replace(COMMITTEE, parent="min-b", level="region_department", region="reg-a")
    after = (new, row("min-b"), moved, REGION)
    assert load(database, *after) == Loaded(new=1, updated=2, kept=1, abolished=0)
    ministry, committee = see(database, "min-a"), see(database, "com-a")
    assert ministry.names == {"kk": "А министрлігі", "ru": "Министерство Я", "en": "Ministry A"}
    assert ministry.shorts == {"ru": "МЯ", "en": "MY"}
    assert set(ministry.aliases) == {"Мина", "Минь"}
    assert ministry.website is None
    assert committee.parent_id == see(database, "min-b").id
    assert (committee.level, committee.region_id) == ("region_department", see(database, "reg-a").id)
    assert database.read_now(bodies.directory_version) == 2


def test_three_versions_with_edits_in_between(database: Database) -> None:
    load(database, *FIRST)

    def first_edits(session: Session) -> None:
        rename(session, "min-a", "name", "ru", "Министерство правленое")
        session.execute(update(Body).where(Body.code == "min-a").values(website="https://edited.example"))
        own = body_id(session, "min-a")
        session.execute(delete(BodyName).where(BodyName.body_id == own, BodyName.text == "Ая"))
        session.add(BodyName(body_id=own, kind="alias", lang="ru", text="Своя"))
        session.add(Body(code="hand", level="central", kato=None))

    database.write_now(first_edits)
    second = replace(
        MINISTRY,
        names={"kk": "Екінші", "ru": "Второе", "en": "Ministry A"},
        website="https://second.example",
        aliases=("Мина", "Ая", "Новая"),
    )
    assert load(database, second, COMMITTEE, REGION) == Loaded(new=0, updated=1, kept=2, abolished=0)
    ministry = see(database, "min-a")
    assert ministry.names == {"kk": "Екінші", "ru": "Министерство правленое", "en": "Ministry A"}
    assert ministry.website == "https://edited.example"
    assert set(ministry.aliases) == {"Мина", "Новая", "Своя"}

    def second_edits(session: Session) -> None:
        rename(session, "min-a", "name", "ru", "Второе")  # back to what the file says: it follows the file again
        own = body_id(session, "min-a")
        session.execute(delete(BodyName).where(BodyName.body_id == own, BodyName.kind == "short"))

    database.write_now(second_edits)
    third = replace(second, names={"kk": "Үшінші", "ru": "Третье", "en": "Ministry C"}, shorts={"ru": "МТ"}, aliases=())
    assert load(database, third, COMMITTEE) == Loaded(new=0, updated=1, kept=1, abolished=1)
    ministry = see(database, "min-a")
    assert ministry.names == {"kk": "Үшінші", "ru": "Третье", "en": "Ministry C"}
    assert ministry.shorts == {}
    assert ministry.aliases == ("Своя",)
    assert see(database, "hand").abolished_on is None
    assert see(database, "reg-a").abolished_on == date(2026, 11, 23)
    assert database.read_now(bodies.directory_version) == 3


def test_a_body_gone_is_abolished_and_comes_back(database: Database) -> None:
    load(database, *FIRST)
    late = datetime(2026, 11, 23, 21, 30, tzinfo=UTC).astimezone(ALMATY)
    assert load(database, MINISTRY, COMMITTEE, now=late) == Loaded(new=0, updated=0, kept=2, abolished=1)
    assert see(database, "reg-a").abolished_on == date(2026, 11, 24)
    assert load(database, MINISTRY, now=late).abolished == 1
    assert load(database, *FIRST) == Loaded(new=0, updated=2, kept=1, abolished=0)
    assert see(database, "reg-a").abolished_on is None
    assert database.read_now(bodies.directory_version) == 4


def test_what_a_coordinator_abolished_or_revived_stays(database: Database) -> None:
    load(database, *FIRST)
    day = date(2026, 5, 1)
    database.write_now(lambda s: s.execute(update(Body).where(Body.code == "reg-a").values(abolished_on=day)) and None)
    load(database, MINISTRY)
    assert see(database, "reg-a").abolished_on == day
    revive = update(Body).where(Body.code == "com-a").values(abolished_on=None)
    database.write_now(lambda session: session.execute(revive) and None)
    load(database, replace(MINISTRY, website=None))
    assert see(database, "com-a").abolished_on is None
    load(database, *FIRST)
    assert see(database, "reg-a").abolished_on == day


def test_a_row_added_by_hand_is_never_touched(database: Database) -> None:
    database.write_now(lambda session: session.add(Body(code="min-a", level="region", kato="1")))
    assert load(database, *FIRST) == Loaded(new=2, updated=0, kept=1, abolished=0)
    ours = see(database, "min-a")
    assert (ours.level, ours.names) == ("region", {})
    assert see(database, "com-a").parent_id == ours.id


def test_the_version_rises_only_when_something_changed(database: Database) -> None:
    load(database, *FIRST)
    load(database, *reversed(FIRST))
    assert database.read_now(bodies.directory_version) == 1
    same_for_us = replace(MINISTRY, website="https://edited.example")
    edit = update(Body).where(Body.code == "min-a").values(website="https://edited.example")
    database.write_now(lambda session: session.execute(edit) and None)
    assert load(database, same_for_us, COMMITTEE, REGION) == Loaded(new=0, updated=0, kept=3, abolished=0)
    assert database.read_now(bodies.directory_version) == 1


async def test_replicas_that_start_together_load_once(database: Database) -> None:
    loads = [database.write(load_shipped, FIRST, now=NOW) for _ in range(4)]
    loaded = await asyncio.gather(*loads)
    assert sorted(done.new for done in loaded) == [0, 0, 0, 3]
    assert database.read_now(bodies.directory_version) == 1
