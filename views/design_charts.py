"""The charts of the component sheet: a change for the worse with a gap, one for the better, a rebasing, too few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.matters import MattersChart, matters_chart
from crm.charts.process import Period, ProcessChart, process_chart
from crm.charts.spark import Spark, spark_of
from crm.stats.gaps import Item
from crm.stats.promoters import Promoters
from crm.stats.scale import PERCENT, RATING, Scale
from crm.stats.series import series_of
from crm.stats.told import Told, told_promoters, told_share, withheld
from crm.stats.wilson import share_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FINANCE = (4.0, 4.2, 3.9, 4.1, 4.0, 4.2, 4.0, 3.8, 4.1, 4.0, 4.2, 4.1, 3.9, None, 3.6, 3.2)
QUALITY = (3.8, 3.7, 3.9, 3.8, 3.9, 3.8, 3.7, 3.9, 3.8, 4.0, 3.9, 3.8, 4.0, 4.1, 4.0, 4.5)
SALES = (3.9, 3.7, 3.8, 4.0, 3.8, 3.7, 3.9, 3.8, 4.3, 4.5, 4.4, 4.3, 4.5, 4.4, 4.5, 4.4)
TOOLS = (58.0, 59, 61, 60, 58, 60, 62, 61, 60, 61, 63, 62, 66, 67, 63, 62)
LEGAL = (4.0, 3.5, 4.5, 4.0)


@dataclass(frozen=True)
class SampleCharts:
    names: Sequence[str]
    processes: Sequence[ProcessChart]
    matters: MattersChart
    multiples: Sequence[tuple[str, str, str, Spark]]
    figures: Sequence[Told]


def sample_charts() -> SampleCharts:
    return SampleCharts(
        names=(
            "Finance: worse, with a round missing",
            "Field Sales: limits made anew",
            "Tools to do the job, in per cent",
            "Legal: too early to tell",
        ),
        processes=(
            _chart(FINANCE, "Finance’s pulse", "Finance’s scores"),
            _chart(SALES, "Field Sales’ pulse", "Field Sales’ scores", rebased={8: "the desk moved next door"}),
            _chart(TOOLS, "Tools to do the job", "these shares", scale=PERCENT),
            _chart(LEGAL, "Legal’s pulse", "Legal’s scores"),
        ),
        matters=matters_chart(
            [
                Item("Executes", 2.8, 2.8),
                Item("Understands our needs", 2.7, 4.2),
                Item("Communicates", 2.4, 3.6),
                Item("Value for what it costs us", 1.6, 3.5),
                Item("Meeting rooms", 1.2, 4.6),
                Item("Ledger", 2.4, 3.7),
            ],
            "Finance",
        ),
        multiples=[
            (name, "#k-multiples", f"{values[-1]:.1f}", spark_of(series_of(values), name))
            for name, values in (("Finance", FINANCE), ("Quality", QUALITY), ("Field Sales", SALES), ("Legal", LEGAL))
        ],
        figures=(told_share(share_of(4, 5), 9), told_promoters(Promoters(6, 4, 2), 20), withheld(4, 9, 5)),
    )


def _chart(
    values: Sequence[float | None],
    measure: str,
    whose: str,
    *,
    scale: Scale = RATING,
    rebased: dict[int, str] | None = None,
) -> ProcessChart:
    series = series_of(values, scale=scale, rebased=rebased)
    return process_chart(series, _periods(len(values)), measure, whose)


def _periods(count: int) -> list[Period]:
    """Months up to October 2026."""
    months = [(2026 * 12 + 9 - back) for back in reversed(range(count))]
    return [
        Period(f"{MONTHS[month % 12]} {month // 12}", MONTHS[month % 12], "from 5 of 7 people", f"’{month // 12 % 100}")
        for month in months
    ]
