"""Imports kept from upload to last row, so that they can be left and come back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, undefer

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import kept_files, pages
from crm.services.organisation_import import loading
from crm.services.organisation_import.columns import kind_of
from crm.services.organisation_import.loading import Choices
from crm.services.organisation_import.reading import read
from crm.services.organisation_import.report import Report
from crm.services.organisation_import.wanted import Tree
from models.organisation_import import ImportState, OrganisationImport
from models.unit import BusinessUnit

MOST_NAME_LETTERS = 200
#: Kept beside the choices: the names of the columns, and what has to be asked first.
HEADER, QUESTION = "header", "question"


@dataclass(frozen=True)
class Earlier:
    """A finished import of the same codes or ids. ``root``: the unit it was loaded below, "" for none."""

    file_name: str
    root: str
    ended_at: datetime


def upload(session: Session, *, by: Actor, content: bytes, file_name: str, now: datetime) -> OrganisationImport:
    """Keep a file, checked as far as it can be without asking. Raises Invalid("file", why) when it cannot be read."""
    policy.require(by, Action.IMPORT_ORGANISATION)
    table = read(content, file_name)
    choices = Choices(kind_of(table.header))
    kept = OrganisationImport(
        file_name=file_name[-MOST_NAME_LETTERS:],
        content=content,
        choices=choices.to_json() | {HEADER: table.header},
        report={},
        steps_total=2 * table.size,
        uploaded_by_id=by.id,
        uploaded_at=now,
    )
    session.add(kept)
    session.flush()
    try:
        check(session, by=by, kept=kept, choices=choices, now=now)
    except Invalid as question:
        kept.choices = kept.choices | {QUESTION: [question.field, str(question)]}
    return kept


def find(session: Session, *, by: Actor, import_id: int) -> OrganisationImport:
    """The import without its content. Raises NotFound."""
    policy.require(by, Action.IMPORT_ORGANISATION)
    kept = session.get(OrganisationImport, import_id)
    if kept is None:
        raise NotFound("There is no such import.")
    return kept


def listed(session: Session, *, by: Actor, number: int = 1) -> pages.Page[OrganisationImport]:
    """Newest first."""
    policy.require(by, Action.IMPORT_ORGANISATION)
    return pages.of_objects(session, select(OrganisationImport).order_by(OrganisationImport.id.desc()), number)


def is_first(session: Session) -> bool:
    """Whether there is no unit here yet."""
    return not session.scalar(select(exists().where(BusinessUnit.id.is_not(None))))


def header_of(kept: OrganisationImport) -> tuple[str, ...]:
    return tuple(kept.choices[HEADER])


def question_of(kept: OrganisationImport) -> Invalid | None:
    """What has to be said before the file can be checked, on the field it is about."""
    return Invalid(*kept.choices[QUESTION]) if QUESTION in kept.choices else None


def choices_of(kept: OrganisationImport) -> Choices:
    return Choices.from_json(kept.choices)


def report_of(kept: OrganisationImport) -> Report | None:
    """What was found or done; None before the first check."""
    return Report.from_json(kept.report) if kept.report else None


def check(session: Session, *, by: Actor, kept: OrganisationImport, choices: Choices, now: datetime) -> Report:
    """Check the file under these choices, and keep them and the report.

    Raises Invalid as :func:`loading.check` does, and Conflict("file") when the import is under way or done.
    """
    if kept.state not in (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED):
        raise Conflict("file", "This import is under way or done. Choose the file again to load it anew.")
    content = _content(session, kept.id)
    report = loading.check(session, by=by, content=content, file_name=kept.file_name, choices=choices, now=now)
    kept.choices = choices.to_json() | {HEADER: kept.choices[HEADER]}
    kept.report = report.to_json()
    kept.state = ImportState.CHECKED
    return report


def is_as_checked(kept: OrganisationImport, choices: Choices) -> bool:
    """Whether the report says what loading under these choices would do."""
    report = report_of(kept)
    said = {meaning: name for meaning, name in choices.columns.items() if name}
    return (
        report is not None
        and choices.kind == report.kind
        and said == report.columns
        and choices.root == choices_of(kept).root
    )


def loaded_elsewhere(session: Session, *, by: Actor, kept: OrganisationImport) -> Earlier | None:
    """The last time the same codes or ids were loaded in another tree, if this check would make units anew.

    None as well when they were loaded in this tree already, for then they are only brought up to date.
    """
    policy.require(by, Action.IMPORT_ORGANISATION)
    report = report_of(kept)
    if report is None or not report.units.created:
        return None
    found = _loaded_before(session, report)
    tree = Tree(choices_of(kept).root).code
    return None if not found or any(Tree(one.root).code == tree for one in found) else found[0]


def _loaded_before(session: Session, report: Report) -> list[Earlier]:
    """Newest first. Only files of as many rows are looked at."""
    finished = session.scalars(
        select(OrganisationImport)
        .where(OrganisationImport.state == ImportState.DONE, OrganisationImport.steps_total == 2 * report.rows)
        .order_by(OrganisationImport.ended_at.desc(), OrganisationImport.id.desc())
    )
    return [
        Earlier(one.file_name, choices_of(one).root, one.ended_at)
        for one in finished
        if one.ended_at and one.report.get("fingerprint") == report.fingerprint
    ]


def claim(session: Session, *, by: Actor, kept: OrganisationImport, now: datetime) -> None:
    """Make it this caller's to run: a second click, or a second process, gets Conflict("file")."""
    policy.require(by, Action.IMPORT_ORGANISATION)
    dead = (OrganisationImport.state == ImportState.RUNNING) & or_(
        OrganisationImport.beat_at.is_(None), OrganisationImport.beat_at < now - kept_files.DEAD_AFTER
    )
    ready = OrganisationImport.state.in_((ImportState.CHECKED, ImportState.FAILED))
    claimed = session.execute(
        update(OrganisationImport)
        .where(OrganisationImport.id == kept.id, ready | dead)
        .values(state=ImportState.RUNNING, beat_at=now, steps_done=0, ended_at=None)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("file", "This import is under way or done already.")


def beat(session: Session, *, import_id: int, done: int, total: int, now: datetime) -> None:
    """A sign of life of a running import."""
    session.execute(
        update(OrganisationImport)
        .where(OrganisationImport.id == import_id, OrganisationImport.state == ImportState.RUNNING)
        .values(steps_done=done, steps_total=total, beat_at=now)
    )


def finish(session: Session, *, import_id: int, report: Report, now: datetime) -> None:
    """In the transaction of the data: done and the data are there together, or neither is. The file is let go of."""
    kept = session.get_one(OrganisationImport, import_id)
    kept.state, kept.ended_at = ImportState.DONE, now
    kept.report, kept.content = report.to_json(), b""
    kept.steps_done = kept.steps_total = 2 * report.rows


def fail(session: Session, *, import_id: int, reason: str, now: datetime) -> None:
    kept = session.get_one(OrganisationImport, import_id)
    report = report_of(kept)
    kept.state, kept.ended_at = ImportState.FAILED, now
    if report:
        kept.report = replace(report, stopped=reason).to_json()


def discard(session: Session, *, by: Actor, kept: OrganisationImport, now: datetime) -> None:
    """Throw away a file that was not loaded. Raises Conflict("file") when it is being loaded or was."""
    policy.require(by, Action.IMPORT_ORGANISATION)
    if kept.state is ImportState.DONE or (kept.state is ImportState.RUNNING and not kept_files.has_stopped(kept, now)):
        raise Conflict("file", "What is loaded, or being loaded, cannot be thrown away.")
    session.delete(kept)


def _content(session: Session, import_id: int) -> bytes:
    found = session.scalars(
        select(OrganisationImport)
        .where(OrganisationImport.id == import_id)
        .options(undefer(OrganisationImport.content))
    ).one()
    return found.content
