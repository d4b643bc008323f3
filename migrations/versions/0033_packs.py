"""Packs: what was told of a relationship on one day, in several forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id")),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("business_unit.id")),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT),
        sa.Column("made_at", MOMENT),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("removed_at", MOMENT),
        sa.Column("title", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("failure", sa.String(), server_default=NOTHING, nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_pack_ends_after_it_begins")),
        sa.CheckConstraint("(kind = 'review') = (unit_id IS NOT NULL)", name=op.f("ck_pack_a_review_has_a_unit")),
    )
    op.create_index("ix_pack_started_at", "pack", ["started_at", "id"])
    op.create_index("ix_pack_unit_id_started_at", "pack", ["unit_id", "started_at", "id"])
    op.create_table(
        "pack_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("pack_id", "form"),
    )


def downgrade() -> None:
    op.drop_table("pack_file")
    op.drop_table("pack")
