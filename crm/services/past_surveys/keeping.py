"""Files of past surveys kept from upload to last figure, so that they can be left and come back to."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, undefer

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import kept_files, pages
from crm.services.organisation_import.reading import read
from crm.services.past_surveys import checking
from crm.services.past_surveys.checking import Checked
from crm.services.past_surveys.choices import Choices, first_choices
from crm.services.past_surveys.known import KnownItems, KnownUnits
from crm.services.past_surveys.report import Report
from models.past_survey import PastFigure, PastState, PastSurvey

LONGEST_NAME = 120
READY = (PastState.CHECKED, PastState.FAILED)
MOST_BAD_ROWS = 50_000
#: Kept beside the choices: what has to be said before the file can be read, and the header.
QUESTION, HEADER = "to say first", "header"
BadRow = tuple[int, str, Sequence[str]]


def upload(session: Session, *, by: Actor, content: bytes, file_name: str, now: datetime) -> PastSurvey:
    """Keep a file, checked as far as it can be without asking. Raises Invalid("file", why) when it cannot be read.

    The same cells under another name or in another encoding keep the name they were loaded under.
    """
    policy.require(by, Action.IMPORT_SURVEYS)
    table = read(content, file_name)
    mark = checking.fingerprint(table)
    before = _loaded_before(session, mark)
    name = before.name if before else _free_name(session, PurePath(file_name).stem)
    kept = PastSurvey(
        name=name,
        file_name=file_name[-LONGEST_NAME:],
        content=content,
        fingerprint=mark,
        bad_rows=b"",
        steps_total=2 * table.size,
        uploaded_by_id=by.id,
        uploaded_at=now,
    )
    session.add(kept)
    choices = Choices.from_json(before.choices) if before else first_choices(table, name, file_name)
    kept.choices = choices.to_json() | {HEADER: table.header}
    session.flush()
    try:
        check(session, by=by, kept=kept, choices=choices)
    except Invalid as question:
        kept.choices = kept.choices | {QUESTION: [question.field, str(question)]}
    return kept


def find(session: Session, *, by: Actor, survey_id: int) -> PastSurvey:
    """The survey without its content. Raises NotFound."""
    policy.require(by, Action.IMPORT_SURVEYS)
    kept = session.get(PastSurvey, survey_id, options=[joinedload(PastSurvey.uploaded_by)])
    if kept is None:
        raise NotFound("There is no such survey.")
    return kept


def listed(session: Session, *, by: Actor, number: int = 1) -> pages.Page[PastSurvey]:
    """Newest first."""
    policy.require(by, Action.IMPORT_SURVEYS)
    statement = select(PastSurvey).options(joinedload(PastSurvey.uploaded_by)).order_by(PastSurvey.id.desc())
    return pages.of_objects(session, statement, number)


def choices_of(kept: PastSurvey) -> Choices:
    return Choices.from_json(kept.choices)


def header_of(kept: PastSurvey) -> tuple[str, ...]:
    return tuple(kept.choices[HEADER])


def question_of(kept: PastSurvey) -> Invalid | None:
    """What has to be said before the file can be read, on the field it is about."""
    return Invalid(*kept.choices[QUESTION]) if QUESTION in kept.choices else None


def report_of(kept: PastSurvey) -> Report | None:
    """What was found or done; None before it could be read."""
    return Report.from_json(kept.report) if kept.report else None


def bad_rows(session: Session, *, by: Actor, survey_id: int) -> list[BadRow]:
    """Line, reason and cells of each row that is not taken. Raises NotFound."""
    find(session, by=by, survey_id=survey_id)
    packed = session.scalars(select(PastSurvey.bad_rows).where(PastSurvey.id == survey_id)).one()
    return [tuple(row) for row in json.loads(zlib.decompress(packed))] if packed else []


def check(session: Session, *, by: Actor, kept: PastSurvey, choices: Choices) -> Report:
    """Read the file under these choices, and keep them and the report; what could be read under the choices before is
    forgotten when it cannot under these.

    Raises Invalid as :func:`checking.check` does, and Conflict("file") when the import is under way or done.
    """
    policy.require(by, Action.IMPORT_SURVEYS)
    if kept.state not in READY:
        raise Conflict("file", "This survey is being loaded, or was. Choose the file again to load it anew.")
    kept.name = choices.name
    kept.choices = choices.to_json() | {HEADER: kept.choices[HEADER]}
    kept.report, kept.state = {}, PastState.CHECKED
    table = read(content_of(session, kept.id), kept.file_name)
    found = checking.check(table, choices, KnownUnits(session), KnownItems(session))
    before = _loaded_before(session, kept.fingerprint)
    keep_report(kept, found, replaces=before.id if before else 0)
    return replace(found.report, replaces=before.id if before else 0)


def keep_report(kept: PastSurvey, found: Checked, *, replaces: int) -> None:
    kept.choices = found.choices.to_json() | {HEADER: kept.choices[HEADER]}
    kept.report = replace(found.report, replaces=replaces).to_json()
    kept.bad_rows = zlib.compress(json.dumps(found.bad_rows[:MOST_BAD_ROWS]).encode())


def claim(session: Session, *, by: Actor, kept: PastSurvey, now: datetime) -> None:
    """Make it this caller's to run: a second click, or a second process, gets Conflict("file")."""
    policy.require(by, Action.IMPORT_SURVEYS)
    kept_files.claim(session, kept, ready=READY, now=now)
    if not kept.report:
        raise Conflict("file", "One thing has to be said before this file can be read.")


def fail(session: Session, *, survey_id: int, reason: str, now: datetime) -> None:
    kept = session.get_one(PastSurvey, survey_id)
    report = report_of(kept)
    kept.state, kept.ended_at = PastState.FAILED, now
    if report:
        kept.report = replace(report, stopped=reason).to_json()


def discard(session: Session, *, by: Actor, kept: PastSurvey, now: datetime) -> None:
    """Throw away a file that was not loaded. Raises Conflict("file") when it is being loaded or was."""
    policy.require(by, Action.IMPORT_SURVEYS)
    is_loading = kept.state is PastState.RUNNING and not kept_files.has_stopped(kept, now)
    if is_loading or kept.state in (PastState.DONE, PastState.OUT):
        raise Conflict("file", "What is loaded, or being loaded, cannot be thrown away.")
    session.delete(kept)


def take_out(session: Session, *, by: Actor, kept: PastSurvey, now: datetime) -> int:
    """Take all its figures out again; those of earlier surveys that they stood before are seen again. Returns how many.

    Raises Conflict("file") for one that is not loaded.
    """
    policy.require(by, Action.IMPORT_SURVEYS)
    if kept.state is not PastState.DONE:
        raise Conflict("file", "This survey is not loaded.")
    removed = session.execute(delete(PastFigure).where(PastFigure.survey_id == kept.id))
    kept.state, kept.ended_at = PastState.OUT, now
    session.flush()
    return int(removed.rowcount)  # type: ignore[attr-defined]


def content_of(session: Session, survey_id: int) -> bytes:
    statement = select(PastSurvey).where(PastSurvey.id == survey_id).options(undefer(PastSurvey.content))
    return session.scalars(statement).one().content


def _loaded_before(session: Session, mark: str) -> PastSurvey | None:
    """The survey of the same cells that is loaded."""
    same = select(PastSurvey).where(PastSurvey.fingerprint == mark, PastSurvey.state == PastState.DONE)
    return session.scalars(same.order_by(PastSurvey.id.desc()).limit(1)).first()


def _free_name(session: Session, stem: str) -> str:
    """The file's name, with a number where another survey has it."""
    plain = " ".join(stem.replace("_", " ").split())[:LONGEST_NAME] or "Past survey"
    taken = set(session.scalars(select(PastSurvey.name).where(PastSurvey.state != PastState.OUT)))
    numbered = (f"{plain} ({number})" for number in range(2, len(taken) + 3))
    return plain if plain not in taken else next(name for name in numbered if name not in taken)
