"""What a pack says, apart from how it looks: every form of it (page, PDF, slides, workbook) is made from this alone.

Plain frozen dataclasses, kept as JSON when a pack is made, so that each form of it says the same for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """What a word or a point means; told by word or shape as well as by colour."""

    PLAIN = "plain"
    BETTER = "better"
    WORSE = "worse"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Text:
    """A paragraph. ``lead``: the finding, set in bold before it."""

    body: str
    lead: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a list. ``is_done``: None where there is nothing to tick; ``note``: what stands small behind it."""

    body: str
    note: str = ""
    is_done: bool | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Items:
    items: tuple[Item, ...]
    #: Said when there is none.
    empty: str = ""


@dataclass(frozen=True)
class Cell:
    text: str
    note: str = ""
    tone: Tone = Tone.PLAIN
    #: The number behind the text, where there is one: for the workbook and for aligning.
    value: float | None = None
    #: Of a heat map: "weak", "fair", "good", "strong", "not known"; "" elsewhere.
    level: str = ""


@dataclass(frozen=True)
class Table:
    """``says``: what the table shows, in a sentence, for those who cannot see it."""

    says: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""


@dataclass(frozen=True)
class Point:
    label: str
    #: None: nothing was measured; the line breaks.
    value: float | None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Line:
    """A line over time with where it normally stays. ``says``: the finding, as the alternative text too."""

    says: str
    points: tuple[Point, ...]
    low: float
    high: float
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    #: "of 5", "of 100".
    unit: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    of: float
    #: "4.2 from 5 of 7 people, 3.6–4.8".
    says: str
    #: The range, where there is one.
    low: float | None = None
    high: float | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, one below the other."""

    says: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Figure:
    """The one number of a section, never naked: what it is of, and from what."""

    value: str
    of: str
    says: str
    tone: Tone = Tone.PLAIN


Block = Text | Items | Table | Line | Bars | Figure


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    #: "10 min, Amara"; "" outside of an agenda.
    aside: str = ""
    #: Where each figure comes from, for the notes of a slide and the annex.
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """``made``: when, from what and by whom, as a sentence at its foot."""

    title: str
    subtitle: str
    #: "Fernhill IT with Finance".
    between: str
    #: The answer in one sentence, its first words bold.
    lead: str
    summary: str
    made: str
    sections: tuple[Section, ...]
    language: str = "en"
    #: How the figures are told: the annex.
    method: tuple[Text, ...] = field(default_factory=tuple)
