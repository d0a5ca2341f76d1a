"""Who is writing: the person, what he holds and whom he speaks for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison.errors import NotYours
from liaison.policy import Policy
from storage.inserts import insert_if_absent
from storage.people import Membership, Person, Role
from storage.posts import Holder

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

    @property
    def coordinates(self) -> bool:
        """Whether he keeps lists and may record an official's answer anywhere."""
        return self.admin or bool(self.regions)


def identify(session: Session, telegram_id: int, policy: Policy) -> Actor | None:
    """The person with this Telegram id, or None if he never wrote before."""
    person = session.scalar(select(Person).where(Person.telegram_id == telegram_id))
    return None if person is None else _actor(session, person, policy)


def actor(session: Session, person_id: int, policy: Policy) -> Actor:
    """The person with this id. Raises LookupError if there is none."""
    return _actor(session, session.get_one(Person, person_id), policy)


def meet(session: Session, telegram_id: int, policy: Policy, *, now: datetime) -> Actor:
    """The person with this Telegram id, written down at first sight (the number alone, no personal answer)."""
    insert_if_absent(session, Person, telegram_id=telegram_id, created_at=now)
    found = identify(session, telegram_id, policy)
    if found is None:
        raise NotYours("person", "could neither be found nor written")
    return found


def choose_language(session: Session, person: Actor, language: str, policy: Policy) -> Actor:
    """Keep the language a person chose. Raises NotYours for a language the program does not speak (a forged button)."""
    if language not in LANGUAGES:
        raise NotYours("language", f"unknown language {language!r}")
    session.execute(update(Person).where(Person.id == person.id).values(language=language))
    return actor(session, person.id, policy)


def consent(session: Session, person: Actor, *, now: datetime) -> None:
    """Write down that the person agreed to the present wording (Law 94-V art. 8: the consent must be provable)."""
    session.execute(
        update(Person).where(Person.id == person.id).values(consent_version=CONSENT_VERSION, consent_at=now)
    )


def mark_reach(session: Session, telegram_id: int, *, reachable: bool, now: datetime) -> None:
    """Note that a person blocked the bot, or came back."""
    since = None if reachable else now
    session.execute(update(Person).where(Person.telegram_id == telegram_id).values(unreachable_since=since))


def _actor(session: Session, person: Person, policy: Policy) -> Actor:
    roles = session.scalars(select(Role).where(Role.person_id == person.id, Role.until.is_(None))).all()
    posts = session.scalars(select(Holder.post_id).where(Holder.person_id == person.id, Holder.until.is_(None)))
    speaks_for = select(Membership.organisation_id).where(
        Membership.person_id == person.id, Membership.state == "present"
    )
    return Actor(
        id=person.id,
        telegram_id=person.telegram_id,
        language=person.language,
        name=person.name,
        phone=person.phone,
        consented=person.consent_version == CONSENT_VERSION,
        reachable=person.unreachable_since is None,
        admin=person.telegram_id in policy.admins or any(role.kind == "admin" for role in roles),
        regions=tuple(role.region_id for role in roles if role.kind == "coordinator"),
        posts=tuple(posts),
        organisations=tuple(session.scalars(speaks_for.order_by(Membership.id.desc()))),
    )
