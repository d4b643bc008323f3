"""After a refusal the unit is reminded once, by a link of its own, and it is known who kept the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("after_refusal") as table:
        table.add_column(sa.Column("reminded_at", MOMENT))
        table.add_column(sa.Column("reminder_hash", sa.String()))
        table.add_column(sa.Column("answered_by_id", sa.Integer()))
        table.create_unique_constraint("uq_after_refusal_reminder_hash", ["reminder_hash"])
        table.create_foreign_key("fk_after_refusal_answered_by_id_person", "person", ["answered_by_id"], ["id"])
    op.create_index("ix_request_verdict_verdict_at", "request_verdict", ["verdict", "at", "id"])


def downgrade() -> None:
    op.drop_index("ix_request_verdict_verdict_at", "request_verdict")
    with op.batch_alter_table("after_refusal") as table:
        table.drop_constraint("fk_after_refusal_answered_by_id_person", type_="foreignkey")
        table.drop_constraint("uq_after_refusal_reminder_hash", type_="unique")
        table.drop_column("answered_by_id")
        table.drop_column("reminder_hash")
        table.drop_column("reminded_at")
