"""The meetings room: reminders and their lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_holiday", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_reminders")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_sent"), ["sent"], unique=False)

    op.create_table(
        "reminder_lines",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person", "day"],
            ["reminders.person", "reminders.day"],
            name=op.f("fk_reminder_lines_person_reminders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person", "day", "subject", "kind", name=op.f("pk_reminder_lines")),
    )
    with op.batch_alter_table("reminder_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_lines_subject"), ["subject"], unique=False)


def downgrade() -> None:
    op.drop_table("reminder_lines")
    op.drop_table("reminders")
