"""Writes a kept survey's figures: all of them in one transaction, beside the requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.policy import Action, Actor
from crm.services import audit, clock, kept_files
from crm.services.organisation_import.cells import folded
from crm.services.organisation_import.reading import read
from crm.services.past_surveys import checking, keeping, wording
from crm.services.past_surveys.checking import Checked
from crm.services.past_surveys.known import KnownItems, KnownUnits
from crm.services.survey_reading.figures import Given
from crm.services.survey_reading.reading import Figure
from models.past_survey import PastFigure, PastItem, PastState, PastSurvey, PastUnitName, PastWording
from models.person import Person

CLASHED = "Somebody loaded the same questions at the same moment. Nothing was loaded; start it again."
AT_ONCE = 1_000
Progress = Callable[[int, int], None]


def start_after_commit(session: Session, *, database: Database, survey_id: int, by_id: int) -> None:
    """Load the claimed survey as soon as this session has committed; not at all if it does not."""
    work = partial(load, database, survey_id, by_id)
    kept_files.start_after_commit(session, work, name=f"import-survey-{survey_id}")


def load(database: Database, survey_id: int, by_id: int) -> None:
    """All figures in one transaction, the survey's own end included; progress in transactions of its own."""

    def fail(session: Session, reason: str) -> None:
        keeping.fail(session, survey_id=survey_id, reason=reason, now=clock.now())

    work = partial(_load, database, survey_id, by_id)
    kept_files.guarded(database, work, fail, name=f"Past survey {survey_id}", clashed=CLASHED)


def _load(database: Database, survey_id: int, by_id: int) -> None:
    progress = kept_files.progress_of(database, PastSurvey, survey_id)
    with database.session(writes=False) as session:
        by = policy.actor_for(session, session.get_one(Person, by_id), clock.now().date())
        found = _read(session, survey_id)
    progress(len(found.figures), 2 * len(found.figures))
    with database.session(writes=True) as session, session.begin():
        audit.act_as(session, by.id)
        write(session, by=by, survey_id=survey_id, found=found, now=clock.now(), progress=progress)


def _read(session: Session, survey_id: int) -> Checked:
    """Half of the way, and done before the first writing statement: on SQLite that one locks everybody out."""
    kept = session.get_one(PastSurvey, survey_id)
    table = read(keeping.content_of(session, survey_id), kept.file_name)
    return checking.check(table, keeping.choices_of(kept), KnownUnits(session), KnownItems(session))


def write(session: Session, *, by: Actor, survey_id: int, found: Checked, now: datetime, progress: Progress) -> None:
    """Put the figures in; those of the same file that were here before are replaced, and the file is let go of."""
    policy.require(by, Action.IMPORT_SURVEYS)
    kept = session.get_one(PastSurvey, survey_id)
    _replace(session, kept, now)
    items = _items(session, found)
    total = len(found.figures)
    for start in range(0, total, AT_ONCE):
        some = found.figures[start : start + AT_ONCE]
        session.execute(insert(PastFigure), list(_rows(survey_id, some, items)))
        progress(total + start + len(some), 2 * total)
    _remember(session, found, items)
    keeping.keep_report(kept, found, replaces=0)
    kept.state, kept.ended_at, kept.content = PastState.DONE, now, b""
    kept.steps_done = kept.steps_total = 2 * total


def _replace(session: Session, kept: PastSurvey, now: datetime) -> None:
    """The same file again brings up to date and never doubles."""
    same = (PastSurvey.fingerprint == kept.fingerprint) & (PastSurvey.state == PastState.DONE)
    for earlier in session.scalars(select(PastSurvey).where(same, PastSurvey.id != kept.id)):
        session.execute(delete(PastFigure).where(PastFigure.survey_id == earlier.id))
        earlier.state, earlier.ended_at = PastState.OUT, now


def _items(session: Session, found: Checked) -> Mapping[str, PastItem]:
    """Our wording -> the question, made where it is new."""
    here = {item.key: item for item in session.scalars(select(PastItem))}
    asked = {figure.question for _, figure in found.figures}
    for text in sorted(asked):
        key = wording.key_of(text)
        if key not in here:
            here[key] = PastItem(key=key, text=text)
            session.add(here[key])
    session.flush()
    return {text: here[wording.key_of(text)] for text in asked}


def _rows(
    survey_id: int, figures: Sequence[tuple[int, Figure]], items: Mapping[str, PastItem]
) -> Iterator[dict[str, Any]]:
    names = {given.scale: given.value for given in Given if given is not Given.SHARE}
    for unit_id, figure in figures:
        yield {
            "survey_id": survey_id,
            "item_id": items[figure.question].id,
            "unit_id": unit_id,
            "since": figure.period.start,
            "until": figure.period.end,
            "value": figure.value,
            "scale": names[figure.scale],
            "n": figure.answers,
            "asked": figure.asked,
            "mark": figure.mark,
        }


def _remember(session: Session, found: Checked, items: Mapping[str, PastItem]) -> None:
    """What was matched by hand holds for the next file; a mere number does not, for it moves between years."""
    names = {row.key: row for row in session.scalars(select(PastUnitName))}
    for said, unit_id in found.choices.units.items():
        name = names.setdefault(folded(said), PastUnitName(key=folded(said)))
        name.unit_id = unit_id
        session.add(name)
    kept = {row.key: row for row in session.scalars(select(PastWording))}
    for said, ours in found.choices.questions.items():
        is_other = ours in items and items[ours].key != wording.key_of(said)
        if is_other and not wording.is_only_a_number(said):
            called = kept.setdefault(folded(said), PastWording(key=folded(said)))
            called.item_id = items[ours].id
            session.add(called)
