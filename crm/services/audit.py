"""The audit trail: written for every change of every audited table, in the same transaction, by the session itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction

from models.audit import AuditEntry, Change
from models.base import Base

ACTOR = "acting_person_id"


def act_as(session: Session, person_id: int | None) -> None:
    """From now on changes in this session are this person's; None: the application's own."""
    session.info[ACTOR] = person_id


def listen() -> None:
    """Make every session keep the trail. Called once, when the application is made."""
    if not event.contains(Session, "after_flush", _record):
        event.listen(Session, "after_flush", _record)


def _record(session: Session, _: UOWTransaction) -> None:
    entries = [
        *(_entry(row, Change.CREATED) for row in session.new if _is_audited(row)),
        *(_entry(row, Change.CHANGED) for row in session.dirty if _is_audited(row) and session.is_modified(row)),
        *(_entry(row, Change.REMOVED) for row in session.deleted if _is_audited(row)),
    ]
    write(session, entries)


def write(session: Session, entries: Sequence[dict[str, Any]]) -> None:
    """Write entries down. Only bulk statements, which the session does not see, need to call this."""
    if entries:
        common = {"at": datetime.now(UTC), "by_id": session.info.get(ACTOR)}
        session.connection().execute(insert(AuditEntry), [common | entry for entry in entries])


def entry(
    table: type[Base], change: Change, key: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """The entry of one row of a bulk statement: columns with their values, none of them secret or private."""
    return {
        "change": change,
        "entity": table.__tablename__,
        "entity_id": str(key),
        "before": {column: _plain(value) for column, value in before.items()},
        "after": {column: _plain(value) for column, value in after.items()},
    }


def _is_audited(row: object) -> bool:
    return isinstance(row, Base) and row.__audited__


def _entry(row: Any, change: Change) -> dict[str, Any]:
    state = inspect(row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for column in state.mapper.column_attrs:
        kind = column.columns[0].info.get("audit")
        if kind == "secret":
            continue
        history = state.attrs[column.key].history
        old, new = _first(history.deleted), _first(history.added or history.unchanged)
        if change is Change.CHANGED and not history.has_changes():
            continue
        if change is not Change.CREATED:
            before[column.key] = "…" if kind else _plain(old if history.has_changes() else new)
        if change is not Change.REMOVED:
            after[column.key] = "…" if kind else _plain(new)
    key = "/".join(str(part) for part in state.mapper.primary_key_from_instance(row))
    return {"change": change, "entity": row.__tablename__, "entity_id": key, "before": before, "after": after}


def _first(values: Any) -> Any:
    return values[0] if values else None


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)  # as a number it would lose places
    return value
