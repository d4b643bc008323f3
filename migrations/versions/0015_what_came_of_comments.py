"""Whoever wrote a comment is told by mail what came of it, once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comment_outcome", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.create_index("ix_response_answered_at", "response", ["answered_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_response_answered_at", "response")
    with op.batch_alter_table("comment_outcome") as table:
        table.drop_column("told_at")
