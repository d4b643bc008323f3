"""One measure over time: its limits as they stood in each stretch, and what each point signals.

Limits are made from the first 12 points of a stretch and kept. A new stretch begins only with a recorded reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from crm.stats.scale import RATING, Scale
from crm.stats.xmr import Direction, Judgement, Limits, Signal, Values, frozen_limits, signals

ROUNDS = "rounds"


@dataclass(frozen=True)
class Stretch:
    """The points from ``start`` up to before ``end`` (positions), judged by the same limits.

    ``limits`` is None under 6 points or without two in a row. ``reason``: why a new stretch began; "" for the first.
    """

    start: int
    end: int
    limits: Limits | None
    reason: str = ""


@dataclass(frozen=True)
class Series:
    """``values`` in order of time, None for a missing period; ``signals`` of the same length."""

    values: tuple[float | None, ...]
    stretches: tuple[Stretch, ...]
    signals: tuple[Signal | None, ...]
    better: Direction
    scale: Scale
    #: What each value is of, in words: "rounds", "months".
    points: str = ROUNDS

    @property
    def latest(self) -> int | None:
        """The position of the last value there is."""
        return max((at for at, value in enumerate(self.values) if value is not None), default=None)

    def stretch_at(self, position: int) -> Stretch:
        return next(each for each in self.stretches if each.start <= position < each.end)

    def judgement(self, position: int) -> Judgement | None:
        """Whether this point is a change for the better or the worse; None: no signal."""
        signal = self.signals[position]
        return signal.judged(self.better) if signal else None


def series_of(
    values: Values,
    *,
    better: Direction = Direction.UP,
    rebased: Mapping[int, str] | None = None,
    scale: Scale = RATING,
    screened: bool = False,
    points: str = ROUNDS,
) -> Series:
    """The series, judged. ``rebased``: position of the first point of a new stretch -> why limits begin anew there.

    Runs never reach across a rebasing. Raises ValueError for one without a reason, or not inside the series.
    """
    reasons = dict(rebased or {})
    for position, reason in reasons.items():
        if not reason.strip() or not 0 < position < len(values):
            raise ValueError(f"rebasing at {position} needs a reason and a place inside the series")
    borders = [0, *sorted(reasons), len(values)]
    stretches = tuple(
        Stretch(start, end, frozen_limits(values[start:end], screened=screened), reasons.get(start, ""))
        for start, end in pairwise(borders)
    )
    found = [signal for each in stretches for signal in signals(values[each.start : each.end], each.limits)]
    return Series(tuple(values), stretches, tuple(found), better, scale, points)
