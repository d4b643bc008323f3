"""Runs of jobs know which due time they are for, and each try is made once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_job_run_job_began_at", "job_run")
    op.add_column("job_run", sa.Column("due", sa.String()))
    op.add_column("job_run", sa.Column("attempt", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.execute("UPDATE job_run SET due = 'before ' || id")
    with op.batch_alter_table("job_run") as table:  # it has no triggers that a copy would lose
        table.alter_column("due", existing_type=sa.String(), nullable=False)
    op.create_index("ix_job_run_job_due_attempt", "job_run", ["job", "due", "attempt"], unique=True)
    op.create_index("ix_job_run_began_at", "job_run", ["began_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_job_run_began_at", "job_run")
    op.drop_index("ix_job_run_job_due_attempt", "job_run")
    op.execute("ALTER TABLE job_run DROP COLUMN attempt")
    op.execute("ALTER TABLE job_run DROP COLUMN due")
    op.create_index("ix_job_run_job_began_at", "job_run", ["job", "began_at"])
