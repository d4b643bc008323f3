"""Importance x satisfaction: what matters to a unit and is not yet good, first. docs/statistics.md, section 7."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from crm.stats.scale import IMPORTANCE, RATING
from crm.stats.wilson import SATISFIED_FROM

#: Of three steps, the middle: above it a thing matters.
MATTERS_ABOVE = 2


class Quadrant(StrEnum):
    """What to do about it."""

    FIX = "fix first"
    KEEP = "keep it so"
    LATER = "can wait"
    PLENTY = "plenty"


@dataclass(frozen=True)
class Item:
    """One thing a unit rated: importance 1 to 3, satisfaction 1 to 5, both means. ``heard``: who stands behind it."""

    name: str
    importance: float
    satisfaction: float
    heard: str = ""

    @property
    def weighted_gap(self) -> float:
        """(5 - satisfaction) · importance / 3: 0 where nothing is missing, 4 where what matters most is worst."""
        return (RATING.most - self.satisfaction) * self.importance / IMPORTANCE.most

    @property
    def quadrant(self) -> Quadrant:
        """Fixed, visible thresholds: it matters above 2 of 3; it is good from 4 of 5."""
        if self.importance > MATTERS_ABOVE:
            return Quadrant.KEEP if self.satisfaction >= SATISFIED_FROM else Quadrant.FIX
        return Quadrant.PLENTY if self.satisfaction >= SATISFIED_FROM else Quadrant.LATER


def gap_list(items: Iterable[Item]) -> list[Item]:
    """The widest weighted gap first; equals by name."""
    return sorted(items, key=lambda item: (-item.weighted_gap, item.name))


def weighted_satisfaction(items: Iterable[Item]) -> float | None:
    """The mean satisfaction, 1 to 5, each thing weighing what it matters to the unit; None of nothing."""
    known = list(items)
    weight = sum(item.importance for item in known)
    return sum(item.importance * item.satisfaction for item in known) / weight if weight else None
