"""Files open again with what was in them, and nothing that was typed runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.exports import sheets
from crm.services.exports.sheets import Cell, Column, Sheet, write_csv, write_xlsx

COLUMNS = [Column("What", 40), Column("When"), Column("Figure")]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")', "  =1+1", "＝1+1", "-"]


def as_csv(rows: Sequence[Sequence[Cell]], columns: Sequence[Column] = COLUMNS) -> bytes:
    file = io.BytesIO()
    write_csv(Sheet(columns, rows), file)
    return file.getvalue()


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_xlsx(rows: Sequence[Sequence[Cell]]) -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(Sheet(COLUMNS, rows), file)
    return io.BytesIO(file.getvalue())


def test_a_csv_says_in_which_letters_it_is_written_and_ends_its_lines_as_it_should() -> None:
    content = as_csv(
        [["Zoë, “quoted”\nand more", date(2026, 11, 12), 3.5], [None, datetime(2026, 11, 12, 9, tzinfo=UTC), 7]]
    )
    assert content.startswith(b"\xef\xbb\xbfWhat,When,Figure\r\n")
    assert read_csv(content)[1:] == [
        ["Zoë, “quoted”\nand more", "2026-11-12", "3.5"],
        ["", "2026-11-12T09:00+00:00", "7"],
    ]


@pytest.mark.parametrize("typed", DANGEROUS)
def test_in_a_csv_no_text_begins_like_a_formula(typed: str) -> None:
    assert read_csv(as_csv([[typed, "fine - here", -1]]))[1] == [f"'{typed}", "fine - here", "-1"]


@given(st.text(st.characters(codec="utf-8")))
def test_whatever_is_typed_comes_back_from_a_csv(typed: str) -> None:
    ((cell, *_),) = read_csv(as_csv([[typed, None, None]]))[1:]
    assert cell in (typed, f"'{typed}")
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    "typed", [*DANGEROUS, "{=1+1}", "https://example.com", "mailto:a@b.example", "internal:Sheet1!A1"]
)
def test_in_an_excel_file_every_text_is_text(typed: str) -> None:
    paper = openpyxl.load_workbook(as_xlsx([[typed, None, None]])).active
    assert paper is not None
    cell = paper["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert str(cell.value).replace("_x000D_", "\r") == typed


def test_an_excel_file_has_days_as_days_numbers_as_numbers_and_its_head_in_sight() -> None:
    paper = openpyxl.load_workbook(as_xlsx([["Close on time", date(2026, 11, 12), 3.5]])).active
    assert paper is not None
    assert [cell.value for cell in paper[1]] == ["What", "When", "Figure"]
    assert all(cell.font.bold for cell in paper[1])
    assert paper.freeze_panes == "A2"
    assert paper.column_dimensions["A"].width > paper.column_dimensions["B"].width
    assert str(paper["B2"].value) == "2026-11-12 00:00:00"
    assert paper["B2"].number_format == "yyyy-mm-dd"
    assert paper["C2"].value == 3.5


def test_a_text_too_long_for_excel_is_cut_and_says_so() -> None:
    paper = openpyxl.load_workbook(as_xlsx([["a" * 40_000, None, None]])).active
    assert paper is not None
    assert str(paper["A2"].value) == "a" * 32_766 + "…"


def test_a_file_too_long_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert read_csv(as_csv([["one"], ["two"]]))[-1] == ["two"]
    assert read_csv(as_csv([["one"], ["two"], ["three"]]))[-2:] == [
        ["two"],
        ["Cut after 2 rows. Narrow the list for the rest."],
    ]
