"""What past surveys say: of one unit, question by question; of one question, unit by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.charts.spark import Spark, spark_of
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.past_surveys.series import Past, past_of
from models.past_survey import Better, PastFigure, PastItem, PastSurvey, SeriesBreak
from models.unit import BusinessUnit

REASON_LENGTH = 500


@dataclass(frozen=True)
class ItemLine:
    """A question in the list: of how many units there are figures, from the first day of the oldest to the newest."""

    item: PastItem
    units: int
    since: date
    until: date


@dataclass(frozen=True)
class UnitLine:
    """One unit's series of a question."""

    unit: BusinessUnit
    past: Past
    spark: Spark | None


@dataclass(frozen=True)
class UnitPast:
    """``items``: all that past surveys asked this unit; ``item`` is None where that is nothing."""

    items: Sequence[PastItem]
    item: PastItem | None
    past: Past | None
    breaks: Sequence[SeriesBreak]


def items(session: Session, *, by: Actor, text: str = "", number: int = 1) -> pages.Page[ItemLine]:
    """Questions with figures, by their words. Two statements."""
    policy.require(by, Action.SEE_RATINGS)
    statement = select(PastItem).where(exists().where(PastFigure.item_id == PastItem.id))
    if text:
        statement = statement.where(PastItem.text.icontains(text, autoescape=True))
    found = pages.of_objects(session, statement.order_by(PastItem.text, PastItem.id), number)
    spans = session.execute(
        select(
            PastFigure.item_id,
            func.count(PastFigure.unit_id.distinct()),
            func.min(PastFigure.since),
            func.max(PastFigure.since),
        )
        .where(PastFigure.item_id.in_([item.id for item in found.rows]), _seen(by))
        .group_by(PastFigure.item_id)
    )
    told = {item_id: (count, since, until) for item_id, count, since, until in spans}
    lines = [ItemLine(item, *told[item.id]) for item in found.rows if item.id in told]
    return pages.Page(lines, found.number, found.has_next)


def item(session: Session, *, by: Actor, item_id: int) -> PastItem:
    """Raises NotFound."""
    policy.require(by, Action.SEE_RATINGS)
    found = session.get(PastItem, item_id)
    if found is None:
        raise NotFound("No past survey asked this.")
    return found


def units(session: Session, *, by: Actor, item: PastItem, text: str = "", number: int = 1) -> pages.Page[UnitLine]:
    """Each unit with figures of this question, by name. Three statements."""
    policy.require(by, Action.SEE_RATINGS)
    has_figures = exists().where(PastFigure.unit_id == BusinessUnit.id, PastFigure.item_id == item.id)
    statement = select(BusinessUnit).where(has_figures, policy.visible_units(by))
    if text:
        named = BusinessUnit.name.icontains(text, autoescape=True)
        statement = statement.where(or_(named, BusinessUnit.code.icontains(text, autoescape=True)))
    found = pages.of_objects(session, statement.order_by(BusinessUnit.name, BusinessUnit.id), number)
    figures = _figures(session, by, item, [unit.id for unit in found.rows])
    anew = breaks(session, by=by, item=item)
    lines = []
    for unit in found.rows:
        past = past_of(figures[unit.id], [each for each in anew if each.unit_id in (None, unit.id)], item, unit.name)
        lines.append(UnitLine(unit, past, spark_of(past.series, unit.name) if past.series else None))
    return pages.Page(lines, found.number, found.has_next)


def of_unit(
    session: Session, *, by: Actor, unit: BusinessUnit, item_id: int | None = None, scale: str = ""
) -> UnitPast:
    """One question of this unit over all its years, the first by name where none is chosen. Three statements.

    ``scale``: as in :func:`series.past_of`. Raises NotFound for a question this unit was not asked.
    """
    policy.require(by, Action.SEE_RATINGS, unit)
    asked = exists().where(PastFigure.item_id == PastItem.id, PastFigure.unit_id == unit.id)
    found = session.scalars(select(PastItem).where(asked).order_by(PastItem.text, PastItem.id)).all()
    chosen = next((each for each in found if item_id in (None, each.id)), None)
    if chosen is None:
        if item_id is not None:
            raise NotFound("No past survey asked this unit that.")
        return UnitPast(found, None, None, ())
    anew = [each for each in breaks(session, by=by, item=chosen) if each.unit_id in (None, unit.id)]
    figures = _figures(session, by, chosen, [unit.id])[unit.id]
    return UnitPast(found, chosen, past_of(figures, anew, chosen, unit.name, scale), anew)


def breaks(session: Session, *, by: Actor, item: PastItem) -> Sequence[SeriesBreak]:
    """Where this question's limits begin anew, the oldest first. One statement."""
    policy.require(by, Action.SEE_RATINGS)
    statement = select(SeriesBreak).where(SeriesBreak.item_id == item.id).options(joinedload(SeriesBreak.made_by))
    return session.scalars(statement.order_by(SeriesBreak.since, SeriesBreak.id)).all()


def add_break(
    session: Session,
    *,
    by: Actor,
    item: PastItem,
    unit: BusinessUnit | None,
    since: date | None,
    reason: str,
    now: datetime,
) -> SeriesBreak:
    """From this day on limits begin anew, for one unit or for all: something was asked or counted another way.

    Raises Invalid("since" | "reason"), Conflict("since").
    """
    policy.require(by, Action.REBASE_CHART, unit)
    if since is None:
        raise Invalid("since", "Choose from which period on.")
    if not reason:
        raise Invalid("reason", "Say what is different since then.")
    if len(reason) > REASON_LENGTH:
        raise Invalid("reason", f"Keep it under {REASON_LENGTH} letters.")
    unit_id = unit.id if unit else None
    if any((each.since, each.unit_id) == (since, unit_id) for each in breaks(session, by=by, item=item)):
        raise Conflict("since", "The limits begin anew there already.")
    made = SeriesBreak(item_id=item.id, unit_id=unit_id, since=since, reason=reason, made_at=now, made_by_id=by.id)
    session.add(made)
    session.flush()
    return made


def remove_break(session: Session, *, by: Actor, item: PastItem, break_id: int) -> None:
    """Take back a break that was none; the audit trail keeps it. Raises NotFound."""
    policy.require(by, Action.REBASE_CHART)
    found = session.get(SeriesBreak, break_id)
    if found is None or found.item_id != item.id:
        raise NotFound("There is no such break.")
    session.delete(found)


def say_better(*, by: Actor, item: PastItem, better: Better) -> None:
    """Which way of this question is better."""
    policy.require(by, Action.REBASE_CHART)
    item.better = better


def _figures(session: Session, by: Actor, item: PastItem, unit_ids: Sequence[int]) -> dict[int, list[PastFigure]]:
    """By the unit's id, with their surveys, in the order in which these came in. One statement."""
    statement = (
        select(PastFigure)
        .join(PastFigure.survey)
        .options(contains_eager(PastFigure.survey))
        .where(PastFigure.item_id == item.id, PastFigure.unit_id.in_(unit_ids), _seen(by))
        .order_by(PastFigure.since, PastSurvey.id)
    )
    found: dict[int, list[PastFigure]] = defaultdict(list)
    for figure in session.scalars(statement):
        found[figure.unit_id].append(figure)
    return found


def _seen(by: Actor) -> ColumnElement[bool]:
    return policy.in_visible_units(by, PastFigure.unit_id)
