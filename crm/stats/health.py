"""Health that adds up: a score of 0 to 100 from weighted components, each the mean of its evidence; and why it moved.

All in whole numbers and fractions, so that sums are exact. A component without evidence is not known: it is left out
and the weights of the others are stretched to 100; it never counts as nothing. Rounding is by the largest remainder
(A. Hamilton, 1792). docs/statistics.md, section 10.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

#: Below either there is no score: so many components known, and together so much of the 100 they weigh.
LEAST_PARTS, LEAST_WEIGHT = 2, 40
#: From so many points on.
STRONG, GOOD, FAIR = 80, 65, 50


class Level(StrEnum):
    """The word for a score, or for the value of one component."""

    WEAK = "weak"
    FAIR = "fair"
    GOOD = "good"
    STRONG = "strong"
    NOT_KNOWN = "not known"


class Item(Protocol):
    """One piece of evidence: how well it went, 0 to 100, and how much it counts among its like."""

    @property
    def credit(self) -> int: ...
    @property
    def weight(self) -> int: ...


#: By a name that stays the same when its credit changes.
Items = Mapping[Any, Item]


@dataclass(frozen=True)
class Part:
    """One known component: its value, the points it brings, and how many it could bring."""

    value: int
    points: int
    of: int


@dataclass(frozen=True)
class Health:
    """``score``: the sum of the points of the parts; None when too little is known (``parts`` may hold some still)."""

    score: int | None
    parts: Mapping[str, Part]
    unknown: tuple[str, ...]

    @property
    def level(self) -> Level:
        return level_of(self.score)

    @property
    def based_on(self) -> str:
        """ "based on 3 of 4 parts"."""
        return f"based on {len(self.parts)} of {len(self.parts) + len(self.unknown)} parts"


def level_of(score: int | None) -> Level:
    """Strong from 80, good from 65, fair from 50, below that weak."""
    if score is None:
        return Level.NOT_KNOWN
    if score >= STRONG:
        return Level.STRONG
    return Level.GOOD if score >= GOOD else Level.FAIR if score >= FAIR else Level.WEAK


def value_of(items: Iterable[Item]) -> int | None:
    """The weighted mean of credits, rounded half up; None without evidence."""
    exact = _mean(items)
    return None if exact is None else _rounded(exact)


def health_of(values: Mapping[str, int | None], weights: Mapping[str, int]) -> Health:
    """Put together in the order of the weights. Values outside of them do not count."""
    known = {name: value for name in weights if weights[name] and (value := values.get(name)) is not None}
    unknown = tuple(name for name in weights if weights[name] and name not in known)
    together = sum(weights[name] for name in known)
    if not together:
        return Health(None, {}, unknown)
    shares = [Fraction(100 * weights[name], together) for name in known]
    exact = [share * value / 100 for share, value in zip(shares, known.values(), strict=True)]
    most = spread(shares, 100)
    points = _within(exact, _rounded(sum(exact, Fraction())), most)
    parts = {name: Part(known[name], got, of) for name, got, of in zip(known, points, most, strict=True)}
    return Health(score_of(values, weights), parts, unknown)


def score_of(values: Mapping[str, int | None], weights: Mapping[str, int]) -> int | None:
    """The score alone, as ``health_of`` tells it: in whole numbers, for thousands of units."""
    known = [(weights[name], value) for name in weights if weights[name] and (value := values.get(name)) is not None]
    together = sum(weight for weight, _ in known)
    if len(known) < LEAST_PARTS or together * 100 < LEAST_WEIGHT * sum(weights.values()):
        return None
    return (2 * sum(weight * value for weight, value in known) + together) // (2 * together)


def spread(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers next to these that sum to ``total``: the largest remainders go up first, of equals the earlier.

    What is nought stays nought. Where the exact sum is off the total by more than rounding, it goes round again.
    """
    found = [math.floor(part) for part in exact]
    order = sorted((at for at, part in enumerate(exact) if part), key=lambda at: (found[at] - exact[at], at))
    left = total - sum(found)
    if left and not order:
        raise ValueError(f"nothing to spread {total} over")
    for turn in range(abs(left)):
        at = order[turn % len(order)] if left > 0 else order[-1 - turn % len(order)]
        found[at] += 1 if left > 0 else -1
    return found


def _within(exact: Sequence[Fraction], total: int, most: Sequence[int]) -> list[int]:
    """As ``spread``, but none above what it could bring, as long as another may take the point."""
    found = [math.floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda at: (found[at] >= most[at], found[at] - exact[at], at))
    for at in order[: total - sum(found)]:
        found[at] += 1
    return found


class Change(StrEnum):
    """What kind of cause moved a score."""

    NEW = "new"  # evidence that was not there
    GONE = "gone"  # evidence that counts no more
    OTHERWISE = "otherwise"  # the same evidence, seen otherwise now
    KNOWN = "known"  # a component became known
    UNKNOWN = "unknown"  # a component is not known any more
    WEIGHTS = "weights"  # components weigh otherwise


@dataclass(frozen=True)
class Cause:
    """One cause of a move. ``key``: of the evidence; None for the last three kinds. ``component`` "" for weights."""

    change: Change
    component: str
    key: Hashable | None
    points: int
    exact: Fraction


@dataclass(frozen=True)
class Side:
    """A day: the evidence of each component, and what each weighs."""

    items: Mapping[str, Items]
    weights: Mapping[str, int]

    @property
    def health(self) -> Health:
        return health_of({name: value_of(items.values()) for name, items in self.items.items()}, self.weights)


def why_it_moved(before: Side, after: Side) -> list[Cause] | None:
    """Every cause, the components in their order; their points sum to the move exactly. None without two scores.

    First the evidence at the old weights, then the weights. A piece of evidence moves the mean of its component by
    w(c - m)/W, with m the old mean and W the new sum of weights: those effects sum to the move of the mean, whatever
    the order in which they are looked at.
    """
    first, last = before.health, after.health
    if first.score is None or last.score is None:
        return None
    causes = [*_evidence(before, after), *_weights(before, after)]
    points = _shared_out([cause.exact for cause in causes], last.score - first.score)
    return [
        Cause(cause.change, cause.component, cause.key, got, cause.exact)
        for cause, got in zip(causes, points, strict=True)
    ]


def _shared_out(exact: Sequence[Fraction], total: int) -> list[int]:
    """Where all that was known is not any more, nothing tells how much is whose: the last has it."""
    if any(exact) or not exact:
        return spread(exact, total)
    return [*[0] * (len(exact) - 1), total]


def _evidence(before: Side, after: Side) -> list[Cause]:
    weights, then, now = before.weights, _exact(before), _exact(after)
    standing = dict(then)
    leaving = [name for name in weights if name in then and name not in now]
    causes = [_known_otherwise(Change.UNKNOWN, name, standing, None, weights) for name in leaving]
    moving = {name: value for name, value in standing.items() if name in now}
    share = {name: Fraction(weights[name], sum(weights[one] for one in moving)) for name in moving}
    for name in moving:
        causes += [_scaled(cause, share[name]) for cause in _within_component(name, before, after)]
        standing[name] = now[name]
    for name in weights:
        if name in now and name not in then:
            causes.append(_known_otherwise(Change.KNOWN, name, standing, now[name], weights))
    return causes


def _known_otherwise(
    change: Change, name: str, standing: dict[str, Fraction], value: Fraction | None, weights: Mapping[str, int]
) -> Cause:
    """Takes a component out of what stands, or puts it in."""
    old = _score(standing, weights)
    if value is None:
        del standing[name]
    else:
        standing[name] = value
    new = _score(standing, weights)
    moved = Fraction() if old is None or new is None else new - old
    return Cause(change, name, None, 0, moved)


def _within_component(name: str, before: Side, after: Side) -> list[Cause]:
    old, new = before.items[name], after.items[name]
    mean, together = _mean(old.values()) or Fraction(), sum(item.weight for item in new.values())
    causes = []
    for key in {**old, **new}:
        gone, come = old.get(key), new.get(key)
        moved = (_pull(come, mean) - _pull(gone, mean)) / together
        if gone is None:
            causes.append(Cause(Change.NEW, name, key, 0, moved))
        elif come is None:
            causes.append(Cause(Change.GONE, name, key, 0, moved))
        elif (gone.credit, gone.weight) != (come.credit, come.weight):
            causes.append(Cause(Change.OTHERWISE, name, key, 0, moved))
    return causes


def _pull(item: Item | None, mean: Fraction) -> Fraction:
    return item.weight * (item.credit - mean) if item else Fraction()


def _scaled(cause: Cause, share: Fraction) -> Cause:
    return Cause(cause.change, cause.component, cause.key, 0, cause.exact * share)


def _weights(before: Side, after: Side) -> list[Cause]:
    now = _exact(after, {**before.weights, **after.weights})
    old, new = _score(now, before.weights), _score(now, after.weights)
    if dict(before.weights) == dict(after.weights) or old is None or new is None:
        return []
    return [Cause(Change.WEIGHTS, "", None, 0, new - old)]


def _exact(side: Side, weights: Mapping[str, int] | None = None) -> dict[str, Fraction]:
    """The exact value of each component that is known and weighs something."""
    weights = side.weights if weights is None else weights
    means = {name: _mean(side.items.get(name, {}).values()) for name in weights if weights[name]}
    return {name: value for name, value in means.items() if value is not None}


def _score(values: Mapping[str, Fraction], weights: Mapping[str, int]) -> Fraction | None:
    together = sum(weights.get(name, 0) for name in values)
    if not together:
        return None
    return sum((weights.get(name, 0) * value for name, value in values.items()), Fraction()) / together


def _mean(items: Iterable[Item]) -> Fraction | None:
    items = list(items)
    together = sum(item.weight for item in items)
    return Fraction(sum(item.weight * item.credit for item in items), together) if together else None


def _rounded(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))
