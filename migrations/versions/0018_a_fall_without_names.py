"""When a real fall in a round without names came to light."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round", sa.Column("fell_on", sa.Date()))


def downgrade() -> None:
    with op.batch_alter_table("round") as table:
        table.drop_column("fell_on")
