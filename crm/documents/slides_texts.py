"""Words on slides: paragraphs of runs, measured before they are written, cut where a slide ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from crm.documents.content import Figure, Item, Items, Text, Tone
from crm.documents.plain import runs_leftwards
from crm.documents.slides_measure import leading, lines, width

INK, QUIET, BETTER, WORSE = (RGBColor.from_string(colour) for colour in ("1D1C1A", "6A655C", "174981", "863A04"))
TONES = {Tone.BETTER: BETTER, Tone.WORSE: WORSE, Tone.PLAIN: INK, Tone.NOT_KNOWN: QUIET}
#: Said by shape as well as by colour.
MARKS = {Tone.BETTER: "■ ", Tone.WORSE: "◆ "}
SIZE, LARGE, BETWEEN, INDENT = 18, 40, 8, 22
#: A figure of more letters is none, and set like other words.
LONGEST_FIGURE = 12


@dataclass(frozen=True)
class Run:
    text: str
    is_bold: bool = False
    is_quiet: bool = False
    tone: Tone = Tone.PLAIN
    size: float = SIZE


@dataclass(frozen=True)
class Paragraph:
    """``bullet``: the sign before it; "" for none."""

    runs: tuple[Run, ...]
    bullet: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    def height(self, room: float) -> float:
        """In points, with the space after it."""
        room -= INDENT if self.bullet else 0
        size, smaller = max(run.size for run in self.runs), min(run.size for run in self.runs)
        large = "".join(run.text for run in self.runs if run.size == size)
        count = lines(large, size, room) * size
        if smaller < size:
            rest = "".join(run.text for run in self.runs if run.size < size)
            count += (lines(rest, smaller, room, min(width(large, size), room)) - 1) * smaller
        return count * leading(self.text) + BETWEEN


def of_text(text: Text, size: float = SIZE) -> Paragraph:
    lead = (Run(f"{text.lead} ", is_bold=True, size=size),) if text.lead else ()
    return Paragraph((*lead, Run(text.body, size=size)))


def of_items(items: Items) -> list[Paragraph]:
    if not items.items:
        return [Paragraph((Run(items.empty, is_quiet=True),))] if items.empty else []
    return [_item(item) for item in items.items]


def _item(item: Item) -> Paragraph:
    bullet = "•" if item.is_done is None else "☑" if item.is_done else "☐"
    note = (Run(f"  {item.note}", is_quiet=True),) if item.note else ()
    return Paragraph((Run(MARKS.get(item.tone, "") + item.body, tone=item.tone), *note), bullet)


def of_figure(figure: Figure) -> list[Paragraph]:
    size = LARGE if len(figure.value) <= LONGEST_FIGURE else SIZE
    value = Run(f"{figure.value} ", is_bold=True, tone=figure.tone, size=size)
    return [Paragraph((value, Run(figure.of, is_quiet=True))), *([of_text(Text(figure.says))] if figure.says else [])]


def cut(paragraph: Paragraph, room: float, most: float) -> list[Paragraph]:
    """The paragraph in as many as it takes that none is higher than ``most``."""
    if paragraph.height(room) <= most or len(paragraph.text) < 2:
        return [paragraph]
    first, second = _halves(paragraph)
    return [*cut(first, room, most), *cut(second, room, most)]


def _halves(paragraph: Paragraph) -> tuple[Paragraph, Paragraph]:
    text, middle = paragraph.text, len(paragraph.text) // 2
    space = text.find(" ", middle, middle + 200)
    return tuple(replace(paragraph, runs=runs) for runs in _split(paragraph.runs, space + 1 or middle))  # type: ignore[return-value]


def _split(runs: Sequence[Run], at: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    before, after = [], []
    for run in runs:
        if run.text[:at]:
            before.append(replace(run, text=run.text[:at]))
        if run.text[max(at, 0) :]:
            after.append(replace(run, text=run.text[max(at, 0) :]))
        at = max(at - len(run.text), 0)
    return tuple(before), tuple(after)


def write(shape: Any, paragraphs: Sequence[Paragraph]) -> None:
    """Into a placeholder or a box, whose room was measured."""
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for told, paragraph in zip(_paragraphs(frame, len(paragraphs)), paragraphs, strict=True):
        told.space_before, told.space_after, told.line_spacing = Pt(0), Pt(BETWEEN), 1.0
        _bulleted(told, paragraph)
        for run in paragraph.runs:
            _write_run(told.add_run(), run)


def _paragraphs(frame: Any, count: int) -> Iterator[Any]:
    yield frame.paragraphs[0]
    for _ in range(count - 1):
        yield frame.add_paragraph()


def _bulleted(told: Any, paragraph: Paragraph) -> None:
    properties = told._p.get_or_add_pPr()
    indent = Pt(INDENT) if paragraph.bullet else 0
    properties.set("marL", str(int(indent)))
    properties.set("indent", str(-int(indent)))
    directed(told, paragraph.text)
    if paragraph.bullet:
        properties.append(properties.makeelement(qn("a:buChar"), {"char": paragraph.bullet}))
    else:
        properties.append(properties.makeelement(qn("a:buNone"), {}))


def directed(told: Any, text: str) -> None:
    """Arabic and Hebrew run from right to left."""
    if runs_leftwards(text):
        told._p.get_or_add_pPr().set("rtl", "1")
        told.alignment = PP_ALIGN.RIGHT


def _write_run(told: Any, run: Run) -> None:
    told.text = run.text
    told.font.size, told.font.bold = Pt(run.size), run.is_bold
    told.font.color.rgb = QUIET if run.is_quiet else TONES[run.tone]
