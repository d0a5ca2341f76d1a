"""Persons, the organisations they speak for, the roles they were given and the invitations that give them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table, personal


class Person(Table):
    """Somebody who wrote to the bot."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = personal(type_=BigInteger, unique=True)
    language: Mapped[str | None]  # kk, ru, en; empty until asked
    name: Mapped[str | None] = personal()
    phone: Mapped[str | None] = personal()
    consent_version: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))  # where he works: decides between equals
    unreachable_since: Mapped[datetime | None]  # blocked the bot or deleted the account
    created_at: Mapped[datetime]


class Organisation(Table):
    """An NGO as one of its people described it. The BIN is public, so it proves nothing and is not unique."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    bin: Mapped[str | None] = mapped_column(index=True)
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Table):
    """A person speaks for an organisation; `asked` until a present member or a coordinator lets him in."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    title: Mapped[str | None] = personal()  # the role in the organisation, in the person's own words
    state: Mapped[str]  # present, asked, left
    created_at: Mapped[datetime]


class Role(Table):
    """A duty given to a person: coordinator or admin, for a region or (empty) the whole country."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]


class Invitation(Table):
    """A one-use deep link; only the digest of its secret is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # official, successor, coordinator
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
