"""Importance x satisfaction of a unit's newest survey, from its totals."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.charts.matters import MattersChart, matters_chart
from crm.services import tallies
from crm.services.survey import named, worded
from crm.stats.gaps import Item
from models.question import Instrument, Question
from models.rating import Round
from models.total import OVERALL, RoundTotal
from models.unit import BusinessUnit


def of_newest_survey(session: Session, *, unit: BusinessUnit) -> MattersChart | None:
    """Of the newest that may be read and was answered; None where nothing was weighed. Two statements, or three."""
    newest = (
        select(RoundTotal.round_id)
        .where(
            RoundTotal.unit_id == unit.id,
            RoundTotal.measure == OVERALL,
            RoundTotal.instrument == Instrument.SURVEY,
            RoundTotal.speaks_for_unit,
            RoundTotal.n > 0,
        )
        .order_by(RoundTotal.opened_at.desc(), RoundTotal.round_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(RoundTotal, Question)
        .join(Round, Round.id == RoundTotal.round_id)
        .join(Question, (Question.set_id == Round.set_id) & (Question.key == RoundTotal.measure))
        # What few say of how much it matters stays theirs, as what they say of how well it goes does.
        .where(Round.id == newest, RoundTotal.weights > 0, RoundTotal.weights >= Round.scores_from)
        .order_by(Question.position, RoundTotal.about)
    ).all()
    names = named(session, abouts=[total.about for total, _ in rows])
    items = [_item(total, question, unit, names) for total, question in rows if not total.is_of_chance]
    return matters_chart(items, unit.name) if items else None


def _item(total: RoundTotal, question: Question, unit: BusinessUnit, names: dict[str, str]) -> Item:
    text = worded(question, unit, names.get(total.about, ""))
    heard = tallies.of_total(total, asked=total.asked).told("people").words
    return Item(text, total.weight_total / total.weights, total.total / total.n, heard)
