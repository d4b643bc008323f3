"""The range of a count of rare things: the exact Poisson interval.

F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442. Nothing is approximated: the
lower end is the rate at which so many or more come 2.5 times in 100, the upper the one at which so many or fewer do.
"""

from __future__ import annotations

import math
from collections.abc import Callable

TAIL = 0.025
#: So exact an end is found.
PRECISION = 1e-9


def interval(count: int) -> tuple[float, float]:
    """Between which rates the true one lies when ``count`` came, 19 times in 20. Raises ValueError below 0."""
    if count < 0:
        raise ValueError(f"{count} of anything")
    most = count + 10 * math.sqrt(count + 1) + 10
    low = _where(lambda rate: 1 - at_most(count - 1, rate), most) if count else 0.0
    return low, _where(lambda rate: 1 - at_most(count, rate), most, 1 - TAIL)


def at_most(count: int, rate: float) -> float:
    """How likely so many or fewer are at this rate."""
    if not rate:
        return 1.0
    return min(1.0, math.fsum(math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) for k in range(count + 1)))


def _where(rising: Callable[[float], float], most: float, level: float = TAIL) -> float:
    """Where a function that rises from 0 reaches the level, by halving."""
    low, high = 0.0, most
    while high - low > PRECISION * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return (low + high) / 2
