"""Loads a kept file of tickets: all of it in one transaction, beside the requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.policy import Action, Actor
from crm.services import audit, clock, kept_files
from crm.services.organisation_import.cells import folded
from crm.services.organisation_import.reading import read
from crm.services.organisation_import.tables import Table
from crm.services.tickets import as_requests, checking, feeding, keeping, writing
from crm.services.tickets.checking import Checked
from crm.services.tickets.choices import Choices, Target
from crm.services.tickets.feeding import Told
from crm.services.tickets.merging import compare
from crm.services.tickets.report import Report
from crm.services.tickets.writing import Progress
from models.person import Person
from models.ticket import TicketImport, TicketImportState, TicketSource, TicketUnitName

CLASHED = "Somebody loaded the same tickets at the same moment. Nothing was loaded; start it again."


def start_after_commit(session: Session, *, database: Database, import_id: int, by_id: int) -> None:
    """Load the claimed file as soon as this session has committed; not at all if it does not."""
    work = partial(load, database, import_id, by_id)
    kept_files.start_after_commit(session, work, name=f"import-tickets-{import_id}")


def load(database: Database, import_id: int, by_id: int) -> None:
    """All tickets in one transaction, the import's own end included; progress in transactions of its own."""

    def fail(session: Session, reason: str) -> None:
        keeping.fail(session, import_id=import_id, reason=reason, now=clock.now())

    work = partial(_load, database, import_id, by_id)
    kept_files.guarded(database, work, fail, name=f"Import of tickets {import_id}", clashed=CLASHED)


def _load(database: Database, import_id: int, by_id: int) -> None:
    progress = kept_files.progress_of(database, TicketImport, import_id)
    with database.session(writes=False) as session:
        by = policy.actor_for(session, session.get_one(Person, by_id), clock.now().date())
        table, found = _read(session, import_id)
    progress(table.size, 2 * table.size)
    with database.session(writes=True) as session, session.begin():
        audit.act_as(session, by.id)
        write(session, by=by, import_id=import_id, table=table, found=found, now=clock.now(), progress=progress)


def _read(session: Session, import_id: int) -> tuple[Table, Checked]:
    """Half of the way, and done before the first writing statement: on SQLite that one locks everybody out."""
    kept = session.get_one(TicketImport, import_id)
    table = read(keeping.content_of(session, import_id), kept.file_name)
    return table, checking.check(table, keeping.choices_of(kept), keeping.names_of(session, kept.source_id))


def write(
    session: Session, *, by: Actor, import_id: int, table: Table, found: Checked, now: datetime, progress: Progress
) -> None:
    """Put the rows in, remember what was chosen for the next file, and let go of this one."""
    policy.require(by, Action.IMPORT_TICKETS)
    kept = session.get_one(TicketImport, import_id)
    size = table.size

    def half(done: int, total: int) -> None:
        progress(size + size * done // max(total, 1), 2 * size)

    step = _write_requests if found.choices.target is Target.REQUESTS else _write_tickets
    report = step(session, kept.source_id, found, now, half)
    _remember(session, kept, found)
    keeping.keep_report(kept, replace(found, report=replace(report, examples=[])), table.header)
    kept.state, kept.ended_at, kept.content = TicketImportState.DONE, now, b""
    kept.steps_done = kept.steps_total = 2 * size


def _write_tickets(session: Session, source_id: int, found: Checked, now: datetime, progress: Progress) -> Report:
    """Tickets beside the requests; requests that belong to those that moved come further."""
    changes = compare(session, source_id=source_id, tickets=found.tickets, chosen=found.choices)
    writing.write(session, changes, source_id=source_id, progress=progress)
    moved = [Told.of(change.folded) for change in (*changes.new, *changes.changed) if change.has_moved]
    fed = feeding.feed(session, moved, source_id=source_id, now=now)
    new, changed = len(changes.new), len(changes.changed)
    counts = replace(found.report, new=new, changed=changed, unchanged=changes.unchanged)
    return replace(counts, fed=fed.moved, undecided=fed.undecided)


def _write_requests(session: Session, source_id: int, found: Checked, now: datetime, progress: Progress) -> Report:
    plan = as_requests.compare(session, source_id=source_id, tickets=found.tickets)
    fed = as_requests.write(session, plan, source_id=source_id, chosen=found.choices, now=now)
    progress(1, 1)
    unchanged = plan.unchanged + len(plan.moving) - fed.moved
    return replace(found.report, new=len(plan.new), changed=fed.moved, unchanged=unchanged, fed=fed.moved)


def _remember(session: Session, kept: TicketImport, found: Checked) -> None:
    """What was chosen holds for the next file of this service desk."""
    source, said = session.get_one(TicketSource, kept.source_id), found.choices
    before = Choices.from_json(source.choices)
    states, kinds = {**before.states, **said.states}, {**before.kinds, **said.kinds}
    source.choices = replace(said, units={}, states=states, kinds=kinds).to_json()
    names = select(TicketUnitName).where(TicketUnitName.source_id == kept.source_id)
    known = {row.key: row for row in session.scalars(names)}
    for text, unit_id in said.units.items():
        name = known.setdefault(folded(text), TicketUnitName(source_id=kept.source_id, key=folded(text)))
        name.unit_id = unit_id
        session.add(name)
