"""What is due becomes rows, each once; what was settled before it was told is dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session, joinedload

from crm.services.clashes import INSERTS
from crm.services.reminders.due import Due
from crm.services.reminders.recipients import Recipient
from models.mail import Reminder

#: So many values are handed to one statement; databases take more, but not without end.
CHUNK = 10_000


def keep(session: Session, *, dues: Sequence[Due], to: Mapping[int, Recipient], today: date, now: datetime) -> int:
    """Write those that have no row yet; one that had been settled and is due again waits again. How many wait anew.

    Two statements, and another for each thousand rows or ten thousand keys.
    """
    told = _told(session, [due.key for due in dues])
    fresh = {due.key: due for due in dues if due.key not in told}
    if not fresh:
        return 0
    insert = INSERTS[session.get_bind().dialect.name](Reminder.__table__)
    statement = insert.on_conflict_do_update(
        index_elements=["key"], set_={"dropped_at": null()}, where=Reminder.__table__.c.dropped_at.is_not(None)
    )
    # A NULL written out, not handed over: with a parameter beside its values the driver is given one row at a time.
    rows = [_row(due, to[due.person.id], today, now) for due in fresh.values()]
    return len(session.connection().execute(statement.returning(Reminder.id), rows).all())


def _told(session: Session, keys: Sequence[str]) -> set[str]:
    told = set[str]()
    for chunk in _chunks(keys):
        told.update(session.scalars(select(Reminder.key).where(Reminder.key.in_(chunk), Reminder.message_id > 0)))
    return told


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _row(due: Due, to: Recipient, today: date, now: datetime) -> dict[str, Any]:
    told = due.tell(to.say)
    return {
        "key": due.key,
        "kind": due.kind,
        "person_id": due.person.id,
        "unit_id": due.unit.id if due.unit else None,
        "due_on": today,
        "what": " ".join(told.what.split()),
        "why": " ".join(told.why.split()),
        "path": due.path,
        "button": told.button,
        "made_at": now,
    }


def waiting(session: Session, *, person_ids: Collection[int]) -> Sequence[Reminder]:
    """What these people have not been told yet, with the unit, in the order it was made. One statement."""
    untold = select(Reminder).where(
        Reminder.person_id.in_(person_ids), Reminder.message_id.is_(None), Reminder.dropped_at.is_(None)
    )
    fresh = untold.execution_options(populate_existing=True)
    return session.scalars(fresh.options(joinedload(Reminder.unit)).order_by(Reminder.id)).all()


def drop(session: Session, reminders: Sequence[Reminder], now: datetime) -> None:
    """They are settled, or not wanted. One statement for each ten thousand."""
    for chunk in _chunks([reminder.id for reminder in reminders]):
        session.execute(update(Reminder).where(Reminder.id.in_(chunk)).values(dropped_at=now))
