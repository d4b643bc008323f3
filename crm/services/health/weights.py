"""How much each component weighs: changed by the CIO with a reason, and who would move is seen before it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import words
from crm.services.health import method, rules, weighing
from crm.services.health.rules import Weights
from crm.services.pages import SIZE, Page
from crm.stats.health import LEAST_PARTS, Level, level_of, score_of
from models.health import Component, HealthRule, HealthSnapshot
from models.unit import BusinessUnit

ALL = 100


@dataclass(frozen=True)
class Mover:
    """A unit whose score would be another."""

    unit_id: int
    name: str
    before: int | None
    after: int | None

    @property
    def levels(self) -> tuple[Level, Level]:
        return level_of(self.before), level_of(self.after)

    @property
    def is_called_otherwise(self) -> bool:
        return len({*self.levels}) == 2

    @property
    def by(self) -> int:
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True)
class Preview:
    """``movers``: those that would be called otherwise first, then the biggest moves."""

    movers: Page[Mover]
    units: int
    moving: int
    called_otherwise: int

    @property
    def staying(self) -> int:
        return self.units - self.moving

    @property
    def sentence(self) -> str:
        if not self.moving:
            return "Nobody would move: every score stays as it is."
        units = words.counted(self.moving, "unit")
        called = words.number(self.called_otherwise) if self.called_otherwise else "none"
        are = "is" if self.called_otherwise == 1 else "are"
        return f"{words.capital(units)} would move; {called} of them {are} called otherwise then."


def check(weights: Weights) -> None:
    """Raises Invalid for what cannot be, beside the field that it is about."""
    for component in Component:
        if not 0 <= weights.get(component, 0) <= ALL:
            raise Invalid(component.value, f"Between 0 and {ALL}.")
    together = sum(weights.get(component, 0) for component in Component)
    if together != ALL:
        raise Invalid(Component.SATISFACTION.value, f"Together they come to {together}; they have to come to {ALL}.")
    if sum(1 for component in Component if weights.get(component, 0)) < LEAST_PARTS:
        raise Invalid(Component.SATISFACTION.value, "At least two parts have to count, or no unit has a score.")


def preview(session: Session, *, by: Actor, weights: Weights, number: int = 1) -> Preview:
    """Who would move today with these weights, of all open units. One statement. Raises Invalid."""
    policy.require(by, Action.SET_HEALTH)
    check(weights)
    values = [getattr(HealthSnapshot, component.value) for component in Component]
    rows = session.execute(
        select(BusinessUnit.id, BusinessUnit.name, HealthSnapshot.score, *values)
        .join(HealthSnapshot, HealthSnapshot.unit_id == BusinessUnit.id)
        .where(HealthSnapshot.in_force(by.today), BusinessUnit.closed_on.is_(None), policy.visible_units(by))
    ).all()
    moving = [mover for row in rows if (mover := _mover(row[0], row[1], row[2], row[3:], weights))]
    moving.sort(key=lambda one: (not one.is_called_otherwise, -abs(one.by), one.name, one.unit_id))
    start = (number - 1) * SIZE
    page = Page(moving[start : start + SIZE], number, len(moving) > start + SIZE)
    return Preview(page, len(rows), len(moving), sum(1 for one in moving if one.is_called_otherwise))


def _mover(unit_id: int, name: str, before: int | None, values: Sequence[int | None], to: Weights) -> Mover | None:
    after = score_of(dict(zip(Component, values, strict=True)), to)
    return Mover(unit_id, name, before, after) if after != before else None


def change(
    session: Session,
    *,
    by: Actor,
    weights: Weights,
    reason: str,
    seen: int | None,
    today: date,
    now: datetime,
) -> HealthRule:
    """Weigh otherwise from today on; today's health is told anew, what was stays. ``seen``: the rule (its id, None for
    the first one) that the CIO had before the eyes.

    Raises Invalid for what cannot be or without a reason, Conflict when somebody was faster, Forbidden.
    """
    policy.require(by, Action.SET_HEALTH)
    check(weights)
    if not reason:
        raise Invalid("reason", "Say why; it is kept with the change.")
    weighing.alone(session)
    history = method.changes(session, today)
    current = rules.told(history[0] if history else None)
    if current.id != seen:
        whose = history[0].by.name if history and history[0].by else "Somebody"
        raise Conflict(Component.SATISFACTION.value, f"{whose} changed the weights meanwhile. Look at it once more.")
    if all(current.weights[component] == weights[component] for component in Component):
        raise Invalid(Component.SATISFACTION.value, "These are the weights that hold already.")
    kept = {component.value: weights[component] for component in Component}
    rule = HealthRule(weights=kept, since=today, reason=reason, at=now, by_id=by.id)
    session.add(rule)
    session.flush()
    weighing.weigh_anew(session, rule=rules.told(rule), today=today)
    return rule
