"""How health is told: the rule of each component as a sentence, the thresholds, and the weights in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services.health import engagement, promises, rhythm, rules, satisfaction
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
#: Each as its own module says it.
SENTENCES: Mapping[Component, Sequence[str]] = {
    Component.SATISFACTION: satisfaction.RULES,
    Component.RHYTHM: rhythm.RULES,
    Component.PROMISES: promises.RULES,
    Component.ENGAGEMENT: engagement.RULES,
}


@dataclass(frozen=True)
class Told:
    """A component: its name, weight in force, and its rule in sentences."""

    component: Component
    name: str
    weight: int
    sentences: Sequence[str]

    @property
    def sentence(self) -> str:
        """All of them in a row."""
        return " ".join(self.sentences)


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
    history = changes(session, today)
    rule = rules.told(history[0] if history else None)
    parts = [Told(one, rules.NAMES[one], rule.weights[one], SENTENCES[one]) for one in Component]
    return Method(rule, parts, history)


def changes(session: Session, today: date) -> Sequence[HealthRule]:
    """Every change of the weights with who made it, the newest first. One statement."""
    newest = select(HealthRule).where(HealthRule.since <= today).order_by(HealthRule.since.desc(), HealthRule.id.desc())
    return session.scalars(newest.options(joinedload(HealthRule.by)).limit(SHOWN)).all()
