"""How health is told: the rule of each component as a sentence, the thresholds, and the weights in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services.health import rules
from crm.services.health.rules import Rule
from crm.stats.health import FAIR, GOOD, STRONG, Level
from models.health import Component, HealthRule

SHOWN = 50
#: From so many points, the strongest first.
THRESHOLDS: Sequence[tuple[Level, int, int]] = (
    (Level.STRONG, STRONG, 100),
    (Level.GOOD, GOOD, STRONG - 1),
    (Level.FAIR, FAIR, GOOD - 1),
    (Level.WEAK, 0, FAIR - 1),
)
SENTENCES: Mapping[Component, str] = {
    Component.SATISFACTION: "What the unit’s own ratings of the last half year say, the newer the more.",
    Component.RHYTHM: "Reviews held of those that were due, and how long ago the last one is against the rhythm.",
    Component.PROMISES: "Actions and requests kept in time, and answers to low ratings.",
    Component.ENGAGEMENT: "Danger signs, how many of the four questions are fresh, and what we offered by ourselves.",
}


@dataclass(frozen=True)
class Told:
    """A component: its name, weight in force, and its rule in a sentence."""

    component: Component
    name: str
    weight: int
    sentence: str


@dataclass(frozen=True)
class Method:
    """``history``: every change of the weights, the newest first; ``since``: None where the first ones hold still."""

    rule: Rule
    parts: Sequence[Told]
    history: Sequence[HealthRule]

    @property
    def since(self) -> date | None:
        return next((kept.since for kept in self.history if kept.id == self.rule.id), None)


def read(session: Session, *, by: Actor, today: date) -> Method:
    """One statement."""
    policy.require(by, Action.SEE_HEALTH)
    newest = select(HealthRule).where(HealthRule.since <= today).order_by(HealthRule.since.desc(), HealthRule.id.desc())
    history = session.scalars(newest.options(joinedload(HealthRule.by)).limit(SHOWN)).all()
    rule = rules.told(history[0] if history else None)
    parts = [Told(one, rules.NAMES[one], rule.weights[one], SENTENCES[one]) for one in Component]
    return Method(rule, parts, history)
