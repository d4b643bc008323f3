"""Replies owed to whoever rated low or asked for something."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("response_id", sa.Integer(), sa.ForeignKey("response.id"), nullable=False, unique=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reply", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("replied_at", MOMENT),
        sa.Column("said", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("not_yet", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("closed_at", MOMENT),
        sa.Column("token_hash", sa.String(), unique=True),
        sa.Column("raised_at", MOMENT),
    )
    op.create_index("ix_follow_up_state_due_on", "follow_up", ["state", "due_on", "id"])
    op.create_index("ix_follow_up_unit_id_state", "follow_up", ["unit_id", "state"])
    op.create_index("ix_follow_up_person_id", "follow_up", ["person_id"])
    op.create_index("ix_follow_up_owner_id", "follow_up", ["owner_id"])


def downgrade() -> None:
    op.drop_table("follow_up")
