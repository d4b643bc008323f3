"""Whether the health of a Monday is a signal, or the usual up and down. Pure. docs/statistics.md, section 10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm.stats.xmr import RUN, Limits, Signal, frozen_limits, signals
from models.health import Movement

#: Less than this a week is what one piece of evidence and rounding move a score by.
LEAST_RANGE = 2.0


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
    limits = limits_of(scores)
    if limits is None or not scores or scores[-1] is None:
        return Verdict()
    found = signals(scores[-RUN:], limits)[-1]
    bounds = (limits.mean, max(0.0, limits.lower), min(100.0, limits.upper))
    return Verdict(_movement(found), *bounds, found.cause.value if found else "")


def limits_of(scores: Sequence[int | None]) -> Limits | None:
    """Made from the first twelve known Mondays, as for every chart; never narrower than single pieces of evidence."""
    limits = frozen_limits(scores)
    return limits and replace(limits, moving_range=max(limits.moving_range, LEAST_RANGE))


def _movement(signal: Signal | None) -> Movement:
    if signal is None:
        return Movement.STEADY
    return Movement.IMPROVING if signal.way > 0 else Movement.SLIPPING
