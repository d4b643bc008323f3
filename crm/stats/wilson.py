"""The range of a share, honest for few answers: the Wilson score interval (E. B. Wilson, 1927)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: Of the standard normal distribution, for 95 %.
Z = 1.96
#: What counts as satisfied: "well" and "very well".
SATISFIED_FROM = 4


def interval(hits: int, n: int, z: float = Z) -> tuple[float, float]:
    """Between which shares, 0 to 1, the true one lies when ``hits`` of ``n`` >= 1 were. Raises ValueError beyond.

    [p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)] / (1 + z²/n): docs/statistics.md, section 3.
    """
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n}")
    share, square = hits / n, z * z
    centre = share + square / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    # At the ends the formula gives exactly 0 and 1, but floating point does not.
    low = 0.0 if hits == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if hits == n else min(1.0, (centre + half) / scale)
    return low, high


@dataclass(frozen=True)
class Share:
    """How many of those who answered were satisfied. ``low`` and ``high`` are None when nobody answered."""

    hits: int
    n: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        """0 to 1; None from nobody."""
        return self.hits / self.n if self.n else None


def share_of(hits: int, n: int) -> Share:
    """The share with its range; raises ValueError for more hits than answers."""
    return Share(hits, n, *interval(hits, n)) if n or hits else Share(0, 0, None, None)


def satisfied(ratings: Iterable[int]) -> Share:
    """The share of 4s and 5s among ratings of 1 to 5."""
    known = list(ratings)
    return share_of(sum(rating >= SATISFIED_FROM for rating in known), len(known))
