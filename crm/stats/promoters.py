"""The net promoter score, 0 to 10 from each, with a range that few answers can carry."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from crm.stats.scale import NET, TEN
from crm.stats.wilson import Z

PROMOTER_FROM = 9
DETRACTOR_TO = 6
#: Added to promoters and to detractors each, and twice that to passives.
ADDED = 3 / 4


@dataclass(frozen=True)
class Promoters:
    """How many gave 9 or 10, 7 or 8, and 0 to 6."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float | None:
        """100 (p - d), -100 to 100; None from nobody."""
        return 100 * (self.promoters - self.detractors) / self.n if self.n else None

    @property
    def plain(self) -> tuple[float, float] | None:
        """The textbook's range, falsely certain for few answers: shown nowhere, kept to compare. None from nobody."""
        return _range(self.promoters, self.detractors, self.n) if self.n else None

    @property
    def adjusted(self) -> tuple[float, float] | None:
        """The adjusted Wald range, the one to show; None from nobody. docs/statistics.md, section 4."""
        return _range(self.promoters + ADDED, self.detractors + ADDED, self.n + 4 * ADDED) if self.n else None


def promoters_of(answers: Iterable[int]) -> Promoters:
    """Counted from answers, 0 to 10 each. Raises ValueError beyond."""
    known = list(answers)
    if any(not TEN.holds(answer) for answer in known):
        raise ValueError("answers go from 0 to 10")
    promoters = sum(answer >= PROMOTER_FROM for answer in known)
    detractors = sum(answer <= DETRACTOR_TO for answer in known)
    return Promoters(promoters, len(known) - promoters - detractors, detractors)


def _range(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """p - d ± z·sqrt(var/n) with var = p + d - (p - d)², in hundredths, clamped."""
    for_us, against = promoters / n, detractors / n
    net = for_us - against
    half = Z * math.sqrt(max(0.0, for_us + against - net * net) / n)
    return NET.clamp(100 * (net - half)), NET.clamp(100 * (net + half))
