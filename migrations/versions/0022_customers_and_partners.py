"""A unit is a customer or a partner; what contradicts it, and what both sides say of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "engagement_model",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("model", sa.String(20), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id")),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_engagement_model_ends_after_it_begins")),
        sa.UniqueConstraint("unit_id", "since", name=op.f("uq_engagement_model_unit_id_since")),
    )
    op.create_index("ix_engagement_model_meeting_id", "engagement_model", ["meeting_id"])
    op.create_table(
        "engagement_words",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("called", sa.String(20), nullable=False),
        sa.Column("unit_may_expect", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("it_may_expect", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
    )
    op.create_index("ix_engagement_words_unit_id", "engagement_words", ["unit_id", "id"])
    op.create_table(
        "danger_flag",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("acknowledged_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("reason", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("cleared_at", MOMENT),
        sa.CheckConstraint(
            "acknowledged_at IS NULL OR reason <> ''", name=op.f("ck_danger_flag_acknowledged_with_a_reason")
        ),
    )
    op.create_index(
        "uq_danger_flag_unit_id_rule_up",
        "danger_flag",
        ["unit_id", "rule"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review.id")),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
    )
    op.create_index("ix_assessment_request_id", "assessment", ["request_id"])
    op.create_index("ix_assessment_review_id", "assessment", ["review_id"])
    op.create_index("ix_assessment_unit_id_question", "assessment", ["unit_id", "question", "id"])
    op.create_table(
        "maturity",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_maturity_one_of_five")),
    )
    op.create_index("ix_maturity_unit_id", "maturity", ["unit_id", "id"])


def downgrade() -> None:
    op.drop_table("maturity")
    op.drop_table("assessment")
    op.drop_table("danger_flag")
    op.drop_table("engagement_words")
    op.drop_table("engagement_model")
