"""Two sizes of paper, each drawn for itself, so that labels stay readable on a phone; and words on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A drawing's size in px and the rectangle inside it that holds the data. ``name``: its CSS class."""

    name: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Label:
    """``anchor``: start, middle or end, as SVG has it."""

    x: float
    y: float
    text: str
    anchor: str = "start"


WIDE = Paper("chart-wide", 620, 236, 32, 540, 18, 208)
NARROW = Paper("chart-narrow", 330, 220, 32, 262, 18, 192)
