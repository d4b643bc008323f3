"""Tickets of a service desk, and the files they come in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "ticket_unit_name",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("ticket_source.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_ticket_unit_name_source_id_key")),
    )
    op.create_table(
        "ticket_import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("ticket_source.id"), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("bad_rows", sa.LargeBinary(), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_ticket_import_source_id", "ticket_import", ["source_id"])
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("ticket_source.id"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id")),
        sa.Column("title", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("state", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("category", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("caller", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("opened_at", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id")),
        sa.Column("fingerprint", sa.String(), server_default=NOTHING, nullable=False),
        sa.UniqueConstraint("source_id", "number", name=op.f("uq_ticket_source_id_number")),
    )
    op.create_index("ix_ticket_request_id", "ticket", ["request_id"])
    op.create_index("ix_ticket_unit_id_opened_at", "ticket", ["unit_id", "opened_at", "id"])
    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT),
        sa.Column("by", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("state", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("words", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_ticket_event_ticket_id_number", "ticket_event", ["ticket_id", "number"])


def downgrade() -> None:
    op.drop_table("ticket_event")
    op.drop_table("ticket")
    op.drop_table("ticket_import")
    op.drop_table("ticket_unit_name")
