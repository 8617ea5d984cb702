"""The meetings room: notes, drafts, meetings, actions, decisions and returns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_drafts",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("meeting", sa.String(length=24), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_drafts")),
    )
    with op.batch_alter_table("meeting_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_drafts_body_day", ["body", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_drafts_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_drafts_meeting"), ["meeting"], unique=False)

    op.create_table(
        "meeting_notes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_meeting_notes")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_body_day", ["body", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_school"), ["school"], unique=False)

    op.create_table(
        "actions",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("meeting", sa.String(length=24), nullable=True),
        sa.Column("first_meeting", sa.String(length=24), nullable=True),
        sa.Column("raised", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("owners", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("part_b", sa.Boolean(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_meeting"], ["meetings.id"], name=op.f("fk_actions_first_meeting_meetings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meetings.id"], name=op.f("fk_actions_meeting_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    with op.batch_alter_table("actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actions_body"), ["body"], unique=False)
        batch_op.create_index(batch_op.f("ix_actions_meeting"), ["meeting"], unique=False)
        batch_op.create_index(batch_op.f("ix_actions_school"), ["school"], unique=False)
        batch_op.create_index(batch_op.f("ix_actions_state"), ["state"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("meeting", sa.String(length=24), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("part_b", sa.Boolean(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meetings.id"], name=op.f("fk_decisions_meeting_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_meeting"), ["meeting"], unique=False)

    op.create_table(
        "returns",
        sa.Column("meeting", sa.String(length=24), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meetings.id"], name=op.f("fk_returns_meeting_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting", name=op.f("pk_returns")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returns_school"), ["school"], unique=False)

    op.create_table(
        "action_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action"], ["actions.id"], name=op.f("fk_action_changes_action_actions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_changes")),
    )
    with op.batch_alter_table("action_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_changes_action"), ["action"], unique=False)

    op.create_table(
        "action_mentions",
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("meeting", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action"], ["actions.id"], name=op.f("fk_action_mentions_action_actions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meetings.id"], name=op.f("fk_action_mentions_meeting_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("action", "meeting", name=op.f("pk_action_mentions")),
    )
    with op.batch_alter_table("action_mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_mentions_meeting"), ["meeting"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("action_mentions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_mentions_meeting"))

    op.drop_table("action_mentions")
    with op.batch_alter_table("action_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_changes_action"))

    op.drop_table("action_changes")
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_school"))

    op.drop_table("returns")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_meeting"))

    op.drop_table("decisions")
    with op.batch_alter_table("actions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_actions_state"))
        batch_op.drop_index(batch_op.f("ix_actions_school"))
        batch_op.drop_index(batch_op.f("ix_actions_meeting"))
        batch_op.drop_index(batch_op.f("ix_actions_body"))

    op.drop_table("actions")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetings_school"))
        batch_op.drop_index("ix_meetings_body_day")

    op.drop_table("meetings")
    op.drop_table("meeting_notes")
    with op.batch_alter_table("meeting_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_drafts_meeting"))
        batch_op.drop_index(batch_op.f("ix_meeting_drafts_digest"))
        batch_op.drop_index("ix_meeting_drafts_body_day")

    op.drop_table("meeting_drafts")
