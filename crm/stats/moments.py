"""What has to be kept of many answers so that their mean and spread need not read them again."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Moments:
    """How many, their sum, and the sum of their squares: exact for whole numbers, and two add up to both together."""

    n: int = 0
    total: float = 0
    squares: float = 0

    @classmethod
    def of(cls, values: Iterable[float]) -> Moments:
        known = list(values)
        return cls(len(known), sum(known), sum(value * value for value in known))

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        """Raises ZeroDivisionError when there is none: ask ``n`` first."""
        return self.total / self.n

    @property
    def deviations(self) -> float:
        """Sum of squared distances from the mean; 0 for none and one."""
        return max(0.0, (self.n * self.squares - self.total * self.total) / self.n) if self.n > 1 else 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation of a sample (n - 1); 0 for none and one."""
        return math.sqrt(self.deviations / (self.n - 1)) if self.n > 1 else 0.0
