"""Everything the first loop needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_kind_key_at", ["kind", "key", "at"], unique=False)

    op.create_table(
        "business_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_business_unit_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["business_unit.id"], name=op.f("fk_business_unit_parent_id_business_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_business_unit_code")),
    )
    with op.batch_alter_table("business_unit", schema=None) as batch_op:
        batch_op.create_index("ix_business_unit_name", ["name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_business_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
    )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.create_index("ix_job_run_job_began_at", ["job", "began_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("email_key", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_rep", sa.Boolean(), nullable=False),
        sa.Column("is_business", sa.Boolean(), nullable=False),
        sa.Column("is_cio", sa.Boolean(), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_person_email_key")),
        sa.UniqueConstraint("external_id", name=op.f("uq_person_external_id")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("cover", sa.Enum("lead", "deputy", name="cover", native_enum=False, length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_assignment_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_assignment_rep_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_assignment_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_rep_id", ["rep_id"], unique=False)
        batch_op.create_index("ix_assignment_unit_id_cover", ["unit_id", "cover"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "change",
            sa.Enum("created", "changed", "removed", name="change", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_audit_entry_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_at", ["at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_audit_entry_entity_entity_id", ["entity", "entity_id"], unique=False)

    op.create_table(
        "cadence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "frequency", sa.Enum("monthly", "quarterly", name="frequency", native_enum=False, length=20), nullable=False
        ),
        sa.Column("quarter_month", sa.Integer(), nullable=False),
        sa.Column(
            "day_rule", sa.Enum("weekday", "month_day", name="dayrule", native_enum=False, length=20), nullable=False
        ),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("month_day", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_cadence_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_cadence_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadence")),
    )
    with op.batch_alter_table("cadence", schema=None) as batch_op:
        batch_op.create_index("ix_cadence_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "part", sa.Enum("head", "key_user", "member", name="part", native_enum=False, length=20), nullable=False
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_membership_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_membership_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_person_id_part", ["person_id", "part"], unique=False)
        batch_op.create_index("ix_membership_unit_id_part", ["unit_id", "part"], unique=False)

    op.create_table(
        "organisation_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded", "checked", "running", "done", "failed", name="importstate", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_organisation_import_uploaded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_import")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="outboxstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_outbox_message_to_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message_queued_at", ["queued_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_to_person_id"), ["to_person_id"], unique=False)

    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_link_token_hash")),
    )
    with op.batch_alter_table("password_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "confidentiality", sa.Enum("named", name="confidentiality", native_enum=False, length=20), nullable=False
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_round_asked_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_round_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index("ix_round_opened_at", ["opened_at", "id"], unique=False)
        batch_op.create_index("ix_round_unit_id_opened_at", ["unit_id", "opened_at"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_setting_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index("ix_setting_name_id", ["name", "id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_invitation_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_round_id"), ["round_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("period_since", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "held", "skipped", name="reviewstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("skip_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cadence_id"], ["cadence.id"], name=op.f("fk_review_cadence_id_cadence")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_review_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("unit_id", "period", name=op.f("uq_review_unit_id_period")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_state_held_on", ["state", "held_on"], unique=False)
        batch_op.create_index("ix_review_state_planned_on", ["state", "planned_on"], unique=False)
        batch_op.create_index(
            "ix_review_unit_id_state_planned_on",
            ["unit_id", "state", "planned_on", "id", "period_until"],
            unique=False,
        )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("review", "talk", "call", "escalation", name="meetingkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("internal_notes", sa.String(), nullable=False),
        sa.Column("logged_by_id", sa.Integer(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["logged_by_id"], ["person.id"], name=op.f("fk_meeting_logged_by_id_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_meeting_review_id_review")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_meeting_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("form_key", name=op.f("uq_meeting_form_key")),
        sa.UniqueConstraint("review_id", name=op.f("uq_meeting_review_id")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_held_on", ["held_on", "id"], unique=False)
        batch_op.create_index("ix_meeting_unit_id_held_on", ["unit_id", "held_on", "id"], unique=False)

    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_response_score_on_the_scale")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_response_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_response_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_response_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_response_invitation_id")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index("ix_response_round_id", ["round_id"], unique=False)
        batch_op.create_index("ix_response_unit_id_answered_at", ["unit_id", "answered_at"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="actionstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_action_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_owner_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_action_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index("ix_action_owner_id_state_due_on", ["owner_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_action_unit_id_state_due_on", ["unit_id", "state", "due_on"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum("present", "excused", "absent", name="presence", native_enum=False, length=20),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id_person")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index("ix_attendance_person_id", ["person_id"], unique=False)

    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("business_need", sa.String(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.Enum("asked", "offered", name="origin", native_enum=False, length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum("logged", "accepted", "declined", "delivered", name="requeststate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("alternative", sa.String(), nullable=False),
        sa.Column("no_alternative", sa.Boolean(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'declined' OR no_alternative OR alternative <> ''",
            name=op.f("ck_request_declined_says_what_instead"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_request_decided_by_id_person")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_request_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_request_requester_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["business_unit.id"], name=op.f("fk_request_unit_id_business_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_requester_id"), ["requester_id"], unique=False)
        batch_op.create_index("ix_request_state_logged_on", ["state", "logged_on", "id"], unique=False)
        batch_op.create_index("ix_request_unit_id_state", ["unit_id", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index("ix_request_unit_id_state")
        batch_op.drop_index("ix_request_state_logged_on")
        batch_op.drop_index(batch_op.f("ix_request_requester_id"))
        batch_op.drop_index(batch_op.f("ix_request_meeting_id"))

    op.drop_table("request")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index("ix_attendance_person_id")

    op.drop_table("attendance")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index("ix_action_unit_id_state_due_on")
        batch_op.drop_index("ix_action_owner_id_state_due_on")
        batch_op.drop_index(batch_op.f("ix_action_meeting_id"))

    op.drop_table("action")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index("ix_response_unit_id_answered_at")
        batch_op.drop_index("ix_response_round_id")

    op.drop_table("response")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_unit_id_held_on")
        batch_op.drop_index("ix_meeting_held_on")

    op.drop_table("meeting")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_unit_id_state_planned_on")
        batch_op.drop_index("ix_review_state_planned_on")
        batch_op.drop_index("ix_review_state_held_on")

    op.drop_table("review")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_round_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.drop_index("ix_setting_name_id")

    op.drop_table("setting")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index("ix_round_unit_id_opened_at")
        batch_op.drop_index("ix_round_opened_at")

    op.drop_table("round")
    with op.batch_alter_table("password_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_link_person_id"))

    op.drop_table("password_link")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_to_person_id"))
        batch_op.drop_index("ix_outbox_message_queued_at")

    op.drop_table("outbox_message")
    op.drop_table("organisation_import")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_unit_id_part")
        batch_op.drop_index("ix_membership_person_id_part")

    op.drop_table("membership")
    with op.batch_alter_table("cadence", schema=None) as batch_op:
        batch_op.drop_index("ix_cadence_unit_id")

    op.drop_table("cadence")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_entity_entity_id")
        batch_op.drop_index(batch_op.f("ix_audit_entry_by_id"))
        batch_op.drop_index("ix_audit_entry_at")

    op.drop_table("audit_entry")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_unit_id_cover")
        batch_op.drop_index("ix_assignment_rep_id")

    op.drop_table("assignment")
    op.drop_table("person")
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run_job_began_at")

    op.drop_table("job_run")
    with op.batch_alter_table("business_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_business_unit_parent_id"))
        batch_op.drop_index("ix_business_unit_name")

    op.drop_table("business_unit")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_kind_key_at")

    op.drop_table("attempt")
