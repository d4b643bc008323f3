"""Answers are found by the service or the person they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

IS_ABOUT_ONE = sa.text("about <> ''")


def upgrade() -> None:
    op.create_index("ix_answer_about", "answer", ["about"], sqlite_where=IS_ABOUT_ONE, postgresql_where=IS_ABOUT_ONE)


def downgrade() -> None:
    op.drop_index("ix_answer_about", "answer")
