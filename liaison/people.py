"""Who is writing: the person, what he holds and whom he speaks for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    bindparam,
    cast,
    exists,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from liaison.errors import NotYours
from liaison.policy import Policy
from storage.bodies import Body
from storage.inserts import insert_if_absent
from storage.meetings import Meeting
from storage.notices import Notice
from storage.people import Membership, Person, Role
from storage.posts import Deputy, Holder

LANGUAGES = ("kk", "ru", "en")
DEFAULT_LANGUAGE = "kk"  # the state language
CONSENT_VERSION = "2026-11"  # raised when the wording of the consent changes


@dataclass(frozen=True)
class Actor:
    """A person as the rules see him, read once for each update."""

    id: int
    telegram_id: int
    language: str | None
    name: str | None
    phone: str | None
    consented: bool
    reachable: bool  # has not blocked the bot, as far as we know
    admin: bool
    regions: tuple[int | None, ...]  # coordinator of these regions; None stands for the whole country
    posts: tuple[int, ...]  # posts he holds now
    organisations: tuple[int, ...]  # organisations he speaks for, the newest first
    substitutes: tuple[int, ...] = ()  # posts whose official he stands in for today
    assists: tuple[int, ...] = ()  # posts for which he may answer as an assistant
    region_id: int | None = None  # the region he works in, as he said

    @property
    def coordinates(self) -> bool:
        """Whether he keeps lists and may record an official's answer anywhere."""
        return self.admin or bool(self.regions)


def identify(session: Session, telegram_id: int, policy: Policy, *, now: datetime) -> Actor | None:
    """The person with this Telegram id as he is at ``now``, or None if he never wrote before."""
    person = session.scalar(select(Person).where(Person.telegram_id == telegram_id))
    return None if person is None else _actor(session, person, policy, now)


def actor(session: Session, person_id: int, policy: Policy, *, now: datetime) -> Actor:
    """The person with this id as he is at ``now``. Raises LookupError if there is none."""
    return _actor(session, session.get_one(Person, person_id), policy, now)


def meet(session: Session, telegram_id: int, policy: Policy, *, now: datetime) -> Actor:
    """The person with this Telegram id, written down at first sight (the number alone, no personal answer)."""
    insert_if_absent(session, Person, telegram_id=telegram_id, created_at=now)
    found = identify(session, telegram_id, policy, now=now)
    if found is None:
        raise NotYours("person", "could neither be found nor written")
    return found


def choose_language(session: Session, person: Actor, language: str, policy: Policy, *, now: datetime) -> Actor:
    """Keep the language a person chose. Raises NotYours for a language the program does not speak (a forged button)."""
    if language not in LANGUAGES:
        raise NotYours("language", f"unknown language {language!r}")
    session.execute(update(Person).where(Person.id == person.id).values(language=language))
    return actor(session, person.id, policy, now=now)


def choose_region(session: Session, person: Actor, region_id: int | None) -> None:
    """Keep the region a person works in; None forgets it. Raises NotYours for what is no region (a forged button)."""
    level = session.scalar(select(Body.level).where(Body.id == region_id, Body.abolished_on.is_(None)))
    if region_id is not None and level != "region":
        raise NotYours("region", f"body {region_id} is no region")
    session.execute(update(Person).where(Person.id == person.id).values(region_id=region_id))


def consent(session: Session, person: Actor, *, now: datetime) -> None:
    """Write down that the person agreed to the present wording (Law 94-V art. 8: the consent must be provable)."""
    session.execute(
        update(Person).where(Person.id == person.id).values(consent_version=CONSENT_VERSION, consent_at=now)
    )


def mark_reach(session: Session, telegram_id: int, *, reachable: bool, now: datetime) -> None:
    """Note that a person blocked the bot, or came back."""
    since = None if reachable else now
    changed = update(Person).where(Person.telegram_id == telegram_id).values(unreachable_since=since)
    person_id = session.scalar(changed.returning(Person.id))
    if reachable and person_id is not None:
        _owe_again(session, person_id)


def _owe_again(session: Session, person_id: int) -> None:
    """What was dropped because the person could not be reached is owed again; delivery asks whether it makes sense."""
    dropped = update(Notice).where(Notice.recipient_id == person_id, Notice.state == "dropped")
    # What was said of a meeting before it changed has been overtaken.
    present = literal("%:rev") + cast(Meeting.rev, String) + literal(":%")
    fits = exists().where(Meeting.id == Notice.meeting_id, Notice.key.like(present))
    dropped = dropped.where(or_(Notice.meeting_id.is_(None), Notice.key.not_like("%:rev%"), fits))
    session.execute(dropped.where(Notice.reason.in_(("blocked", "unreachable"))).values(state="owed", reason=None))
    session.info["owed"] = True


def _actor(session: Session, person: Person, policy: Policy, now: datetime) -> Actor:
    """Everything that a person holds, in one query: it is asked at every update."""
    held: defaultdict[str, list[int | None]] = defaultdict(list)
    today = now.astimezone(policy.zone).date()
    for what, which in session.execute(_HELD, {"person": person.id, "today": today}):
        held[what].append(which)
    return Actor(
        id=person.id,
        telegram_id=person.telegram_id,
        language=person.language,
        name=person.name,
        phone=person.phone,
        consented=person.consent_version == CONSENT_VERSION,
        reachable=person.unreachable_since is None,
        admin=person.telegram_id in policy.admins or bool(held["admin"]),
        regions=tuple(held["coordinator"]),
        posts=tuple(post for post in held["post"] if post is not None),
        substitutes=tuple(post for post in held["substitute"] if post is not None),
        assists=tuple(post for post in held["assistant"] if post is not None),
        organisations=tuple(one for one in held["organisation"] if one is not None),
        region_id=person.region_id,
    )


def serving(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """The deputies who answer today: accepted, and a substitute only on his days."""
    on_his_days = (Deputy.from_day <= today) & (Deputy.until_day >= today)
    return (Deputy.state == "accepted") & ((Deputy.kind == "assistant") | on_his_days)


_PERSON: BindParameter[int] = bindparam("person")
_EACH = union_all(
    select(Role.kind, Role.region_id, Role.id.label("since")).where(
        Role.person_id == _PERSON, Role.until.is_(None), Role.kind.in_(("coordinator", "admin"))
    ),
    select(literal("post"), Holder.post_id, Holder.id).where(Holder.person_id == _PERSON, Holder.until.is_(None)),
    select(literal("organisation"), Membership.organisation_id, Membership.id).where(
        Membership.person_id == _PERSON, Membership.state == "present"
    ),
    select(Deputy.kind, Deputy.post_id, Deputy.id).where(Deputy.person_id == _PERSON, serving(bindparam("today"))),
).subquery()
_HELD = select(_EACH.c.kind, _EACH.c.region_id).order_by(_EACH.c.since.desc())  # the newest organisation first
