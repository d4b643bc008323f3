"""Why the health of a unit moved between two days: causes in words, whose points sum to the move.

Whoever calls has checked Action.SEE_HEALTH, and passes units that the reader may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import cast

from sqlalchemy.orm import Session

from crm.services import words
from crm.services.health import reading, rules, telling
from crm.services.health.reading import UnitHealth
from crm.services.health.telling import Link
from crm.stats.health import Cause, Change, Side, spread, why_it_moved
from models.health import Component, HealthEvidence

#: So many of a kind are named in one line.
NAMED = 3
#: What a day held: by day, of one unit.
Days = Mapping[date, Sequence[HealthEvidence]]


@dataclass(frozen=True)
class ToldCause:
    """``says``: "Refused without an alternative"; ``links``: what opens, with its name ("" when all of it links).

    ``component``: "" for weights and for what is gathered; ``change``: None for what is gathered.
    """

    points: int
    says: str
    links: Sequence[Link] = ()
    component: str = ""
    change: Change | None = None
    #: How many more than the links there are.
    more: int = 0

    @property
    def sentence(self) -> str:
        """All of it as text, for mail and packs."""
        names = [link.text for link in self.links if link.text] + ([f"{self.more} more"] if self.more else [])
        return f"{self.says}: {words.listed(names)}" if names else self.says


@dataclass(frozen=True)
class Moved:
    """``causes``: the biggest first; empty without a score on both days, and where nothing moved."""

    since: date
    until: date
    before: UnitHealth | None
    after: UnitHealth | None
    causes: Sequence[ToldCause] = field(default_factory=list)

    @property
    def points(self) -> int | None:
        """By how much; None without a score on both days."""
        first, last = _score(self.before), _score(self.after)
        return None if first is None or last is None else last - first

    def in_short(self, most: int) -> list[ToldCause]:
        """As few lines: the biggest, and what is left in one, so that they sum to the move still."""
        told = [cause for cause in self.causes if cause.points]
        if len(told) <= most:
            return told
        rest = told[most - 1 :]
        said = f"{words.capital(words.counted(len(rest), 'smaller cause'))} together"
        return [*told[: most - 1], ToldCause(sum(cause.points for cause in rest), said)]


def between(session: Session, *, unit_id: int, since: date, until: date) -> Moved:
    """One unit. Two statements."""
    return of_units(session, unit_ids=[unit_id], since=since, until=until)[unit_id]


def of_units(session: Session, *, unit_ids: Collection[int], since: date, until: date) -> dict[int, Moved]:
    """Each of a few units. Two statements."""
    days = (since, until)
    standing = reading.on_days(session, unit_ids=unit_ids, days=days)
    ledger = reading.ledger(session, unit_ids=unit_ids, days=days)
    return {unit_id: told(standing[unit_id], ledger[unit_id], since, until) for unit_id in unit_ids}


def told(standing: Mapping[date, UnitHealth], ledger: Days, since: date, until: date) -> Moved:
    """The same from what was read: how the unit stood on both days, and what counted then."""
    before, after = standing.get(since), standing.get(until)
    moved = Moved(since, until, before, after)
    if before is None or after is None or moved.points is None:
        return moved
    first, last = reading.side(ledger.get(since, []), before.rule), reading.side(ledger.get(until, []), after.rule)
    return Moved(since, until, before, after, _causes(moved, first, last))


def _score(health: UnitHealth | None) -> int | None:
    return health.health.score if health else None


@dataclass
class _Kind:
    """Causes that are told in one line."""

    says: str
    component: str
    change: Change
    exact: Fraction = Fraction()
    links: list[Link] = field(default_factory=list)


def _causes(moved: Moved, first: Side, last: Side) -> list[ToldCause]:
    """In lines, the biggest first; those that come to no point together at the end."""
    kinds = _gathered(why_it_moved(first, last) or [], moved, first, last)
    if not kinds:
        return _unexplained(moved.points or 0)
    points = _points(kinds, moved)
    lines = [_line(kind, got) for kind, got in zip(kinds, points, strict=True) if got]
    return [*sorted(lines, key=lambda line: -abs(line.points)), *_nothing(points)]


def _unexplained(points: int) -> list[ToldCause]:
    return [ToldCause(points, "Not told by the evidence that was kept")] if points else []


def _nothing(points: Sequence[int]) -> list[ToldCause]:
    number = sum(1 for got in points if not got)
    if not number:
        return []
    comes = "comes" if number == 1 else "come"
    return [ToldCause(0, f"{words.capital(words.counted(number, 'smaller cause'))} {comes} to less than a point")]


def _line(kind: _Kind, points: int) -> ToldCause:
    named, more = kind.links[:NAMED], max(0, len(kind.links) - NAMED)
    if more == 1:  # "and one more" is no shorter than its name
        named, more = kind.links, 0
    return ToldCause(points, kind.says, tuple(named), kind.component, kind.change, more)


def _points(kinds: Sequence[_Kind], moved: Moved) -> list[int]:
    """What each comes to. Where nothing but evidence changed, those of a component sum to its move in the table."""
    shifts = _shifts(moved)
    by_component: dict[str, list[int]] = defaultdict(list)
    for at, kind in enumerate(kinds):
        by_component[kind.component].append(at)
    of_evidence = {Change.NEW, Change.GONE, Change.OTHERWISE}
    if {kind.change for kind in kinds} <= of_evidence and all(name in by_component for name in shifts if shifts[name]):
        points = [0] * len(kinds)
        for name, places in by_component.items():
            exact = [kinds[at].exact for at in places]
            found = spread(exact, shifts[name]) if any(exact) else [0] * len(places)
            for at, got in zip(places, found, strict=True):
                points[at] = got
        if sum(points) == moved.points:
            return points
    return _spread([kind.exact for kind in kinds], moved.points or 0)


def _spread(exact: Sequence[Fraction], total: int) -> list[int]:
    return spread(exact, total) if any(exact) else [total, *[0] * (len(exact) - 1)]


def _shifts(moved: Moved) -> dict[str, int]:
    """By how many points each component moved, as the table says."""
    before = moved.before.health.parts if moved.before else {}
    after = moved.after.health.parts if moved.after else {}
    return {name: after[name].points - before[name].points for name in after if name in before}


def _gathered(causes: Sequence[Cause], moved: Moved, first: Side, last: Side) -> list[_Kind]:
    """Causes of a kind together: "Two refusals without an alternative" are one line."""
    found: dict[tuple[str, str, Change], _Kind] = {}
    for cause in causes:
        says, link = _said(cause, moved, first, last)
        kind = found.setdefault((cause.component, says, cause.change), _Kind(says, cause.component, cause.change))
        kind.exact += cause.exact
        kind.links += [link] if link else []
    return list(found.values())


def _said(cause: Cause, moved: Moved, first: Side, last: Side) -> tuple[str, Link | None]:
    if cause.change is Change.WEIGHTS:
        return "The components weigh otherwise", Link("how health is told", "health.method", {})
    if cause.key is None:
        known = "became known" if cause.change is Change.KNOWN else "not known any more"
        return f"{rules.NAMES[Component(cause.component)]} {known}", None
    items = (first if cause.change is Change.GONE else last).items[cause.component]
    evidence = cast(HealthEvidence, items[cause.key])
    told = telling.said(evidence, moved.until)
    return _head(cause, evidence, told.head, moved, first), told.link


def _head(cause: Cause, evidence: HealthEvidence, head: str, moved: Moved, first: Side) -> str:
    if cause.change is Change.GONE:
        return _gone(evidence, head, moved.until)
    if cause.change is Change.OTHERWISE:
        before = cast(HealthEvidence, first.items[cause.component][cause.key])
        return _otherwise(head, telling.said(before, moved.until).head)
    return head


def _gone(evidence: HealthEvidence, head: str, today: date) -> str:
    """Why it does not count any more: its age, or it is settled."""
    since = f" since {words.day(evidence.until, today)}" if evidence.until else ""
    if evidence.has_aged_out and evidence.ages_on:
        days = (evidence.ages_on - evidence.happened_on).days
        return f"{head}, counts no more{since}: more than {days} days ago"
    return f"{head}, counts no more{since}"


def _otherwise(head: str, before: str) -> str:
    return head if head == before else f"{head}, was: {before[:1].lower()}{before[1:]}"
