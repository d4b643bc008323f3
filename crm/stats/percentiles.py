"""How old, how long: percentiles that are always one of the values there are."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` (0 to 1) of the values do not pass: "85 % within 12 days".

    The nearest rank (Hyndman and Fan 1996, definition 1): no value between two is made up. None of nothing; raises
    ValueError for a share beyond 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    if not values:
        return None
    rank = math.ceil(round(share * len(values), 9))
    return sorted(values)[max(rank, 1) - 1]
