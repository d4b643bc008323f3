"""The zone of tolerance (TechQual+): what is just acceptable, what is wished, what is seen (docs/statistics.md, 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Zone:
    """Minimum, desired and perceived level of one service, on one scale (TechQual+ uses 1 to 9)."""

    minimum: float
    desired: float
    perceived: float

    @property
    def adequacy_gap(self) -> float:
        """perceived - minimum; below 0 it is not acceptable."""
        return self.perceived - self.minimum

    @property
    def superiority_gap(self) -> float:
        """perceived - desired; above 0 it is more than was wished."""
        return self.perceived - self.desired

    @property
    def is_consistent(self) -> bool:
        """Whoever wishes for less than the minimum has mixed up the questions."""
        return self.minimum <= self.desired

    @property
    def said(self) -> str:
        if self.adequacy_gap < 0:
            return "below what is acceptable"
        return "more than was wished" if self.superiority_gap > 0 else "acceptable, less than was wished"


def zone_of(answers: Iterable[Zone]) -> Zone | None:
    """The means of all consistent answers; None of none."""
    known = [answer for answer in answers if answer.is_consistent]
    if not known:
        return None
    return Zone(
        fmean(answer.minimum for answer in known),
        fmean(answer.desired for answer in known),
        fmean(answer.perceived for answer in known),
    )
