"""A series small enough for a table cell: what `sparkline` in templates/components/charts.html draws."""

from __future__ import annotations

from dataclasses import dataclass

from crm.charts.drawing import KINDS
from crm.stats.series import Series
from crm.stats.verdict import verdict_of

#: Of a year of monthly rounds, with the one before to compare.
MOST_POINTS = 13


@dataclass(frozen=True)
class Spark:
    """The newest values; ``band`` where they normally stay, None without limits; ``tone``: plain, better or worse."""

    values: tuple[float | None, ...]
    finding: str
    low: float
    high: float
    band: tuple[float, float] | None
    tone: str


def spark_of(series: Series, name: str) -> Spark:
    """``name``: whose, for those who cannot see it. Shows the newest 13 values."""
    verdict = verdict_of(series, f"{name}’s scores")
    limits, scale = series.stretches[-1].limits, series.scale
    band = (scale.clamp(limits.lower), scale.clamp(limits.upper)) if limits else None
    shown = series.values[-MOST_POINTS:]
    known = [value for value in shown if value is not None] + list(band or ())
    low, high = min(known, default=scale.least), max(known, default=scale.most)
    if low == high:
        low, high = low - 1, high + 1
    tone = KINDS[verdict.judgement]
    return Spark(shown, f"{name}: {verdict.sentence}", low, high, band, "plain" if tone == "other" else tone)
