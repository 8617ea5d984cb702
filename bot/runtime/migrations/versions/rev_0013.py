"""Which message an answer is under, and which version of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("message", sa.String(length=40), nullable=True))
    op.add_column("answers", sa.Column("edited", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "edited")
    op.drop_column("answers", "message")
