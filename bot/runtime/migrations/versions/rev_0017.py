"""Which processes read documents in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "library_reading",
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("beat", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_library_reading")),
    )


def downgrade() -> None:
    op.drop_table("library_reading")
