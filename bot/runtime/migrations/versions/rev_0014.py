"""Panels, and answers that are sealed with a key that is not on the disk; who answered pulses of old is forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pulse_waves", sa.Column("panel", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "pulse_panels",
        sa.Column("collaboration", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("slices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration"],
            ["pulse_collaborations.id"],
            name=op.f("fk_pulse_panels_collaboration_pulse_collaborations"),
        ),
        sa.PrimaryKeyConstraint("collaboration", "version", "person", name=op.f("pk_pulse_panels")),
    )
    op.create_table(
        "pulse_seals",
        sa.Column("wave", sa.String(length=60), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("issuing", sa.LargeBinary(), nullable=False),
        sa.Column("opening", sa.String(length=40), nullable=False),
        sa.Column("asking", sa.String(length=40), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["wave"], ["pulse_waves.id"], name=op.f("fk_pulse_seals_wave_pulse_waves")),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_pulse_seals")),
    )
    op.create_table(
        "pulse_waiting",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("wave", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave"], ["pulse_waves.id"], name=op.f("fk_pulse_waiting_wave_pulse_waves")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pulse_waiting")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pulse_waiting_wave"), "pulse_waiting", ["wave"])
    # The groups behind the figures of old named who had answered; so do the marks of waves that are over.
    op.drop_column("pulse_publications", "groups")
    op.execute(
        "UPDATE pulse_participation SET state = 'asked' "
        "WHERE wave IN (SELECT id FROM pulse_waves WHERE state <> 'open')"
    )


def downgrade() -> None:
    op.add_column("pulse_publications", sa.Column("groups", sa.JSON(), server_default="[]", nullable=False))
    op.drop_index(op.f("ix_pulse_waiting_wave"), "pulse_waiting")
    for table in ("pulse_waiting", "pulse_seals", "pulse_panels"):
        op.drop_table(table)
    op.drop_column("pulse_waves", "panel")
