"""Whether the health of a Monday is a signal, or the usual up and down. Pure. docs/statistics.md, section 10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm.stats.xmr import RUN, Cause, Limits, Signal, frozen_limits, signals
from models.health import Movement

#: So many Mondays are looked at: as long as most evidence counts. What moved before that is no news.
HALF_A_YEAR = 26
#: Mondays next to each other share nearly all evidence, and their moving ranges are mostly nought. Of scores a quarter
#: apart, where nothing but chance is at work, the mean moving range is five points: docs/decisions/0005.
LEAST_RANGE = 5.0
#: Seven in a row on one side, or two of three near a limit, say nothing where each Monday is made of what the last was.
COUNTED = (Cause.OUTSIDE, Cause.TREND)


@dataclass(frozen=True)
class Verdict:
    """``movement`` None: too few weeks to tell. ``signal``: as crm.stats.xmr.Cause calls it; "" without."""

    movement: Movement | None = None
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    signal: str = ""


def verdict(scores: Sequence[int | None]) -> Verdict:
    """Of the last of these Mondays, the oldest first, a week apart; None where nothing was known."""
    scores = scores[-HALF_A_YEAR:]
    limits = limits_of(scores)
    if limits is None or not scores or scores[-1] is None:
        return Verdict()
    found = counted(scores[-RUN:], limits)[-1]
    bounds = (limits.mean, max(0.0, limits.lower), min(100.0, limits.upper))
    return Verdict(_movement(found), *bounds, found.cause.value if found else "")


def counted(scores: Sequence[float | None], limits: Limits | None) -> list[Signal | None]:
    """What each of these Mondays signals, as far as it counts."""
    return [found if found and found.cause in COUNTED else None for found in signals(scores, limits)]


def limits_of(scores: Sequence[float | None]) -> Limits | None:
    """Made from the first twelve known Mondays, as for every chart; never narrower than chance."""
    limits = frozen_limits(scores)
    return limits and replace(limits, moving_range=max(limits.moving_range, LEAST_RANGE))


def _movement(signal: Signal | None) -> Movement:
    if signal is None:
        return Movement.STEADY
    return Movement.IMPROVING if signal.way > 0 else Movement.SLIPPING
