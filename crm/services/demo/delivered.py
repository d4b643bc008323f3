"""Delivered projects: asked about at delivery, and three and six months after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from dateutil.relativedelta import relativedelta

from crm.services.demo.era import Era, working_day
from crm.services.demo.people import Known
from crm.services.demo.projects import Delivered
from crm.services.demo.round_rows import add_invitation, add_response, add_round
from crm.services.demo.rows import Rows
from crm.services.demo.survey import Voice
from crm.services.demo.units import Unit
from crm.services.rounds.days import MONTHS, project_occasion
from crm.services.secrets import hashed
from models.question import Instrument

ASKED_AT = time(9, 40)
#: A round has closed after so many days.
CLOSED = 17
ANSWERS, DAYS = 0.85, (0, 0, 1, 2, 4)


def write(rows: Rows, unit: Unit, era: Era, voice: Voice, set_id: int, delivered: Sequence[Delivered]) -> None:
    """Of the cast; generated units are many."""
    if "-" in unit.code:
        return
    rng = unit.chance("delivered")
    for project in delivered:
        quality = rng.choice((3, 4, 4, 5))
        for months, day in _days(project, era):
            asked = _asked(unit, day)
            round_id = _round(rows, unit, era, project, months, day, len(asked), set_id)
            for who in asked:
                invitation_id = add_invitation(rows, round_id, who, hashed(rng.randbytes(32).hex()))
                if rng.random() < ANSWERS:
                    score = min(5, max(3, quality + rng.choice((-1, 0, 0, 1))))
                    answered_at = era.instant(day + timedelta(days=rng.choice(DAYS)), time(11, 20), unit.zone)
                    response_id = add_response(
                        rows, unit, round_id, invitation_id=invitation_id, score=score, answered_at=answered_at
                    )
                    voice.answer(Instrument.PROJECT, response_id, score, day)


def _days(project: Delivered, era: Era) -> Iterator[tuple[int, date]]:
    """The occasions of those whose round has closed."""
    for months in MONTHS:
        day = working_day(project.on + relativedelta(months=months) + timedelta(days=1))
        if day <= era.ago(CLOSED):
            yield months, day


def _asked(unit: Unit, day: date) -> list[Known]:
    return [unit.head(day), *[who for who in unit.users if who.email][:2]]


def _round(
    rows: Rows, unit: Unit, era: Era, project: Delivered, months: int, day: date, asked: int, set_id: int
) -> int:
    return add_round(
        rows,
        unit,
        era.instant(day, ASKED_AT, unit.zone),
        asked=asked,
        instrument=Instrument.PROJECT,
        set_id=set_id,
        project_id=project.project_id,
        occasion=project_occasion(project.project_id, months),
    )
