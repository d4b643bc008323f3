"""The invitation of a review outlives it: SQLite gives the key of a removed review to the next one, and a calendar
that heard of the first takes no smaller sequence for the second. And the part of all UIDs that is this house's own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HOUSE = "calendar_house"


def upgrade() -> None:
    _create(outlives=True)
    setting = sa.table("setting", *(sa.column(name) for name in ("name", "value", "reason")), sa.column("at", MOMENT))
    row = {"name": HOUSE, "value": uuid4().hex, "at": datetime.now(UTC), "reason": ""}
    op.bulk_insert(setting, [row])


def downgrade() -> None:
    op.execute(f"DELETE FROM setting WHERE name = '{HOUSE}'")
    _create(outlives=False)


def _create(*, outlives: bool) -> None:
    """Nobody was invited by the version before: the tables are made anew."""
    op.drop_table("review_invitee")
    op.drop_table("review_invitation")
    op.create_table(
        "review_invitation",
        sa.Column("review_id", sa.Integer(), *_of_review(outlives), primary_key=True, autoincrement=False),
        sa.Column("uid", sa.String(), nullable=False, unique=True),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default=sa.text("0")),
        *(_more() if outlives else ()),
        sa.Column("organiser_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT),
    )
    op.create_index("ix_review_invitation_organiser_id", "review_invitation", ["organiser_id"])
    op.create_table(
        "review_invitee",
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review_invitation.review_id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("answer", sa.String(20), nullable=False, server_default="none"),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_sequence", sa.Integer()),
        sa.Column("said", sa.String(), nullable=False, server_default=sa.text("''")),
        sa.Column("removed_at", MOMENT),
    )
    op.create_index("ix_review_invitee_person_id", "review_invitee", ["person_id", "review_id"])


def _more() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("told_sequence", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("business_unit.id"), nullable=False, index=True),
    )


def _of_review(outlives: bool) -> list[sa.ForeignKey]:
    return [] if outlives else [sa.ForeignKey("review.id")]
