"""Requests know since when they stand where they stand; the one limit of the house becomes limits by state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SINCE = """
UPDATE request SET stands_since = (
    SELECT max(step.at) FROM request_step AS step WHERE step.request_id = request.id
) WHERE stands_since IS NULL
"""
#: Where the house had chosen how soon requests are decided, it now holds for looking at them, and for deciding.
CHOSEN = "SELECT value FROM setting WHERE name = 'request_limit' ORDER BY id DESC LIMIT 1"


def upgrade() -> None:
    with op.batch_alter_table("priority_rule") as table:
        table.add_column(sa.Column("changed", sa.String(), server_default=sa.text("''"), nullable=False))
    connection = op.get_bind()
    connection.execute(sa.text(SINCE))
    chosen = connection.execute(sa.text(CHOSEN)).scalar()
    if chosen is None or not chosen.isdecimal():
        return
    limits = sa.table("request_limit", sa.column("state"), sa.column("kind"), sa.column("days"))
    pairs = [(state, kind) for state in ("logged", "looking") for kind in ("standard", "non_standard")]
    op.bulk_insert(limits, [{"state": state, "kind": kind, "days": int(chosen)} for state, kind in pairs])


def downgrade() -> None:
    with op.batch_alter_table("priority_rule") as table:
        table.drop_column("changed")
