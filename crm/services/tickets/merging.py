"""What a file's tickets would change in what is here: new ones, changed ones, and those that say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.tickets.choices import Choices
from crm.services.tickets.folding import Event, Folded
from models.ticket import Ticket, TicketEvent

AT_ONCE = 500
#: Columns that a file says in words, by its meaning, which has the same name.
WORDS = ("title", "state", "priority", "category", "caller")
VALUES = (*WORDS, "unit_id", "is_open", "opened_at", "resolved_at", "closed_at")


@dataclass(frozen=True)
class Change:
    """A ticket to be written. ``ticket_id``: None for a new one; ``events``: its whole history, None where nothing of
    it is new; ``has_moved``: whether it stands elsewhere than before."""

    folded: Folded
    values: Mapping[str, Any]
    events: Sequence[Event] | None
    has_moved: bool
    ticket_id: int | None = None


@dataclass(frozen=True)
class Changes:
    new: Sequence[Change]
    changed: Sequence[Change]
    unchanged: int


def compare(
    session: Session, *, source_id: int, tickets: Sequence[tuple[int | None, Folded]], chosen: Choices
) -> Changes:
    """Two statements, and two more for each 500 tickets that differ."""
    here = _here(session, source_id)
    new, differing, unchanged = [], [], 0
    for unit_id, folded in tickets:
        known = here.get(folded.number)
        if known is None:
            new.append(_new(unit_id, folded))
        elif known.fingerprint == folded.fingerprint and known.unit_id == unit_id:
            unchanged += 1
        else:
            differing.append((known.id, unit_id, folded))
    changed = [change for change in _merged(session, differing, chosen) if change]
    return Changes(new, changed, unchanged + len(differing) - len(changed))


def _here(session: Session, source_id: int) -> dict[str, Any]:
    known = select(Ticket.number, Ticket.id, Ticket.fingerprint, Ticket.unit_id).where(Ticket.source_id == source_id)
    return {row.number: row for row in session.execute(known)}


def _new(unit_id: int | None, folded: Folded) -> Change:
    values = {name: folded.texts.get(name, "") for name in WORDS} | _standing(folded) | {"unit_id": unit_id}
    return Change(folded, values, folded.events, has_moved=True)


def _standing(folded: Folded) -> dict[str, Any]:
    return {
        "is_open": folded.standing.is_open,
        "opened_at": folded.opened_at,
        "resolved_at": folded.resolved_at,
        "closed_at": folded.closed_at,
    }


def _merged(
    session: Session, differing: Sequence[tuple[int, int | None, Folded]], chosen: Choices
) -> Iterator[Change | None]:
    for start in range(0, len(differing), AT_ONCE):
        some = differing[start : start + AT_ONCE]
        ids = [ticket_id for ticket_id, _, _ in some]
        before = {ticket.id: ticket for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(ids)))}
        events = _events(session, ids)
        for ticket_id, unit_id, folded in some:
            yield _change(before[ticket_id], events[ticket_id], unit_id, folded, chosen)


def _events(session: Session, ids: Sequence[int]) -> Mapping[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    rows = select(TicketEvent).where(TicketEvent.ticket_id.in_(ids)).order_by(TicketEvent.ticket_id, TicketEvent.number)
    for row in session.scalars(rows):
        found[row.ticket_id].append(Event(row.at, row.by, row.state, row.words, row.is_private))
    return found


def _change(
    before: Ticket, known: Sequence[Event], unit_id: int | None, folded: Folded, chosen: Choices
) -> Change | None:
    """None where this export says nothing new."""
    was = {name: getattr(before, name) for name in VALUES}
    values = was | _said(folded, unit_id, chosen) if not _is_older(known, folded) else was
    # Which words are a unit's to read is always as told last.
    values["title"] = folded.texts.get("title", values["title"]) if chosen.column("words") else values["title"]
    history = united(known, folded.events)
    if values == was and history == list(known):
        return None
    has_moved = (values["state"], values["is_open"]) != (was["state"], was["is_open"])
    return Change(folded, values, history if history != list(known) else None, has_moved, before.id)


def _is_older(known: Sequence[Event], folded: Folded) -> bool:
    """Whether it was exported before what is known: then it adds to the history and sets nothing back."""
    last = max((event.at for event in known if event.at), default=None)
    return bool(last and folded.last_at and folded.last_at < last)


def _said(folded: Folded, unit_id: int | None, chosen: Choices) -> dict[str, Any]:
    """What the file has a column for; what it does not speak of stays."""
    said: dict[str, Any] = {name: folded.texts[name] for name in WORDS if name in folded.texts}
    said["is_open"] = folded.standing.is_open
    if chosen.column("unit") or chosen.one_unit_id:
        said["unit_id"] = unit_id
    if chosen.column("opened") and folded.opened_at:
        said["opened_at"] = folded.opened_at
    said |= {f"{name}_at": getattr(folded, f"{name}_at") for name in ("resolved", "closed") if chosen.column(name)}
    return said


def united(known: Iterable[Event], told: Iterable[Event]) -> list[Event]:
    """Both histories as one, each event once; who may read it is as told last."""
    found = {event.key: event for event in (*known, *told)}
    return sorted(found.values(), key=lambda event: event.place)
