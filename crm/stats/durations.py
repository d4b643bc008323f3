"""How long things take: the median with a range that needs no bell curve, and the 90th percentile.

Times are skewed: a few take very long, and a mean would be about those few. So the value in the middle is told, with
the range between two order statistics that holds the true median at least 19 times in 20, whatever the distribution: of
n values each lies below the median like a coin that falls heads. M. J. Campbell and M. J. Gardner, "Calculating
confidence intervals for some non-parametric analyses", BMJ 296 (1988), 1454-1456; their ranks are in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from crm.stats.wilson import Z

#: Below, even the whole span of the values holds the median less than 19 times in 20.
LEAST_FOR_RANGE = 6
#: Below, the 90th percentile would be no more than the longest one.
LEAST_FOR_NINETIETH = 10
#: Up to so many the ranks are exact; the normal approximation agrees with them from about a hundred on.
EXACT_UP_TO = 1_000


@dataclass(frozen=True)
class Durations:
    """``median``, its range ``low`` to ``high`` and ``ninetieth`` in the unit of the values, always one of them.
    The range is None below 6 values, the 90th percentile below 10, all of them without any."""

    n: int
    median: int | None = None
    low: int | None = None
    high: int | None = None
    ninetieth: int | None = None


def ranks_of_median(n: int) -> tuple[int, int] | None:
    """From which to which smallest of n values the 95 % range of the median goes, counted from 1; None below 6.

    The narrowest symmetric one that holds at least 95 %: 20 values give (6, 15), which holds 95.9 %.
    """
    if n < LEAST_FOR_RANGE:
        return None
    below = _below_exactly(n) if n <= EXACT_UP_TO else round(n / 2 - Z * math.sqrt(n) / 2)
    return below, n + 1 - below


def _below_exactly(n: int) -> int:
    """The largest rank r with P(fewer than r of n coins fall heads) <= 2.5 %."""
    all_ways, ways, rank = 2**n, 1, 0
    while 40 * ways <= all_ways:
        rank += 1
        ways += math.comb(n, rank)
    return rank


def durations(counts: Mapping[int, int]) -> Durations:
    """Of values given as how often each occurs: {days: how many}. The percentiles are nearest ranks."""
    ordered = sorted((value, count) for value, count in counts.items() if count)
    n = sum(count for _, count in ordered)
    if not n:
        return Durations(0)
    ranks = ranks_of_median(n)
    return Durations(
        n,
        median=_at(ordered, math.ceil(n / 2)),
        low=_at(ordered, ranks[0]) if ranks else None,
        high=_at(ordered, ranks[1]) if ranks else None,
        ninetieth=_at(ordered, math.ceil(9 * n / 10)) if n >= LEAST_FOR_NINETIETH else None,
    )


def _at(ordered: list[tuple[int, int]], rank: int) -> int:
    """The value at this place, from 1, of all in order."""
    passed = 0
    for value, count in ordered:
        passed += count
        if passed >= rank:
            return value
    raise ValueError(f"no {rank}th of {passed}")
