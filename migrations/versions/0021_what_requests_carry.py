"""Requests carry value, cost and wishes, an owner, a theme, verdicts, files, escalations, and what came of a no."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "request_theme",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("retired_on", sa.Date()),
        sa.UniqueConstraint("name", name=op.f("uq_request_theme_name")),
    )
    op.create_table(
        "shared_need",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("facilitator_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_index("ix_shared_need_facilitator_id", "shared_need", ["facilitator_id"])
    op.create_table(
        "ticket_source",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.UniqueConstraint("name", name=op.f("uq_ticket_source_name")),
    )
    with op.batch_alter_table("request") as table:
        table.add_column(sa.Column("stands_since", MOMENT))
        table.add_column(sa.Column("due_on", sa.Date()))
        table.add_column(sa.Column("value_wanted", sa.String(), server_default=NOTHING, nullable=False))
        table.add_column(sa.Column("value_low", sa.Numeric(precision=14, scale=2)))
        table.add_column(sa.Column("value_high", sa.Numeric(precision=14, scale=2)))
        table.add_column(sa.Column("cost_low", sa.Numeric(precision=14, scale=2)))
        table.add_column(sa.Column("cost_high", sa.Numeric(precision=14, scale=2)))
        table.add_column(sa.Column("currency", sa.String(), server_default=NOTHING, nullable=False))
        table.add_column(sa.Column("hours_low", sa.Numeric(precision=8, scale=1)))
        table.add_column(sa.Column("hours_high", sa.Numeric(precision=8, scale=1)))
        table.add_column(sa.Column("wished_for", sa.Date()))
        table.add_column(sa.Column("owner_id", sa.Integer()))
        table.add_column(sa.Column("theme_id", sa.Integer()))
        table.add_column(sa.Column("shared_need_id", sa.Integer()))
        table.add_column(sa.Column("did", sa.String(), server_default=NOTHING, nullable=False))
        table.add_column(sa.Column("link", sa.String(), server_default=NOTHING, nullable=False))
        table.add_column(sa.Column("source_id", sa.Integer()))
        table.add_column(sa.Column("ticket", sa.String()))
        table.add_column(sa.Column("severity", sa.String(20)))
        table.add_column(sa.Column("root_cause", sa.String(), server_default=NOTHING, nullable=False))
        table.create_index("ix_request_kind_state", ["kind", "state", "id"])
        table.create_index("ix_request_owner_id", ["owner_id"])
        table.create_index("ix_request_shared_need_id", ["shared_need_id"])
        table.create_index("ix_request_state_due_on", ["state", "due_on", "id"])
        table.create_index("ix_request_theme_id", ["theme_id"])
        table.create_unique_constraint("uq_request_source_id_ticket", ["source_id", "ticket"])
        table.create_foreign_key("fk_request_owner_id_person", "person", ["owner_id"], ["id"])
        table.create_foreign_key("fk_request_shared_need_id_shared_need", "shared_need", ["shared_need_id"], ["id"])
        table.create_foreign_key("fk_request_source_id_ticket_source", "ticket_source", ["source_id"], ["id"])
        table.create_foreign_key("fk_request_theme_id_request_theme", "request_theme", ["theme_id"], ["id"])

    op.create_table(
        "request_limit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.UniqueConstraint("state", "kind", name=op.f("uq_request_limit_state_kind")),
    )
    op.create_table(
        "priority_rule",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_table(
        "request_verdict",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("alternative", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("no_alternative", sa.Boolean(), nullable=False),
        sa.Column("trade_off", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("bends_process", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rule_id", sa.Integer(), sa.ForeignKey("priority_rule.id")),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=1)),
    )
    op.create_index("ix_request_verdict_request_id", "request_verdict", ["request_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("key", name=op.f("uq_attachment_key")),
    )
    op.create_index("ix_attachment_request_id", "attachment", ["request_id"])
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("to_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
    )
    op.create_index("ix_escalation_request_id", "escalation", ["request_id"])
    op.create_index("ix_escalation_to_id", "escalation", ["to_id"])
    op.create_table(
        "after_refusal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("request.id"), nullable=False),
        sa.Column("verdict_id", sa.Integer(), sa.ForeignKey("request_verdict.id"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("token_hash", sa.String()),
        sa.Column("asked_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("solved", sa.String(20)),
        sa.Column("words", sa.String(), server_default=NOTHING, nullable=False),
        sa.Column("dropped", sa.String(), server_default=NOTHING, nullable=False),
        sa.UniqueConstraint("token_hash", name=op.f("uq_after_refusal_token_hash")),
        sa.UniqueConstraint("verdict_id", name=op.f("uq_after_refusal_verdict_id")),
    )
    op.create_index("ix_after_refusal_asked_at_due_on", "after_refusal", ["asked_at", "due_on"])
    op.create_index("ix_after_refusal_person_id", "after_refusal", ["person_id"])
    op.create_index("ix_after_refusal_request_id", "after_refusal", ["request_id"])
    op.execute(
        "INSERT INTO request_verdict (request_id, at, by_id, verdict, reason, alternative, no_alternative, points) "
        "SELECT id, decided_at, decided_by_id, CASE WHEN state = 'declined' THEN 'decline' ELSE 'accept' END, "
        "reason, alternative, no_alternative, '{}' FROM request WHERE decided_at IS NOT NULL"
    )
    op.execute(
        "UPDATE request SET stands_since = "
        "(SELECT max(at) FROM request_step WHERE request_step.request_id = request.id)"
    )


def downgrade() -> None:
    op.drop_table("after_refusal")
    op.drop_table("escalation")
    op.drop_table("attachment")
    op.drop_table("request_verdict")
    op.drop_table("priority_rule")
    op.drop_table("request_limit")
    with op.batch_alter_table("request") as table:
        table.drop_constraint("fk_request_owner_id_person", type_="foreignkey")
        table.drop_constraint("fk_request_shared_need_id_shared_need", type_="foreignkey")
        table.drop_constraint("fk_request_source_id_ticket_source", type_="foreignkey")
        table.drop_constraint("fk_request_theme_id_request_theme", type_="foreignkey")
        table.drop_constraint("uq_request_source_id_ticket", type_="unique")
        table.drop_index("ix_request_kind_state")
        table.drop_index("ix_request_owner_id")
        table.drop_index("ix_request_shared_need_id")
        table.drop_index("ix_request_state_due_on")
        table.drop_index("ix_request_theme_id")
        table.drop_column("stands_since")
        table.drop_column("due_on")
        table.drop_column("value_wanted")
        table.drop_column("value_low")
        table.drop_column("value_high")
        table.drop_column("cost_low")
        table.drop_column("cost_high")
        table.drop_column("currency")
        table.drop_column("hours_low")
        table.drop_column("hours_high")
        table.drop_column("wished_for")
        table.drop_column("owner_id")
        table.drop_column("theme_id")
        table.drop_column("shared_need_id")
        table.drop_column("did")
        table.drop_column("link")
        table.drop_column("source_id")
        table.drop_column("ticket")
        table.drop_column("severity")
        table.drop_column("root_cause")
    op.drop_table("ticket_source")
    op.drop_table("shared_need")
    op.drop_table("request_theme")
