"""Files of tickets kept from upload to the last ticket, so that they can be left and come back to."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import kept_files, organisation, pages
from crm.services.clashes import told_as
from crm.services.organisation_import.reading import read
from crm.services.organisation_import.tables import Table
from crm.services.tickets import as_requests, checking
from crm.services.tickets.checking import Checked
from crm.services.tickets.choices import Choices, Target, first_choices
from crm.services.tickets.merging import compare
from crm.services.tickets.report import Report
from crm.services.unit_names import UnitNames
from models.ticket import TicketImport, TicketImportState, TicketSource, TicketUnitName

LONGEST_NAME = 120
MOST_BAD_ROWS = 50_000
READY = (TicketImportState.CHECKED, TicketImportState.FAILED)
#: Kept beside the choices: what has to be said before the file can be read, and the header.
QUESTION, HEADER = "to say first", "header"
BadRow = tuple[int, str, Sequence[str]]


def upload(session: Session, *, by: Actor, content: bytes, file_name: str, source: str, now: datetime) -> TicketImport:
    """Keep a file, checked as far as it can be without asking.

    Raises Invalid("file", why) when it cannot be read, Invalid("source") without a name.
    """
    policy.require(by, Action.IMPORT_TICKETS)
    table = read(content, file_name)
    desk = source_named(session, source)
    kept = TicketImport(
        source_id=desk.id,
        file_name=file_name[-LONGEST_NAME:],
        content=content,
        bad_rows=b"",
        steps_total=2 * table.size,
        uploaded_by_id=by.id,
        uploaded_at=now,
    )
    kept.source = desk
    before = replace(Choices.from_json(desk.choices), units={})
    if not desk.choices:
        before = replace(before, zone=organisation.current(session).time_zone)
    chosen = first_choices(table, before, is_known=bool(desk.choices))
    kept.choices = _json(chosen, table.header)
    session.add(kept)
    session.flush()
    try:
        _check(session, kept, chosen, table)
    except Invalid as question:
        kept.choices = kept.choices | {QUESTION: [question.field, str(question)]}
    return kept


def source_named(session: Session, name: str) -> TicketSource:
    """The service desk of that name, made where it is new. Raises Invalid("source")."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise Invalid("source", "Say which service desk it comes from, in a few words.")
    same = select(TicketSource).where(func.lower(TicketSource.name) == plain.lower()).limit(1)
    if known := session.scalars(same).first():
        return known
    made = TicketSource(name=plain)
    with told_as(session, Conflict("source", "Somebody added this service desk at the same moment.")):
        session.add(made)
        session.flush()
    return made


def sources(session: Session) -> Sequence[TicketSource]:
    """By name. One statement."""
    return session.scalars(select(TicketSource).order_by(func.lower(TicketSource.name), TicketSource.id)).all()


def find(session: Session, *, by: Actor, import_id: int) -> TicketImport:
    """The import without its content. Raises NotFound."""
    policy.require(by, Action.IMPORT_TICKETS)
    whole = (joinedload(TicketImport.uploaded_by), joinedload(TicketImport.source))
    kept = session.get(TicketImport, import_id, options=whole)
    if kept is None:
        raise NotFound("There is no such file.")
    return kept


def listed(session: Session, *, by: Actor, number: int = 1) -> pages.Page[TicketImport]:
    """Newest first."""
    policy.require(by, Action.IMPORT_TICKETS)
    whole = (joinedload(TicketImport.uploaded_by), joinedload(TicketImport.source))
    return pages.of_objects(session, select(TicketImport).options(*whole).order_by(TicketImport.id.desc()), number)


def choices_of(kept: TicketImport) -> Choices:
    return Choices.from_json(kept.choices)


def header_of(kept: TicketImport) -> tuple[str, ...]:
    return tuple(kept.choices[HEADER])


def question_of(kept: TicketImport) -> Invalid | None:
    """What has to be said before the file can be read, on the field it is about."""
    return Invalid(*kept.choices[QUESTION]) if QUESTION in kept.choices else None


def report_of(kept: TicketImport) -> Report | None:
    """What was found or done; None before it could be read."""
    return Report.from_json(kept.report) if kept.report else None


def bad_rows(session: Session, *, by: Actor, import_id: int) -> list[BadRow]:
    """Line, reason and cells of each row that is not taken. Raises NotFound."""
    find(session, by=by, import_id=import_id)
    packed = session.scalars(select(TicketImport.bad_rows).where(TicketImport.id == import_id)).one()
    return [tuple(row) for row in json.loads(zlib.decompress(packed))] if packed else []


def check(session: Session, *, by: Actor, kept: TicketImport, choices: Choices) -> Report:
    """Read the file under these choices, and keep them and the report.

    Raises Invalid as :func:`checking.check` does, and Conflict("file") when the import is under way or done.
    """
    policy.require(by, Action.IMPORT_TICKETS)
    if kept.state not in READY:
        raise Conflict("file", "This file is being loaded, or was. Choose it again to load it anew.")
    table = read(content_of(session, kept.id), kept.file_name)
    kept.choices = _json(choices, table.header)
    kept.report, kept.state = {}, TicketImportState.CHECKED
    return _check(session, kept, choices, table)


def _check(session: Session, kept: TicketImport, choices: Choices, table: Table) -> Report:
    found = checking.check(table, choices, names_of(session, kept.source_id))
    counted = counted_report(session, kept.source_id, found)
    keep_report(kept, replace(found, report=counted), table.header)
    return counted


def counted_report(session: Session, source_id: int, found: Checked) -> Report:
    """With what is new and what is changed."""
    if found.choices.target is Target.REQUESTS:
        plan = as_requests.compare(session, source_id=source_id, tickets=found.tickets)
        return replace(found.report, new=len(plan.new), changed=len(plan.moving), unchanged=plan.unchanged)
    changes = compare(session, source_id=source_id, tickets=found.tickets, chosen=found.choices)
    new, changed = len(changes.new), len(changes.changed)
    return replace(found.report, new=new, changed=changed, unchanged=changes.unchanged)


def keep_report(kept: TicketImport, found: Checked, header: Sequence[str]) -> None:
    kept.choices = _json(found.choices, header)
    kept.report = found.report.to_json()
    kept.bad_rows = zlib.compress(json.dumps(found.bad_rows[:MOST_BAD_ROWS]).encode())


def _json(choices: Choices, header: Sequence[str]) -> dict[str, Any]:
    return choices.to_json() | {HEADER: list(header)}


def names_of(session: Session, source_id: int) -> UnitNames:
    """What this service desk calls our units. Two statements."""
    kept = session.execute(
        select(TicketUnitName.key, TicketUnitName.unit_id).where(TicketUnitName.source_id == source_id)
    )
    return UnitNames(session, {row.key: row.unit_id for row in kept})


def claim(session: Session, *, by: Actor, kept: TicketImport, now: datetime) -> None:
    """Make it this caller's to run: a second click, or a second process, gets Conflict("file")."""
    policy.require(by, Action.IMPORT_TICKETS)
    kept_files.claim(session, kept, ready=READY, now=now)
    if not kept.report:
        raise Conflict("file", "One thing has to be said before this file can be read.")


def fail(session: Session, *, import_id: int, reason: str, now: datetime) -> None:
    kept = session.get_one(TicketImport, import_id)
    report = report_of(kept)
    kept.state, kept.ended_at = TicketImportState.FAILED, now
    if report:
        kept.report = replace(report, stopped=reason).to_json()


def discard(session: Session, *, by: Actor, kept: TicketImport, now: datetime) -> None:
    """Throw away a file that was not loaded. Raises Conflict("file") when it is being loaded or was."""
    policy.require(by, Action.IMPORT_TICKETS)
    is_loading = kept.state is TicketImportState.RUNNING and not kept_files.has_stopped(kept, now)
    if is_loading or kept.state is TicketImportState.DONE:
        raise Conflict("file", "What is loaded, or being loaded, cannot be thrown away.")
    session.delete(kept)


def content_of(session: Session, import_id: int) -> bytes:
    statement = select(TicketImport).where(TicketImport.id == import_id).options(undefer(TicketImport.content))
    return session.scalars(statement).one().content
