"""What health is made of, as every page says it, and how much each component weighs from which day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.health import Component, HealthRule

#: Components of a day in the order in which they are shown, each with its weight; together 100.
Weights = Mapping[str, int]


@dataclass(frozen=True)
class Rule:
    """``id``: None for the one that holds until the CIO says otherwise."""

    id: int | None
    weights: Weights
    #: From that day on; None: ever since.
    since: date | None = None


DEFAULT = Rule(
    None,
    {Component.SATISFACTION: 35, Component.RHYTHM: 20, Component.PROMISES: 25, Component.ENGAGEMENT: 20},
)
NAMES: dict[Component, str] = {
    Component.SATISFACTION: "Satisfaction",
    Component.RHYTHM: "Reviews",
    Component.PROMISES: "Promises",
    Component.ENGAGEMENT: "Engagement",
}


def told(kept: HealthRule | None) -> Rule:
    """The rule as it was kept; None: the default."""
    if kept is None:
        return DEFAULT
    return Rule(kept.id, {component: int(kept.weights.get(component, 0)) for component in Component}, kept.since)


def on(session: Session, day: date) -> Rule:
    """What holds on that day. One statement."""
    newest = select(HealthRule).where(HealthRule.since <= day).order_by(HealthRule.since.desc(), HealthRule.id.desc())
    return told(session.scalars(newest.limit(1)).first())


def by_id(session: Session) -> dict[int | None, Rule]:
    """Every rule that ever held. One statement."""
    return {None: DEFAULT} | {kept.id: told(kept) for kept in session.scalars(select(HealthRule))}
