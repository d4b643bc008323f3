"""Health for tests: the snapshots, weeks and evidence of a unit, without the history that would come to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from crm.services.health import rules
from crm.stats.health import health_of
from models import BusinessUnit
from models.health import Component, EvidenceKind, HealthEvidence, HealthSnapshot, HealthWeek, Movement


def kept(
    session: Session,
    unit: BusinessUnit,
    *,
    since: date,
    until: date | None = None,
    satisfaction: int | None = None,
    rhythm: int | None = None,
    promises: int | None = None,
    engagement: int | None = None,
    rule: rules.Rule | None = None,
) -> HealthSnapshot:
    """A snapshot with the score that these values come to. Its place is the score: nothing is drawn to the average."""
    values: dict[str, int | None] = {
        Component.SATISFACTION: satisfaction,
        Component.RHYTHM: rhythm,
        Component.PROMISES: promises,
        Component.ENGAGEMENT: engagement,
    }
    rule = rule or rules.DEFAULT
    score = health_of(values, rule.weights).score
    snapshot = HealthSnapshot(
        unit_id=unit.id,
        rule_id=rule.id,
        since=since,
        until=until,
        score=score,
        place=None if score is None else 100 * score,
        **values,
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def week(
    session: Session,
    unit: BusinessUnit,
    on: date,
    score: int | None,
    movement: Movement | None = None,
    *,
    mean: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    signal: str = "",
) -> HealthWeek:
    """The health of a Monday, with what was made of it."""
    found = HealthWeek(
        unit_id=unit.id,
        week_on=on,
        score=score,
        movement=movement,
        mean=mean,
        lower=lower,
        upper=upper,
        signal=signal,
    )
    session.add(found)
    session.flush()
    return found


def evidence(
    session: Session,
    unit: BusinessUnit,
    component: Component,
    kind: EvidenceKind,
    *,
    since: date,
    credit: int,
    weight: int = 1,
    source: str = "",
    until: date | None = None,
    happened_on: date | None = None,
    title: str = "",
    facts: dict[str, Any] | None = None,
    ages_on: date | None = None,
) -> HealthEvidence:
    """One thing that counts; it happened on the day from which it counts, unless said otherwise."""
    found = HealthEvidence(
        unit_id=unit.id,
        component=component,
        kind=kind,
        source=source or f"{kind.value}:1",
        title=title,
        happened_on=happened_on or since,
        credit=credit,
        weight=weight,
        facts=facts or {},
        since=since,
        until=until,
        ages_on=ages_on,
    )
    session.add(found)
    session.flush()
    return found
