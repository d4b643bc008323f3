"""Totals say whether their round speaks for the unit. They are derived, and made anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("round_total", "period_total")


def upgrade() -> None:
    for name in TABLES:
        op.execute(sa.text(f"DELETE FROM {name}"))
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("speaks_for_unit", sa.Boolean(), nullable=False))


def downgrade() -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_column("speaks_for_unit")
