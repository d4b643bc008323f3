"""What reps expect a rating to be before it is given; and where a chart begins anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prediction",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_prediction_person_id", "prediction", ["person_id"])
    op.create_table(
        "rebasing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("round_id", "measure"),
    )
    op.create_index("ix_rebasing_unit_id", "rebasing", ["unit_id"])


def downgrade() -> None:
    op.drop_table("rebasing")
    op.drop_table("prediction")
