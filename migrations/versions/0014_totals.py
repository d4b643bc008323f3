"""Totals of rounds and months, and rebasings that can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTS = ("asked", "n", "total", "squares", "satisfied", "promoters", "detractors")
IN_FORCE = sa.text("withdrawn_at IS NULL")


def _counts(*more: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in (*COUNTS, *more)]


def _place() -> list[sa.Column[object]]:
    return [
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("lead_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("instrument", sa.String(20), nullable=False),
        sa.Column("is_of_chance", sa.Boolean(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "round_total",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), primary_key=True),
        sa.Column("measure", sa.String(), primary_key=True),
        sa.Column("about", sa.String(), primary_key=True, server_default=sa.text("''")),
        *_place(),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *_counts("weights", "weight_total"),
    )
    op.create_index("ix_round_total_unit_id_measure_opened_at", "round_total", ["unit_id", "measure", "opened_at"])
    op.create_index("ix_round_total_unit_id_month", "round_total", ["unit_id", "month"])
    op.create_table(
        "period_total",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_place(),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False, server_default=sa.text("''")),
        *_counts("rounds"),
    )
    op.create_index("ix_period_total_unit_id_month", "period_total", ["unit_id", "month"])
    op.create_index("ix_period_total_measure_month", "period_total", ["measure", "month"])
    with op.batch_alter_table("rebasing") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("withdrawn_by_id", sa.Integer()))
        table.add_column(sa.Column("withdrawn_reason", sa.String(), nullable=False, server_default=sa.text("''")))
        table.create_foreign_key("fk_rebasing_withdrawn_by_id_person", "person", ["withdrawn_by_id"], ["id"])
        table.drop_constraint("uq_rebasing_round_id_measure", type_="unique")
        table.create_index(
            "uq_rebasing_in_force",
            ["round_id", "measure"],
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        )


def downgrade() -> None:
    with op.batch_alter_table("rebasing") as table:
        table.drop_index("uq_rebasing_in_force")
        table.create_unique_constraint("uq_rebasing_round_id_measure", ["round_id", "measure"])
        table.drop_constraint("fk_rebasing_withdrawn_by_id_person", type_="foreignkey")
        for name in ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason"):
            table.drop_column(name)
    op.drop_table("period_total")
    op.drop_table("round_total")
