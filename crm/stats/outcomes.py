"""What came of what was meant: the outcome score. docs/statistics.md, section 7."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from statistics import fmean


class Outcome(StrEnum):
    ACHIEVED = "achieved"
    PARTLY = "partly"
    MISSED = "missed"
    CANCELLED = "cancelled"


WORTH = {Outcome.ACHIEVED: 1.0, Outcome.PARTLY: 0.5, Outcome.MISSED: 0.0}


def outcome_score(outcomes: Iterable[Outcome]) -> float | None:
    """The mean worth, 0 to 1, cancelled ones left out; None when nothing is left."""
    worth = [WORTH[outcome] for outcome in outcomes if outcome in WORTH]
    return fmean(worth) if worth else None
