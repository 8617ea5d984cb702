"""The weekly digest: how each channel's is set, what was begun and posted, matters for the next agenda, indexes by
week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BY_WEEK = (("returns", "sent"), ("meetings", "confirmed"), ("actions", "created"))


def upgrade() -> None:
    op.create_table(
        "digest_settings",
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("items", sa.Text(), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=True),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_digest_settings")),
    )
    op.create_table(
        "digests",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_channel_until", "digests", ["channel", "until"])
    op.create_table(
        "meeting_matters",
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ref", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("raised", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("body", "ref", name=op.f("pk_meeting_matters")),
    )
    for table, column in BY_WEEK:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_action_changes_what_at", "action_changes", ["what", "at"])


def downgrade() -> None:
    op.drop_index("ix_action_changes_what_at", "action_changes")
    for table, column in BY_WEEK:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    for table in ("meeting_matters", "digests", "digest_settings"):
        op.drop_table(table)
