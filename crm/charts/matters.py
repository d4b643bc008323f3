"""Importance x satisfaction on paper: four quadrants in words, each thing a numbered point, the widest gap first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.axis import Axis
from crm.charts.paper import Label, Paper
from crm.stats.gaps import MATTERS_ABOVE, Item, Quadrant, gap_list
from crm.stats.scale import IMPORTANCE, RATING
from crm.stats.wilson import SATISFIED_FROM

WIDE = Paper("chart-wide", 620, 310, 32, 608, 24, 272)
NARROW = Paper("chart-narrow", 330, 310, 32, 322, 24, 272)
#: A point's width; nearer ones are moved apart.
WIDTH = 20
INSET = 14


@dataclass(frozen=True)
class Point:
    """``number``: its place in the gap list, from 1."""

    x: float
    y: float
    number: int
    item: Item

    @property
    def is_first(self) -> bool:
        """Whether it lies in the quadrant to mend first."""
        return self.item.quadrant is Quadrant.FIX


@dataclass(frozen=True)
class MattersDrawing:
    """Everything on one paper, in px; ``good`` and ``matters`` are the borders between the quadrants."""

    paper: Paper
    good: float
    matters: float
    points: tuple[Point, ...]
    quadrants: tuple[Label, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class MattersChart:
    """``title`` says the finding; ``items`` the widest weighted gap first."""

    title: str
    items: tuple[Item, ...]
    drawings: tuple[MattersDrawing, ...]


def matters_chart(items: Sequence[Item], whose: str) -> MattersChart:
    """What matters to a unit (``whose``), and how good it is. Raises ValueError without any item."""
    if not items:
        raise ValueError("nothing was rated")
    ordered = gap_list(items)
    first = ordered[0]
    finding = f"the widest gap is “{first.name}”" if first.weighted_gap else "nothing is missing"
    title = f"What matters to {whose}, and how satisfied they are: {finding}."
    return MattersChart(title, tuple(ordered), tuple(_drawing(ordered, paper) for paper in (WIDE, NARROW)))


def _drawing(items: Sequence[Item], paper: Paper) -> MattersDrawing:
    across = Axis(RATING.least, RATING.most, paper.left + INSET, paper.right - INSET)
    up = Axis(IMPORTANCE.least, IMPORTANCE.most, paper.bottom - INSET, paper.top + INSET)
    good, matters = across.at(SATISFIED_FROM), up.at(MATTERS_ABOVE)
    return MattersDrawing(
        paper, good, matters, tuple(_points(items, across, up)), _quadrants(paper), _labels(paper, across, up)
    )


def _points(items: Sequence[Item], across: Axis, up: Axis) -> list[Point]:
    placed: list[Point] = []
    for number, item in enumerate(items, start=1):
        x, y = across.at(item.satisfaction), up.at(item.importance)
        while any(abs(x - other.x) < WIDTH and abs(y - other.y) < WIDTH for other in placed):
            x, y = (x - WIDTH, y) if x - WIDTH > across.start else (across.end, y + WIDTH)
        placed.append(Point(round(x, 1), round(y, 1), number, item))
    return placed


def _quadrants(paper: Paper) -> tuple[Label, ...]:
    left, right, upper, lower = paper.left + 8, paper.right - 8, paper.top + 16, paper.bottom - 8
    return (
        Label(left, upper, Quadrant.FIX.capitalize()),
        Label(right, upper, Quadrant.KEEP.capitalize(), "end"),
        Label(left, lower, Quadrant.LATER.capitalize()),
        Label(right, lower, Quadrant.PLENTY.capitalize(), "end"),
    )


def _labels(paper: Paper, across: Axis, up: Axis) -> tuple[Label, ...]:
    return (
        *(Label(across.at(mark), paper.bottom + 16, str(round(mark)), "middle") for mark in across.ticks),
        *(Label(paper.left - 8, up.at(mark) + 4, str(round(mark)), "end") for mark in up.ticks),
        Label((paper.left + paper.right) / 2, paper.bottom + 34, "satisfied, of 5", "middle"),
        Label(paper.left - 14, paper.top - 10, "matters, of 3"),
    )
