"""The mean of ratings from a small, known group, and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crm.stats.moments import Moments
from crm.stats.scale import RATING, Scale
from crm.stats.student import t_of


@dataclass(frozen=True)
class Score:
    """The mean of ratings on a scale, 1 (very poorly) to 5 (very well) unless said otherwise.

    ``value`` is None when nobody answered. ``low`` and ``high`` hold the mean of all who were asked, 19 times in 20;
    they are None where there is no such range: nobody, one person, or everyone answered.
    """

    value: float | None
    n: int
    asked: int
    low: float | None = None
    high: float | None = None
    scale: Scale = RATING

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def everyone_answered(self) -> bool:
        return 0 < self.n == self.asked

    @property
    def is_unanimous(self) -> bool:
        """Several gave the same mark: the formula's range has no width then, which is no certainty."""
        return self.low is not None and self.low == self.high

    @property
    def text(self) -> str:
        """ "4" from one person, "3.2" from several, "?" from nobody."""
        if self.value is None:
            return "?"
        return self.scale.text(self.value, 0 if self.n == 1 else None)


def score_of(ratings: Sequence[int], asked: int, scale: Scale = RATING) -> Score:
    """The score of these ratings by some of the ``asked`` people. Raises ValueError beyond either."""
    if any(not scale.holds(rating) for rating in ratings):
        raise ValueError(f"ratings go from {scale.least} to {scale.most}")
    return score_from(Moments.of(ratings), asked, scale)


def score_from(answers: Moments, asked: int, scale: Scale = RATING) -> Score:
    """The same from kept sums. Raises ValueError for more answers than people.

    mean ± t(n-1) · s/sqrt(n) · sqrt((N-n)/(N-1)), clamped to the scale: docs/statistics.md, section 5.
    """
    n = answers.n
    if n > asked:
        raise ValueError(f"{n} answers from {asked} people")
    if n == 0:
        return Score(None, 0, asked, scale=scale)
    if n in (1, asked):
        return Score(answers.mean, n, asked, scale=scale)
    half = t_of(n - 1) * answers.deviation / math.sqrt(n) * finite_population_factor(n, asked)
    low, high = scale.clamp(answers.mean - half), scale.clamp(answers.mean + half)
    return Score(answers.mean, n, asked, low, high, scale)


def finite_population_factor(n: int, population: int) -> float:
    """How much narrower a range is because n of a known few were heard: 1 for n = 1, 0 when everyone was."""
    return 0.0 if n == population else math.sqrt((population - n) / (population - 1))
