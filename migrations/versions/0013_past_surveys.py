"""Past surveys: their files, questions and figures, what units and questions were called, and breaks in a series."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")


def upgrade() -> None:
    _surveys()
    _items()
    _figures()
    _breaks()


def _surveys() -> None:
    op.create_table(
        "past_survey",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("bad_rows", sa.LargeBinary(), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_past_survey_fingerprint", "past_survey", ["fingerprint"])


def _items() -> None:
    op.create_table(
        "past_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("better", sa.String(20), nullable=False, server_default="up"),
    )
    op.create_table(
        "past_unit_name",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id")),
    )
    op.create_table(
        "past_wording",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("past_item.id")),
    )


def _figures() -> None:
    op.create_table(
        "past_figure",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("survey_id", sa.Integer(), sa.ForeignKey("past_survey.id"), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("past_item.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("scale", sa.String(), nullable=False),
        sa.Column("n", sa.Integer()),
        sa.Column("asked", sa.Integer()),
        sa.Column("mark", sa.String(), nullable=False, server_default=NOTHING),
        sa.UniqueConstraint("survey_id", "item_id", "unit_id", "since", "until"),
    )
    op.create_index("ix_past_figure_unit_id_item_id", "past_figure", ["unit_id", "item_id"])
    op.create_index("ix_past_figure_item_id", "past_figure", ["item_id"])


def _breaks() -> None:
    op.create_table(
        "series_break",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("past_item.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id")),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("person.id")),
    )
    op.create_index("ix_series_break_item_id", "series_break", ["item_id"])


def downgrade() -> None:
    for table in ("series_break", "past_figure", "past_wording", "past_unit_name", "past_item", "past_survey"):
        op.drop_table(table)
