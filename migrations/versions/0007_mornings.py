"""Where the clock shows the same, each morning's mail is written once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "morning",
        sa.Column("time_zone", sa.String(), primary_key=True),
        sa.Column("errand", sa.String(20), primary_key=True),
        sa.Column("done_on", sa.Date(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("morning")
