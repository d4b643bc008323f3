"""Rounded figures that still add up to their sum: the largest-remainder method (A. Hamilton, 1792)."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: Remainders closer than this are the same: what differs is floating point.
SAME = 9


def rounded_to_sum(parts: Sequence[float], total: int | None = None) -> list[int]:
    """Each part rounded down or up to a whole number, so that together they are ``total``.

    ``total`` None: the sum, rounded half up. The largest remainders go up first, of equal ones the larger part, then
    the earlier. Parts may be negative. Raises ValueError for a total that no rounding of each part can reach.
    """
    floors = [math.floor(round(part, SAME)) for part in parts]
    remainders = [max(0.0, round(part - floor, SAME)) for part, floor in zip(parts, floors, strict=True)]
    total = math.floor(round(math.fsum(parts), SAME) + 0.5) if total is None else total
    ups = total - sum(floors)
    if not 0 <= ups <= sum(map(bool, remainders)):
        raise ValueError(f"{list(parts)} cannot be rounded to {total}")
    order = sorted(range(len(parts)), key=lambda at: (-remainders[at], -parts[at], at))
    going_up = set(order[:ups])
    return [floor + (at in going_up) for at, floor in enumerate(floors)]
