"""A line of a pack on paper: the same drawing for the page and for the PDF."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from crm.charts.axis import Axis, axis_for, spread
from crm.charts.drawing import ASIDE, INSET, LETTER, LINE, Band, Drawing, Mark
from crm.charts.paper import NARROW, WIDE, Label, Paper
from crm.documents.content import Line, Point, Tone
from crm.stats.scale import Scale, figure

#: In a PDF, where a line of text is narrower than on a screen.
PRINTED = replace(WIDE, name="chart-printed", width=500, height=170, left=24, right=420, bottom=142)
KINDS = {Tone.WORSE: "worse", Tone.BETTER: "better"}
#: Of the scale up to which one decimal is told.
FEW = 10


@dataclass(frozen=True)
class Drawn:
    """``title``: the finding; ``description``: the rest, for those who cannot see it."""

    title: str
    description: str
    drawings: tuple[Drawing, ...]


def drawn(line: Line) -> Drawn:
    """For the page: a wide drawing and a narrow one. Nothing is drawn of a line without points."""
    known = [point for point in line.points if point.value is not None]
    said = f"{len(known)} points from {known[0].label} to {known[-1].label}." if known else "Nothing is known yet."
    drawings = tuple(on_paper(line, paper) for paper in (WIDE, NARROW)) if known else ()
    return Drawn(line.says, said, drawings)


def printed(line: Line) -> Drawing:
    """For the PDF."""
    return on_paper(line, PRINTED)


def on_paper(line: Line, paper: Paper) -> Drawing:
    return _Plot(line, paper).drawing()


class _Plot:
    """One line on one paper."""

    def __init__(self, line: Line, paper: Paper) -> None:
        self.line, self.paper = line, paper
        self.scale = Scale(line.low, line.high, decimals=1 if line.high <= FEW else 0)
        self.across = Axis(0, max(len(line.points) - 1, 1), paper.left + INSET, paper.right - INSET)
        self.up = axis_for(self.in_view(), self.scale, paper.bottom, paper.top)
        self.xs = [self.across.at(at) for at in range(len(line.points))]

    def in_view(self) -> list[float]:
        ends = [end for end in (self.line.lower, self.line.upper, self.line.mean) if end is not None]
        values = [point.value for point in self.line.points if point.value is not None]
        return [self.scale.clamp(value) for value in (*values, *ends)]

    def drawing(self) -> Drawing:
        places = list(zip(self.xs, self.line.points, strict=True))
        return Drawing(
            self.paper,
            bands=tuple(self.bands()),
            borders=(),
            lines=tuple(self.lines()),
            gaps=tuple(x for x, point in places if point.value is None),
            marks=tuple(self.mark(x, point, point.value) for x, point in places if point.value is not None),
            labels=(*self.marks_of_axis(), *self.names_below(), *self.words_aside()),
        )

    def level(self, value: float) -> float:
        return self.up.at(self.scale.clamp(value))

    def bands(self) -> list[Band]:
        line = self.line
        if line.mean is None or line.lower is None or line.upper is None:
            return []
        top, mean, bottom = (self.level(value) for value in (line.upper, line.mean, line.lower))
        return [Band(self.paper.left, self.paper.right - self.paper.left, top, mean, bottom, is_trial=False)]

    def lines(self) -> list[str]:
        """Broken at each gap."""
        runs: list[list[str]] = [[]]
        for x, point in zip(self.xs, self.line.points, strict=True):
            if point.value is None:
                runs.append([])
            else:
                runs[-1].append(f"{x},{self.level(point.value)}")
        return [" ".join(run) for run in runs if len(run) > 1]

    def mark(self, x: float, point: Point, value: float) -> Mark:
        y, kind = self.level(value), KINDS.get(point.tone, "plain")
        if kind == "plain":
            return Mark(x, y, kind)
        is_below = kind == "worse" and y + LINE < self.paper.bottom
        return Mark(x, y, kind, figure(value, self.scale.decimals), round(y + (22 if is_below else -11), 1))

    def marks_of_axis(self) -> list[Label]:
        decimals = 0 if all(tick == round(tick) for tick in self.up.ticks) else 1
        x = self.paper.left - ASIDE
        return [Label(x, self.up.at(tick) + 4, figure(tick, decimals), "end") for tick in self.up.ticks]

    def names_below(self) -> list[Label]:
        """Counted from the newest, as many as there is room for."""
        longest = max(len(point.label) for point in self.line.points) * LETTER + LETTER
        step = self.across.at(1) - self.across.at(0)
        every = max(1, math.ceil(longest / max(step, 1)))
        y, last = self.paper.height - 6, len(self.xs) - 1
        return [
            Label(self.xs[at], y, self.line.points[at].label, "middle") for at in range(last % every, last + 1, every)
        ]

    def words_aside(self) -> list[Label]:
        line = self.line
        if line.mean is None or line.lower is None or line.upper is None:
            return []
        values = (line.upper, line.mean, line.lower)
        places = spread([self.level(value) + 4 for value in values], LINE)
        told = [
            f"{figure(self.scale.clamp(value), self.scale.decimals)} {word}"
            for value, word in zip(values, ("upper", "usual", "lower"), strict=True)
        ]
        return [Label(self.paper.right + ASIDE, place, text) for place, text in zip(places, told, strict=True)]
