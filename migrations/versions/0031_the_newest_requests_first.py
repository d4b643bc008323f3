"""Requests are listed newest first, laid out by when they are due, and counted by unit, without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_request_logged_on", "request", ["logged_on", "id"])
    op.drop_index("ix_request_state_due_on", "request")
    op.create_index("ix_request_state_due_on", "request", ["state", "due_on", "logged_on", "id"])
    op.drop_index("ix_request_unit_id_state", "request")
    op.create_index("ix_request_unit_id_state", "request", ["unit_id", "state", "due_on", "logged_on"])


def downgrade() -> None:
    op.drop_index("ix_request_unit_id_state", "request")
    op.create_index("ix_request_unit_id_state", "request", ["unit_id", "state"])
    op.drop_index("ix_request_state_due_on", "request")
    op.create_index("ix_request_state_due_on", "request", ["state", "due_on", "id"])
    op.drop_index("ix_request_logged_on", "request")
