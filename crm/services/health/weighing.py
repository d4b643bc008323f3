"""Today's health with other weights: for all units at once, from their snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import floor
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from crm.services.health import rules
from crm.services.health.rules import Rule
from crm.stats.health import score_of
from models.health import Component, HealthDay, HealthSnapshot, HealthWeek

_SNAPSHOTS: Any = HealthSnapshot.__table__
_WEEKS: Any = HealthWeek.__table__
#: Of the lock that keeps two changes apart on PostgreSQL; SQLite has one writer anyway.
LOCK = 7_003_600


def alone(session: Session) -> None:
    """Wait until nobody else changes the weights; held until the end of the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def weigh_anew(session: Session, *, rule: Rule, today: date) -> int:
    """Tell today's health by this rule; what was before today stays. Returns how many units.

    A day that is not taken yet is left to the job, which takes it by the rule that holds. Six statements at most.
    """
    if session.scalar(select(func.max(HealthDay.day))) != today:
        return 0
    known = rules.by_id(session)
    found = [_row(kept, known[kept.rule_id], rule, today) for kept in _today(session, today)]
    if found:
        _write(session, found, today)
    return len(found)


def _today(session: Session, today: date) -> list[HealthSnapshot]:
    wanted = select(HealthSnapshot).where(HealthSnapshot.in_force(today), HealthSnapshot.until.is_(None))
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def _row(kept: HealthSnapshot, old: Rule, rule: Rule, today: date) -> dict[str, Any]:
    values = {component.value: kept.value(component) for component in Component}
    score = score_of(values, rule.weights)
    place = None if score is None else _place(kept, values, old, rule)
    told = {"unit_id": kept.unit_id, "rule_id": rule.id, "since": today, "until": None, "score": score, "place": place}
    return {**told, **values, "row": kept.id, "begun": kept.since}


def _place(kept: HealthSnapshot, values: Mapping[str, int | None], old: Rule, rule: Rule) -> int:
    """The score in hundredths, and satisfaction drawn to the average by as much as before."""
    drawn = 0.0
    share = _share(values, old)
    if kept.place is not None and share:
        drawn = (kept.place - 100 * _mean(values, old)) / share
    return floor(100 * _mean(values, rule) + drawn * _share(values, rule) + 0.5)


def _mean(values: Mapping[str, int | None], rule: Rule) -> float:
    known = [(rule.weights[Component(name)], value) for name, value in values.items() if value is not None]
    return sum(weight * value for weight, value in known) / (sum(weight for weight, _ in known) or 1)


def _share(values: Mapping[str, int | None], rule: Rule) -> float:
    """Of satisfaction among what is known."""
    known = sum(rule.weights[Component(name)] for name, value in values.items() if value is not None)
    is_known = values[Component.SATISFACTION] is not None
    return rule.weights[Component.SATISFACTION] / known if is_known and known else 0.0


def _write(session: Session, found: list[dict[str, Any]], today: date) -> None:
    connection = session.connection()
    still = (_SNAPSHOTS.c.until.is_(None), _SNAPSHOTS.c.since < today)
    connection.execute(update(_SNAPSHOTS).where(*still).values(until=today))
    if new := [row for row in found if row["begun"] < today]:
        connection.execute(insert(_SNAPSHOTS), [_without(row, "row", "begun") for row in new])
    told: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("rule_id", "score", "place")}
    if same := [row for row in found if row["begun"] == today]:
        wanted = update(_SNAPSHOTS).where(_SNAPSHOTS.c.id == bindparam("row")).values(**told)
        connection.execute(wanted, [{"row": row["row"]} | {f"new_{name}": row[name] for name in told} for row in same])
    if today.weekday() == 0:
        _weeks(session, found, today)
    session.expire_all()


def _weeks(session: Session, found: list[dict[str, Any]], monday: date) -> None:
    """A Monday with other weights is the first of a new row: there is nothing to compare it with."""
    of_unit = (_WEEKS.c.week_on == monday, _WEEKS.c.unit_id == bindparam("unit"))
    nothing = {"movement": None, "mean": None, "lower": None, "upper": None, "signal": ""}
    wanted = update(_WEEKS).where(*of_unit).values(score=bindparam("new_score"), **nothing)
    session.connection().execute(wanted, [{"unit": row["unit_id"], "new_score": row["score"]} for row in found])


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
