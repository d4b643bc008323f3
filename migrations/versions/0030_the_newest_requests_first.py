"""All requests, the newest first, without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_request_logged_on", "request", ["logged_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_request_logged_on", "request")
