"""Loading the demonstration into an empty database, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crm.errors import CrmError
from crm.services import request_reckoning, totals_anew
from crm.services.demo import (
    delivered,
    end_users,
    inviting,
    meetings,
    preparing,
    projects,
    relations,
    requests,
    reviews,
    rounds,
)
from crm.services.demo.cast import UNITS
from crm.services.demo.era import Era
from crm.services.demo.fernhill import Fernhill
from crm.services.demo.rows import Rows
from crm.services.demo.survey import Questionnaire
from crm.services.demo.units import Unit
from crm.services.demo.weighing import Scales
from crm.services.health import daily
from models.person import Person
from models.question import Instrument
from models.setting import Setting

#: The setting that says which scale was loaded.
MARK = "demonstration"

#: Table name to rows written.
Counts = dict[str, int]
#: Told after each unit: units done, units in all.
Progress = Callable[[int, int], None]


class Scale(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def units(self) -> int:
        return {Scale.SMALL: len(UNITS), Scale.MEDIUM: 500, Scale.LARGE: 5000}[self]


class NotEmpty(CrmError):
    """The demonstration never mixes with real people."""

    status = 409


def is_loaded(session: Session) -> bool:
    """Whether this database holds the demonstration."""
    return bool(session.scalar(select(exists().where(Setting.name == MARK))))


def load(session: Session, *, scale: Scale, today: date, now: datetime, progress: Progress) -> Counts:
    """Fill an empty database with Fernhill and its last two and a half years; the same each time for the same day.

    ``today`` is the organisation's date at ``now``. Raises NotEmpty when there are people already. Writes no audit
    trail: nobody did this.
    """
    if session.scalar(select(exists().where(Person.id.is_not(None)))):
        raise NotEmpty("There are people in this database already. The demonstration wants an empty one.")
    rows, era = Rows(session), Era(today, now)
    fernhill = Fernhill(rows, era)
    fernhill.settle(now, {MARK: scale})
    asked, scales = Questionnaire(rows, era), Scales(rows, era)
    for done, unit in enumerate(_units(fernhill, scale), 1):
        _history(rows, unit, era, asked, scales)
        end_users.write(rows, unit, era, fernhill.crowd)
        rows.write_if_many()
        progress(done, scale.units)
    rows.write()
    preparing.leave_off(rows, session, today=today, now=now)
    rows.write()
    rows.move_sequences_on()
    rows.count_for_the_planner()
    inviting.invite(session, now)
    totals_anew.rebuild(session)
    request_reckoning.reckon_all(session, now=now)
    daily.take(session, now=now)
    return rows.written


def _units(fernhill: Fernhill, scale: Scale) -> Iterator[Unit]:
    yield from fernhill.cast_units(nested=scale is Scale.SMALL)
    more = scale.units - len(UNITS)
    if more:
        yield from fernhill.grown_units(more)


def _history(rows: Rows, unit: Unit, era: Era, asked: Questionnaire, scales: Scales) -> None:
    planned = reviews.write(rows, unit, era)
    kept = meetings.write(rows, unit, era, planned.held)
    waiting = requests.write(rows, unit, era, kept.met, scales)
    works = projects.write(rows, unit, era, kept.met)
    preparing.write(rows, unit, planned, promised=kept.promised, waiting=waiting, under_way=works.under_way)
    relations.write(rows, unit, era)
    voice = asked.voice(unit)
    rounds.write(rows, unit, era, voice, asked.sets)
    delivered.write(rows, unit, era, voice, asked.sets[Instrument.PROJECT], works.delivered)
