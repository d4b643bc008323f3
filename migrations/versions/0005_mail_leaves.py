"""Mail leaves: when it is due, how often it was tried, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = ("button", "message_id", "due_at", "tries", "lease_until", "sent_at", "error")


def upgrade() -> None:
    nothing = sa.text("''")
    with op.batch_alter_table("outbox_message") as table:
        table.add_column(sa.Column("button", sa.String(), nullable=False, server_default=nothing))
        table.add_column(sa.Column("message_id", sa.String()))
        table.add_column(sa.Column("due_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")))
        table.add_column(sa.Column("lease_until", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("sent_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("error", sa.String(), nullable=False, server_default=nothing))
    # What waited while no mail server could be connected has been passed on by hand, or is out of date.
    op.execute(
        "UPDATE outbox_message SET message_id = '<before-' || id || '@rapport>', due_at = queued_at, state = 'cancelled'"
    )
    with op.batch_alter_table("outbox_message") as table:
        table.alter_column("message_id", existing_type=sa.String(), nullable=False)
        table.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.create_unique_constraint("uq_outbox_message_message_id", ["message_id"])
        table.create_index("ix_outbox_message_state_due_at", ["state", "due_at", "id"])


def downgrade() -> None:
    with op.batch_alter_table("outbox_message") as table:
        table.drop_index("ix_outbox_message_state_due_at")
        table.drop_constraint("uq_outbox_message_message_id", type_="unique")
        for name in ADDED:
            table.drop_column(name)
