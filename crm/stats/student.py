"""Student's t distribution, as far as small groups need it."""

from __future__ import annotations

import math
from functools import lru_cache


def share_within(angle: float, df: int) -> float:
    """The share of Student's t with ``df`` degrees of freedom in ±sqrt(df)·tan(angle), 0 <= angle < π/2.

    The finite series of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).
    """
    sine, cosine = math.sin(angle), math.cos(angle)
    if df == 1:
        return 2 * angle / math.pi
    odd = df % 2
    term = total = cosine if odd else 1.0
    for k in range(3 if odd else 2, df - 1, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


@lru_cache(maxsize=512)
def t_of(df: int, confidence: float = 0.95) -> float:
    """The t between whose ± lies this share of the distribution with ``df`` >= 1 degrees of freedom.

    Found by halving the angle of :func:`share_within`, which grows from 0 to 1.
    """
    if df < 1:
        raise ValueError("no degree of freedom")
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        if share_within(middle, df) < confidence:
            low = middle
        else:
            high = middle
    return math.sqrt(df) * math.tan(low)
