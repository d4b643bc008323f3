"""Telling a real change from noise: the XmR chart, as NHS England's *Making Data Count* uses it.

Values come in order of time; None is a missing period. It breaks the moving range and every run: nothing is
interpolated. The rules and their numbers: docs/statistics.md, section 2. Other schools take a trend of 6 and a shift of
8 points; ours is 7 and 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

Values = Sequence[float | None]

#: 3 / 1.128: process limits from the mean moving range of two points.
LIMIT = 2.66
#: Above this multiple of the mean moving range, one moving range is itself a special cause.
MOVING_RANGE_LIMIT = 3.267
RUN = 7
LEAST_POINTS = 6
BASELINE = 12


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Cause(StrEnum):
    """Why a point is no noise, in order of precedence."""

    OUTSIDE = "outside the limits"
    TREND = "seven in a row, each further"
    NEAR = "two of three near a limit"
    SHIFT = "seven in a row on one side"


class Judgement(StrEnum):
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEITHER = "neither"


class Assurance(StrEnum):
    """Whether the process as it runs can be relied on to reach a target."""

    MET = "consistently met"
    MISSED = "consistently missed"
    HIT_AND_MISS = "hit and miss"


@dataclass(frozen=True)
class Limits:
    """Where a process normally stays, in the unit of its values."""

    mean: float
    #: Mean of the moving ranges.
    moving_range: float
    #: How many values they were made from.
    n: int

    @property
    def upper(self) -> float:
        return self.mean + LIMIT * self.moving_range

    @property
    def lower(self) -> float:
        return self.mean - LIMIT * self.moving_range

    @property
    def near_upper(self) -> float:
        return self.mean + LIMIT * self.moving_range * 2 / 3

    @property
    def near_lower(self) -> float:
        return self.mean - LIMIT * self.moving_range * 2 / 3

    @property
    def are_trial(self) -> bool:
        """Made from fewer than 12 points: the chart says so."""
        return self.n < BASELINE

    def side(self, value: float) -> int:
        """1 above the mean, -1 below, 0 exactly on it."""
        return (value > self.mean) - (value < self.mean)

    def is_outside(self, value: float) -> bool:
        return value > self.upper or value < self.lower

    def is_near(self, value: float) -> bool:
        """Beyond a near limit, but not outside."""
        return not self.is_outside(value) and (value > self.near_upper or value < self.near_lower)


@dataclass(frozen=True)
class Signal:
    """A special cause at one point. ``way`` is 1 for up, -1 for down."""

    cause: Cause
    way: int

    def judged(self, better: Direction) -> Judgement:
        if better is Direction.NEITHER:
            return Judgement.NEITHER
        return Judgement.IMPROVEMENT if (self.way > 0) == (better is Direction.UP) else Judgement.CONCERN


def limits_of(values: Values, *, screened: bool = False) -> Limits | None:
    """The limits of these values; None under 6 points or without two in a row.

    Screening drops the moving ranges of 3.267 times their mean or more, once. The mean of the values stays.
    """
    known = [value for value in values if value is not None]
    ranges = moving_ranges(values)
    if len(known) < LEAST_POINTS or not ranges:
        return None
    typical = fmean(ranges)
    if screened:
        typical = fmean([each for each in ranges if each < MOVING_RANGE_LIMIT * typical] or [typical])
    return Limits(fmean(known), typical, len(known))


def frozen_limits(values: Values, *, screened: bool = False) -> Limits | None:
    """The limits as they stand: made from the first 12 points, and kept. Pass the values since the last rebasing."""
    known = 0
    for position, value in enumerate(values):
        known += value is not None
        if known == BASELINE:
            return limits_of(values[: position + 1], screened=screened)
    return limits_of(values, screened=screened)


def moving_ranges(values: Values) -> list[float]:
    """|xi - x(i-1)|, where both are there."""
    return [abs(later - sooner) for sooner, later in pairwise(values) if sooner is not None and later is not None]


def signals(values: Values, limits: Limits | None) -> list[Signal | None]:
    """What each point signals, the strongest cause first; nothing without limits."""
    found: list[Signal | None] = [None] * len(values)
    if limits is None:
        return found
    for rule in (_outside, _trends, _near_limits, _shifts):
        for position, signal in rule(values, limits).items():
            found[position] = found[position] or signal
    return found


def assurance(target: float, limits: Limits, better: Direction) -> Assurance | None:
    """What to expect of a target; None when neither way is better."""
    if better is Direction.NEITHER:
        return None
    out_of_reach = target > limits.upper if better is Direction.UP else target < limits.lower
    safe = target < limits.lower if better is Direction.UP else target > limits.upper
    if out_of_reach:
        return Assurance.MISSED
    return Assurance.MET if safe else Assurance.HIT_AND_MISS


def _outside(values: Values, limits: Limits) -> dict[int, Signal]:
    return {
        position: Signal(Cause.OUTSIDE, limits.side(value))
        for position, value in enumerate(values)
        if value is not None and limits.is_outside(value)
    }


def _trends(values: Values, _: Limits) -> dict[int, Signal]:
    steps = [_step(sooner, later) for sooner, later in pairwise(values)]
    found: dict[int, Signal] = {}
    for start in _runs(steps, RUN - 1):
        for position in range(start, start + RUN):
            found.setdefault(position, Signal(Cause.TREND, steps[start]))
    return found


def _step(sooner: float | None, later: float | None) -> int:
    if sooner is None or later is None:
        return 0
    return (later > sooner) - (later < sooner)


def _shifts(values: Values, limits: Limits) -> dict[int, Signal]:
    sides = _sides(values, limits)
    found: dict[int, Signal] = {}
    for start in _runs(sides, RUN):
        for position in range(start, start + RUN):
            found[position] = Signal(Cause.SHIFT, sides[start])
    return found


def _near_limits(values: Values, limits: Limits) -> dict[int, Signal]:
    sides = _sides(values, limits)
    is_near = [value is not None and limits.is_near(value) for value in values]
    found: dict[int, Signal] = {}
    for start in _runs(sides, 3):
        near = [position for position in range(start, start + 3) if is_near[position]]
        if len(near) >= 2:
            found |= {position: Signal(Cause.NEAR, sides[start]) for position in near}
    return found


def _sides(values: Values, limits: Limits) -> list[int]:
    return [0 if value is None else limits.side(value) for value in values]


def _runs(ways: Sequence[int], length: int) -> list[int]:
    """Where ``length`` equal ways in a row begin; 0 is no way."""
    starts = range(len(ways) - length + 1)
    return [start for start in starts if ways[start] and len(set(ways[start : start + length])) == 1]
