"""Rounds that open by themselves, what came of comments, who leads whom, and people who are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")
ROUND = ("audience", "occasion", "review_id", "project_id", "draw")


def upgrade() -> None:
    with op.batch_alter_table("round") as table:
        table.add_column(sa.Column("audience", sa.String(20), nullable=False, server_default="people"))
        table.add_column(sa.Column("occasion", sa.String()))
        table.add_column(sa.Column("review_id", sa.Integer()))
        table.add_column(sa.Column("project_id", sa.Integer()))
        table.add_column(sa.Column("draw", sa.JSON()))
        table.create_unique_constraint("uq_round_occasion", ["occasion"])
        table.create_foreign_key("fk_round_review_id_review", "review", ["review_id"], ["id"])
        table.create_foreign_key("fk_round_project_id_project", "project", ["project_id"], ["id"])
        table.create_index("ix_round_review_id", ["review_id"])
        table.create_index("ix_round_project_id", ["project_id"])
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("lead_id", sa.Integer()))
        table.add_column(sa.Column("forgotten_on", sa.Date()))
        table.create_foreign_key("fk_person_lead_id_person", "person", ["lead_id"], ["id"])
        table.create_index("ix_person_lead_id", ["lead_id"])
    op.create_table(
        "comment_outcome",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("response_id", sa.Integer(), sa.ForeignKey("response.id"), nullable=False, unique=True),
        sa.Column("said", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("is_for_unit", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("person.id")),
    )
    op.create_index("ix_comment_outcome_unit_id_made_at", "comment_outcome", ["unit_id", "made_at"])


def downgrade() -> None:
    op.drop_table("comment_outcome")
    with op.batch_alter_table("person") as table:
        table.drop_index("ix_person_lead_id")
        table.drop_constraint("fk_person_lead_id_person", type_="foreignkey")
        table.drop_column("lead_id")
        table.drop_column("forgotten_on")
    with op.batch_alter_table("round") as table:
        table.drop_index("ix_round_review_id")
        table.drop_index("ix_round_project_id")
        table.drop_constraint("fk_round_review_id_review", type_="foreignkey")
        table.drop_constraint("fk_round_project_id_project", type_="foreignkey")
        table.drop_constraint("uq_round_occasion", type_="unique")
        for name in ROUND:
            table.drop_column(name)
