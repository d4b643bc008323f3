"""The zone of tolerance (TechQual+): what is just acceptable, what is wished, what is seen (docs/statistics.md, 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from crm.stats.moments import Moments
from crm.stats.scale import GAP
from crm.stats.scores import Score, score_from
from crm.stats.xmr import Judgement


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


@dataclass(frozen=True)
class ZoneReading:
    """What several people's zones say together. The gaps are means of each person's own difference, with the range of
    the mean of all who were asked; ``left_out``: how many mixed up the least and the wish."""

    zone: Zone
    adequacy: Score
    superiority: Score
    left_out: int

    @property
    def n(self) -> int:
        return self.adequacy.n

    @property
    def judgement(self) -> Judgement | None:
        """Worse than acceptable, or better than wished, and more than chance; None otherwise."""
        if _is_surely(self.adequacy, -1):
            return Judgement.CONCERN
        return Judgement.IMPROVEMENT if _is_surely(self.superiority, 1) else None

    @property
    def finding(self) -> str:
        """ "Below what is acceptable"; what few answers cannot tell says so."""
        said = self.zone.said
        if self.n == 1:
            return f"One person’s view: {said}"
        is_clear = self.judgement is not None or (_is_surely(self.adequacy, 1) and _is_surely(self.superiority, -1))
        return said.capitalize() if is_clear else f"{said.capitalize()}, but too close to tell"


def zone_reading(answers: Iterable[Zone], asked: int) -> ZoneReading | None:
    """All consistent answers of some of the ``asked`` people; None of none."""
    given = list(answers)
    known = [answer for answer in given if answer.is_consistent]
    zone = zone_of(known)
    if zone is None:
        return None
    gaps = ([one.adequacy_gap for one in known], [one.superiority_gap for one in known])
    adequacy, superiority = (score_from(Moments.of(gap), max(asked, len(known)), GAP) for gap in gaps)
    return ZoneReading(zone, adequacy, superiority, len(given) - len(known))


def _is_surely(gap: Score, way: int) -> bool:
    """Whether it lies on that side of nothing for all who were asked: they all answered, or its whole range does."""
    if gap.value is None or gap.n == 1:
        return False
    if gap.everyone_answered:
        return gap.value * way > 0
    nearest = gap.high if way < 0 else gap.low
    return nearest is not None and not gap.is_unanimous and nearest * way > 0
