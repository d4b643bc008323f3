"""Predict, then reveal: how well a rep knows what the head will say. docs/statistics.md, section 7."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Foresight:
    """Over ``n`` pairs of ratings. ``bias``: mean of expected - given, above 0 where the rep sees things too rosy.
    ``miss``: mean distance, whichever way. Both None of nothing.
    """

    n: int
    bias: float | None = None
    miss: float | None = None


def foresight(pairs: Iterable[tuple[float, float]]) -> Foresight:
    """From pairs of (expected by the rep, given by the head), on one scale."""
    gaps = [expected - given for expected, given in pairs]
    return Foresight(len(gaps), fmean(gaps), fmean(map(abs, gaps))) if gaps else Foresight(0)
