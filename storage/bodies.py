"""State bodies and their names."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Table


class Body(Table):
    """A state body. Never deleted: one that is gone is marked abolished and may name a successor."""

    __tablename__ = "bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # the id in the shipped file, such as min-health
    level: Mapped[str]  # central, region, region_department, city, district, district_of_city
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"), index=True)  # a region names itself
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    kato: Mapped[str | None]
    website: Mapped[str | None]
    abolished_on: Mapped[date | None]
    # The values last shipped with the program: a later file changes a field only where it still has them.
    # Empty for a body that a coordinator added.
    shipped: Mapped[dict[str, Any] | None]


class BodyName(Table):
    """One name of a body: the full name and the short name in each language, and any number of aliases."""

    __tablename__ = "body_names"
    __table_args__ = (Index("ix_body_names_body_id_kind_lang", "body_id", "kind", "lang"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id", ondelete="CASCADE"))
    kind: Mapped[str]  # name, short, alias
    lang: Mapped[str]  # kk, ru, en
    text: Mapped[str]
