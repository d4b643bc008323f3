"""Requests have kinds, more states, and a history of who brought them where; the unit confirms what was delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")
MOMENT = sa.DateTime(timezone=True)
#: What each state is called where there are four.
BEFORE = {"looking": "logged", "waiting": "logged", "delivering": "accepted", "confirmed": "delivered"}
#: What is known of the past: from when on a request stood where.
KNOWN = (
    ("accepted", "decided_at", "decided_by_id", "reason", "state IN ('accepted', 'delivered')"),
    ("declined", "decided_at", "decided_by_id", "reason", "state = 'declined'"),
    ("delivered", "delivered_at", "NULL", "''", "state = 'delivered'"),
)


def upgrade() -> None:
    op.add_column("request", sa.Column("kind", sa.String(20), nullable=False, server_default="standard"))
    op.add_column("request", sa.Column("confirmed_at", MOMENT))
    op.create_table(
        "request_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("why", sa.String(), nullable=False, server_default=NOTHING),
    )
    op.create_index("ix_request_step_request_id", "request_step", ["request_id", "id"])
    for state, at, by, why, which in KNOWN:
        op.execute(
            f"INSERT INTO request_step (request_id, at, by_id, state, why) "
            f"SELECT id, {at}, {by}, '{state}', {why} FROM request WHERE {which} AND {at} IS NOT NULL"
        )


def downgrade() -> None:
    op.drop_table("request_step")
    for state, before in BEFORE.items():
        op.execute(f"UPDATE request SET state = '{before}' WHERE state = '{state}'")
    op.drop_column("request", "confirmed_at")
    op.drop_column("request", "kind")
