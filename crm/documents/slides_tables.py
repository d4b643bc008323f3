"""Real tables on slides: columns as wide as they need, words wrapped, rows that go on on the next slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from crm.documents.content import Cell, Table
from crm.documents.slides_charts import describe
from crm.documents.slides_measure import fitted, height, leading, width
from crm.documents.slides_pages import Pages
from crm.documents.slides_texts import INK, MARKS, QUIET, TONES, Paragraph, Run, directed

#: Around the words of a cell, in points.
ASIDE, ABOVE = 6, 4
#: "No Style, No Grid": what a row looks like is said here.
STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
HEAT = {"weak": "F6CDA8", "fair": "FBEADB", "good": "E3EEF8", "strong": "BCD7F1", "not known": "FFFFFF"}
LINE = "E6E3DC"
#: A row is at most this part of a slide; what is longer is cut, and stands in the notes.
MOST_OF_A_SLIDE, MOST_HEAD_LINES = 0.45, 4


@dataclass(frozen=True)
class Fit:
    """How large the letters are, and how wide each column is."""

    size: float
    widths: tuple[float, ...]

    @property
    def small(self) -> float:
        return max(self.size - 2, 7)


def table(told: Table, pages: Pages) -> None:
    """Over as many slides as it takes, its heads on each."""
    if not told.rows or not told.heads:
        if told.empty:
            pages.say([Paragraph((Run(told.empty, is_quiet=True),))])
        return
    fit = _fit(told, pages.area.width)
    heads = _heads(told, fit, pages)
    rows = [_cut(row, fit, pages) for row in told.rows]
    top = _height(heads, fit)
    while rows:
        fitting = _fitting(rows, fit, pages.room - top)
        if not fitting and pages.is_begun:
            pages.turn()
            continue
        some = rows[: max(fitting, 1)]
        _draw([heads, *some], fit, told.says, pages)
        rows = rows[len(some) :]


def _heads(told: Table, fit: Fit, pages: Pages) -> tuple[Cell, ...]:
    """Above figures to the right, as they are."""
    cut = [fitted(head, fit.size, fit.widths[at] - 2 * ASIDE, MOST_HEAD_LINES) for at, head in enumerate(told.heads)]
    pages.notes += [head for head, short in zip(told.heads, cut, strict=True) if head != short]
    numbers = [_is_number(row[at]) if at < len(row := told.rows[0]) else False for at in range(len(cut))]
    return tuple(Cell(head, value=0 if is_number else None) for head, is_number in zip(cut, numbers, strict=True))


def _is_number(cell: Cell) -> bool:
    return cell.value is not None and not cell.level


def _fitting(rows: Sequence[Sequence[Cell]], fit: Fit, room: float) -> int:
    """How many of the rows fit; a single one is not left alone when there are others."""
    used, count = 0.0, 0
    for row in rows:
        used += _height(row, fit)
        if used > room:
            break
        count += 1
    return 0 if count == 1 < len(rows) and room < 100 else count


def _fit(told: Table, room: float) -> Fit:
    size = 14 if len(told.heads) <= 5 else 12 if len(told.heads) <= 8 else 10
    columns = [[Cell(head), *(row[at] for row in told.rows if at < len(row))] for at, head in enumerate(told.heads)]
    natural = [min(max(_natural(cell, size) for cell in column), room * 0.6) for column in columns]
    least = [
        min(max(_least(cell, size) for cell in column), 110, wide)
        for column, wide in zip(columns, natural, strict=True)
    ]
    return Fit(size, tuple(_shared(natural, least, room)))


def _shared(natural: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Each what it needs, and of what is over or short in proportion."""
    if sum(natural) <= room:
        return [wide * room / sum(natural) for wide in natural]
    over = room - sum(least)
    if over <= 0:
        return [wide * room / sum(least) for wide in least]
    spare = [wide - narrow for wide, narrow in zip(natural, least, strict=True)]
    return [narrow + over * more / sum(spare) for narrow, more in zip(least, spare, strict=True)]


def _natural(cell: Cell, size: float) -> float:
    return max(width(_said(cell), size), width(cell.note, size - 2)) * 1.04 + 2 * ASIDE


def _least(cell: Cell, size: float) -> float:
    return max((width(word, size) for word in f"{_said(cell)} {cell.note}".split()), default=0) * 1.04 + 2 * ASIDE


def _said(cell: Cell) -> str:
    """Its text, with the word for its level and the sign for its tone: colour alone says nothing."""
    word = cell.level if cell.level and cell.level.lower() not in cell.text.lower() else ""
    return MARKS.get(cell.tone, "") + " ".join(part for part in (word.capitalize(), cell.text) if part)


def _cut(row: Sequence[Cell], fit: Fit, pages: Pages) -> tuple[Cell, ...]:
    """A row as it can stand on a slide; what was cut is told in full in the notes."""
    told = tuple(_cut_cell(cell, fit, at, pages) for at, cell in enumerate(row[: len(fit.widths)]))
    return told + (Cell(""),) * (len(fit.widths) - len(told))


def _cut_cell(cell: Cell, fit: Fit, at: int, pages: Pages) -> Cell:
    most, room = pages.area.height * MOST_OF_A_SLIDE, fit.widths[at] - 2 * ASIDE
    if _cell_height(cell, fit, at) <= most:
        return cell
    pages.notes += [text for text in (cell.text, cell.note) if text]
    text = fitted(cell.text, fit.size, room, max(int(most * 0.7 / (fit.size * leading(cell.text))), 1))
    note = fitted(cell.note, fit.small, room, max(int(most * 0.3 / (fit.small * leading(cell.note))) - 1, 1))
    return Cell(text, note if cell.note else "", cell.tone, cell.value, cell.level)


def _height(row: Sequence[Cell], fit: Fit) -> float:
    return max(_cell_height(cell, fit, at) for at, cell in enumerate(row))


def _cell_height(cell: Cell, fit: Fit, at: int) -> float:
    room = fit.widths[at] - 2 * ASIDE
    note = height(cell.note, fit.small, room) if cell.note else 0
    return height(_said(cell), fit.size, room) + note + 2 * ABOVE


def _draw(rows: Sequence[Sequence[Cell]], fit: Fit, says: str, pages: Pages) -> None:
    heights = [_height(row, fit) for row in rows]
    place = pages.place(sum(heights))
    frame = pages.slide.shapes.add_table(
        len(rows), len(fit.widths), Pt(place.left), Pt(place.top), Pt(place.width), Pt(place.height)
    )
    describe(frame, says)
    drawn = frame.table
    drawn._tbl.tblPr.find(qn("a:tableStyleId")).text = STYLE
    drawn.horz_banding = False
    for column, wide in zip(drawn.columns, fit.widths, strict=True):
        column.width = Pt(wide)
    for at, (row, high) in enumerate(zip(rows, heights, strict=True)):
        drawn.rows[at].height = Pt(high)
        for column, cell in enumerate(row):
            _write(drawn.cell(at, column), cell, fit, is_head=at == 0)


def _write(drawn: Any, cell: Cell, fit: Fit, *, is_head: bool) -> None:
    drawn.margin_left = drawn.margin_right = Pt(ASIDE)
    drawn.margin_top = drawn.margin_bottom = Pt(ABOVE)
    drawn.vertical_anchor = MSO_ANCHOR.BOTTOM if is_head else MSO_ANCHOR.MIDDLE
    _lined(drawn, cell.level, is_head=is_head)
    frame = drawn.text_frame
    frame.word_wrap = True
    _write_line(frame.paragraphs[0], _said(cell), fit.size, cell, colour=QUIET if is_head else TONES[cell.tone])
    if cell.note:
        _write_line(frame.add_paragraph(), cell.note, fit.small, cell, colour=QUIET)


def _write_line(told: Any, text: str, size: float, cell: Cell, *, colour: RGBColor) -> None:
    run = told.add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), False
    run.font.color.rgb = INK if cell.level else colour
    directed(told, text)
    if _is_number(cell):
        told.alignment = PP_ALIGN.RIGHT


def _lined(drawn: Any, level: str, *, is_head: bool) -> None:
    """A line below, and the colour of its level behind it."""
    wide, colour = (12700, "6A655C") if is_head else (6350, LINE)
    properties = drawn._tc.get_or_add_tcPr()
    properties.insert(
        0,
        parse_xml(f'<a:lnB {nsdecls("a")} w="{wide}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'),
    )
    if level in HEAT:
        drawn.fill.solid()
        drawn.fill.fore_color.rgb = RGBColor.from_string(HEAT[level])
