"""What the database itself refuses: two leads, two heads or two rhythms of a unit on one day; a changed audit trail."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# table, what there may be one of on a date, which rows count
ONE_AT_A_TIME = (
    ("assignment", "one_lead", "{row}cover = 'lead'"),
    ("membership", "one_head", "{row}part = 'head'"),
    ("cadence", "one_rhythm", "{row}unit_id IS NOT NULL"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, rule, _ in ONE_AT_A_TIME:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ex_{table}_{rule}")
        op.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
        op.execute("DROP FUNCTION refuse_change()")
        return
    for table, rule, _ in ONE_AT_A_TIME:
        for event in ("insert", "update"):
            op.execute(f"DROP TRIGGER {table}_{rule}_{event}")
    for event in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_entry_append_only_{event}")


def _upgrade_postgresql() -> None:
    for table, rule, counts in ONE_AT_A_TIME:
        # int4range makes an integer comparable by gist without the btree_gist extension.
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_{rule} EXCLUDE USING gist "
            f"(int4range(unit_id, unit_id, '[]') WITH &&, daterange(since, until) WITH &&) "
            f"WHERE ({counts.format(row='')})"
        )
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _upgrade_sqlite() -> None:
    for table, rule, counts in ONE_AT_A_TIME:
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER {table}_{rule}_{event.lower()} BEFORE {event} ON {table} "
                f"WHEN {counts.format(row='NEW.')} AND NEW.since IS NOT NEW.until AND EXISTS ("
                f"SELECT 1 FROM {table} AS other WHERE other.unit_id = NEW.unit_id AND other.id IS NOT NEW.id "
                f"AND {counts.format(row='other.')} AND other.since IS NOT other.until "
                "AND other.since < coalesce(NEW.until, '9999-12-31') "
                "AND NEW.since < coalesce(other.until, '9999-12-31')) "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {rule} on a date'); END"
            )
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_append_only_{event.lower()} BEFORE {event} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
