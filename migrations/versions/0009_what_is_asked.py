"""What is asked: sets of questions with their versions, answers to each, and rounds without a path to a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")
MOMENT = sa.DateTime(timezone=True)
ROUND = ("instrument", "set_id", "scores_shown", "comments_shown", "scores_from", "comments_from")
# Those that point to others first.
TABLES = ("partial_answer", "answer", "service_use", "service", "question")


def upgrade() -> None:
    _create_questions()
    _create_services()
    with op.batch_alter_table("round") as table:
        table.add_column(sa.Column("instrument", sa.String(20), nullable=False, server_default="pulse"))
        table.add_column(sa.Column("set_id", sa.Integer()))
        table.add_column(sa.Column("scores_shown", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("comments_shown", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("scores_from", sa.Integer(), nullable=False, server_default=sa.text("1")))
        table.add_column(sa.Column("comments_from", sa.Integer(), nullable=False, server_default=sa.text("1")))
        table.create_foreign_key("fk_round_set_id_question_set", "question_set", ["set_id"], ["id"])
        table.create_index("ix_round_set_id", ["set_id"])
    op.add_column("invitation", sa.Column("is_used", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("response") as table:
        table.alter_column("invitation_id", existing_type=sa.Integer(), nullable=True)
    _create_answers()


def _create_questions() -> None:
    op.create_table(
        "question_set",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("instrument", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("reason", sa.String(), nullable=False, server_default=NOTHING),
        sa.UniqueConstraint("instrument", "version"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("set_id", sa.Integer(), sa.ForeignKey("question_set.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("per", sa.String(20), nullable=False, server_default="once"),
        sa.Column("is_weighed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("has_zone", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("set_id", "key"),
    )
    op.create_index("ix_question_key", "question", ["key"])


def _create_services() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False, unique=True),
        sa.Column("ended_on", sa.Date()),
    )
    op.create_table(
        "service_use",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False),
        sa.Column("service_id", sa.Integer(), sa.ForeignKey("service.id"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )
    op.create_index("ix_service_use_unit_id", "service_use", ["unit_id"])
    op.create_index("ix_service_use_service_id", "service_use", ["service_id"])


def _create_answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("response_id", sa.Integer(), sa.ForeignKey("response.id"), nullable=False),
        sa.Column("question_id", sa.Integer(), sa.ForeignKey("question.id"), nullable=False),
        sa.Column("about", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer()),
        sa.Column("minimum", sa.Integer()),
        sa.Column("desired", sa.Integer()),
        sa.UniqueConstraint("response_id", "question_id", "about"),
    )
    op.create_index("ix_answer_question_id", "answer", ["question_id"])
    op.create_table(
        "partial_answer",
        sa.Column("invitation_id", sa.Integer(), sa.ForeignKey("invitation.id"), primary_key=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    for name in TABLES[:2]:
        op.drop_table(name)
    op.execute("DELETE FROM response WHERE invitation_id IS NULL")
    with op.batch_alter_table("response") as table:
        table.alter_column("invitation_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("invitation", "is_used")
    with op.batch_alter_table("round") as table:
        table.drop_index("ix_round_set_id")
        table.drop_constraint("fk_round_set_id_question_set", type_="foreignkey")
        for name in ROUND:
            table.drop_column(name)
    for name in TABLES[2:]:
        op.drop_table(name)
    op.drop_table("question_set")
