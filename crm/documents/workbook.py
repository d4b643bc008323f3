"""The data of a pack as an Excel workbook: a sheet for each table and chart, its figures as numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from crm.documents.content import Bars, Block, Cell, Figure, Item, Items, Line, Pack, Section, Table, Text
from crm.documents.plain import cleaned, shortened

#: Excel takes no longer text in a cell, and no longer name of a sheet.
LONGEST_TEXT, LONGEST_NAME = 32_767, 31
NARROWEST, WIDEST = 10, 60
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: Excel keeps this name for itself.
_TAKEN = "history"
#: Nothing that somebody typed becomes a formula or a link.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Value = str | float | None


@dataclass(frozen=True)
class Sheet:
    """``says``: what it shows, above its heads."""

    name: str
    says: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]


@dataclass
class Names:
    """Names of sheets: legal, and none twice."""

    used: set[str] = field(default_factory=lambda: {_TAKEN})

    def of(self, wanted: str) -> str:
        plain = " ".join(_NOT_IN_NAMES.sub(" ", wanted).split())
        name, number = _fitting(plain), 1
        while name.casefold() in self.used:
            number += 1
            name = _fitting(plain, f" {number}")
        self.used.add(name.casefold())
        return name


def _fitting(name: str, end: str = "") -> str:
    """As Excel counts letters: those beyond 16 bits twice."""
    name = name.strip("' ")
    while len((name + end).encode("utf-16-le")) > 2 * LONGEST_NAME:
        name = name[:-1].rstrip("' ")
    return (name or "Sheet") + end


def made(pack: Pack) -> bytes:
    """An .xlsx file: first what the pack says in words and how its figures are told, then the data."""
    pack = cleaned(pack)
    file, names = io.BytesIO(), Names()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": pack.title[:255], "subject": pack.subtitle[:255], "comments": pack.made[:255]})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        _words(book.add_worksheet(names.of("Summary")), pack, bold, wrapped)
        for section in pack.sections:
            for sheet in _sheets(section, names):
                _write(book.add_worksheet(sheet.name), sheet, bold)
    return file.getvalue()


def _words(paper: Worksheet, pack: Pack, bold: object, wrapped: object) -> None:
    paper.set_column(0, 0, 24)
    paper.set_column(1, 1, 100)
    lines = [("Title", pack.title), ("Period", pack.subtitle), ("Between", pack.between)]
    lines += [("In one sentence", f"{pack.lead} {pack.summary}"), ("Made", pack.made)]
    lines += [("How it is told", " ".join(part for part in (text.lead, text.body) if part)) for text in pack.method]
    for section in pack.sections:
        lines += [(f"Evidence: {section.title}", said) for said in section.evidence]
    for row, (name, said) in enumerate(lines):
        _text(paper, row, 0, name, bold)
        _text(paper, row, 1, said, wrapped)


def _sheets(section: Section, names: Names) -> Iterator[Sheet]:
    for block in section.blocks:
        told = _sheet(block)
        if told:
            says, heads, rows = told
            yield Sheet(names.of(section.title), says, heads, rows)


Told = tuple[str, Sequence[str], Sequence[Sequence[Value]]]


def _sheet(block: Block) -> Told | None:
    """What it says, its heads and its rows; None for words alone and for what is empty."""
    match block:
        case Table(rows=rows) if rows:
            return _table(block)
        case Items(items=items) if items:
            return "", ("What", "Note", "Done"), [_item(item) for item in items]
        case Line():
            points = [(point.label, point.value, point.tone.value) for point in block.points]
            limits = (block.mean, block.lower, block.upper)
            heads = ("When", "Value", "Stands out", "Usual", "Lower limit", "Upper limit")
            return block.says, heads, [(*point, *limits) for point in points]
        case Bars():
            told = [(bar.label, bar.value, bar.low, bar.high, bar.of, bar.says) for bar in block.bars]
            return block.says, ("What", "Value", "At least", "At most", "Of", "From"), told
        case Figure():
            return block.says, ("Figure", "Of"), [(block.value, block.of)]
        case Text() | Table() | Items():
            return None


def _item(item: Item) -> tuple[Value, ...]:
    return item.body, item.note, {True: "yes", False: "no", None: ""}[item.is_done]


def _table(block: Table) -> Told:
    """A column more for what stands small below the words of another."""
    noted = [at for at in range(len(block.heads)) if any(row[at].note for row in block.rows if at < len(row))]
    levels = [at for at in range(len(block.heads)) if any(row[at].level for row in block.rows if at < len(row))]
    heads = [name for at, head in enumerate(block.heads) for name in _names(head, at in levels, at in noted)]
    return block.says, heads, [_row(row, levels, noted) for row in block.rows]


def _row(row: Sequence[Cell], levels: Sequence[int], noted: Sequence[int]) -> list[Value]:
    return [value for at, cell in enumerate(row) for value in _values(cell, at in levels, at in noted)]


def _names(head: str, is_level: bool, is_noted: bool) -> list[str]:
    return [head, *([f"{head}: level"] if is_level else []), *([f"{head}: note"] if is_noted else [])]


def _values(cell: Cell, is_level: bool, is_noted: bool) -> list[Value]:
    value: Value = cell.text if cell.value is None else cell.value
    return [value, *([cell.level] if is_level else []), *([cell.note] if is_noted else [])]


def _write(paper: Worksheet, sheet: Sheet, bold: object) -> None:
    first = 2 if sheet.says else 0
    if sheet.says:
        _text(paper, 0, 0, sheet.says)
    paper.freeze_panes(first + 1, 0)
    for at, head in enumerate(sheet.heads):
        _text(paper, first, at, head, bold)
        longest = max(len(head), *(len(str(row[at])) for row in sheet.rows if at < len(row)), 0)
        paper.set_column(at, at, min(max(longest + 2, NARROWEST), WIDEST))
    for number, row in enumerate(sheet.rows, start=first + 1):
        for at, value in enumerate(row):
            if isinstance(value, str):
                _text(paper, number, at, value)
            elif value is not None:
                paper.write_number(number, at, value)


def _text(paper: Worksheet, row: int, at: int, text: str, look: object = None) -> None:
    paper.write_string(row, at, shortened(text, LONGEST_TEXT), look)
