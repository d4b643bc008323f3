"""A round without names is settled once; of a forgotten person the audit trail may be emptied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# What of the trail may be emptied, and only emptied: what it says of a person who was forgotten, or of their mail.
FORGOTTEN = """
    (OLD.entity = 'person' AND EXISTS (
        SELECT 1 FROM person WHERE person.forgotten_on IS NOT NULL AND CAST(person.id AS TEXT) = OLD.entity_id))
    OR (OLD.entity = 'incoming_mail' AND EXISTS (
        SELECT 1 FROM incoming_mail JOIN person ON person.id = incoming_mail.person_id
        WHERE person.forgotten_on IS NOT NULL AND CAST(incoming_mail.id AS TEXT) = OLD.entity_id))
"""
SAME = ("id", "at", "change", "entity", "entity_id")


def upgrade() -> None:
    op.add_column("round", sa.Column("is_settled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE round SET is_settled = scores_shown WHERE confidentiality <> 'named'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            _function(
                f"IF TG_OP = 'UPDATE' AND {_is_emptied('IS NOT DISTINCT FROM', '::text')} THEN RETURN NEW; END IF;"
            )
        )
    else:
        op.execute("DROP TRIGGER audit_entry_append_only_update")
        op.execute(_sqlite_trigger(f"WHEN NOT ({_is_emptied('IS', '')}) "))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_function(""))
    else:
        op.execute("DROP TRIGGER audit_entry_append_only_update")
        op.execute(_sqlite_trigger(""))
    op.drop_column("round", "is_settled")


def _is_emptied(same: str, text: str) -> str:
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in (*SAME, "by_id"))
    return f"{kept} AND NEW.before{text} = '{{}}' AND NEW.after{text} = '{{}}' AND ({FORGOTTEN})"


def _function(first: str) -> str:
    return (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {first} "
        "RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _sqlite_trigger(when: str) -> str:
    return (
        f"CREATE TRIGGER audit_entry_append_only_update BEFORE UPDATE ON audit_entry {when}"
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    )
