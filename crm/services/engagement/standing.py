"""What a unit is to IT, as columns beside others: a page of units needs no statement more for it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ScalarSelect, SQLColumnExpression, String, cast, func, select

from models.engagement import Called, DangerFlag, EngagementModel, EngagementWords

#: How a unit is called of which nobody has said what it is.
UNSAID = Called.COLLEAGUE

UnitId = SQLColumnExpression[int]


def model(unit_id: UnitId) -> ScalarSelect[str | None]:
    """ "customer" or "partner"; None before anybody said. A model never begins in the future: the open one holds."""
    return _in_force(cast(EngagementModel.model, String), unit_id)


def since(unit_id: UnitId) -> ScalarSelect[date | None]:
    return _in_force(EngagementModel.since, unit_id)


def _in_force(column: SQLColumnExpression, unit_id: UnitId) -> ScalarSelect:  # type: ignore[type-arg]
    held = select(column).where(EngagementModel.unit_id == unit_id, EngagementModel.until.is_(None))
    return held.correlate_except(EngagementModel).scalar_subquery()


def called(unit_id: UnitId) -> SQLColumnExpression[str]:
    """The unit's own word for what it is: "customer", "partner" or "colleague"."""
    newest = (
        select(cast(EngagementWords.called, String))
        .where(EngagementWords.unit_id == unit_id)
        .order_by(EngagementWords.id.desc())
        .limit(1)
        .correlate_except(EngagementWords)
        .scalar_subquery()
    )
    return func.coalesce(newest, model(unit_id), UNSAID.value)


def dangers(unit_id: UnitId) -> ScalarSelect[int]:
    """How many flags are up that nobody answered."""
    mine = (DangerFlag.unit_id == unit_id, DangerFlag.cleared_at.is_(None), DangerFlag.acknowledged_at.is_(None))
    return select(func.count(DangerFlag.id)).where(*mine).correlate_except(DangerFlag).scalar_subquery()
