"""What speaks for and against a relationship, what that came to on each day, and how much each part weighs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "health_rule",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
    )
    op.create_index("ix_health_rule_since", "health_rule", ["since", "id"])
    op.create_table(
        "health_evidence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("component", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ages_on", sa.Date()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_health_evidence_ends_after_it_begins")),
        sa.CheckConstraint("credit BETWEEN 0 AND 100", name=op.f("ck_health_evidence_credit_of_a_hundred")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_health_evidence_weighs_something")),
    )
    op.create_index("ix_health_evidence_unit_id_since", "health_evidence", ["unit_id", "since", "until"])
    op.create_index("ix_health_evidence_unit_id_until", "health_evidence", ["unit_id", "until"])
    op.create_table(
        "health_snapshot",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("rule_id", sa.Integer(), sa.ForeignKey("health_rule.id")),
        sa.Column("score", sa.Integer()),
        sa.Column("place", sa.Integer()),
        sa.Column("satisfaction", sa.Integer()),
        sa.Column("rhythm", sa.Integer()),
        sa.Column("promises", sa.Integer()),
        sa.Column("engagement", sa.Integer()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_health_snapshot_ends_after_it_begins")),
    )
    op.create_index("ix_health_snapshot_unit_id_since", "health_snapshot", ["unit_id", "since"], unique=True)
    op.create_index("ix_health_snapshot_until_place", "health_snapshot", ["until", "place", "unit_id"])
    op.create_table(
        "health_day",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
    )
    op.create_table(
        "health_week",
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), primary_key=True),
        sa.Column("week_on", sa.Date(), primary_key=True),
        sa.Column("score", sa.Integer()),
        sa.Column("movement", sa.String(20)),
        sa.Column("mean", sa.Double()),
        sa.Column("lower", sa.Double()),
        sa.Column("upper", sa.Double()),
        sa.Column("signal", sa.String(), server_default=NOTHING, nullable=False),
    )
    op.create_index("ix_health_week_week_on_movement", "health_week", ["week_on", "movement", "unit_id"])


def downgrade() -> None:
    for name in ("health_week", "health_day", "health_snapshot", "health_evidence", "health_rule"):
        op.drop_table(name)
