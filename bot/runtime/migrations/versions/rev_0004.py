"""The pulse: collaborations, waves, who replied, sealed answers and comments, what was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse_collaborations",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schools", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("lead", sa.String(length=60), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_collaborations")),
    )
    op.create_table(
        "pulse_waves",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("collaboration", sa.String(length=60), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("statements", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        _reference("pulse_waves", "collaboration", "pulse_collaborations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_waves")),
    )
    op.create_index(op.f("ix_pulse_waves_collaboration"), "pulse_waves", ["collaboration"])
    op.create_table(
        "pulse_participation",
        sa.Column("wave", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("slices", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        _reference("pulse_participation", "wave", "pulse_waves"),
        sa.PrimaryKeyConstraint("wave", "person", name=op.f("pk_pulse_participation")),
    )
    for table in ("pulse_answers", "pulse_comments"):
        op.create_table(
            table,
            sa.Column("key", sa.String(length=32), nullable=False),
            sa.Column("wave", sa.String(length=60), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            _reference(table, "wave", "pulse_waves"),
            sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
        op.create_index(op.f(f"ix_{table}_wave"), table, ["wave"])
    op.create_table(
        "pulse_publications",
        sa.Column("wave", sa.String(length=60), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        _reference("pulse_publications", "wave", "pulse_waves"),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_pulse_publications")),
    )


def downgrade() -> None:
    for table in ("publications", "comments", "answers", "participation", "waves", "collaborations"):
        op.drop_table(f"pulse_{table}")


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
