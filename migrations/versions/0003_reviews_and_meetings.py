"""Everything reviews and meetings need: shared minutes, agendas, projects, drafts, absences, handovers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Plain ALTER TABLE throughout: a batch would copy the SQLite table and lose its triggers (0002).
# Table, column, type, and what rows that are there already get; without that the column may be empty.
COLUMNS: tuple[tuple[str, str, sa.types.TypeEngine[Any], Any], ...] = (
    ("action", "made_at", sa.DateTime(timezone=True), None),
    ("business_unit", "country", sa.String(), None),
    ("business_unit", "region", sa.String(), None),
    ("cadence", "is_default", sa.Boolean(), sa.false()),
    ("meeting", "lasted", sa.Integer(), None),
    ("meeting", "revision", sa.Integer(), sa.text("1")),
    ("meeting", "shared_version", sa.Integer(), sa.text("0")),
    ("membership", "access", sa.String(), sa.text("''")),
    ("person", "leaves_on", sa.Date(), None),
    ("review", "ruled_on", sa.Date(), None),
    ("review", "shifted_because", sa.String(), sa.text("''")),
    ("review", "prepared_at", sa.DateTime(timezone=True), None),
)
INDEXES = (
    ("ix_action_state_due_on", "action", ("state", "due_on", "id")),
    ("ix_action_unit_id_made_at", "action", ("unit_id", "made_at", "id")),
    ("ix_action_unit_id_settled_at", "action", ("unit_id", "settled_at", "id")),
    ("ix_request_unit_id_logged_on", "request", ("unit_id", "logged_on", "id")),
    ("ix_request_unit_id_decided_at", "request", ("unit_id", "decided_at", "id")),
    ("ix_request_unit_id_delivered_at", "request", ("unit_id", "delivered_at", "id")),
)
# Those that point to others first.
TABLES = (
    "minutes_reply",
    "action_step",
    "action_link",
    "project_step",
    "praise",
    "minutes_version",
    "decision",
    "agenda_item",
    "saved_filter",
    "project",
    "handover",
    "draft",
    "closed_days",
    "absence",
)


def upgrade() -> None:
    op.execute("ALTER TABLE cadence RENAME COLUMN quarter_month TO anchor_month")
    op.execute("UPDATE meeting SET kind = 'touchpoint' WHERE kind IN ('talk', 'call')")
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=default is None, server_default=default))
    _create_tables()
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))
    _share_what_the_unit_could_read_already()
    _say_when_actions_were_made()


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    for table in TABLES:
        op.drop_table(table)
    for table, name, _, _ in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute("UPDATE meeting SET kind = 'talk' WHERE kind IN ('touchpoint', 'own')")
    op.execute("ALTER TABLE cadence RENAME COLUMN anchor_month TO quarter_month")


def _share_what_the_unit_could_read_already() -> None:
    op.execute(
        "INSERT INTO minutes_version (meeting_id, unit_id, number, text, reason, shared_at, shared_by_id) "
        "SELECT id, unit_id, 1, minutes, '', logged_at, logged_by_id FROM meeting WHERE minutes <> ''"
    )
    op.execute("UPDATE meeting SET shared_version = 1 WHERE minutes <> ''")


def _say_when_actions_were_made() -> None:
    """As far as it is known: when their meeting was logged."""
    op.execute("UPDATE action SET made_at = (SELECT logged_at FROM meeting WHERE meeting.id = action.meeting_id)")


def _create_tables() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("covered_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_absence_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["covered_by_id"], ["person.id"], name=op.f("fk_absence_covered_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_covered_by_id", "absence", ["covered_by_id", "since"], unique=False)
    op.create_index("ix_absence_person_id", "absence", ["person_id", "since"], unique=False)

    op.create_table(
        "closed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_closed_days_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_closed_days_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
    )
    op.create_index("ix_closed_days_since", "closed_days", ["since"], unique=False)
    op.create_index(op.f("ix_closed_days_unit_id"), "closed_days", ["unit_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_draft_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_draft_person_id_key")),
    )
    op.create_index(op.f("ix_draft_unit_id"), "draft", ["unit_id"], unique=False)

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("tone", sa.String(), nullable=False),
        sa.Column("went_wrong", sa.String(), nullable=False),
        sa.Column("with_actions", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_handover_from_id_person")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_handover_started_by_id_person")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_handover_to_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_handover_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_to_id_acknowledged_at", "handover", ["to_id", "acknowledged_at"], unique=False)
    op.create_index("ix_handover_unit_id_on", "handover", ["unit_id", "on", "id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "idea",
                "planned",
                "under_way",
                "paused",
                "delivered",
                "stopped",
                name="stage",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("milestone_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_project_lead_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_project_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index(op.f("ix_project_lead_id"), "project", ["lead_id"], unique=False)
    op.create_index("ix_project_unit_id_stage", "project", ["unit_id", "stage"], unique=False)

    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_filter_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("person_id", "list_name", "name", name=op.f("uq_saved_filter_person_id_list_name_name")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "own",
                "carried",
                "action",
                "request",
                "rating",
                "project",
                "decision",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_agenda_item_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_review_id_position", "agenda_item", ["review_id", "position", "id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("revisit_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_decision_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_meeting_id"), "decision", ["meeting_id"], unique=False)
    op.create_index("ix_decision_unit_id_decided_on", "decision", ["unit_id", "decided_on", "id"], unique=False)
    op.create_index("ix_decision_unit_id_revisit_on", "decision", ["unit_id", "revisit_on"], unique=False)

    op.create_table(
        "minutes_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_version_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["business_unit.id"], name=op.f("fk_minutes_version_unit_id_business_unit")
        ),
        sa.ForeignKeyConstraint(["shared_by_id"], ["person.id"], name=op.f("fk_minutes_version_shared_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_version")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_version_meeting_id_number")),
    )
    op.create_index(
        "ix_minutes_version_unit_id_shared_at", "minutes_version", ["unit_id", "shared_at", "id"], unique=False
    )
    op.create_table(
        "praise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_praise_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_praise_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_praise_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_praise")),
    )
    op.create_index(op.f("ix_praise_meeting_id"), "praise", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_praise_person_id"), "praise", ["person_id"], unique=False)
    op.create_index("ix_praise_unit_id_said_on", "praise", ["unit_id", "said_on", "id"], unique=False)

    op.create_table(
        "project_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "idea",
                "planned",
                "under_way",
                "paused",
                "delivered",
                "stopped",
                name="stage",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("milestone_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_project_step_by_id_person")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_project_step_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_step_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_step")),
    )
    op.create_index(op.f("ix_project_step_meeting_id"), "project_step", ["meeting_id"], unique=False)
    op.create_index("ix_project_step_project_id", "project_step", ["project_id", "id"], unique=False)

    op.create_table(
        "action_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_link_action_id_action")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_action_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_action_link_token_hash")),
    )
    op.create_index(op.f("ix_action_link_action_id"), "action_link", ["action_id"], unique=False)
    op.create_index(op.f("ix_action_link_person_id"), "action_link", ["person_id"], unique=False)

    op.create_table(
        "action_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "made",
                "new_day",
                "new_owner",
                "done",
                "dropped",
                "reopened",
                "not_yet",
                name="step",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_step_action_id_action")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_action_step_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_step")),
    )
    op.create_index("ix_action_step_action_id", "action_step", ["action_id", "id"], unique=False)

    op.create_table(
        "minutes_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column(
            "reply",
            sa.Enum("waiting", "confirmed", "objected", name="reply", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_reply_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["minutes_version.id"], name=op.f("fk_minutes_reply_version_id_minutes_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_reply")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_minutes_reply_token_hash")),
        sa.UniqueConstraint("version_id", "person_id", name=op.f("uq_minutes_reply_version_id_person_id")),
    )
    op.create_index(op.f("ix_minutes_reply_person_id"), "minutes_reply", ["person_id"], unique=False)
