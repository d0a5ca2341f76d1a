"""NGOs and who speaks for them. A BIN is public, so naming one proves nothing: it only lets one ask to be let in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from liaison import notices, reach
from liaison.errors import NotYours
from liaison.people import Actor
from storage.meetings import Meeting
from storage.people import Membership, Organisation, Person
from storage.records import AuditEntry


@dataclass(frozen=True)
class MembershipCard:
    """Somebody's wish to speak for an organisation."""

    id: int
    state: str
    organisation: str
    bin: str | None
    name: str | None
    title: str | None


def register(
    session: Session, person: Actor, *, name: str, bin_number: str | None, own_name: str, title: str, now: datetime
) -> int:
    """Write down an organisation as its representative describes it and return its id.

    Where the BIN is known already, the new one stays separate and unverified, and those present in the older one are
    asked whether they let this person in.
    """
    organisation = Organisation(name=name, bin=bin_number, created_at=now)
    session.add(organisation)
    session.flush()
    session.add(_membership(organisation.id, person.id, title, "present", now))
    session.execute(update(Person).where(Person.id == person.id).values(name=own_name))
    if bin_number is not None and (older := _older_twin(session, organisation)) is not None:
        _ask_in(session, older, person.id, title, now)
    return organisation.id


def decide(session: Session, actor: Actor, membership_id: int, *, let_in: bool, now: datetime) -> MembershipCard:
    """Let a person in, or not: a present member or a country-wide coordinator decides, the first answer stands.

    Whoever is let in brings along the requests made under a twin with the same BIN. Raises NotYours.
    """
    asked = _door(session, actor, membership_id)
    session.refresh(asked, with_for_update=True)
    if asked.state != "asked":
        return card(session, asked)
    asked.state = "present" if let_in else "refused"
    if let_in:
        _merge_twin(session, asked)
    what = {"membership": asked.id, "let_in": let_in}
    session.add(AuditEntry(at=now, person_id=actor.id, what="membership", details=what))
    notices.owe(
        session,
        key=f"membership:{asked.id}:{asked.state}",
        kind="membership_answer",
        recipient_id=asked.person_id,
        due_at=now,
        membership=asked.id,
    )
    session.flush()
    return card(session, asked)


def membership(session: Session, actor: Actor, membership_id: int) -> MembershipCard:
    """The wish as the one who decides, or who asked, may see it. Raises NotYours."""
    return card(session, _door(session, actor, membership_id, asker_too=True))


def card(session: Session, asked: Membership) -> MembershipCard:
    """The wish as a value."""
    organisation = session.get_one(Organisation, asked.organisation_id)
    person = session.get_one(Person, asked.person_id)
    return MembershipCard(asked.id, asked.state, organisation.name, organisation.bin, person.name, asked.title)


def _door(session: Session, actor: Actor, membership_id: int, *, asker_too: bool = False) -> Membership:
    asked = session.get(Membership, membership_id)
    if asked is None:
        raise NotYours("membership", f"no membership {membership_id}")
    decides = asked.organisation_id in actor.organisations or None in actor.regions or actor.admin
    if not (decides or (asker_too and asked.person_id == actor.id)):
        raise NotYours("membership", f"person {actor.id} may not decide on membership {membership_id}")
    return asked


def _older_twin(session: Session, organisation: Organisation) -> Organisation | None:
    return session.scalars(
        select(Organisation)
        .where(Organisation.bin == organisation.bin, Organisation.id != organisation.id)
        .order_by(Organisation.verified_at.is_(None), Organisation.id)
        .limit(1)
    ).first()


def _ask_in(session: Session, older: Organisation, person_id: int, title: str, now: datetime) -> None:
    known = select(Membership).where(Membership.organisation_id == older.id, Membership.person_id == person_id)
    if session.scalar(known) is not None:
        return
    asked = _membership(older.id, person_id, title, "asked", now)
    session.add(asked)
    session.flush()
    present = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == older.id, Membership.state == "present")
        .where(Person.unreachable_since.is_(None))
    )
    members = list(session.scalars(present)) or [one.person_id for one in reach.country_wide(session)]
    for member_id in members:  # where no member can be written to, the country's coordinators decide
        notices.owe(
            session,
            key=f"membership:{asked.id}:asked",
            kind="membership",
            recipient_id=member_id,
            due_at=now,
            membership=asked.id,
        )


def _merge_twin(session: Session, let_in: Membership) -> None:
    organisation = session.get_one(Organisation, let_in.organisation_id)
    twins = (
        select(Organisation.id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.bin == organisation.bin, Organisation.id != organisation.id)
        .where(Membership.person_id == let_in.person_id, Membership.state == "present")
    )
    for twin in session.scalars(twins).all():
        session.execute(
            update(Meeting)
            .where(Meeting.organisation_id == twin, Meeting.requester_id == let_in.person_id)
            .values(organisation_id=organisation.id)
        )
        session.execute(
            update(Membership)
            .where(Membership.organisation_id == twin, Membership.person_id == let_in.person_id)
            .values(state="left")
        )


def _membership(organisation_id: int, person_id: int, title: str, state: str, now: datetime) -> Membership:
    return Membership(organisation_id=organisation_id, person_id=person_id, title=title, state=state, created_at=now)
