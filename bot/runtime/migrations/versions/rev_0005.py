"""The pulse's plans, the checklist of a collaboration, and which plan a wave is of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse_plans",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("collaboration", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration"],
            ["pulse_collaborations.id"],
            name=op.f("fk_pulse_plans_collaboration_pulse_collaborations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_plans")),
    )
    op.create_index(op.f("ix_pulse_plans_collaboration"), "pulse_plans", ["collaboration"])
    with op.batch_alter_table("pulse_collaborations") as table:
        table.add_column(sa.Column("checklist", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("pulse_waves") as table:
        table.add_column(sa.Column("plan", sa.String(length=40), nullable=False, server_default=""))
    op.create_index(op.f("ix_pulse_waves_plan"), "pulse_waves", ["plan"])


def downgrade() -> None:
    op.drop_index(op.f("ix_pulse_waves_plan"), "pulse_waves")
    with op.batch_alter_table("pulse_waves") as table:
        table.drop_column("plan")
    with op.batch_alter_table("pulse_collaborations") as table:
        table.drop_column("checklist")
    op.drop_table("pulse_plans")
