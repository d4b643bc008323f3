"""The survey of a house that already asks one also asks how far the relationship has come: a new version of it."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REASON = "It also asks what IT is to the unit, on five levels."
KEPT = "key, text, kind, per, is_weighed, has_zone"
NEWEST = sa.text("SELECT id, version FROM question_set WHERE instrument = 'survey' ORDER BY version DESC LIMIT 1")

ASKED = sa.text("SELECT count(*) FROM question WHERE set_id = :old AND key = 'maturity'")


def upgrade() -> None:
    connection = op.get_bind()
    newest = connection.execute(NEWEST).one_or_none()
    if newest is None or connection.execute(ASKED, {"old": newest.id}).scalar():
        return  # written with this question when it is first asked for
    version = sa.text(
        "INSERT INTO question_set (instrument, version, made_at, reason) "
        "VALUES ('survey', :version, :at, :reason) RETURNING id"
    ).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True)))
    told = {"version": newest.version + 1, "at": datetime.now(UTC), "reason": REASON}
    new = connection.execute(version, told).scalar_one()
    copied = f"INSERT INTO question (set_id, position, {KEPT}) SELECT :new, position, {KEPT} FROM question"
    connection.execute(sa.text(f"{copied} WHERE set_id = :old"), {"new": new, "old": newest.id})
    added = sa.text(
        "INSERT INTO question (set_id, position, key, text, kind, per, is_weighed, has_zone) "
        "SELECT :new, max(position) + 1, 'maturity', 'What is IT to {unit} today?', 'level', 'once', false, false "
        "FROM question WHERE set_id = :new"
    )
    connection.execute(added, {"new": new})


def downgrade() -> None:
    """Rounds that asked it go back to the version before, without what was answered to it."""
    mine = "SELECT id FROM question WHERE kind = 'level'"
    op.execute(f"DELETE FROM answer WHERE question_id IN ({mine})")
    op.execute("DELETE FROM question WHERE kind = 'level'")
