"""Writes a service desk's tickets: few statements, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from crm.services.tickets.folding import Event
from crm.services.tickets.merging import AT_ONCE, Change, Changes
from models.ticket import Ticket, TicketEvent

Progress = Callable[[int, int], None]
#: Rows with and without a unit in one statement, and not in one for each run of those alike.
ALIKE = {"render_nulls": True}


def write(session: Session, changes: Changes, *, source_id: int, progress: Progress) -> None:
    """``progress``: how many of how many are written."""
    total = len(changes.new) + len(changes.changed)
    done = 0
    for some in _parts(changes.new):
        _add(session, some, source_id)
        progress(done := done + len(some), total)
    for some in _parts(changes.changed):
        _change(session, some)
        progress(done := done + len(some), total)


def _parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    for start in range(0, len(changes), AT_ONCE):
        yield changes[start : start + AT_ONCE]


def _add(session: Session, some: Sequence[Change], source_id: int) -> None:
    rows = [_row(change) | {"source_id": source_id, "number": change.folded.number} for change in some]
    made = session.execute(insert(Ticket).returning(Ticket.number, Ticket.id), rows, execution_options=ALIKE)
    ids: dict[str, int] = {row.number: row.id for row in made}
    _add_events(session, [(ids[change.folded.number], change.events or ()) for change in some])


def _change(session: Session, some: Sequence[Change]) -> None:
    session.execute(update(Ticket), [_row(change) | {"id": change.ticket_id} for change in some])
    anew = [(change.ticket_id, change.events) for change in some if change.ticket_id and change.events is not None]
    session.execute(delete(TicketEvent).where(TicketEvent.ticket_id.in_([ticket_id for ticket_id, _ in anew])))
    _add_events(session, [(ticket_id, events) for ticket_id, events in anew if events is not None])


def _row(change: Change) -> dict[str, Any]:
    return {**change.values, "fingerprint": change.folded.fingerprint}


def _add_events(session: Session, told: Sequence[tuple[int, Sequence[Event]]]) -> None:
    rows = [
        {
            "ticket_id": ticket_id,
            "number": number,
            "at": event.at,
            "by": event.by,
            "state": event.state,
            "words": event.words,
            "is_private": event.is_private,
        }
        for ticket_id, events in told
        for number, event in enumerate(events, 1)
    ]
    if rows:
        session.execute(insert(TicketEvent), rows, execution_options=ALIKE)
