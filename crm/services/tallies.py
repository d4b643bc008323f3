"""What many answers to one question say together, told from their totals: value, share satisfied, who was heard."""

from __future__ import annotations

from dataclasses import dataclass

from crm.stats.moments import Moments
from crm.stats.promoters import Promoters
from crm.stats.scores import Score, score_from
from crm.stats.told import Told, told, told_promoters, told_share
from crm.stats.wilson import Share, share_of
from models.total import Counted

#: What an answer is counted of, over several rounds: whoever was asked in two is asked twice.
ASKED = "asked"


@dataclass(frozen=True)
class Tally:
    """Answers of ``rounds`` rounds; two add up to both together. ``is_of_chance``: 0 to 10, otherwise 1 to 5."""

    rounds: int = 0
    asked: int = 0
    n: int = 0
    total: int = 0
    squares: int = 0
    satisfied: int = 0
    promoters: int = 0
    detractors: int = 0
    is_of_chance: bool = False

    def __add__(self, other: Tally) -> Tally:
        names = ("rounds", "asked", "n", "total", "squares", "satisfied", "promoters", "detractors")
        both = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Tally(**both, is_of_chance=self.is_of_chance or other.is_of_chance)

    @property
    def moments(self) -> Moments:
        """For ranking and comparing. Of chance: 100 for a promoter, -100 for a detractor; their mean is the net."""
        if not self.is_of_chance:
            return Moments(self.n, self.total, self.squares)
        swayed = self.promoters + self.detractors
        return Moments(self.n, 100 * (self.promoters - self.detractors), 10_000 * swayed)

    @property
    def value(self) -> float | None:
        """The mean of 1 to 5, or promoters less detractors; None of no answer."""
        return self.moments.mean if self.n else None

    @property
    def share(self) -> Share:
        """Of 4 and 5 among the answers."""
        return share_of(self.satisfied, self.n)

    @property
    def heard(self) -> Share:
        """How many of those asked answered, with the range of how many would another time (Wilson)."""
        return share_of(self.n, self.asked)

    @property
    def score(self) -> Score:
        """The mean of 1 to 5 with its range."""
        return score_from(self.moments, self.asked)

    def told(self, of: str = ASKED) -> Told:
        """The value as it may be shown."""
        if self.is_of_chance:
            return told_promoters(self._promoters, self.asked, of=of)
        return told(self.score, of=of)

    def told_share(self, of: str = ASKED) -> Told | None:
        """The share of satisfied answers; None of chance, where nobody says so."""
        return None if self.is_of_chance else told_share(self.share, self.asked, of=of)

    @property
    def _promoters(self) -> Promoters:
        return Promoters(self.promoters, self.n - self.promoters - self.detractors, self.detractors)


def of_total(total: Counted | None, *, asked: int) -> Tally:
    """Of one round; ``asked``: how many were, where it has no total."""
    if total is None:
        return Tally(1, asked)
    return Tally(
        rounds=1,
        asked=total.asked,
        n=total.n,
        total=total.total,
        squares=total.squares,
        satisfied=total.satisfied,
        promoters=total.promoters,
        detractors=total.detractors,
        is_of_chance=total.is_of_chance,
    )
