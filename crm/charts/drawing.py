"""The XmR chart on paper: each point, band, gap and label at its place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

from crm.charts.axis import Axis, axis_for, spread
from crm.charts.paper import Label, Paper
from crm.stats.scale import figure
from crm.stats.series import Series, Stretch
from crm.stats.xmr import Judgement, Limits

#: Between labels that stand below each other, and for one letter of those in a row.
LINE, LETTER = 12, 6.5
#: Room that a value beside a point takes; where points are nearer, only the last of a run says it.
ROOM = 26
#: From the frame to the first point, and to the labels on either side.
INSET, ASIDE = 6, 8
KINDS = {None: "plain", Judgement.IMPROVEMENT: "better", Judgement.CONCERN: "worse", Judgement.NEITHER: "other"}


@dataclass(frozen=True)
class Mark:
    """One point. ``kind``: plain, better, worse, other. ``text`` is "" unless it is flagged and there is room."""

    x: float
    y: float
    kind: str
    text: str = ""
    text_y: float = 0


@dataclass(frozen=True)
class Band:
    """Where the values of one stretch normally stay."""

    x: float
    width: float
    top: float
    mean: float
    bottom: float
    is_trial: bool


@dataclass(frozen=True)
class Border:
    """Where limits begin anew; its letter is explained below the chart."""

    x: float
    letter: str


@dataclass(frozen=True)
class Drawing:
    """Everything on one paper, in px. ``lines``: points of polylines, as SVG has them."""

    paper: Paper
    bands: tuple[Band, ...]
    borders: tuple[Border, ...]
    lines: tuple[str, ...]
    gaps: tuple[float, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    #: Where somebody else became rep.
    turns: tuple[float, ...] = ()


def drawing_of(series: Series, names: Sequence[tuple[str, str]], paper: Paper, turned: Sequence[int] = ()) -> Drawing:
    """The series on this paper. ``names``: ("Oct", "’26") for each value, written below as far as there is room;
    ``turned``: the places of the first point under another rep."""
    plot = _Plot(series, names, paper)
    return replace(plot.drawing(), turns=tuple(plot.edge(at) for at in turned))


class _Plot:
    """One series on one paper."""

    def __init__(self, series: Series, names: Sequence[tuple[str, str]], paper: Paper) -> None:
        self.series = series
        self.names = names
        self.paper = paper
        last = max(len(series.values) - 1, 1)
        self.across = Axis(0, last, paper.left + INSET, paper.right - INSET)
        self.up = axis_for(_in_view(series), series.scale, paper.bottom, paper.top)
        self.xs = [self.across.at(at) for at in range(len(series.values))]
        self.ys = [None if value is None else self.up.at(value) for value in series.values]
        self.step = self.across.at(1) - self.across.at(0)

    def drawing(self) -> Drawing:
        stretches = self.series.stretches
        return Drawing(
            self.paper,
            tuple(self.band(stretch, stretch.limits) for stretch in stretches if stretch.limits),
            tuple(Border(self.edge(each.start), letter) for letter, each in lettered(self.series)),
            tuple(self.lines()),
            tuple(x for x, y in zip(self.xs, self.ys, strict=True) if y is None),
            tuple(self.mark(at, y) for at, y in enumerate(self.ys) if y is not None),
            (*self.marks_of_axis(), *self.names_below(), *self.words_aside()),
        )

    def edge(self, position: int) -> float:
        """Half a step before this point, within the frame."""
        place = self.across.at(position) - self.step / 2
        return round(min(max(place, self.paper.left), self.paper.right), 1)

    def level(self, value: float) -> float:
        """Clamped to the scale, which is for drawing only."""
        return self.up.at(self.series.scale.clamp(value))

    def band(self, stretch: Stretch, limits: Limits) -> Band:
        left, right = self.edge(stretch.start), self.edge(stretch.end)
        top, mean, bottom = (self.level(value) for value in (limits.upper, limits.mean, limits.lower))
        return Band(left, round(right - left, 1), top, mean, bottom, limits.are_trial)

    def lines(self) -> list[str]:
        """Broken at each gap; a point alone between two gaps needs none."""
        runs: list[list[str]] = [[]]
        for x, y in zip(self.xs, self.ys, strict=True):
            if y is None:
                runs.append([])
            else:
                runs[-1].append(f"{x},{y}")
        return [" ".join(run) for run in runs if len(run) > 1]

    def mark(self, at: int, y: float) -> Mark:
        x, value, signal = self.xs[at], self.series.values[at], self.series.signals[at]
        kind = KINDS[self.series.judgement(at)]
        if signal is None or value is None or not self.has_room(at):
            return Mark(x, y, kind)
        is_below = signal.way < 0 and y + LINE < self.paper.bottom
        return Mark(x, y, kind, self.figure(value), round(y + (22 if is_below else -11), 1))

    def has_room(self, at: int) -> bool:
        following = self.series.signals[at + 1 : at + 2]
        return self.step >= ROOM or not following or following[0] is None

    def marks_of_axis(self) -> list[Label]:
        decimals = 0 if all(tick == round(tick) for tick in self.up.ticks) else 1
        x = self.paper.left - ASIDE
        return [Label(x, self.up.at(tick) + 4, figure(tick, decimals), "end") for tick in self.up.ticks]

    def names_below(self) -> list[Label]:
        """Counted from the newest, which always has its name; the year stands beside its first."""
        longest = max(len(f"{name} {year}".rstrip()) for name, year in self.names) * LETTER + LETTER
        every = max(1, math.ceil(longest / max(self.step, 1)))
        y = self.paper.height - 6
        labels, said = [], ""
        for at in range((len(self.names) - 1) % every, len(self.names), every):
            name, year = self.names[at]
            labels.append(Label(self.xs[at], y, name if year == said else f"{name} {year}", "middle"))
            said = year
        return labels

    def words_aside(self) -> list[Label]:
        """The newest limits, in words at the right end."""
        limits = self.series.stretches[-1].limits
        if limits is None:
            return []
        values = (limits.upper, limits.mean, limits.lower)
        words = ("upper", "usual", "lower")
        places = spread([self.level(value) + 4 for value in values], LINE)
        texts = [
            f"{self.figure(self.series.scale.clamp(value))} {word}" for value, word in zip(values, words, strict=True)
        ]
        return [Label(self.paper.right + ASIDE, place, text) for place, text in zip(places, texts, strict=True)]

    def figure(self, value: float) -> str:
        return figure(value, self.series.scale.decimals)


def lettered(series: Series) -> list[tuple[str, Stretch]]:
    """A letter for each stretch that began with a reason."""
    return list(zip(ascii_uppercase, series.stretches[1:], strict=False))


def _in_view(series: Series) -> list[float]:
    """The values, and the limits as far as the scale goes."""
    limits = [stretch.limits for stretch in series.stretches if stretch.limits]
    ends = [series.scale.clamp(end) for each in limits for end in (each.lower, each.upper)]
    return [value for value in series.values if value is not None] + ends
