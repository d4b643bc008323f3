"""Mail people want, reviews in their calendars, mail that comes in, and other programs that are told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")
MOMENT = sa.DateTime(timezone=True)
# Plain ALTER TABLE: a batch would copy the SQLite table and lose what other tables' triggers know of it.
COLUMNS: tuple[tuple[str, str, sa.types.TypeEngine[Any], Any], ...] = (
    ("person", "language", sa.String(), NOTHING),
    ("person", "time_zone", sa.String(), None),
    ("person", "quiet_since", sa.Time(), None),
    ("person", "quiet_until", sa.Time(), None),
    ("business_unit", "calls_review", sa.String(), NOTHING),
    ("business_unit", "mail_name", sa.String(), None),
)
OUTBOX = ("kind", "language", "calendar", "calendar_method", "webhook_id")
# Those that point to others first.
TABLES = (
    "webhook",
    "feed_link",
    "review_invitee",
    "review_invitation",
    "incoming_mail",
    "reminder",
    "mail_preference",
)


def upgrade() -> None:
    for of_table, name, kind, default in COLUMNS:
        op.add_column(of_table, sa.Column(name, kind, nullable=default is None, server_default=default))
    op.create_index("ix_business_unit_mail_name", "business_unit", ["mail_name"], unique=True)
    _create_webhook()
    with op.batch_alter_table("outbox_message") as table:
        table.add_column(sa.Column("kind", _choice(), nullable=False, server_default="other"))
        table.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
        table.add_column(sa.Column("calendar", sa.String(), nullable=False, server_default=NOTHING))
        table.add_column(sa.Column("calendar_method", sa.String(), nullable=False, server_default=NOTHING))
        table.add_column(sa.Column("webhook_id", sa.Integer()))
        table.alter_column("to_person_id", existing_type=sa.Integer(), nullable=True)
        table.create_foreign_key("fk_outbox_message_webhook_id_webhook", "webhook", ["webhook_id"], ["id"])
        table.create_index("ix_outbox_message_webhook_id", ["webhook_id"])
    _create_mail()
    _create_calendar()


def _choice() -> sa.String:
    return sa.String(20)


def _key(name: str, target: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _create_webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", _choice(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("wants", sa.JSON(), nullable=False),
        _key("unit_id", "business_unit", nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        _key("made_by_id", "person", nullable=True),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_webhook_unit_id", "webhook", ["unit_id"])


def _create_mail() -> None:
    op.create_table(
        "mail_preference",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("kind", _choice(), primary_key=True),
        sa.Column("choice", _choice(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", _choice(), nullable=False),
        _key("person_id", "person"),
        _key("unit_id", "business_unit", nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("button", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        _key("message_id", "outbox_message", nullable=True),
        sa.Column("dropped_at", MOMENT),
    )
    op.create_index("ix_reminder_person_id_message_id", "reminder", ["person_id", "message_id", "id"])
    op.create_index("ix_reminder_made_at", "reminder", ["made_at", "id"])
    op.create_index("ix_reminder_unit_id", "reminder", ["unit_id"])
    op.create_index("ix_reminder_message_id", "reminder", ["message_id"])
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("from_address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", _choice(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False, server_default=NOTHING),
        _key("person_id", "person", nullable=True),
        _key("unit_id", "business_unit", nullable=True),
    )
    op.create_index("ix_incoming_mail_received_at", "incoming_mail", ["received_at", "id"])
    op.create_index("ix_incoming_mail_state_received_at", "incoming_mail", ["state", "received_at", "id"])
    op.create_index("ix_incoming_mail_person_id", "incoming_mail", ["person_id"])
    op.create_index("ix_incoming_mail_unit_id", "incoming_mail", ["unit_id"])


def _create_calendar() -> None:
    op.create_table(
        "review_invitation",
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review.id"), primary_key=True),
        sa.Column("uid", sa.String(), nullable=False, unique=True),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _key("organiser_id", "person"),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT),
    )
    op.create_index("ix_review_invitation_organiser_id", "review_invitation", ["organiser_id"])
    op.create_table(
        "review_invitee",
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review_invitation.review_id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("answer", _choice(), nullable=False, server_default="none"),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_sequence", sa.Integer()),
        sa.Column("said", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("removed_at", MOMENT),
    )
    op.create_table(
        "feed_link",
        sa.Column("id", sa.Integer(), primary_key=True),
        _key("person_id", "person"),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("etag", sa.String(), nullable=False, server_default=NOTHING),
        sa.Column("changed_at", MOMENT),
        sa.Column("read_at", MOMENT),
    )
    op.create_index("ix_feed_link_person_id", "feed_link", ["person_id"])


def downgrade() -> None:
    op.execute("DELETE FROM reminder")
    op.execute("DELETE FROM outbox_message WHERE to_person_id IS NULL")
    for name in TABLES[1:]:
        op.drop_table(name)
    with op.batch_alter_table("outbox_message") as table:
        table.drop_index("ix_outbox_message_webhook_id")
        table.drop_constraint("fk_outbox_message_webhook_id_webhook", type_="foreignkey")
        for name in OUTBOX:
            table.drop_column(name)
        table.alter_column("to_person_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("webhook")
    op.drop_index("ix_business_unit_mail_name", "business_unit")
    for of_table, column, _, _ in reversed(COLUMNS):
        op.drop_column(of_table, column)
