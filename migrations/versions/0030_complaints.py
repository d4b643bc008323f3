"""What a complaint complains of, why it came about, and that it is passed up to each level once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Column by column, in words that both databases know: making the table anew would take with it what hangs on it.
    op.add_column("request", sa.Column("cause", sa.String(20)))
    op.add_column("request", sa.Column("complained_on", sa.Date()))
    op.execute(
        "ALTER TABLE request ADD COLUMN complains_of_id INTEGER "
        "CONSTRAINT fk_request_complains_of_id_request REFERENCES request (id)"
    )
    op.execute(
        "ALTER TABLE request ADD COLUMN response_id INTEGER "
        "CONSTRAINT fk_request_response_id_response REFERENCES response (id)"
    )
    op.create_index("ix_request_complains_of_id", "request", ["complains_of_id"])
    op.create_index("ix_request_response_id", "request", ["response_id"])
    op.drop_index("ix_escalation_request_id", "escalation")
    with op.batch_alter_table("escalation") as table:
        table.create_unique_constraint("uq_escalation_request_id_level", ["request_id", "level"])


def downgrade() -> None:
    with op.batch_alter_table("escalation") as table:
        table.drop_constraint("uq_escalation_request_id_level", type_="unique")
    op.create_index("ix_escalation_request_id", "escalation", ["request_id"])
    op.drop_index("ix_request_response_id", "request")
    op.drop_index("ix_request_complains_of_id", "request")
    with op.batch_alter_table("request") as table:
        table.drop_column("response_id")
        table.drop_column("complains_of_id")
        table.drop_column("complained_on")
        table.drop_column("cause")
