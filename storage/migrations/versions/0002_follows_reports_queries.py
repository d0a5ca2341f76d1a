"""Following a body, wrong contacts, what people looked for, and the region a person works in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("follows", "body_events", "contact_reports", "query_misses", "query_choices")


def upgrade() -> None:
    _following()
    _reports()
    _queries()
    with op.batch_alter_table("persons") as persons:
        persons.add_column(sa.Column("region_id", sa.Integer))
        persons.create_foreign_key("fk_persons_region_id_bodies", "bodies", ["region_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("persons") as persons:
        persons.drop_constraint("fk_persons_region_id_bodies", type_="foreignkey")
        persons.drop_column("region_id")
    for table in reversed(TABLES):
        op.drop_table(table)


def _following() -> None:
    op.create_table(
        "follows",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("person_id", "persons"),
        _to("body_id", "bodies", index=True),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("person_id", "body_id", "scope"),
    )
    op.create_table(
        "body_events",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("body_id", "bodies"),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told_on", sa.Date, nullable=False),
        sa.Index("ix_body_events_told_on_body_id", "told_on", "body_id"),
    )


def _reports() -> None:
    op.create_table(
        "contact_reports",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("body_id", "bodies", index=True),
        _to("holder_id", "holders", nullable=True),
        _to("reporter_id", "persons", index=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("words", sa.String),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        _to("closed_by", "persons", nullable=True),
    )


def _queries() -> None:
    op.create_table(
        "query_misses",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String, nullable=False, unique=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False, index=True),
        sa.Column("state", sa.String, nullable=False, index=True),
        _to("body_id", "bodies", nullable=True),
    )
    op.create_table(
        "query_choices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
        _to("body_id", "bodies"),
        sa.Column("count", sa.Integer, nullable=False),
        sa.UniqueConstraint("text", "body_id"),
    )


def _to(name: str, table: str, *, index: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), index=index, nullable=nullable)
