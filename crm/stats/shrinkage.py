"""Ranking with few answers: each group is drawn towards the portfolio, the more the fewer it has.

For ordering only; what is shown is the raw score, beside the words of ``SAYING``. docs/statistics.md, section 6.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from crm.stats.moments import Moments

K = TypeVar("K")

SAYING = "ordered with small samples drawn to the average"
#: As many average answers are added where the spread cannot be estimated: no two groups, or nobody twice in one.
USUAL_WEIGHT = 5.0


@dataclass(frozen=True)
class Prior:
    """What is expected of a group before anybody there answered.

    ``mean``: of the portfolio. ``weight``: within-variance / between-variance, in answers; inf where the groups do not
    differ by more than chance, 0 where all answers within each group are the same.
    """

    mean: float
    weight: float

    def shrunken(self, answers: Moments) -> float:
        """(C·m + Σx) / (C + n), between the raw mean and the portfolio's; the portfolio's for n = 0."""
        if not answers.n or math.isinf(self.weight):
            return self.mean
        return (self.weight * self.mean + answers.total) / (self.weight + answers.n)


@dataclass(frozen=True)
class Ranked(Generic[K]):
    """One place of a ranking. ``raw`` is None where nobody answered."""

    key: K
    raw: float | None
    shrunken: float
    n: int


def prior_of(groups: Iterable[Moments]) -> Prior | None:
    """Estimated from the groups by the method of moments (one-way analysis of variance); None without an answer.

    between = (MS between - MS within) / n0, n0 = (N - Σn²/N) / (k - 1): Searle, Casella, McCulloch, Variance
    Components, section 3.6.
    """
    known = [group for group in groups if group.n]
    if not known:
        return None
    together = sum(known, Moments())
    if len(known) < 2 or together.n == len(known):
        return Prior(together.mean, USUAL_WEIGHT)
    return Prior(together.mean, _weight(known, together))


def _weight(groups: list[Moments], together: Moments) -> float:
    within_sum = sum(group.deviations for group in groups)
    within = within_sum / (together.n - len(groups))
    between_mean = max(0.0, together.deviations - within_sum) / (len(groups) - 1)
    typical = (together.n - sum(group.n**2 for group in groups) / together.n) / (len(groups) - 1)
    between = (between_mean - within) / typical
    return within / between if between > 0 else math.inf


def ranking(groups: Mapping[K, Moments], prior: Prior | None = None) -> list[Ranked[K]]:
    """The groups, the weakest first; equals keep the order they came in. Empty without any answer and prior."""
    prior = prior or prior_of(groups.values())
    if prior is None:
        return []
    places = [
        Ranked(key, answers.mean if answers.n else None, prior.shrunken(answers), answers.n)
        for key, answers in groups.items()
    ]
    return sorted(places, key=lambda place: place.shrunken)
