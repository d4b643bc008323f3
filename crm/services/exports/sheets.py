"""A table on its way into a file, as CSV or Excel. What somebody typed is never run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

#: A file holds so many rows at most, and says when it was cut.
MOST_ROWS = 50_000
#: Excel takes no longer text in a cell.
LONGEST_TEXT = 32_767
#: What a spreadsheet takes for the beginning of a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Column:
    name: str
    #: In letters.
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """``rows`` are read once, and only as many as a file holds."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]

    def lines(self) -> Iterator[Sequence[Cell]]:
        """The rows, and a word at the end where there are more."""
        rows = iter(self.rows)
        yield from islice(rows, MOST_ROWS)
        if next(rows, None) is not None:
            yield [f"Cut after {MOST_ROWS:,} rows. Narrow the list for the rest."]


def write_csv(sheet: Sheet, file: BinaryIO) -> None:
    """UTF-8 with its mark, lines end with CRLF, days as 2026-11-12, instants with their offset."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", errors="replace")
    writer = csv.writer(text)
    writer.writerow([column.name for column in sheet.columns])
    writer.writerows([_plain(cell) for cell in line] for line in sheet.lines())
    text.detach()


def _plain(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(_DANGEROUS) or cell.startswith(_DANGEROUS) else cell
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else cell


def write_xlsx(sheet: Sheet, file: BinaryIO) -> None:
    """One worksheet, its head bold and in sight; texts are texts, days are days."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        paper = book.add_worksheet()
        paper.freeze_panes(1, 0)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for at, column in enumerate(sheet.columns):
            paper.set_column(at, at, column.width)
            paper.write_string(0, at, column.name, bold)
        for number, line in enumerate(sheet.lines(), 1):
            for at, cell in enumerate(line):
                _write_cell(paper, number, at, cell, day)


def _write_cell(paper: Worksheet, row: int, at: int, cell: Cell, day: object) -> None:
    if isinstance(cell, datetime):
        paper.write_string(row, at, cell.isoformat(timespec="minutes"))
    elif isinstance(cell, date):
        paper.write_datetime(row, at, cell, day)
    elif isinstance(cell, str):
        paper.write_string(row, at, cell[: LONGEST_TEXT - 1] + "…" if len(cell) > LONGEST_TEXT else cell)
    elif cell is not None:
        paper.write_number(row, at, cell)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
