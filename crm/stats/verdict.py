"""What the newest point of a series says, in words: a real change, or what the scores usually do."""

from __future__ import annotations

from dataclasses import dataclass

from crm.numerals import number
from crm.stats.scale import Scale, figure
from crm.stats.series import ROUNDS, Series, Stretch
from crm.stats.xmr import LEAST_POINTS, RUN, Cause, Judgement, Limits, Signal

#: Written with more decimals where fewer would contradict the finding: no "63 is above (57 to 63)".
MOST_DECIMALS = 4


@dataclass(frozen=True)
class Verdict:
    """``finding`` is the bold part ("No real change"), ``because`` the rest of the sentence, ``caution`` a second one
    or "". ``judgement`` is None unless the newest point, at ``position``, is a signal.
    """

    finding: str
    because: str = ""
    caution: str = ""
    judgement: Judgement | None = None
    position: int | None = None

    @property
    def is_signal(self) -> bool:
        return self.judgement is not None

    @property
    def sentence(self) -> str:
        first = f"{self.finding}: {self.because}." if self.because else f"{self.finding}."
        return f"{first} {self.caution}".rstrip()


def verdict_of(series: Series, whose: str = "this unit’s scores") -> Verdict:
    """The verdict on the newest value. No verdict under 6 points since the last rebasing, nor without limits."""
    at = series.latest
    if at is None:
        return Verdict("Not rated yet" if series.points == ROUNDS else "Too few to tell")
    stretch = series.stretch_at(at)
    value, signal = series.values[at], series.signals[at]
    if stretch.limits is None or value is None:
        return Verdict("Too early to tell", _missing(series, stretch), position=at)
    caution = _caution(stretch.limits, series.points)
    if signal is None:
        return Verdict("No real change", _usual(value, stretch.limits, series.scale, whose), caution, position=at)
    because = _because(value, signal, stretch.limits, series.scale, whose)
    return Verdict("A real change, not noise", because, caution, series.judgement(at), at)


def usual_range(limits: Limits, scale: Scale, decimals: int | None = None) -> str:
    """ "3.4 to 4.6": the limits, no further than the scale goes."""
    places = scale.decimals if decimals is None else decimals
    return f"{figure(scale.clamp(limits.lower), places)} to {scale.text(scale.clamp(limits.upper), places)}"


def _missing(series: Series, stretch: Stretch) -> str:
    known = sum(value is not None for value in series.values[stretch.start : stretch.end])
    since = "since the limits were drawn anew" if stretch.reason else "so far"
    if known >= LEAST_POINTS:
        return f"no two {series.points} in a row {since}"
    there = f"there {'is' if known == 1 else 'are'} {number(known)} {since}"
    return f"limits need {number(LEAST_POINTS)} {series.points}, and {there}"


def _usual(value: float, limits: Limits, scale: Scale, whose: str) -> str:
    decimals = _decimals(value, limits, scale)
    if limits.upper == limits.lower:
        return f"{scale.text(value, decimals)} is what {whose} have been all along"
    return f"{scale.text(value, decimals)} is within what {whose} usually do ({usual_range(limits, scale, decimals)})"


def _because(value: float, signal: Signal, limits: Limits, scale: Scale, whose: str) -> str:
    decimals = _decimals(value, limits, scale)
    said, usual = scale.text(value, decimals), usual_range(limits, scale, decimals)
    side, further = ("above", "higher") if signal.way > 0 else ("below", "lower")
    if signal.cause is Cause.OUTSIDE:
        return f"{said} is {side} what {whose} usually do ({usual})"
    if signal.cause is Cause.TREND:
        return f"{said} is the last of {number(RUN)} in a row, each {further} than the one before"
    if signal.cause is Cause.SHIFT:
        return f"{said} is one of {number(RUN)} or more in a row {side} the usual {scale.text(limits.mean, decimals)}"
    end = "upper" if signal.way > 0 else "lower"
    return f"with {said}, two of the last three are close to the {end} end of what {whose} usually do ({usual})"


def _caution(limits: Limits, points: str) -> str:
    return f"Trial limits, from {number(limits.n)} {points}." if limits.are_trial else ""


def _decimals(value: float, limits: Limits, scale: Scale) -> int:
    """As few decimals as keep the value, read as written, on its side of each limit."""
    for decimals in range(scale.decimals, MOST_DECIMALS):
        low, read, high = (round(each, decimals) for each in (limits.lower, value, limits.upper))
        if (read < low) == (value < limits.lower) and (read > high) == (value > limits.upper):
            return decimals
    return MOST_DECIMALS
