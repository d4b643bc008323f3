"""Whether two groups of answers differ by more than chance. Where many are compared at once, chance has many tries:
so the range is one that holds 99 times in 100, and groups under five answers are not compared at all.

Welch's t interval of two means (B. L. Welch, 1947), without the correction for a known group: the question is whether
things are different, not what the same few people would have said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from crm.stats.moments import Moments
from crm.stats.student import t_of

LEAST_ANSWERS = 5
CONFIDENCE = 0.99


@dataclass(frozen=True)
class Difference:
    """``by``: mean now less mean before, in the range ``low`` to ``high``; None where there are too few to tell."""

    by: float | None = None
    low: float = 0
    high: float = 0

    @property
    def is_told(self) -> bool:
        return self.by is not None

    @property
    def way(self) -> int:
        """1 for a real rise, -1 for a real fall, 0 where chance can do as much, or too few answered."""
        if self.by is None:
            return 0
        return (self.low > 0) - (self.high < 0)


def difference(before: Moments, now: Moments) -> Difference:
    """Of two groups of whom no answer is in both."""
    if min(before.n, now.n) < LEAST_ANSWERS:
        return Difference()
    by = now.mean - before.mean
    parts = [group.deviations / (group.n - 1) / group.n for group in (before, now)]
    spread = sum(parts)
    if not spread:
        return Difference(by, by, by)
    freedom = spread**2 / sum(part**2 / (group.n - 1) for part, group in zip(parts, (before, now), strict=True))
    half = t_of(max(1, math.floor(freedom)), CONFIDENCE) * math.sqrt(spread)
    return Difference(by, by - half, by + half)
