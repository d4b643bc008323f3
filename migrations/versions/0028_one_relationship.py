"""One model of a unit on a date, and who asked for a meeting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("asked_by", sa.String(20)))
    if op.get_bind().dialect.name == "postgresql":
        # As in 0002: int4range makes an integer comparable by gist without the btree_gist extension.
        op.execute(
            "ALTER TABLE engagement_model ADD CONSTRAINT ex_engagement_model_one_model EXCLUDE USING gist "
            "(int4range(unit_id, unit_id, '[]') WITH &&, daterange(since, until) WITH &&)"
        )
        return
    for event in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER engagement_model_one_model_{event.lower()} BEFORE {event} ON engagement_model "
            "WHEN NEW.since IS NOT NEW.until AND EXISTS ("
            "SELECT 1 FROM engagement_model AS other WHERE other.unit_id = NEW.unit_id AND other.id IS NOT NEW.id "
            "AND other.since IS NOT other.until "
            "AND other.since < coalesce(NEW.until, '9999-12-31') "
            "AND NEW.since < coalesce(other.until, '9999-12-31')) "
            "BEGIN SELECT RAISE(ABORT, 'engagement_model: one_model on a date'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE engagement_model DROP CONSTRAINT ex_engagement_model_one_model")
    else:
        for event in ("insert", "update"):
            op.execute(f"DROP TRIGGER engagement_model_one_model_{event}")
    op.drop_column("meeting", "asked_by")
