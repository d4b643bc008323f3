"""One question of one unit over all its years: the figures that hold, told apart from noise, on their own scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from crm.charts.process import Period as Named
from crm.charts.process import ProcessChart, process_chart
from crm.services import words
from crm.services.survey_reading.figures import Given
from crm.services.survey_reading.periods import Length, Period, without_holes
from crm.stats import scale
from crm.stats.scale import Scale
from crm.stats.series import Series, series_of
from crm.stats.xmr import Direction
from models.past_survey import Better, PastFigure, PastItem, SeriesBreak

DIRECTIONS = {Better.UP: Direction.UP, Better.DOWN: Direction.DOWN, Better.NEITHER: Direction.NEITHER}
#: So many periods, the newest, are on a chart.
MOST = 60
#: Instead of a scale of a file: every figure on 1 to 5, which is said wherever it is shown.
CONVERTED = "converted"


@dataclass(frozen=True)
class Told:
    """One period's figure as it was given. ``is_counted``: it can be true, and is part of the series."""

    period: Period
    figure: PastFigure
    given: Given
    #: What earlier surveys said of the same period, where it was something else.
    before: tuple[PastFigure, ...] = ()

    @property
    def is_counted(self) -> bool:
        return self.given.scale.holds(self.figure.value)

    @property
    def said(self) -> str:
        return who(self.figure)

    @property
    def text(self) -> str:
        return written(self.given.scale, self.figure.value)

    @property
    def rounded(self) -> str:
        """For where there is little room."""
        return self.given.scale.text(self.figure.value)


def written(on: Scale, value: float) -> str:
    """As it was given: "58 %", "19.1 %", "3.25"."""
    rounded = round(value, 2)
    decimals = next(places for places in range(on.decimals, 3) if round(rounded, places) == rounded)
    return on.text(rounded, decimals)


@dataclass(frozen=True)
class Past:
    """``lines``: every period's figure, the newest first. ``shown``: the scale of the chart, or CONVERTED; ``scales``:
    those there are. ``chart`` is None where no figure can be true."""

    lines: Sequence[Told]
    scales: Sequence[Given]
    shown: str
    series: Series | None
    chart: ProcessChart | None
    periods: Sequence[Period] = ()

    @property
    def marked(self) -> Sequence[Told]:
        return [line for line in self.lines if line.figure.mark]

    @property
    def newest(self) -> Told | None:
        return next((line for line in self.lines if line.is_counted), None)


def past_of(
    figures: Iterable[PastFigure], breaks: Iterable[SeriesBreak], item: PastItem, name: str, wanted: str = ""
) -> Past:
    """``figures``: of one unit and question, with their surveys, in the order in which these were loaded; ``name``: of
    the unit; ``wanted``: a scale, or CONVERTED; the newest figure's where it is neither."""
    lines = _told(figures)
    counted = [line for line in lines if line.is_counted]
    scales = [given for given, _ in Counter(line.given for line in reversed(counted)).most_common()]
    if not counted:
        return Past(lines, scales, "", None, None)
    shown = wanted if wanted == CONVERTED or wanted in set(scales) else counted[0].given.value
    values = _values(counted, shown)
    periods = without_holes(list(values))[-MOST:]
    on = scale.RATING if shown == CONVERTED else Given(shown).scale
    series = series_of(
        [values.get(period) for period in periods],
        better=DIRECTIONS[item.better],
        rebased=_rebased(periods, breaks),
        scale=on,
    )
    said = {line.period: who(line.figure) for line in counted}
    named = [_named(period, said.get(period, "")) for period in periods]
    chart = process_chart(series, named, item.text, f"{words.whose(name)} scores")
    return Past(lines, scales, shown, series, chart, periods)


def _told(figures: Iterable[PastFigure]) -> list[Told]:
    """The newest period first; of several surveys the one loaded last holds."""
    found: dict[Period, list[PastFigure]] = {}
    for figure in figures:
        found.setdefault(Period.between(figure.since, figure.until), []).append(figure)
    lines = []
    for period, said in sorted(found.items(), reverse=True):
        *earlier, last = said
        other = tuple(each for each in earlier if (each.value, each.scale) != (last.value, last.scale))
        lines.append(Told(period, last, Given(last.scale), other))
    return lines


def _values(counted: Sequence[Told], shown: str) -> dict[Period, float]:
    if shown == CONVERTED:
        return {line.period: line.given.scale.onto(scale.RATING, line.figure.value) for line in counted}
    return {line.period: line.figure.value for line in counted if line.given == shown}


def _rebased(periods: Sequence[Period], breaks: Iterable[SeriesBreak]) -> dict[int, str]:
    """The first period that begins on the day of a break or later -> why limits begin anew there."""
    found: dict[int, list[str]] = {}
    for each in breaks:
        at = next((at for at, period in enumerate(periods) if period.start >= each.since), 0)
        if at:
            found.setdefault(at, []).append(each.reason)
    return {at: " ".join(reasons) for at, reasons in found.items()}


def _named(period: Period, said: str) -> Named:
    start = period.start
    if period.length is Length.YEAR:
        return Named(period.name, f"’{start:%y}", said)
    short = f"Q{(start.month + 2) // 3}" if period.length is Length.QUARTER else f"{start:%b}"
    return Named(period.name, short, said, f"’{start:%y}")


def who(figure: PastFigure) -> str:
    """Who stands behind a figure, as far as the file says: "from 120 of 200 people", or ""."""
    if figure.n is None:
        return ""
    if figure.asked and figure.asked >= figure.n:
        return f"from {figure.n:,} of {figure.asked:,} people"
    return "one person’s view" if figure.n == 1 else f"from {figure.n:,} people"


def starts(periods: Sequence[Period]) -> list[tuple[date, str]]:
    """Where limits may begin anew: the second period or a later one."""
    return [(period.start, period.name) for period in periods[1:]]
