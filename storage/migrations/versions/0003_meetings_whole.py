"""The whole meeting: offers by either side, holds, undo, guests, files, deputies, words between the sides, outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "attachments",
    "meeting_guests",
    "post_days",
    "deputies",
    "meeting_words",
    "meeting_mutes",
    "outcomes",
    "promises",
)
POST_COLUMNS = ("slot_minutes", "buffer_minutes", "notice_days", "most_per_day")
MEETING_COLUMNS = (
    "with_head",
    "attendees",
    "batch",
    "round",
    "held_until",
    "undo_until",
    "redirected_to_id",
    "pin",
)


def upgrade() -> None:
    _columns()
    _around_meetings()
    _posts()
    _talks()
    _outcomes()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("posts") as posts:
        for name in (*POST_COLUMNS, "online_link"):
            posts.drop_column(name)
    with op.batch_alter_table("slots", table_kwargs={"sqlite_autoincrement": True}) as slots:
        slots.drop_column("round")
        slots.drop_column("offered_by")
    with op.batch_alter_table("meetings") as meetings:
        meetings.drop_index("ix_meetings_batch")
        meetings.drop_constraint("fk_meetings_redirected_to_id_meetings", type_="foreignkey")
        for name in MEETING_COLUMNS:
            meetings.drop_column(name)


def _columns() -> None:
    # Rows that are there already are requests of the first offer; the defaults are for them alone.
    with op.batch_alter_table("meetings") as meetings:
        meetings.add_column(sa.Column("with_head", sa.Boolean, nullable=False, server_default=sa.false()))
        meetings.add_column(sa.Column("attendees", sa.JSON))
        meetings.add_column(sa.Column("batch", sa.String))
        meetings.add_column(sa.Column("round", sa.Integer, nullable=False, server_default="1"))
        meetings.add_column(sa.Column("held_until", MOMENT))
        meetings.add_column(sa.Column("undo_until", MOMENT))
        meetings.add_column(sa.Column("redirected_to_id", sa.Integer))
        meetings.add_column(sa.Column("pin", sa.JSON))
        meetings.create_foreign_key("fk_meetings_redirected_to_id_meetings", "meetings", ["redirected_to_id"], ["id"])
        meetings.create_index("ix_meetings_batch", ["batch"])
    with op.batch_alter_table("slots", table_kwargs={"sqlite_autoincrement": True}) as slots:
        slots.add_column(sa.Column("round", sa.Integer, nullable=False, server_default="1"))
        slots.add_column(sa.Column("offered_by", sa.String, nullable=False, server_default="ngo"))
    with op.batch_alter_table("posts") as posts:
        for name in POST_COLUMNS:
            posts.add_column(sa.Column(name, sa.Integer))
        posts.add_column(sa.Column("online_link", sa.String))


def _around_meetings() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("meeting_id", "meetings", index=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("file_id", sa.String, nullable=False),
        sa.Column("unique_id", sa.String, nullable=False),
        sa.Column("name", sa.String),
        sa.Column("size", sa.Integer),
    )
    op.create_table(
        "meeting_guests",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("meeting_id", "meetings"),
        _to("organisation_id", "organisations", index=True),
        _to("person_id", "persons", index=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("agenda", sa.String),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("meeting_id", "organisation_id"),
    )


def _posts() -> None:
    op.create_table(
        "post_days",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("post_id", "posts"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("hours", sa.JSON, nullable=False),
        sa.UniqueConstraint("post_id", "day"),
    )
    op.create_table(
        "deputies",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("post_id", "posts", index=True),
        _to("person_id", "persons", index=True, nullable=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("from_day", sa.Date),
        sa.Column("until_day", sa.Date),
        sa.Column("digest", sa.String, unique=True),
        _to("invited_by", "persons"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
    )


def _talks() -> None:
    op.create_table(
        "meeting_words",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("meeting_id", "meetings", index=True),
        _to("author_id", "persons", index=True),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("reported_by", "persons", nullable=True),
        sa.Column("reported_at", MOMENT),
    )
    op.create_table(
        "meeting_mutes",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("meeting_id", "meetings"),
        _to("person_id", "persons", index=True),
        sa.UniqueConstraint("meeting_id", "person_id"),
    )


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("meeting_id", "meetings"),
        sa.Column("side", sa.String, nullable=False),
        _to("person_id", "persons", index=True),
        sa.Column("held", sa.String, nullable=False),
        sa.Column("why", sa.String),
        sa.Column("answered", sa.String),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("meeting_id", "side"),
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("meeting_id", "meetings", index=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("due_on", sa.Date, index=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("doer", sa.String, nullable=False, server_default="office"),
        sa.Column("silent", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
    )


def _to(name: str, table: str, *, index: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), index=index, nullable=nullable)
