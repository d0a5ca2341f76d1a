"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OWED = sa.text("state = 'owed'")
TABLES = (
    "bodies",
    "body_names",
    "persons",
    "organisations",
    "memberships",
    "roles",
    "posts",
    "holders",
    "invitations",
    "meetings",
    "slots",
    "meeting_steps",
    "drafts",
    "notices",
    "taken_updates",
    "duties",
    "counters",
    "facts",
    "audit_entries",
)


def upgrade() -> None:
    _bodies()
    _people()
    _posts()
    _meetings()
    _notices()
    _records()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _bodies() -> None:
    op.create_table(
        "bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("region_id", sa.Integer()),
        sa.Column("successor_id", sa.Integer()),
        sa.Column("kato", sa.String()),
        sa.Column("website", sa.String()),
        sa.Column("abolished_on", sa.Date()),
        sa.Column("shipped", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
        sa.ForeignKeyConstraint(["parent_id"], ["bodies.id"], name=op.f("fk_bodies_parent_id_bodies")),
        sa.ForeignKeyConstraint(["region_id"], ["bodies.id"], name=op.f("fk_bodies_region_id_bodies")),
        sa.ForeignKeyConstraint(["successor_id"], ["bodies.id"], name=op.f("fk_bodies_successor_id_bodies")),
        sa.UniqueConstraint("code", name=op.f("uq_bodies_code")),
    )
    op.create_index(op.f("ix_bodies_parent_id"), "bodies", ["parent_id"])
    op.create_index(op.f("ix_bodies_region_id"), "bodies", ["region_id"])
    op.create_table(
        "body_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_names")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_body_names_body_id_bodies"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_body_names_body_id_kind_lang"), "body_names", ["body_id", "kind", "lang"])


def _people() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String()),
        sa.Column("name", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("consent_version", sa.String()),
        sa.Column("consent_at", MOMENT),
        sa.Column("unreachable_since", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_persons_telegram_id")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bin", sa.String()),
        sa.Column("verified_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index(op.f("ix_organisations_bin"), "organisations", ["bin"])
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_memberships_person_id_persons")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_memberships_organisation_id_person_id")),
    )
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"])
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("region_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_roles_person_id_persons")),
        sa.ForeignKeyConstraint(["region_id"], ["bodies.id"], name=op.f("fk_roles_region_id_bodies")),
    )
    op.create_index(op.f("ix_roles_person_id"), "roles", ["person_id"])


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("windows", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_posts_body_id_bodies")),
        sa.UniqueConstraint("body_id", name=op.f("uq_posts_body_id")),
    )
    op.create_table(
        "holders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("position", sa.String()),
        sa.Column("phones", sa.JSON(), nullable=False),
        sa.Column("emails", sa.JSON(), nullable=False),
        sa.Column("order_no", sa.String()),
        sa.Column("order_date", sa.Date()),
        sa.Column("since", sa.Date()),
        sa.Column("until", MOMENT),
        sa.Column("source_title", sa.String()),
        sa.Column("source_url", sa.String()),
        sa.Column("retrieved_at", MOMENT),
        sa.Column("verified_at", MOMENT),
        sa.Column("verified_by", sa.String()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("bound_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holders")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_holders_person_id_persons")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_holders_post_id_posts")),
    )
    op.create_index(op.f("ix_holders_person_id"), "holders", ["person_id"])
    op.create_index(op.f("ix_holders_post_id"), "holders", ["post_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("post_id", sa.Integer()),
        sa.Column("region_id", sa.Integer()),
        sa.Column("invited_by", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("used_by", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.ForeignKeyConstraint(["invited_by"], ["persons.id"], name=op.f("fk_invitations_invited_by_persons")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_invitations_post_id_posts")),
        sa.ForeignKeyConstraint(["region_id"], ["bodies.id"], name=op.f("fk_invitations_region_id_bodies")),
        sa.ForeignKeyConstraint(["used_by"], ["persons.id"], name=op.f("fk_invitations_used_by_persons")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("draft_key", sa.String(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("agenda", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT),
        sa.Column("ends_at", MOMENT),
        sa.Column("place", sa.String()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_meetings_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_meetings_post_id_posts")),
        sa.ForeignKeyConstraint(["requester_id"], ["persons.id"], name=op.f("fk_meetings_requester_id_persons")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_meetings_draft_key")),
        sa.UniqueConstraint("number", name=op.f("uq_meetings_number")),
    )
    op.create_index(op.f("ix_meetings_organisation_id"), "meetings", ["organisation_id"])
    op.create_index(op.f("ix_meetings_post_id_starts_at"), "meetings", ["post_id", "starts_at"])
    op.create_index(op.f("ix_meetings_requester_id"), "meetings", ["requester_id"])
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_slots_meeting_id_meetings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_slots_meeting_id"), "slots", ["meeting_id"])
    op.create_table(
        "meeting_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("acted_as", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("from_state", sa.String()),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_steps")),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name=op.f("fk_meeting_steps_actor_id_persons")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_steps_meeting_id_meetings")),
    )
    op.create_index(op.f("ix_meeting_steps_meeting_id"), "meeting_steps", ["meeting_id"])


def _notices() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_drafts_person_id_persons")),
        sa.UniqueConstraint("key", name=op.f("uq_drafts_key")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_drafts_person_id_kind")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("sent_at", MOMENT),
        sa.Column("message_id", sa.Integer()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("lease_owner", sa.String()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_notices_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["recipient_id"], ["persons.id"], name=op.f("fk_notices_recipient_id_persons")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index(op.f("ix_notices_meeting_id"), "notices", ["meeting_id"])
    op.create_index(op.f("ix_notices_owed"), "notices", ["due_at"], sqlite_where=OWED, postgresql_where=OWED)
    op.create_index(op.f("ix_notices_recipient_id"), "notices", ["recipient_id"])


def _records() -> None:
    op.create_table(
        "taken_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("place", sa.String()),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_taken_updates")),
    )
    op.create_index(op.f("ix_taken_updates_taken_at"), "taken_updates", ["taken_at"])
    op.create_table(
        "duties",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_due", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duties")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_audit_entries_person_id_persons")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
