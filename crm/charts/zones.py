"""The zone of tolerance on paper: for each service a bar from the least that would do to what is wished for, and on it
how it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.axis import Axis
from crm.charts.drawing import KINDS
from crm.charts.paper import Label, Paper
from crm.stats.scale import RATING, figure
from crm.stats.told import told
from crm.stats.zone import ZoneReading

#: From one service to the next, and what lies above the first and below the last.
ROW, ABOVE, BELOW = 48, 8, 28
#: A letter's width, and the room of a figure at the right.
LETTER, ROOM, INSET = 6.3, 34, 10
WIDTHS = (("chart-wide", 620), ("chart-narrow", 330))


@dataclass(frozen=True)
class ZoneItem:
    """One service, or one question, and what was said of it."""

    name: str
    reading: ZoneReading

    @property
    def kind(self) -> str:
        """Of its point: plain, worse, better."""
        return KINDS[self.reading.judgement]

    @property
    def gap(self) -> str:
        """ "−1.2 from 4 of 6 people, −1.8 to −0.7": what is lacking to the least, or more than it."""
        return told(self.reading.adequacy).sentence


@dataclass(frozen=True)
class ZoneBar:
    """One service on one paper, in px; ``x`` and ``width`` of the zone, ``at`` of how it is."""

    y: float
    x: float
    width: float
    at: float
    item: ZoneItem
    name: Label
    value: Label


@dataclass(frozen=True)
class ZonesDrawing:
    paper: Paper
    bars: tuple[ZoneBar, ...]
    ticks: tuple[float, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class ZonesChart:
    """``title`` says the finding; ``items`` what lacks most to be acceptable first."""

    title: str
    items: tuple[ZoneItem, ...]
    drawings: tuple[ZonesDrawing, ...]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(item.kind for item in self.items)


def zones_chart(items: Sequence[ZoneItem], whose: str) -> ZonesChart:
    """What is acceptable to a unit (``whose``), and how it is. Raises ValueError without any item."""
    if not items:
        raise ValueError("no zone was given")
    ordered = tuple(sorted(items, key=lambda item: (item.reading.zone.adequacy_gap, item.name)))
    title = f"What {whose} finds acceptable, and how it is. {_finding(ordered)}"
    return ZonesChart(title, ordered, tuple(_drawing(ordered, name, width) for name, width in WIDTHS))


def _finding(items: Sequence[ZoneItem]) -> str:
    worse = [item.name for item in items if item.kind == "worse"]
    if worse:
        return f"Below what is acceptable: {', '.join(worse)}."
    return "Nothing is surely below what is acceptable."


def _drawing(items: Sequence[ZoneItem], name: str, width: int) -> ZonesDrawing:
    height = ABOVE + ROW * len(items) + BELOW
    paper = Paper(name, width, height, INSET, width - ROOM, ABOVE, height - BELOW)
    across = Axis(RATING.least, RATING.most, paper.left + INSET, paper.right - INSET)
    ticks = tuple(across.at(tick) for tick in across.ticks)
    labels = tuple(Label(across.at(tick), paper.bottom + 18, figure(tick, 0), "middle") for tick in across.ticks)
    bars = tuple(_bar(item, across, paper, ABOVE + ROW * place) for place, item in enumerate(items))
    return ZonesDrawing(paper, bars, ticks, labels)


def _bar(item: ZoneItem, across: Axis, paper: Paper, top: float) -> ZoneBar:
    zone, y = item.reading.zone, top + 30
    start, end = across.at(zone.minimum), across.at(zone.desired)
    room = int((paper.right - paper.left) / LETTER)
    name = item.name if len(item.name) <= room else item.name[: room - 1].rstrip() + "…"
    return ZoneBar(
        y=y,
        x=start,
        width=round(end - start, 1),
        at=across.at(zone.perceived),
        item=item,
        name=Label(paper.left, top + 12, name),
        value=Label(paper.right + ROOM, y + 4, figure(zone.perceived, 1), "end"),
    )
