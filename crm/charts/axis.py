"""From values to places on the paper, in px from the top left."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from crm.stats.scale import Scale

#: Distances between two marks of an axis that people can count in.
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
MOST_STEPS = 4


@dataclass(frozen=True)
class Axis:
    """Values from ``low`` to ``high`` lie between the places ``start`` and ``end``; a mark every ``step``."""

    low: float
    high: float
    start: float
    end: float
    step: float = 1

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + at * self.step, 6) for at in range(count + 1)]


def axis_for(values: Collection[float], scale: Scale, start: float, end: float) -> Axis:
    """The part of the scale that holds these values, begun and ended on a mark; the whole scale for none."""
    low, high = min(values, default=scale.least), max(values, default=scale.most)
    step = next((step for step in STEPS if high - low <= step * MOST_STEPS), STEPS[-1])
    step = max(step, STEPS[2] if scale.decimals else STEPS[3])
    first = max(scale.least, math.floor(round(low / step, 6)) * step)
    last = min(scale.most, max(math.ceil(round(high / step, 6)), math.floor(first / step) + 1) * step)
    if last <= first:
        first = last - step
    return Axis(first, last, start, end, step)


def spread(places: list[float], apart: float) -> list[float]:
    """The same places from top to bottom, pushed down where two would be nearer than ``apart``."""
    free: list[float] = []
    for place in places:
        free.append(max(place, free[-1] + apart) if free else place)
    return free
