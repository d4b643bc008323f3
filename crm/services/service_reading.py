"""How well each service serves a unit: of its newest survey that may be read and asked about services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.charts.zones import ZonesChart
from crm.policy import Action, Actor
from crm.services import catalogue, survey_results
from crm.services.survey_results import Part
from models.question import Instrument, Per, Question, Service
from models.rating import Answer, Response, Round
from models.total import RoundTotal
from models.unit import BusinessUnit


@dataclass(frozen=True)
class ServiceReading:
    """``round`` is None, and ``parts`` empty, before the first such survey; ``unrated``: what the unit uses and that
    survey says nothing of."""

    round: Round | None
    parts: Sequence[Part]
    zones: ZonesChart | None
    unrated: Sequence[Service]


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit) -> ServiceReading:
    """Three statements at most."""
    policy.require(by, Action.SEE_RATINGS, unit)
    newest = (
        select(RoundTotal.round_id)
        .where(RoundTotal.unit_id == unit.id, RoundTotal.instrument == Instrument.SURVEY, RoundTotal.about != "")
        .order_by(RoundTotal.opened_at.desc(), RoundTotal.round_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Round, Question, Answer)
        .join(Response, Response.round_id == Round.id)
        .join(Answer, Answer.response_id == Response.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Round.id == newest, Question.per == Per.SERVICE)
        .options(joinedload(Round.unit, innerjoin=True))
        .order_by(*survey_results.ORDER)
    ).all()
    used = catalogue.used_by(session, unit_id=unit.id, today=by.today)
    if not rows:
        return ServiceReading(None, (), None, used)
    round_ = rows[0].Round
    answers = [(row.Question, row.Answer) for row in rows]
    parts = survey_results.parts_of(session, by=by, round_=round_, answers=answers)
    rated = {part.about for part in parts}
    unrated = [service for service in used if f"service:{service.id}" not in rated]
    return ServiceReading(round_, parts, survey_results.zones(parts, unit.name), unrated)
