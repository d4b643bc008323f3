"""A figure as it may be shown: the value, who answered, who was asked, the range, and one sentence. Never naked."""

from __future__ import annotations

from dataclasses import dataclass

from crm.numerals import number
from crm.stats.promoters import Promoters
from crm.stats.scale import NET, PERCENT, RATING, Scale
from crm.stats.scores import Score
from crm.stats.wilson import Share

UNKNOWN = "?"
PEOPLE = "people"


@dataclass(frozen=True)
class Told:
    """``value`` is None when unknown or withheld, and ``text`` is "?" then. ``interval``: where the value of all who
    were asked lies, 19 times in 20; None where there is no such range. ``parts``: what stands beside, in pieces that
    should not break: ("from 4 of 6 people", "3.2–4.8").
    """

    value: float | None
    n: int
    asked: int
    interval: tuple[float, float] | None
    text: str
    parts: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def words(self) -> str:
        """ "from 4 of 6 people, 3.2–4.8"; "not rated yet, seven people asked"."""
        return ", ".join(self.parts)

    @property
    def sentence(self) -> str:
        """ "4.0 from 4 of 6 people, 3.2–4.8"; "4: one person’s view"; "Not rated yet, seven people asked"."""
        if self.value is None:
            return self.words[:1].upper() + self.words[1:]
        between = " " if self.parts[0].startswith("from") else ": "
        return f"{self.text}{between}{self.words}"


def told(score: Score, of: str = PEOPLE) -> Told:
    """A mean of ratings. ``of``: of what so many answered, here and below."""
    interval = None if score.low is None or score.high is None else (score.low, score.high)
    return _told(score.value, score.text, score.n, score.asked, interval, score.scale, of)


def told_share(share: Share, asked: int, of: str = PEOPLE) -> Told:
    """A share of satisfied answers, in per cent. Raises ValueError for more answers than people."""
    value = None if share.value is None else 100 * share.value
    interval = None if share.low is None or share.high is None else (100 * share.low, 100 * share.high)
    return _told(value, UNKNOWN if value is None else PERCENT.text(value), share.n, asked, interval, PERCENT, of)


def told_promoters(promoters: Promoters, asked: int, of: str = PEOPLE) -> Told:
    """A net promoter score with its adjusted range. Raises ValueError for more answers than people."""
    score = promoters.score
    text = UNKNOWN if score is None else NET.text(score)
    return _told(score, text, promoters.n, asked, promoters.adjusted, NET, of)


def withheld(n: int, asked: int, least: int) -> Told:
    """A score of a group that was promised to stay unknown, and is too small or could be worked out from others."""
    return Told(None, n, asked, None, UNKNOWN, (f"scores show from {number(least)} answers",))


def heard(
    n: int,
    asked: int,
    interval: tuple[float, float] | None = None,
    scale: Scale = RATING,
    of: str = PEOPLE,
) -> tuple[str, ...]:
    """Who stands behind a figure, and its range where there is one, in pieces."""
    if n == 0:
        return ("not rated yet", f"{_people(asked)} asked") if asked else ("not rated yet",)
    if n == 1:
        return ("one person’s view", f"of {asked} asked") if asked > 1 else ("one person’s view",)
    if n >= asked:
        return ("everyone answered", f"{n} of {asked}")
    return (f"from {n} of {asked} {of}", *_range(interval, scale))


def _told(
    value: float | None, text: str, n: int, asked: int, interval: tuple[float, float] | None, scale: Scale, of: str
) -> Told:
    if n > asked:
        raise ValueError(f"{n} answers from {asked} people")
    shown = interval if 1 < n < asked else None
    return Told(value, n, asked, shown, text, heard(n, asked, shown, scale, of))


def _range(interval: tuple[float, float] | None, scale: Scale) -> tuple[str, ...]:
    if interval is None:
        return ()
    low, high = interval
    return ("all the same",) if low == high else (scale.span(low, high),)


def _people(count: int) -> str:
    return f"{number(count)} {'person' if count == 1 else 'people'}"
