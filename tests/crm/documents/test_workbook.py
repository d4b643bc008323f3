"""The data of a pack as Excel, read back."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook, load_workbook

from crm.documents import workbook
from crm.documents.content import Pack
from tests.factories import packs_of_documents as packs


def opened(pack: Pack) -> Workbook:
    return load_workbook(io.BytesIO(workbook.made(pack)))


def rows(book: Workbook, name: str) -> list[Any]:
    return list(book[name].values)


def test_figures_are_numbers() -> None:
    book = opened(packs.small())
    assert rows(book, "Heat map")[2:4] == [
        ("Unit", "Unit: note", "Health", "Health: level", "Late"),
        ("Second approver 0", "Suppliers call", 40, "weak", 3),
    ]
    assert rows(book, "How things are going 2")[3] == ("W1", 3, "plain", 3.3, 2.4, 4.2)
    assert rows(book, "By question")[3] == ("Executes 0", 1, 0.8, 1.4, 5, "4.2 from 5 of 7 people, 3.6–4.8")


def test_the_first_sheet_says_what_it_is_how_it_is_told_and_where_it_comes_from() -> None:
    told = dict(rows(opened(packs.small()), "Summary"))
    assert told["Made"] == packs.MADE
    assert told["In one sentence"].startswith("Two of twelve relationships need you.")
    assert told["How it is told"].startswith("Health. The weighted sum")
    assert told["Evidence: How things are going"] == "Request 7, refused on 3 August."


def test_five_hundred_rows_are_all_there() -> None:
    assert len(rows(opened(packs.large()), "Requests")) == 3 + 500


def test_nothing_that_somebody_typed_becomes_a_formula_or_a_link() -> None:
    book = opened(packs.hostile())
    cells = [cell for name in book.sheetnames for row in book[name].rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert "+1+1" in {cell.value for cell in cells}


def test_names_of_sheets_are_legal_and_none_is_there_twice() -> None:
    names = workbook.Names()
    told = [names.of(name) for name in ("History", "a/b", "A b", "", "", "'quoted'", "🧾" * 40, "x" * 99, "x" * 99)]
    assert told[:6] == ["History 2", "a b", "A b 2", "Sheet", "Sheet 2", "quoted"]
    assert told[6] == "🧾" * 15
    assert told[7:] == ["x" * 31, "x" * 29 + " 2"]
