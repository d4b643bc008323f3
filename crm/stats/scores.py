"""What each figure on a page carries: the value, who answered, who was asked, how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from crm.stats.student import t_of

LEAST, MOST = 1, 5
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Score:
    """The mean of ratings on the scale of 1 (very poorly) to 5 (very well).

    ``value`` is None when nobody answered. ``low`` and ``high`` hold the mean of all who were asked, 19 times in 20;
    they are None where there is no such range: nobody, one person, or everyone answered.
    """

    value: float | None
    n: int
    asked: int
    low: float | None = None
    high: float | None = None

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
        return str(round(self.value)) if self.n == 1 else f"{self.value:.1f}"


def score_of(ratings: Sequence[int], asked: int) -> Score:
    """The score of these ratings, 1 to 5 each, by some of the ``asked`` people. Raises ValueError beyond either.

    mean ± t(n-1) · s/sqrt(n) · sqrt((N-n)/(N-1)), clamped to the scale: docs/statistics.md, section 5.
    """
    n = len(ratings)
    if n > asked:
        raise ValueError(f"{n} answers from {asked} people")
    if any(not LEAST <= rating <= MOST for rating in ratings):
        raise ValueError(f"ratings go from {LEAST} to {MOST}")
    if n == 0:
        return Score(None, 0, asked)
    value = fmean(ratings)
    if n in (1, asked):
        return Score(value, n, asked)
    half = t_of(n - 1) * stdev(ratings) / math.sqrt(n) * finite_population_factor(n, asked)
    return Score(value, n, asked, max(LEAST, value - half), min(MOST, value + half))


def finite_population_factor(n: int, population: int) -> float:
    """How much narrower a range is because n of a known few were heard: 1 for n = 1, 0 when everyone was."""
    return 0.0 if n == population else math.sqrt((population - n) / (population - 1))


def sentence(score: Score) -> str:
    """What stands beside the value: "from 5 of 7 people, 2.6–3.8"."""
    if score.n == 0:
        return "not rated yet" + (f". {_people(score.asked).capitalize()} asked" if score.asked else "")
    if score.n == 1:
        return "one person’s view"
    if score.everyone_answered:
        return "everyone answered"
    heard = f"from {score.n} of {score.asked} people"
    if score.is_unanimous:
        return f"{heard}, all the same"
    return f"{heard}, {score.low:.1f}–{score.high:.1f}"


def _people(number: int) -> str:
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} person" if number == 1 else f"{word} people"
