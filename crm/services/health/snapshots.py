"""What each day came to: a row for as many days as it stays the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import floor
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from crm.services.health.pieces import DAY, Piece
from crm.services.health.priors import Priors, months_of
from crm.services.health.reading_facts import Span
from crm.services.health.rules import Rule
from crm.stats.health import health_of
from crm.stats.moments import Moments
from crm.stats.shrinkage import Prior
from models.health import Component, EvidenceKind, HealthSnapshot

_TABLE: Any = HealthSnapshot.__table__
COMPONENTS = tuple(Component)
Values = tuple[int | None, ...]


class Content(NamedTuple):
    """What makes another snapshot of it when it changes. ``values``: in the order of components."""

    rule_id: int | None
    score: int | None
    place: int | None
    values: Values

    @property
    def shown(self) -> tuple[Any, ...]:
        """All but the place among others."""
        return self.rule_id, self.score, self.values


class Stretch(NamedTuple):
    """Days on which a unit's health is the same. ``until`` exclusive; None: as far as one has looked."""

    since: date
    until: date | None
    content: Content


@dataclass
class Sums:
    """The evidence in force, summed up: so that a day needs only what changed on it."""

    weights: dict[Component, int] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, 0))
    credits: dict[Component, int] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, 0))
    answers: int = 0
    total: int = 0

    def add(self, piece: Piece, sign: int) -> None:
        self.weights[piece.component] += sign * piece.weight
        self.credits[piece.component] += sign * piece.weight * piece.credit
        if piece.kind is EvidenceKind.ROUND:
            self.answers += sign * piece.facts["n"]
            self.total += sign * piece.facts["total"]

    @property
    def values(self) -> Values:
        """As crm.stats.health.value_of: the weighted mean, rounded half up; None without evidence."""
        return tuple(
            (2 * self.credits[one] + weight) // (2 * weight) if (weight := self.weights[one]) else None
            for one in COMPONENTS
        )


@dataclass(frozen=True)
class Rules:
    """Which weights hold when: with the days from which they do, the oldest first."""

    since: Sequence[tuple[date, Rule]]

    def on(self, day: date) -> Rule:
        return [rule for begun, rule in self.since if begun <= day][-1]

    @property
    def days(self) -> list[date]:
        return [begun for begun, _ in self.since]


def stretches(pieces: Iterable[Piece], span: Span, rules: Rules, priors: Priors, until: date | None) -> list[Stretch]:
    """The days of a unit, from what counts within them. ``until``: the day from which it is closed."""
    end = span.last + DAY if until is None else min(until, span.last + DAY)
    changes = _changes(pieces)
    days = {span.first, *changes, *rules.days, *months_of(span)}
    found: list[Stretch] = []
    sums = Sums()
    for day in sorted(day for day in days if span.first <= day < end):
        for piece, sign in changes.get(day, ()):
            sums.add(piece, sign)
        content = _content(sums, rules.on(day), priors.on(day))
        if found and found[-1].content == content:
            continue
        if found:
            found[-1] = found[-1]._replace(until=day)
        found.append(Stretch(day, None, content))
    if found and end <= span.last:
        found[-1] = found[-1]._replace(until=end)
    return found


def _changes(pieces: Iterable[Piece]) -> dict[date, list[tuple[Piece, int]]]:
    found: dict[date, list[tuple[Piece, int]]] = defaultdict(list)
    for piece in pieces:
        found[piece.since].append((piece, 1))
        if piece.until:
            found[piece.until].append((piece, -1))
    return found


def _content(sums: Sums, rule: Rule, prior: Prior | None) -> Content:
    values = sums.values
    score = _score(values, tuple(rule.weights[one] for one in COMPONENTS))
    return Content(rule.id, score, None if score is None else _place(sums, values, rule, prior), values)


@lru_cache(maxsize=100_000)
def _score(values: Values, weights: tuple[int, ...]) -> int | None:
    named = {one.value: value for one, value in zip(COMPONENTS, values, strict=True)}
    return health_of(named, dict(zip(named, weights, strict=True))).score


def _place(sums: Sums, values: Values, rule: Rule, prior: Prior | None) -> int:
    """The score in hundredths, its satisfaction drawn to the average of all units."""
    exact: list[float | None] = list(values)
    if sums.answers and prior is not None:
        mean = prior.shrunken(Moments(sums.answers, sums.total))
        exact[COMPONENTS.index(Component.SATISFACTION)] = 25 * (mean - 1)
    known = [(rule.weights[one], value) for one, value in zip(COMPONENTS, exact, strict=True) if value is not None]
    return floor(100 * sum(weight * value for weight, value in known) / sum(weight for weight, _ in known) + 0.5)


def kept(session: Session, unit_ids: Collection[int]) -> dict[int, tuple[int, Content]]:
    """By unit: the id of the snapshot that goes on, and what it says. One statement."""
    columns = (HealthSnapshot.rule_id, HealthSnapshot.score, HealthSnapshot.place)
    values = [getattr(HealthSnapshot, one.value) for one in COMPONENTS]
    wanted = select(HealthSnapshot.unit_id, HealthSnapshot.id, *columns, *values)
    open_ = (HealthSnapshot.unit_id.in_(unit_ids), HealthSnapshot.until.is_(None))
    rows = session.execute(wanted.where(*open_))
    return {row[0]: (row[1], Content(row[2], row[3], row[4], tuple(row[5:]))) for row in rows}


@dataclass
class Changes:
    """What is to be written."""

    new: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)


def reconcile(
    unit_id: int, stretches: Sequence[Stretch], before: tuple[int, Content] | None, span: Span, changes: Changes
) -> Iterator[date]:
    """Note what has to be written. Returns the days on which the health was another than the day before."""
    content = before[1] if before else None
    goes_on = bool(before and stretches and stretches[0].content == content)
    if before and not goes_on:
        changes.ended.append({"row": before[0], "ends": span.first})
    elif before and stretches[0].until:
        changes.ended.append({"row": before[0], "ends": stretches[0].until})
    for stretch in stretches:
        if content and content.shown != stretch.content.shown:
            yield stretch.since
        content = stretch.content
    changes.new += [_row(unit_id, stretch) for stretch in stretches[goes_on:]]


def _row(unit_id: int, stretch: Stretch) -> dict[str, Any]:
    rule_id, score, place, values = stretch.content
    named = {one.value: value for one, value in zip(COMPONENTS, values, strict=True)}
    told = {"unit_id": unit_id, "rule_id": rule_id, "score": score, "place": place}
    return told | named | {"since": stretch.since, "until": stretch.until}


def write(session: Session, changes: Changes) -> None:
    """Two statements at most, each for many rows."""
    if changes.ended:
        ends = update(_TABLE).where(_TABLE.c.id == bindparam("row")).values(until=bindparam("ends"))
        session.connection().execute(ends, changes.ended)
    if changes.new:
        session.execute(insert(_TABLE), changes.new)


def forget_since(session: Session, unit_ids: Collection[int], day: date) -> None:
    """Take back what was written of that day and later. Two statements."""
    of_units = HealthSnapshot.unit_id.in_(unit_ids)
    session.execute(delete(HealthSnapshot).where(of_units, HealthSnapshot.since >= day))
    session.execute(update(HealthSnapshot).where(of_units, HealthSnapshot.until >= day).values(until=None))
