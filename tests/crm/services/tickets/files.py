"""One small history of three tickets, and the ways in which desks write it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services.organisation_import.reading import read
from crm.services.tickets import checking, keeping, loading
from crm.services.tickets.choices import Choices
from crm.services.tickets.report import Report
from models import Ticket, TicketEvent, TicketImport

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ZONE = "Europe/Lisbon"
HEADER = ["number", "short_description", "department", "incident_state", "opened_at", "resolved_at", "closed_at"]
HEADER += ["sys_updated_at", "sys_updated_by", "comments", "is_private"]
Cells = Sequence[str | datetime]


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2016, month, day, hour, 30, tzinfo=UTC)


#: As rows of events, in the order of time. The first of March is also the third of January to who reads it so.
EVENTS: list[Cells] = [
    ["INC1", "No mail", "FIN", "New", at(2, 29), "?", "?", at(2, 29), "Ada", "?", "false"],
    ["INC2", "Slow ledger", "Legal", "New", at(3, 1), "?", "?", at(3, 1), "Ada", "?", "false"],
    ["INC1", "No mail", "FIN", "Active", at(2, 29), "?", "?", at(3, 2), "Bo", "They always say so", "true"],
    ["INC1", "No mail", "FIN", "Resolved", at(2, 29), at(3, 3), "?", at(3, 3), "Bo", "Try it now", "false"],
    ["INC3", "A printer", "?", "Awaiting User Info", at(3, 4), "?", "?", at(3, 4), "Bo", "?", "false"],
    ["INC1", "No mail", "FIN", "Closed", at(2, 29), at(3, 3), at(3, 5), at(3, 5), "Cy", "?", "false"],
]
FORMS = {
    "d/m/Y": "%-d/%-m/%Y %H:%M",
    "m/d/Y": "%m/%d/%Y %I:%M %p",
    "ISO": "%Y-%m-%dT%H:%M:%S",
    "ISO with zone": "%Y-%m-%d %H:%M:%S%z",
}


def table(rows: Sequence[Cells] = EVENTS, form: str = "d/m/Y", separator: str = ",", null: str = "?") -> str:
    """The rows as a desk in Lisbon writes them."""
    return "\n".join(separator.join(_cell(cell, form, null) for cell in row) for row in [HEADER, *rows]) + "\n"


def _cell(cell: str | datetime, form: str, null: str) -> str:
    if isinstance(cell, datetime):
        return cell.astimezone(ZoneInfo(ZONE)).strftime(FORMS[form])
    return null if cell == "?" else cell


def last_rows(rows: Sequence[Cells] = EVENTS) -> list[Cells]:
    """One row a ticket: the last of each."""
    return list({str(row[0]): row for row in rows}.values())


def keep(session: Session, by: Actor, content: bytes | str, source: str = "Desk", name: str = "t.csv") -> TicketImport:
    raw = content.encode() if isinstance(content, str) else content
    return keeping.upload(session, by=by, content=raw, file_name=name, source=source, now=NOW)


def load(
    session: Session, by: Actor, content: bytes | str, source: str = "Desk", name: str = "t.csv", **said: object
) -> Report:
    """Upload, say this and that, and write: what the thread does, in the test's own transaction."""
    kept = keep(session, by, content, source, name)
    if said:
        keeping.check(session, by=by, kept=kept, choices=Choices.from_json(kept.choices | said))
    write(session, by, kept)
    return report(kept)


def write(session: Session, by: Actor, kept: TicketImport) -> None:
    read_in = read(keeping.content_of(session, kept.id), kept.file_name)
    found = checking.check(read_in, keeping.choices_of(kept), keeping.names_of(session, kept.source_id))
    loading.write(
        session, by=by, import_id=kept.id, table=read_in, found=found, now=NOW, progress=lambda _done, _total: None
    )
    session.flush()
    session.expire_all()


def report(kept: TicketImport) -> Report:
    found = keeping.report_of(kept)
    assert found is not None
    return found


def tickets(session: Session) -> list[tuple[object, ...]]:
    """All that is kept of each ticket."""
    rows = session.scalars(select(Ticket).order_by(Ticket.number))
    return [
        (one.number, one.title, one.unit_id, one.state, one.is_open, one.opened_at, one.resolved_at, one.closed_at)
        for one in rows
    ]


def events(session: Session, number: str) -> list[tuple[object, ...]]:
    mine = select(TicketEvent).join(Ticket, Ticket.id == TicketEvent.ticket_id).where(Ticket.number == number)
    rows = session.scalars(mine.order_by(TicketEvent.number))
    return [(one.at, one.state, one.by, one.words, one.is_private) for one in rows]
